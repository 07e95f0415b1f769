"""What the forms of the register choose from, in the language of the page."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.calendars import Calendar
from stonebridge.domain.codes import Code, StateKind
from stonebridge.domain.errors import BadInput
from stonebridge.domain.eurodac import ARTICLES, Category
from stonebridge.domain.name_keys import sort_key
from stonebridge.domain.names import Script, script_of
from stonebridge.law import codes
from stonebridge.registry.models import NamePart, Standing

Choices = list[tuple[str, object]]
Entry = TypeVar("Entry", bound=Code)

STANDINGS = {
    Standing.DECLARED: _("Declared"),
    Standing.DOCUMENTED: _("Documented"),
    Standing.ESTABLISHED: _("Established"),
}
PARTS = {
    NamePart.GIVEN: _("Given name"),
    NamePart.FAMILY: _("Family name"),
    NamePart.FATHER: _("Father’s name"),
    NamePart.GRANDFATHER: _("Grandfather’s name"),
    NamePart.MOTHER: _("Mother’s name"),
    NamePart.PATRONYMIC: _("Patronymic"),
    NamePart.BIRTH: _("Name at birth"),
    NamePart.ALIAS: _("Also called"),
}
CALENDARS = {
    Calendar.GREGORIAN: _("Gregorian"),
    Calendar.SOLAR_HIJRI: _("Solar Hijri (Afghanistan, Iran)"),
    Calendar.LUNAR_HIJRI: _("Lunar Hijri (Islamic)"),
    Calendar.ETHIOPIAN: _("Ethiopian"),
    Calendar.BIKRAM_SAMBAT: _("Bikram Sambat (Nepal)"),
}
PRECISIONS = {
    "day": _("to the day"),
    "month": _("to the month"),
    "year": _("to the year"),
    "estimated_age": _("an age, said or estimated"),
    "unknown": _("not known"),
    "": _("not known"),
}
SEXES = {"f": _("Female"), "m": _("Male"), "x": _("Other"), "": _("Not stated")}
KNOWN_BY = {"declared": _("Declared"), "presumed": _("Presumed by the officer"), "documented": _("Documented")}
STATELESS = {
    "unknown": _("Not known"),
    "no": _("No"),
    "claimed": _("The person says so"),
    "yes": _("Yes, established"),
}
SEEN = {"original": _("Original shown"), "copy": _("Copy or photograph"), "claimed": _("Spoken of, not shown")}
NO_DOCUMENTS = {
    "lost": _("Lost on the way"),
    "stolen": _("Stolen"),
    "taken": _("Taken away by somebody"),
    "left_behind": _("Left behind"),
    "destroyed": _("Destroyed"),
    "never_had": _("Never had any"),
    "not_said": _("Does not say"),
}
CATEGORIES = {
    Category.IRREGULAR_CROSSING: _("Apprehended after crossing the border irregularly"),
    Category.APPLICANT: _("Applicant for international protection"),
    Category.ILLEGAL_STAY: _("Found staying irregularly"),
    Category.DISEMBARKED: _("Disembarked after search and rescue"),
    Category.TEMPORARY_PROTECTION: _("Under temporary protection"),
    Category.NATIONAL_RESETTLEMENT: _("Admitted under national resettlement"),
    Category.ADMITTED_RESETTLEMENT: _("Admitted under resettlement or humanitarian admission"),
    Category.ADMISSION_REFUSED: _("Resettlement or humanitarian admission refused or discontinued"),
    Category.ADMISSION_CANDIDATE: _("Candidate for resettlement or humanitarian admission"),
}
COMPANY = {"alone": _("Alone"), "family": _("With family"), "others": _("With others")}
RELATIONS = {
    "head": _("Head of the family"),
    "spouse": _("Spouse or partner"),
    "child": _("Child"),
    "parent": _("Parent"),
    "sibling": _("Brother or sister"),
    "guardian": _("Guardian"),
    "other": _("Other relative"),
}
NOTICES = {
    "acknowledged": _("Read out or played, and understood"),
    "refused": _("The person refused to hear it"),
}
READ_BACK = {
    "signed": _("Signed"),
    "thumb": _("Thumb print"),
    "refused": _("The person refused to confirm it"),
}
_TAGS = {
    Script.LATIN: "und-Latn",
    Script.CYRILLIC: "und-Cyrl",
    Script.ARABIC: "und-Arab",
    Script.GREEK: "und-Grek",
    Script.HEBREW: "und-Hebr",
    Script.DEVANAGARI: "und-Deva",
    Script.BENGALI: "und-Beng",
    Script.ETHIOPIC: "und-Ethi",
}


def states() -> Choices:
    """States and territories of today."""
    return _named(codes.states().of_kind(StateKind.STATE))


def nationalities() -> Choices:
    """States, and the classes of British nationality. Statelessness is a status and asked apart."""
    return _named(codes.states().of_kind(StateKind.STATE, StateKind.NATIONALITY))


def birth_states() -> Choices:
    """States of today and those that are no more."""
    return _named(codes.states().of_kind(StateKind.STATE, StateKind.HISTORIC))


def issuers() -> Choices:
    """Whoever issues documents."""
    return _named(codes.states().of_kind(StateKind.STATE, StateKind.ORGANISATION, StateKind.HISTORIC))


def languages() -> Choices:
    """Languages by their name in the page's language and their own."""
    choices: Choices = [("", _("Not known"))]
    for entry in _sorted(codes.languages()):
        name = entry.name(_language())
        choices.append((entry.code, name if name == entry.native else f"{name} – {entry.native}"))
    return choices


