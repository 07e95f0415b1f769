"""What rooms above the register show on a person's page and write into a person's file: one table, set by the site."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from stonebridge.domain.actor import Purpose
from stonebridge.safeguards.gate import Permit

TELLS_OF_CLAIMS = frozenset(
    {Purpose.REGISTRATION, Purpose.PROTECTION_CLAIM, Purpose.READMISSION, Purpose.RETURN, Purpose.DATA_PROTECTION}
)
"""A border check and an identification need not know of a claim for protection."""


@dataclass(frozen=True, slots=True)
class FileSection:
    """A heading of the printed file with its table, or the sentence that says that there is nothing."""

    heading: str | Promise
    columns: Sequence[str | Promise] = ()
    lines: Sequence[Sequence[Any]] = ()
    none: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Withheld:
    """What a file leaves out, and why. It says the same whether or not there is something."""

    code: str
    what: str | Promise
    why: str | Promise


@dataclass(frozen=True, slots=True)
class FilePart:
    """What a room writes into a file: keys of the data, sections of the pages, and what it holds back."""

    data: Mapping[str, object] = field(default_factory=dict)
    sections: Sequence[FileSection] = ()
    withheld: Sequence[Withheld] = ()


def _nothing(permit: Permit, person: UUID) -> FilePart:
    return FilePart()


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a person's page. ``build`` answers plain data under the page's permit; ``template`` shows it as ``panel``.

    ``leaves_out`` names the events that the history must not show to this reader yet; ``file`` answers the part of a
    file that is handed out.
    """

    name: str
    template: str
    build: Callable[[Permit, UUID], object]
    leaves_out: Callable[[Permit, UUID], frozenset[str]] = lambda permit, person: frozenset()
    file: Callable[[Permit, UUID], FilePart] = _nothing


_set: tuple[Panel, ...] = ()


def register(*panels: Panel) -> None:
    """Set the panels, in their order on the page. Called once, when the node starts."""
    global _set  # one table a process, set at start
    _set = panels


def panels() -> tuple[Panel, ...]:
    """The panels in force."""
    return _set
