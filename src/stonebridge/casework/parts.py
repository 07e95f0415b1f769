"""What rooms above show on the page of a case: one table, set by the site."""

from collections.abc import Callable
from dataclasses import dataclass

from stonebridge.casework.models import Case
from stonebridge.safeguards.gate import Permit


@dataclass(frozen=True, slots=True)
class Part:
    """``build`` answers plain values under the permit of the page; ``template`` shows them as ``part``."""

    template: str
    build: Callable[[Permit, Case], object]


_parts: tuple[Part, ...] = ()


def register(*parts: Part) -> None:
    """Set the parts, in their order on the page. Called once, when the node starts."""
    global _parts  # one table a process, set at start
    _parts = parts


def parts(permit: Permit, case: Case) -> list[tuple[str, object]]:
    """Each template with what it shows."""
    return [(each.template, each.build(permit, case)) for each in _parts]