def document_types() -> Choices:
    return [("", "–"), *((entry.code, entry.name(_language())) for entry in codes.document_types())]


def crossing_points() -> Choices:
    """The border crossing points of this node, and the way beside them."""
    points = _sorted(codes.crossing_points(node_codes()))
    return [("", _("Elsewhere, or not known")), *((each.code, each.name(_language())) for each in points)]


def categories() -> Choices:
    """Each category with the article that defines it."""
    return [(code.value, f"{words} (Art. {ARTICLES[code]})") for code, words in CATEGORIES.items()]


def state_name(code: str) -> str:
    """A state in the page's language, with the code as kept; an unknown code stands for itself."""
    if not code:
        return ""
    try:
        entry = codes.states().canonical(code)
    except BadInput:
        return code
    return f"{entry.name(_language())} ({code})"


def state_notes(*given: str) -> tuple[str, ...]:
    """The footnotes that these states keep, each once."""
    entries = [entry for entry in codes.states().entries if entry.code in given and entry.footnote]
    return tuple(dict.fromkeys(entry.footnote for entry in entries))


def language_name(code: str) -> str:
    return next((entry.name(_language()) for entry in codes.languages() if entry.code == code), code)


def document_name(code: str) -> str:
    return next((entry.name(_language()) for entry in codes.document_types() if entry.code == code), code)


def crossing_name(code: str) -> str:
    return next((each.name(_language()) for each in codes.crossing_points(node_codes()) if each.code == code), code)


def language_tag(text: str, spoken: str = "") -> str:
    """The language tag of a name: the language spoken where it is written in this script, else the script alone."""
    script = script_of(text)
    for entry in codes.languages():
        if entry.code == spoken and entry.script == script.value:
            return spoken
    return _TAGS.get(script, "und")


def node_codes() -> Path:
    """The folder of this node's own lists."""
    folder: Path = settings.NODE.folder
    return folder / "codes"


def _language() -> str:
    return get_language() or "en"


def _sorted(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: sort_key(entry.name(_language())))


def _named(entries: Iterable[Code]) -> Choices:
    return [("", _("Not known")), *((entry.code, entry.name(_language())) for entry in _sorted(entries))]
