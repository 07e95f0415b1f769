"""``stonebridge process``: the declared processes, as tables of steps, SVG and BPMN 2.0."""

import argparse
import sys

from stonebridge.domain.errors import BadInput
from stonebridge.domain.process import Process
from stonebridge.formats.diagrams import bpmn, step_table, svg
from stonebridge.readmission.process import PROCESSES as READMISSION
from stonebridge.reintegration.process import PROCESSES as REINTEGRATION
from stonebridge.site.preparation import Commands

NAMES = ("process",)
PROCESSES: tuple[Process, ...] = (*READMISSION, *REINTEGRATION)
FORMS = ("table", "svg", "bpmn")


def add(commands: "Commands[argparse.ArgumentParser]") -> None:
    """``process list`` and ``process draw``."""
    parser = commands.add_parser("process", help="the declared processes: list them, draw one")
    steps = parser.add_subparsers(title="steps", metavar="STEP", required=True)
    steps.add_parser("list", help="every process, with its version").set_defaults(run=_list)
    draw = steps.add_parser("draw", help="print one as a table of steps, as SVG, or as BPMN 2.0")
    draw.add_argument("process", help=f"one of: {', '.join(each.id for each in PROCESSES)}")
    draw.add_argument("--form", choices=FORMS, default="table")
    draw.add_argument("--at", default="", metavar="STAGE", help="mark the stage at which a case stands (SVG)")
    draw.set_defaults(run=_draw)


def process(id: str) -> Process:
    """By identifier. Raises ``BadInput`` for one that is not declared."""
    known = {each.id: each for each in PROCESSES}
    if id not in known:
        raise BadInput("process", id, f"Name one of: {', '.join(known)}.")
    return known[id]


def _list(_: argparse.Namespace) -> int:
    for each in PROCESSES:
        ends = sum(stage.is_end for stage in each.stages)
        tasks = len(list(each.tasks))
        print(
            f"{each.id:24} version {each.version}: {each.title} ({len(each.stages)} stages, {ends} ends, {tasks} tasks)"
        )
    return 0


def _draw(arguments: argparse.Namespace) -> int:
    chosen = process(arguments.process)
    if arguments.at:
        chosen.stage(arguments.at)
    match arguments.form:
        case "svg":
            sys.stdout.write(svg(chosen, here=arguments.at) + "\n")
        case "bpmn":
            sys.stdout.write(bpmn(chosen).decode("utf-8"))
        case _:
            sys.stdout.write(step_table(chosen))
    return 0
