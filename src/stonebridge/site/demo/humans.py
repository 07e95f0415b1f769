"""Invented human beings as they are, whatever records say of them."""

from dataclasses import dataclass
from datetime import date

LATIN, OTHER_LATIN, CYRILLIC, AT_HOME = range(4)


@dataclass(frozen=True, slots=True)
class Human:
    """A human being as they are, whatever records say. Names are lists of spellings."""

    pool: int
    sex: str
    given: str
    family: str
    born_on: date
    state: str
    father: str = ""
    mother: str = ""
    birth_place: str = ""
