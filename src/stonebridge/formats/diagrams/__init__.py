"""A declared process as a table of steps, as SVG, and as BPMN 2.0 with its layout. One layout for both drawings."""

from stonebridge.formats.diagrams.bpmn import bpmn
from stonebridge.formats.diagrams.svg import svg
from stonebridge.formats.diagrams.table import step_table

__all__ = ["bpmn", "step_table", "svg"]
