"""Names as given: any script, one part or many, nothing invented.

A name is kept as it was written or said. The Latin spelling, the form of the machine-readable
zone and the keys for search and order are made from it and never replace it.
"""

import re
import unicodedata
from dataclasses import dataclass, fields
from enum import StrEnum

from stonebridge.domain.errors import BadInput

LONGEST = 200
"""Characters of one part of a name; longer is a paste by mistake."""


class Script(StrEnum):
    LATIN = "latin"
    CYRILLIC = "cyrillic"
    ARABIC = "arabic"
    GREEK = "greek"
    HEBREW = "hebrew"
    DEVANAGARI = "devanagari"
    BENGALI = "bengali"
    ETHIOPIC = "ethiopic"
    OTHER = "other"
    MIXED = "mixed"
    NONE = "none"

    @property
    def is_right_to_left(self) -> bool:
        return self in {Script.ARABIC, Script.HEBREW}


class NameWarning(StrEnum):
    """What an officer should look at again; never a reason to refuse."""

    MIXED_SCRIPT = "mixed_script"
    MIXED_SCRIPT_IN_ONE_WORD = "mixed_script_in_one_word"
    PLACEHOLDER = "placeholder"


def script_of(text: str) -> Script:
    """The script of the letters in ``text``: ``MIXED`` for more than one, ``NONE`` without letters."""
    scripts = {_script_of_letter(char) for char in text if unicodedata.category(char)[0] == "L"}
    if not scripts:
        return Script.NONE
    return scripts.pop() if len(scripts) == 1 else Script.MIXED


def _script_of_letter(char: str) -> Script:
    word = unicodedata.name(char, "OTHER").split()[0].lower()
    return Script(word) if word in _KNOWN_SCRIPTS else Script.OTHER


_KNOWN_SCRIPTS = frozenset(Script) - {Script.OTHER, Script.MIXED, Script.NONE}
_MARKS_OF_NAMES = frozenset("'’ʼʻʾʿ‘-‐‑.·()/׳״،,")
_JOINERS = frozenset("\u200c\u200d")  # join or part letters in Persian and Indic names
_BLANKS = re.compile(r"\s+")


def clean_name(text: str, *, field: str) -> str:
    """The name as it is kept: composed (NFC), single spaces, otherwise as given.

    Raises ``BadInput`` for an empty name and for what no name contains: control and
    direction characters, digits, pictures, piles of accents, more than ``LONGEST`` characters.
    """
    if len(text) > LONGEST:
        raise BadInput(field, text, f"A name has at most {LONGEST} characters. Check what was pasted.")
    name = unicodedata.normalize("NFC", _BLANKS.sub(" ", text).strip())
    if not name:
        raise BadInput(field, text, "Write the name as it was said or printed.")
    marks = 0
    for char in name:
        category = unicodedata.category(char)
        marks = marks + 1 if category[0] == "M" else 0
        if marks > 3:
            raise BadInput(field, text, "More than three accents stand on one letter. Type the name again.")
        if category[0] in "LM" or char == " " or char in _MARKS_OF_NAMES or char in _JOINERS:
            continue
        raise BadInput(field, text, _remedy(char, category))
    return name


def _remedy(char: str, category: str) -> str:
    shown = f"U+{ord(char):04X} {unicodedata.name(char, '')}".strip()
    if category == "Nd":
        return "A name has no digits. Put numbers of documents in their own field."
    if category in {"Cc", "Cf", "Zl", "Zp"}:
        return f"It holds an invisible character ({shown}). Type the name instead of pasting it."
    return f"It holds a character that is no letter ({shown}). Remove it."


_PLACEHOLDERS = frozenset(
    {"fnu", "lnu", "nfn", "nln", "fnmu", "nmn", "na", "n/a", "nn", "none", "nil", "unknown", "noname"}
    | {"непознат", "непозната", "непознато", "нема", "nepoznat", "nepoznata", "panjohur", "نامعلوم", "مجهول"}
)


def is_placeholder(text: str) -> bool:
    """Whether this stands for a missing name: FNU, LNU, XXX, N/A, a lone dot or dash, *unknown*."""
    plain = text.strip().casefold()
    return not any(char.isalpha() for char in plain) or plain in _PLACEHOLDERS or bool(re.fullmatch(r"x{2,}", plain))


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of one name, each as given and any of them empty; a single name stands in ``given``.

    ``grandfather`` and ``father`` are their given names, where a person is called by them
    instead of by a family name. Build it with ``name_as_given``.
    """

    given: str = ""
    family: str = ""
    father: str = ""
    grandfather: str = ""
    mother: str = ""

    @property
    def script(self) -> Script:
        return script_of(str(self))

    @property
    def warnings(self) -> tuple[NameWarning, ...]:
        """What to look at again, most serious first."""
        found = []
        words = str(self).split()
        if any(script_of(word) is Script.MIXED for word in words):
            found.append(NameWarning.MIXED_SCRIPT_IN_ONE_WORD)
        elif self.script is Script.MIXED:
            found.append(NameWarning.MIXED_SCRIPT)
        if any(is_placeholder(part) for part in self.parts()):
            found.append(NameWarning.PLACEHOLDER)
        return tuple(found)

    def parts(self) -> tuple[str, ...]:
        """The parts that are there, in order."""
        return tuple(filter(None, (getattr(self, each.name) for each in fields(self))))

    def __str__(self) -> str:
        return " ".join(self.parts())


def name_as_given(
    *, given: str = "", family: str = "", father: str = "", grandfather: str = "", mother: str = ""
) -> Name:
    """A name from its parts, each cleaned. One name is enough, of whichever part.

    Raises ``BadInput`` naming the part, or ``given`` when given and family name are both empty.
    """
    if not given.strip() and not family.strip():
        raise BadInput("given", given, "Write at least one name. A single name goes here; do not invent a second.")
    parts = {"given": given, "family": family, "father": father, "grandfather": grandfather, "mother": mother}
    return Name(**{part: clean_name(text, field=part) for part, text in parts.items() if text.strip()})
