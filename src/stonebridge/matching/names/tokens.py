"""The parts of a name that are compared: compounds as one part, particles dropped, nothing invented.

The same compound is written in one, two or three words, with or without an article or a
hyphen: Abd al-Rahman, Abdulrahman, عبد الرحمن; Nur ud-Din, Nooruddin; Ahmad-zai, Ahmadzai.
Here it becomes one token, so that clerks' blanks do not matter.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from stonebridge.domain.names import is_placeholder
from stonebridge.matching.names.letters import ARABIC, CYRILLIC, LATIN, Word, reading, words

LONGEST = 15
"""Letters of a token that are compared; what follows is cut off."""


@dataclass(frozen=True, slots=True)
class Token:
    """A compared part of a name: its script, its letters in that script, its Latin reading."""

    script: int
    letters: str
    latin: str


_MUHAMMAD = frozenset(
    [
        "md",
        "mohd",
        "muh",
        "mohmd",
        "mhd",
        "mohammad",
        "mohammed",
        "mohamed",
        "mohamad",
        "muhammad",
        "muhammed",
        "muhamed",
        "mohammod",
        "mehmet",
        "mehmed",
        "mhmd",
        "muhamet",
        "maxamed",
        "mihemed",
        "muhamad",
        "mohamet",
        "mukhammad",
        "magomed",
        "mokhammad",
        "mukhammed",
        "muhammet",
        "mohammd",
        "muhamme",
        "mohmmad",
        "mohomed",
        "mahomed",
        "mohamud",
        "mohammadi_",
        "mahammad",
        "mehemmed",
        "мухаммад",
        "мухаммед",
        "мохаммад",
        "мохаммед",
        "мохамед",
        "магомед",
        "мухамед",
        "мехмед",
        "мехмет",
        "мухаметжан_",
        "محمد",
    ]
)
_PARTICLES = frozenset(
    [
        "al",
        "el",
        "ul",
        "ud",
        "ur",
        "us",
        "ad",
        "ash",
        "as",
        "az",
        "ar",
        "an",
        "at",
        "il",
        "bin",
        "ibn",
        "bint",
        "bent",
        "ben",
        "ould",
        "wald",
        "walad",
        "von",
        "van",
        "der",
        "den",
        "de",
        "da",
        "del",
        "della",
        "di",
        "do",
        "dos",
        "du",
        "la",
        "le",
        "y",
        "e",
        "i",
        "o",
        "u",
        "и",
        "ibni",
        "oe",
        "ал",
        "ел",
        "аль",
        "эль",
        "ибн",
        "бин",
        "бен",
        "ال",
        "بن",
        "ابن",
        "بنت",
        "ولد",
    ]
)
_SUFFIXES = frozenset(
    [
        "zai",
        "zay",
        "zey",
        "zoi",
        "zada",
        "zadah",
        "zade",
        "zadeh",
        "oglu",
        "oghlu",
        "ogly",
        "khel",
        "khil",
        "pur",
        "pour",
        "poor",
        "nia",
        "niya",
        "nezhad",
        "nejad",
        "зай",
        "заде",
        "оглы",
        "оглу",
        "زي",
        "زاده",
        "زاي",
    ]
)
_PREFIXES = frozenset(["abu", "abou", "abo", "ابو"])
_SERVANT = re.compile(r"abd(?:ou|[aeouiy])?[lrsnztd]?")
_SERVANT_OF = re.compile(r"abd(?:[aeou]|ou)l(?=[a-z]{3})|abdu([rsnzdt])(?=\1)|abdou(?=[bcdfgjkmqrsz][a-z]{3})")
_ALLAH = re.compile(r"(?<=[a-z]{3})[uoae]?l{1,2}ah?$")
_DIN = re.compile(r"(?<=[a-z]{2})(?:al|ul|el|ud|ad|od|ed|u|o|e|i)?d{1,2}(?:in|een|ine|yn)$")
_DIN_WORDS = frozenset(
    ["din", "deen", "dine", "uddin", "eddine", "eddin", "addin", "uddeen", "oddin", "ddin", "дин", "الدين", "دين"]
)
_ALLAH_WORDS = frozenset(["allah", "ullah", "ollah", "ulla", "olla", "lah", "الله"])


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a name, in order; none for a placeholder.

    >>> [token.letters for token in tokens("Abd al-Rahman Nur ud-Din AHMAD ZAI")]
    ['abdrahman', 'nuruddin', 'ahmadzai']
    >>> [token.letters for token in tokens("عبد الرحمن بن محمد")]
    ['عبدرحمن', 'muhammad']
    >>> tokens("FNU")
    ()
    """
    return _tokens(text) if text else ()


