"""What becomes of a person at the next desk: another clerk's spelling, names left out or moved, dates by hearsay."""

import random
from dataclasses import replace

from names_parts.cultures import NATIONALITIES
from names_parts.people import QUERY_STYLES, STYLES, THIS_YEAR, Paper, Person, World

LOOK_ALIKE = {
    "a": "eo", "e": "ai", "i": "ey", "o": "ua", "u": "ov", "m": "nr", "n": "mh", "h": "n", "k": "q", "s": "z", "z": "s",
    "d": "t", "t": "d", "b": "p", "v": "w", "w": "v", "y": "i", "c": "k", "g": "q",
}  # fmt: skip
AGES = ((12, "age 0-11"), (18, "age 12-17"), (35, "age 18-34"), (60, "age 35-59"), (200, "age 60+"))


def again(world: World, person: Person, kept: Paper | None, draw: random.Random) -> Paper:
    """The person written down once more; with the register's own spelling in four of ten cases."""
    happened: list[str] = []
    style = draw.choices(STYLES, QUERY_STYLES)[0]
    given, family, father, mother = world.names(person, style, draw)
    if kept is not None and draw.random() < 0.4:
        given, family = kept.given, kept.family
    chance = draw.random()
    if chance < 0.08 and person.culture in ("AF", "SY"):
        family = father
        happened.append("father's name as family name")
    elif chance < 0.12 and family:
        family = ""
        happened.append("family name missing")
    elif person.married >= 0 and draw.random() < 0.5:
        family = world.spelling(person.culture, "families", person.married, style, draw)
        happened.append("married name")
    given, family = _moved(given, family, father, draw, happened)
    for _ in range(draw.choices((0, 1, 2), (0.85, 0.12, 0.03))[0]):
        if draw.random() < 0.5 and len(given) > 3:
            given = slip(given, draw)
        elif len(family) > 3:
            family = slip(family, draw)
        happened.append("slip of the hand")
    birth = _birth(person, draw, happened)
    nationality = person.nationality
    if draw.random() >= 0.87:
        nationality = "" if draw.random() < 0.7 else draw.choice(NATIONALITIES["AF"] + NATIONALITIES["SY"])
    document = ""
    if draw.random() < 0.10:
        document = person.document
        if draw.random() < 0.15:
            place = draw.randrange(1, 10)
            document = document[:place] + draw.choice("0123456789") + document[place + 1 :]
    is_woman = person.is_woman if draw.random() < 0.98 else not person.is_woman
    paper = Paper(
        given.strip(), family.strip(), father if draw.random() < 0.4 else "", mother if draw.random() < 0.25 else "", birth,
        "f" if is_woman else "m", nationality, document, f"place{person.place}" if draw.random() < 0.5 else "",
    )  # fmt: skip
    return replace(paper, slices=_slices(person, paper, happened))


def _moved(given: str, family: str, father: str, draw: random.Random, happened: list[str]) -> tuple[str, str]:
    parts = given.split()
    if len(parts) > 1 and draw.random() < 0.15:
        parts.pop(draw.randrange(len(parts)))
        happened.append("given name left out")
    if draw.random() < 0.03:
        parts.insert(0, "Mohammad")
        happened.append("name added")
    if draw.random() < 0.03:
        parts.append("Khan")
        happened.append("name added")
    given = " ".join(parts)
    if draw.random() < 0.03:
        given += draw.choice([" Bin ", " Ibn ", " "]) + father
        happened.append("father's name added")
    if "-" in family and draw.random() < 0.10:
        family = family.replace("-", draw.choice(["", " "]))
    if draw.random() < 0.07:
        given, family = family, given
        happened.append("names swapped")
    return given, family


def _birth(person: Person, draw: random.Random, happened: list[str]) -> str:
    year, month, day = person.birth
    what = draw.choices(
        ("exact", "first of January", "year only", "day and month swapped", "year off by one", "age claim",
         "first of January", "digit error", "no birth date"),
        (60, 10, 5, 5, 6, 3, 3, 3, 5),
    )[0]  # fmt: skip
    if what == "no birth date":
        happened.append(what)
        return ""
    if what == "year only":
        happened.append(what)
        return f"{year}"
    if what == "first of January":
        year, month, day = year + draw.choice([0, 0, 0, -2, -1, 1, 2]), 1, 1
    elif what == "day and month swapped":
        month, day = (day, month) if day <= 12 else (month, max(1, day - 1))
    elif what == "year off by one":
        year += draw.choice([-1, 1])
    elif what == "age claim":
        year += draw.choice([-5, -4, -3, -2, 2, 3, 4, 5])
    elif what == "digit error":
        which = draw.randrange(3)
        if which == 0:
            year += -10 if year > 1940 else 10
        elif which == 1:
            month = month % 12 + 1
        else:
            day = (day + 9) % 28 + 1
    if what != "exact":
        happened.append(what)
    return f"{year}-{month:02}-{day:02}"


def slip(text: str, draw: random.Random) -> str:
    """One letter left out, exchanged, added, or out of order; never the first."""
    place = draw.randrange(1, len(text))
    chance = draw.random()
    before, letter, after = text[:place], text[place], text[place + 1 :]
    if chance < 0.30:
        return before + after
    if chance < 0.50:
        return before + draw.choice(LOOK_ALIKE.get(letter.lower(), "aeiou")) + after
    if chance < 0.65:
        return before + draw.choice("abcdefghijklmnopqrstuvwxyz") + after
    if chance < 0.85:
        return before + draw.choice("aeiouhnlrs") + letter + after
    return before[:-1] + letter + before[-1] + after


def _slices(person: Person, paper: Paper, happened: list[str]) -> tuple[str, ...]:
    letter = next((char for char in paper.given + paper.family if char.isalpha()), "a")
    script = "Arabic" if letter >= "\u0600" else "Cyrillic" if letter >= "\u0400" else "Latin"
    age = THIS_YEAR - person.birth[0]
    band = next(name for limit, name in AGES if age < limit)
    return (f"script {script}", "women" if person.is_woman else "men", band, f"noise {min(len(happened), 3)}",
            *dict.fromkeys(happened))  # fmt: skip
