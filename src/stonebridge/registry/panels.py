"""What rooms above the register show on a person's page: one table, set by the site."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from stonebridge.safeguards.gate import Permit


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a person's page. ``build`` answers plain data under the page's permit; ``template`` shows it as ``panel``.

    ``leaves_out`` names the events that the history must not show to this reader yet.
    """

    name: str
    template: str
    build: Callable[[Permit, UUID], object]
    leaves_out: Callable[[Permit, UUID], frozenset[str]] = lambda permit, person: frozenset()


_set: tuple[Panel, ...] = ()


def register(*panels: Panel) -> None:
    """Set the panels, in their order on the page. Called once, when the node starts."""
    global _set  # one table a process, set at start
    _set = panels


def panels() -> tuple[Panel, ...]:
    """The panels in force."""
    return _set