@lru_cache(maxsize=1 << 16)
def _tokens(text: str) -> tuple[Token, ...]:
    if is_placeholder(text):
        return ()
    found = words(text)
    glued: list[Word] = []
    place = 0
    while place < len(found):
        word = found[place]
        after = found[place + 1 :]
        if word.script == LATIN and _SERVANT.fullmatch(word.latin) and word.latin[:3] == "abd":
            place += 1
            while after and after[0].script == LATIN and after[0].latin in _PARTICLES and len(after) > 1:
                place, after = place + 1, after[1:]
            if after and after[0].script == LATIN:
                latin = "abd" + after[0].latin
                glued.append(Word(LATIN, latin, latin))
                place += 1
            else:
                glued.append(word)
            continue
        if word.script == ARABIC and word.letters == "عبد" and after and after[0].script == ARABIC:
            glued.append(_glued(word, after[0]))
            place += 2
            continue
        if word.letters in _PREFIXES and after and after[0].script == word.script:
            glued.append(
                _glued(Word(word.script, *("abu", "abu") if word.script == LATIN else (word.letters, "abu")), after[0])
            )
            place += 2
            continue
        bare = word.letters
        if (
            glued
            and glued[-1].script == word.script
            and len(glued[-1].latin) > 1
            and (bare in _SUFFIXES or bare in _DIN_WORDS or bare in _ALLAH_WORDS)
        ):
            glued[-1] = _glued(glued[-1], word)
        elif (
            glued
            and bare in ("ud", "ul", "ed", "al", "el", "ad")
            and after
            and after[0].latin in ("din", "deen", "dine")
        ):
            glued[-1] = _glued(glued[-1], after[0])
            place += 1
        elif bare not in _PARTICLES:
            glued.append(word)
        place += 1
    kept = [each for each in glued if len(each.latin) > 1 and not is_placeholder(each.letters)]
    kept = kept or [each for each in found if not is_placeholder(each.letters)]
    return tuple(_normal(each) for each in kept)


def _glued(first: Word, second: Word) -> Word:
    return Word(first.script, first.letters + second.letters, first.latin + second.latin)


def _normal(word: Word) -> Token:
    if word.letters in _MUHAMMAD:
        return _MUHAMMAD_TOKEN
    if word.script == LATIN:
        letters = _normal_latin(word.latin)
        return Token(LATIN, letters, letters)
    letters = _normal_arabic(word.letters) if word.script == ARABIC else word.letters
    if word.script == CYRILLIC and letters.startswith("абдул") and len(letters) > 7 and letters[5] != "л":
        letters = "абд" + letters[5:]
    latin = reading(word.script, letters)
    if word.script == ARABIC:
        latin = latin.removesuffix("dyn").removesuffix("din") + "uddin" if letters.endswith("دين") else latin
        latin = latin.replace("llh", "ullah") if letters.endswith("لله") else latin
    return Token(word.script, letters[:LONGEST], latin[:LONGEST])


def _normal_arabic(letters: str) -> str:
    """Without the article, at the start and inside the compounds of Abd and Din."""
    if letters.startswith("ال") and len(letters) > 4 and letters != "الله":
        letters = letters[2:]
    if "الله" in letters[1:]:
        return letters.replace("الله", "لله")
    if letters.startswith("عبدال") and len(letters) > 7:
        return "عبد" + letters[5:]
    return letters.removesuffix("الدين") + "دين" if letters.endswith("الدين") and len(letters) > 6 else letters


def _normal_latin(latin: str) -> str:
    if latin.startswith("abd"):
        if re.fullmatch(r"abd[uaoe]?l{1,2}ah?", latin):
            return "abdullah"
        latin = _SERVANT_OF.sub("abd", latin, count=1)
    elif "la" in latin[3:] or latin.endswith("ull"):
        latin = _ALLAH.sub(
            lambda found: (
                "ullah" if "ll" in found[0] or (found[0].endswith("ah") and found[0][0] in "uo") else found[0]
            ),
            latin,
        )
    if latin.endswith(("din", "deen", "dine", "dyn")):
        latin = _DIN.sub("uddin", latin)
    return latin[:LONGEST]


_MUHAMMAD_TOKEN = Token(LATIN, "muhammad", "muhammad")
