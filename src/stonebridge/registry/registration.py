"""What a clerk hands in: a registration, checked and typed, before anything is saved."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from stonebridge.domain.errors import BadInput
from stonebridge.domain.names import Script, clean_name, script_of
from stonebridge.domain.partial_date import PartialDate, unknown_date
from stonebridge.domain.transliteration import latin_suggestion
from stonebridge.registry.models import NamePart, Standing


@dataclass(frozen=True, slots=True)
class StatedName:
    """One part of a name as given. ``latin`` is the Latin form beside it, suggested when left empty."""

    part: NamePart
    text: str
    latin: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class StatedNationality:
    """A state's ICAO code, how it is known, and the code as printed if a document gave it."""

    state: str
    known_by: str = "declared"
    printed: str = ""


@dataclass(frozen=True, slots=True)
class StatedIdentity:
    """One statement of identity."""

    names: tuple[StatedName, ...]
    standing: Standing = Standing.DECLARED
    sex: str = ""
    birth: PartialDate = field(default_factory=unknown_date)
    birth_place: str = ""
    birth_state: str = ""
    nationalities: tuple[StatedNationality, ...] = ()
    stateless: str = "unknown"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StatedDocument:
    kind: str
    number: str
    issuing_state: str = ""
    expires_on: date | None = None
    seen: str = "claimed"


@dataclass(frozen=True, slots=True)
class StatedArrival:
    category: str
    arrived_on: date
    met_at: datetime
    crossing_point: str = ""
    place: str = ""
    company: str = ""


TEMPLATE = "application/x-iso19794-2"
"""The media of a capture that is a minutiae record, of any layout that ``formats.iso19794`` reads."""


@dataclass(frozen=True, slots=True)
class Capture:
    """A decoded portrait, fingerprint file or template; or, with ``missing``, the reason why there is none.

    ``position`` is the finger position 1 to 10 of ANSI/NIST-ITL, 0 for a face. ``minutiae`` is the template that a
    scanner delivered with the picture; without it, a picture of a finger waits until the worker has read it.
    """

    modality: str
    position: int = 0
    media: str = ""
    content: bytes = b""
    width: int = 0
    height: int = 0
    missing: str = ""
    minutiae: bytes = b""


@dataclass(frozen=True, slots=True)
class Registration:
    """Everything of one registration. ``needs`` and ``claim`` go to rooms of their own, in the same transaction.

    ``needs`` answers the questions about immediate needs with yes, no or not_asked.
    ``claim`` is a state of ``safeguards.policy.Claim``; ``claim_asked_on`` the day of asking.
    """

    identity: StatedIdentity
    arrival: StatedArrival
    notice: str
    notice_version: str = ""
    language: str = ""
    interpreter: str = ""
    documents: tuple[StatedDocument, ...] = ()
    no_documents: str = ""
    no_documents_account: str = ""
    captures: tuple[Capture, ...] = ()
    needs: dict[str, str] = field(default_factory=dict)
    claim: str = "unknown"
    claim_asked_on: date | None = None
    family_of: UUID | None = None
    relation: str = ""
    read_back: str = ""


def names_as_given(
    parts: dict[NamePart, str],
    latin: dict[NamePart, str],
    language: str = "",
    others: Iterable[tuple[NamePart, str, str]] = (),
) -> tuple[StatedName, ...]:
    """Clean the parts of a name and keep each with its script; suggest a Latin form where none was given.

    ``others`` are further names beside the first: part, text as given, Latin form or nothing.

    Raises:
        BadInput: no given or family name at all, or a part holds what no name holds.
    """
    if not parts.get(NamePart.GIVEN, "").strip() and not parts.get(NamePart.FAMILY, "").strip():
        raise BadInput("given", "", "Write at least one name. A single name goes here; do not invent a second.")
    first = [
        _stated(part, text, latin.get(part, ""), language, 0, field=part.value)
        for part, text in parts.items()
        if text.strip()
    ]
    further = [
        _stated(part, text, beside, language, place, field=f"other{place}_text")
        for place, (part, text, beside) in enumerate(others, start=1)
    ]
    return (*first, *further)


def _stated(part: NamePart, text: str, latin: str, language: str, position: int, *, field: str) -> StatedName:
    clean = clean_name(text, field=field)
    beside = latin.strip()
    if not beside and script_of(clean) is not Script.LATIN:
        beside = latin_suggestion(clean, language)
    latin_field = field.replace("_text", "") + "_latin"
    return StatedName(part, clean, clean_name(beside, field=latin_field) if beside else "", position)
