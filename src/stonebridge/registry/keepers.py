"""What rooms above the register keep of a registration, in the same transaction: one table, set by the site.

The register cannot import the rooms above it; it calls them here, with the permit
under which it works. A keeper that is not set refuses: nothing is lost in silence.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NoReturn, Protocol
from uuid import UUID

from stonebridge.domain.errors import Unavailable
from stonebridge.safeguards.gate import Permit


def _nobody(*_: object) -> NoReturn:
    raise Unavailable("a room of this node", "Its keepers are not wired; tell the administrator.")


class NoteDisclosure(Protocol):
    """Notes who received which bytes."""

    def __call__(
        self, permit: Permit, person: UUID, content: bytes, /, *, form: str, recipient: str, to_state: str
    ) -> object: ...


def _nobody_notes(
    permit: Permit, person: UUID, content: bytes, /, *, form: str, recipient: str, to_state: str
) -> object:
    _nobody()


@dataclass(frozen=True, slots=True)
class Keepers:
    """``changed``: the matcher must renew this person. ``registered``: a search for the person is due.
    ``pictured``: pictures of the person's fingers, by identifier and position, wait to be read.
    ``needs`` and ``claim``: answers that belong to protection and to remedies. ``disclosed``: a file is handed out."""

    changed: Callable[[Permit, UUID], None] = _nobody
    registered: Callable[[Permit, UUID], None] = _nobody
    pictured: Callable[[Permit, UUID, Mapping[UUID, int]], None] = _nobody
    needs: Callable[[Permit, UUID, str, Mapping[str, str]], None] = _nobody
    claim: Callable[[Permit, UUID, str, date | None], None] = _nobody
    disclosed: NoteDisclosure = _nobody_notes


_set = Keepers()


def register(keepers: Keepers) -> None:
    """Set the table, once, when the node starts."""
    global _set  # one table a process, set at start
    _set = keepers


def keepers() -> Keepers:
    """The table in force."""
    return _set
