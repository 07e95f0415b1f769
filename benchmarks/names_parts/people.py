"""Invented people with families, and the papers that clerks make of them.

A person has a culture, a sex, one or two given names (Zipf), a family name, father and
mother, a birth date (1 January where the day was never known), a document and a place. One
in four is a brother or sister of the person before, one in fifty of those a twin; one in
three women past eighteen has a married name beside her own. 3 % of the people stand in the
register twice.
"""

import random
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from names_parts.cultures import FIRST_OF_JANUARY, NATIONALITIES, NO_FAMILY_NAME, cultures
from names_parts.writing import STYLES, written

SPELLINGS = 16
REGISTER_STYLES = [0.25, 0.45, 0.06, 0.08, 0.04, 0.02, 0.10]
QUERY_STYLES = [0.30, 0.35, 0.06, 0.09, 0.04, 0.04, 0.12]
THIS_YEAR = 2026
Table = list[dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as they are, before anybody writes them down. Names are places in the culture's lists, -1 for none."""

    culture: str
    is_woman: bool
    given: int
    second: int
    family: int
    married: int
    father: int
    mother: int
    birth: tuple[int, int, int]
    nationality: str
    document: str
    place: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A person as a clerk wrote them: the columns of a register, and which misfortunes happened (for slices)."""

    given: str
    family: str
    father: str
    mother: str
    birth: str
    sex: str
    nationality: str
    doc: str
    pob: str
    slices: tuple[str, ...] = ()


class World:
    """All spellings of all names, drawn once, and the drawing of people."""

    def __init__(self) -> None:
        draw = random.Random(7)
        self._cultures = cultures()
        self._codes = list(self._cultures)
        self._shares = list(accumulate(culture.share for culture in self._cultures.values()))
        self._tables: dict[tuple[str, str], Table] = {}
        self._sums: dict[tuple[str, str], np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
        for code, culture in self._cultures.items():
            for kind in ("men", "women", "families"):
                names = getattr(culture, kind)
                self._tables[code, kind] = [
                    {style: [written(name, code, style, draw) for _ in range(SPELLINGS)] for style in STYLES}
                    for name in names
                ]
                weights = 1.0 / (np.arange(len(names)) + 3.0) ** (0.9 if kind == "families" else 1.0)
                self._sums[code, kind] = np.cumsum(weights / weights.sum())

    def _name(self, culture: str, kind: str, draw: random.Random) -> int:
        sums = self._sums[culture, kind]
        return min(int(np.searchsorted(sums, draw.random())), len(sums) - 1)

    def spelling(self, culture: str, kind: str, name: int, style: str, draw: random.Random) -> str:
        """One of the spellings of a name in a style; nothing for no name."""
        return self._tables[culture, kind][name][style][draw.randrange(SPELLINGS)] if name >= 0 else ""

    def person(self, draw: random.Random) -> Person:
        """Somebody without known relatives."""
        culture = draw.choices(self._codes, cum_weights=self._shares)[0]
        is_woman = draw.random() < 0.38
        given = "women" if is_woman else "men"
        year = THIS_YEAR - int(min(draw.gammavariate(4.5, 7.2), 95))
        without_family = culture in NO_FAMILY_NAME and draw.random() < 0.08
        return Person(
            culture, is_woman, self._name(culture, given, draw),
            self._name(culture, given, draw) if draw.random() < 0.15 else -1,
            -1 if without_family else self._name(culture, "families", draw),
            self._name(culture, "families", draw) if is_woman and year < THIS_YEAR - 18 and draw.random() < 0.33 else -1,
            self._name(culture, "men", draw), self._name(culture, "women", draw), self._birth(culture, year, draw),
            draw.choice(NATIONALITIES[culture]), f"P{draw.randrange(10**8, 10**9)}", draw.randrange(60),
        )  # fmt: skip

    def _birth(self, culture: str, year: int, draw: random.Random) -> tuple[int, int, int]:
        if draw.random() < FIRST_OF_JANUARY.get(culture, 0.03):
            return (year // 5 * 5 if draw.random() < 0.4 else year, 1, 1)
        return (year, draw.randrange(1, 13), draw.randrange(1, 29))

    def sibling(self, of: Person, draw: random.Random) -> Person:
        """A brother or sister; one in fifty a twin."""
        other = self.person(draw)
        is_twin = draw.random() < 0.02
        given = "women" if other.is_woman else "men"
        year = max(1931, min(THIS_YEAR, of.birth[0] + draw.choice([-9, -7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7, 9])))
        name = self._name(of.culture, given, draw)
        while other.is_woman == of.is_woman and name == of.given:
            name = self._name(of.culture, given, draw)
        return replace(
            other, culture=of.culture, given=name,
            second=self._name(of.culture, given, draw) if other.second >= 0 else -1, family=of.family, married=-1,
            father=of.father, mother=of.mother, birth=of.birth if is_twin else self._birth(of.culture, year, draw),
            nationality=of.nationality, place=of.place if draw.random() < 0.8 else other.place,
        )  # fmt: skip

    def people(self, count: int, seed: int) -> list[Person]:
        """People of a register; brothers and sisters stand beside each other."""
        draw = random.Random(seed)
        found: list[Person] = []
        for _ in range(count):
            related = found and draw.random() < 0.25
            found.append(self.sibling(found[-1], draw) if related else self.person(draw))
        return found

    def registered(self, person: Person, draw: random.Random) -> Paper:
        """A person as the register has them."""
        style = draw.choices(STYLES, REGISTER_STYLES)[0]
        given, family, father, mother = self.names(person, style, draw)
        year, month, day = person.birth
        return Paper(
            given, family, father if draw.random() < 0.4 else "", mother if draw.random() < 0.25 else "",
            f"{year}" if draw.random() < 0.04 else f"{year}-{month:02}-{day:02}", "f" if person.is_woman else "m",
            person.nationality, person.document if draw.random() < 0.5 else "",
            f"place{person.place}" if draw.random() < 0.6 else "",
        )  # fmt: skip

    def names(self, person: Person, style: str, draw: random.Random) -> tuple[str, str, str, str]:
        """Given, family, father's and mother's name in one style."""
        code = person.culture
        given = "women" if person.is_woman else "men"
        first = self.spelling(code, given, person.given, style, draw)
        second = self.spelling(code, given, person.second, style, draw)
        return (f"{first} {second}".strip(), self.spelling(code, "families", person.family, style, draw),
                self.spelling(code, "men", person.father, style, draw),
                self.spelling(code, "women", person.mother, style, draw))  # fmt: skip
