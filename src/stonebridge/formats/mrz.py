"""Machine-readable zones of travel documents: ICAO Doc 9303 parts 4 (TD3), 5 (TD1), 6 (TD2) and 7 (visas).

``read`` takes lines as a reader or a keyboard gives them and keeps what is printed as it is printed: codes of
states, fillers that mean *unknown* in a date, names that end where the zone ends. Nothing is corrected.
What does not agree is a ``Finding``, and letters that machines confuse (0 and O, 1 and I, 8 and B) are
*proposed* where the change would make every check digit hold; an officer who sees the document decides.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

from stonebridge.domain.cite import cites
from stonebridge.domain.errors import BadInput, NoRuleMatched
from stonebridge.domain.partial_date import PartialDate, partial_date, unknown_date
from stonebridge.domain.transliteration import icao_form
from stonebridge.formats.malformed import Malformed
from stonebridge.formats.mrz_layouts import SHAPES, SIZES, Layout, Place, Shape

FILLER = "<"
_RECORD = "machine-readable zone"
_ALLOWED = re.compile(r"[A-Z0-9<]*")
_WEIGHTS = (7, 3, 1)
# What a machine may read for what is printed, letter to digit and back.
_AS_DIGIT = {
    "O": "0",
    "Q": "0",
    "D": "0",
    "I": "1",
    "L": "1",
    "Z": "2",
    "A": "4",
    "S": "5",
    "G": "6",
    "T": "7",
    "B": "8",
}
_AS_LETTER = {"0": "OQD", "1": "IL", "2": "Z", "4": "A", "5": "S", "6": "G", "7": "T", "8": "B"}
_MOST_CHANGES = 2
_LANGUAGES = ("", "mk", "sr", "bg", "ru", "uk", "tr")


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """Six characters, year month day; two fillers in a row mean that this part is unknown."""

    text: str

    @property
    def parts(self) -> tuple[int | None, int | None, int | None]:
        """Year of the century, month, day; None for what is unknown or unreadable."""
        year, month, day = (
            int(part) if part.isdigit() else None for part in (self.text[:2], self.text[2:4], self.text[4:])
        )
        return year, month, day

    def as_birth(self, today: date) -> PartialDate:
        """The latest date with these digits that is not after ``today``: a zone does not print the century.

        An unknown year leaves nothing to compare, and so an unknown date that keeps the text. So does a
        date that no calendar has: the text stays, because a document that prints it exists.
        """
        year = self.parts[0]
        if year is None:
            return unknown_date(self.text)
        for century in (today.year // 100 * 100, today.year // 100 * 100 - 100):
            made = self._in_century(century + year)
            if made.earliest is not None and made.earliest <= today:
                return made
        return unknown_date(self.text)

    def as_expiry(self, today: date) -> PartialDate:
        """The date with these digits that is nearest to ``today``, within fifty years."""
        year = self.parts[0]
        if year is None:
            return unknown_date(self.text)
        return self._in_century(
            min((today.year // 100 * 100 + year + c for c in (-100, 0, 100)), key=lambda y: abs(y - today.year))
        )

    def _in_century(self, year: int) -> PartialDate:
        _, month, day = self.parts
        try:
            return partial_date(year, month, day if month else None, text=self.text, field="mrz_date")
        except BadInput:
            return unknown_date(self.text)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Read again: at this line and column (from 1) the machine may have mistaken one character for another."""

    line: int
    column: int
    read: str
    proposed: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree. ``proposals`` holds each set of changes after which it would."""

    field: str
    value: str
    remedy: str
    proposals: tuple[tuple[Proposal, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Mrz:
    """What a zone says, as printed. ``sex`` is ``f``, ``m``, ``x`` or empty where it is not specified.

    ``names_may_be_cut`` says that the names fill their place to its end, so that letters or parts may be missing.
    """

    layout: Layout
    lines: tuple[str, ...]
    document_code: str
    issuing_state: str
    surname: str
    given_names: str
    names_may_be_cut: bool
    document_number: str
    nationality: str
    birth: PrintedDate
    sex: str
    expiry: PrintedDate
    optional: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def agrees(self) -> bool:
        """Whether every check digit holds and every field holds what may stand there."""
        return not self.findings


@cites("icao-9303-3", "4.9")
def check_digit(text: str) -> str:
    """The check digit over ``text``: weights 7, 3, 1; letters count from 10, a filler 0."""
    total = sum(_WEIGHTS[place % 3] * _worth(char) for place, char in enumerate(text))
    return str(total % 10)


def read(text: str) -> Mrz:
    """Read a zone from its lines, or from all of them in one, as keyboards of readers type it.

    Raises:
        Malformed: a number or length of lines that no layout has, or a character that no zone holds.
    """
    lines = _lines(text)
    document, visa = SIZES[len(lines), len(lines[0])]
    layout = visa if lines[0].startswith("V") else document
    shape = SHAPES[layout]
    surname, given, cut = _names(_at(lines, shape.names))
    number, optional = _number_and_optional(lines, shape)
    return Mrz(
        layout=layout, lines=lines, document_code=_plain(lines, shape.code), issuing_state=_plain(lines, shape.issuer),
        surname=surname, given_names=given, names_may_be_cut=cut, document_number=number,
        nationality=_plain(lines, shape.nationality), birth=PrintedDate(_at(lines, shape.birth)),
        sex={"M": "m", "F": "f", "X": "x"}.get(_at(lines, shape.sex), ""), expiry=PrintedDate(_at(lines, shape.expiry)),
        optional=optional, findings=tuple(_findings(lines, shape)),
    )  # fmt: skip


def prints(mrz: Mrz, surname: str, given_names: str) -> bool:
    """Whether these names, as written in any script, may be printed as this zone prints them.

    The same name has several forms, because Serbian, Macedonian and others have tables of their own and
    countries print Đ as D or DJ; one form that fits is enough. Where names may be cut, the beginnings must fit.
    A script without a table fits nothing: then compare with the Latin form beside the name.
    """
    printed = (mrz.surname, mrz.given_names)
    return all(
        any(_fits(form, part, cut=mrz.names_may_be_cut) for form in _forms(written))
        for written, part in zip((surname, given_names), printed, strict=True)
    )


def _fits(form: str, printed: str, *, cut: bool) -> bool:
    if form == printed:
        return True
    shown = printed.split()
    return (
        cut
        and all(word.startswith(part) for word, part in zip(form.split(), shown, strict=False))
        and len(shown) <= len(form.split())
    )


def _forms(written: str) -> Iterator[str]:
    for text in dict.fromkeys((written, re.sub("[Đđ]", "Dj", written))):
        for language in _LANGUAGES:
            try:
                yield icao_form(text, language).replace(FILLER, " ")
            except NoRuleMatched:
                return


def _lines(text: str) -> tuple[str, ...]:
    lines = ["".join(line.split()).upper().replace("«", "<<") for line in text.strip().splitlines() if line.strip()]
    if len(lines) == 1:
        length = {90: 30, 72: 36, 88: 44}.get(len(lines[0]), 0)
        lines = [lines[0][at : at + length] for at in range(0, len(lines[0]), length)] if length else lines
    for number, line in enumerate(lines, start=1):
        good = _ALLOWED.match(line)
        at = good.end() if good else 0
        if at < len(line):
            raise Malformed(
                _RECORD,
                f"line {number}, column {at + 1}",
                line[at],
                "Only A to Z, 0 to 9 and < stand in a zone; read it again.",
            )
    lengths = [len(line) for line in lines]
    if not lines or len(set(lengths)) != 1 or (len(lines), lengths[0]) not in SIZES:
        raise Malformed(_RECORD, "lines", " + ".join(map(str, lengths)) or "none",
                        "A zone has 3 lines of 30 characters, 2 of 36, or 2 of 44; read it again.")  # fmt: skip
    return tuple(lines)


def _at(lines: tuple[str, ...], place: Place) -> str:
    line, first, end = place
    return lines[line][first:end]


def _plain(lines: tuple[str, ...], place: Place) -> str:
    return _at(lines, place).replace(FILLER, " ").strip()


def _names(field: str) -> tuple[str, str, bool]:
    """Surname, given names, and whether the field ends in a letter and so may be cut."""
    surname, _, given = field.partition(FILLER * 2)
    return " ".join(surname.split(FILLER)).strip(), " ".join(given.replace(FILLER, " ").split()), field[-1] != FILLER


def _number_and_optional(lines: tuple[str, ...], shape: Shape) -> tuple[str, tuple[str, ...]]:
    """The number, which goes on in the optional data when its check digit is a filler (TD1 and TD2)."""
    number, rest = _at(lines, shape.number), [_at(lines, place) for place in shape.optional]
    if long := _long_number(lines, shape):
        number, rest[0] = long[:-1], rest[0][len(long) - len(number) + 1 :]
    return number.rstrip(FILLER), tuple(part.replace(FILLER, " ").strip() for part in rest)


def _long_number(lines: tuple[str, ...], shape: Shape) -> str:
    """A number of more than nine characters with its check digit; empty when it is short."""
    line, _, end = shape.number
    if lines[line][end] != FILLER or not shape.composite or shape.optional_check or FILLER in _at(lines, shape.number):
        return ""
    more = _at(lines, shape.optional[0]).partition(FILLER)[0]
    return _at(lines, shape.number) + more if len(more) > 1 else ""


def _findings(lines: tuple[str, ...], shape: Shape) -> Iterator[Finding]:
    for field, place in (
        ("document_code", shape.code),
        ("issuing_state", shape.issuer),
        ("nationality", shape.nationality),
        ("names", shape.names),
    ):
        if any(char.isdigit() for char in _at(lines, place)) and field != "document_code":
            yield Finding(
                field,
                _at(lines, place),
                "Only letters stand here; look at the document.",
                tuple(_letters(lines, place)),
            )
    if (sex := _at(lines, shape.sex)) not in "MFX<":
        yield Finding("sex", sex, "M, F or < stands here; look at the document.")
    if long := _long_number(lines, shape):
        # Some states count the filler that stands where the check digit of a short number would.
        if long[-1] not in (check_digit(long[:-1]), check_digit(f"{long[:9]}{FILLER}{long[9:-1]}")):
            yield Finding(
                "document_number", long, "The check digit does not hold; read the zone again or look at the document."
            )
    else:
        yield from _checked(lines, "document_number", shape.number, shape)
    yield from _checked(lines, "birth_date", shape.birth, shape)
    yield from _checked(lines, "expiry_date", shape.expiry, shape)
    if shape.optional_check:
        yield from _checked(lines, "optional_data", shape.optional[0], shape)
    if shape.composite and not _composite_holds(lines, shape):
        yield Finding(
            "zone",
            lines[shape.composite_at[0]][shape.composite_at[1]],
            "The check digit over the whole zone does not hold; read it again.",
        )
    for field, place in (("birth_date", shape.birth), ("expiry_date", shape.expiry)):
        if not re.fullmatch(r"(\d\d|<<){3}", _at(lines, place)) and _holds(lines, place):
            yield Finding(
                field, _at(lines, place), "Digits stand here, or << for an unknown part; look at the document."
            )


def _checked(lines: tuple[str, ...], field: str, place: Place, shape: Shape) -> Iterator[Finding]:
    if _holds(lines, place):
        return
    numeric = field in ("birth_date", "expiry_date")
    proposals = tuple(_corrections(lines, place, shape, numeric=numeric))
    yield Finding(
        field,
        _at(lines, place),
        "The check digit does not hold; read the zone again or look at the document.",
        proposals,
    )


def _holds(lines: tuple[str, ...], place: Place) -> bool:
    """Whether the digit after the place fits; a filler stands for 0 where the place is empty."""
    line, _, end = place
    printed, text = lines[line][end], _at(lines, place)
    return printed == check_digit(text) or (printed == FILLER and not text.strip(FILLER))


def _composite_holds(lines: tuple[str, ...], shape: Shape) -> bool:
    line, column = shape.composite_at
    return lines[line][column] == check_digit("".join(_at(lines, place) for place in shape.composite))


def _corrections(
    lines: tuple[str, ...], place: Place, shape: Shape, *, numeric: bool
) -> Iterator[tuple[Proposal, ...]]:
    """Fewest changes first: sets of confusions after which this check digit holds, and the whole zone's where there is one."""
    line, first, end = place
    choices = [
        (column, other)
        for column in range(first, end + 1)
        for other in _confusions(lines[line][column], numeric=numeric or column == end)
    ]
    for size in range(1, _MOST_CHANGES + 1):
        found = []
        for chosen in combinations(choices, size):
            if len({column for column, _ in chosen}) < size:
                continue
            changed = list(lines[line])
            for column, other in chosen:
                changed[column] = other
            tried = (*lines[:line], "".join(changed), *lines[line + 1 :])
            if numeric and not re.fullmatch(r"[0-9<]*", _at(tried, place)):
                continue
            if _holds(tried, place) and (not shape.composite or _composite_holds(tried, shape)):
                found.append(
                    tuple(Proposal(line + 1, column + 1, lines[line][column], other) for column, other in chosen)
                )
        if found:
            yield from found
            return


def _letters(lines: tuple[str, ...], place: Place) -> Iterator[tuple[Proposal, ...]]:
    """Every way in which the digits of a place may be letters; names hold few, so the ways are few."""
    line, first, end = place
    digits = [column for column in range(first, end) if lines[line][column].isdigit()]
    if len(digits) > _MOST_CHANGES:
        return
    for letters in product(*(_AS_LETTER.get(lines[line][column], "") for column in digits)):
        yield tuple(
            Proposal(line + 1, column + 1, lines[line][column], letter)
            for column, letter in zip(digits, letters, strict=True)
        )


def _confusions(char: str, *, numeric: bool) -> Iterable[str]:
    if char in _AS_DIGIT:
        return _AS_DIGIT[char]
    return () if numeric else _AS_LETTER.get(char, "")


def _worth(char: str) -> int:
    if char == FILLER:
        return 0
    return int(char) if char.isdigit() else ord(char) - ord("A") + 10
