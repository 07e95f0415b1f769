"""Lists that forms choose from: states, sexes, documents, languages, scripts, crossing points.

A state's code is the one that travel documents print (ICAO Doc 9303 part 3). The code as printed
is kept; ``StateCodes.canonical`` says which entry it means. Statelessness and refugee status are
statuses, not countries. Kosovo* keeps its footnote.
"""

from dataclasses import dataclass
from enum import StrEnum

from stonebridge.domain.errors import BadInput


@dataclass(frozen=True, slots=True)
class Code:
    """An entry of a list, with its name in each language of the staff; English is always there."""

    code: str
    names: tuple[tuple[str, str], ...]

    def name(self, language: str) -> str:
        known = dict(self.names)
        return known.get(language, known["en"])


class StateKind(StrEnum):
    STATE = "state"
    """A state or territory of ISO 3166-1, and Kosovo*."""
    STATUS = "status"
    """A person's status where the document prints no state: stateless, refugee, unspecified."""
    NATIONALITY = "nationality"
    """A class of British nationality."""
    ORGANISATION = "organisation"
    HISTORIC = "historic"
    """A state that is no more; for places of birth."""


@dataclass(frozen=True, slots=True)
class State(Code):
    kind: StateKind = StateKind.STATE
    iso: str = ""
    """Two-letter ISO 3166-1 code, where there is one."""
    also: tuple[str, ...] = ()
    """Other codes in use that mean this entry."""
    footnote: str = ""


@dataclass(frozen=True, slots=True)
class DocumentType(Code):
    mrz: str = ""
    """First letters of its machine-readable zone, empty where it has none."""
    proves_identity: bool = False
    """Whether an authority that checked the person's identity issues it."""


@dataclass(frozen=True, slots=True)
class Language(Code):
    native: str = ""
    script: str = "latin"
    right_to_left: bool = False


@dataclass(frozen=True, slots=True)
class CrossingPoint(Code):
    kind: str = "road"
    neighbour: str = ""
    """The state on the other side, empty for an airport."""
    other_side: str = ""


@dataclass(frozen=True, slots=True)
class StateCodes:
    """Every state code, found by whichever code is printed."""

    entries: tuple[State, ...]

    def canonical(self, printed: str, *, field: str = "state") -> State:
        """The entry that a printed code means: ``DEU`` and ``D`` are one, as are ``XKX`` and ``RKS``."""
        code = printed.strip().upper().rstrip("<")
        for entry in self.entries:
            if code == entry.code or code in entry.also:
                return entry
        raise BadInput(field, printed, "No state or status has this code. Choose from the list.")

    def of_kind(self, *kinds: StateKind) -> tuple[State, ...]:
        return tuple(entry for entry in self.entries if entry.kind in kinds)
