"""How a name is written: phonemic names in seven styles, Latin names with their letters kept, stripped or replaced.

Styles: ``EN`` English habits, ``LOC`` the country's own, ``FR``, ``DE``, ``TR``, ``CYR``
Cyrillic, ``NAT`` the native script.
"""

import random
import unicodedata
from typing import NamedTuple

STYLES = ("EN", "LOC", "FR", "DE", "TR", "CYR", "NAT")


class Name(NamedTuple):
    """A name before it is written: phonemic words and how they are joined, or one word of a Latin orthography."""

    words: tuple[str, ...]
    joined: str = ""  # "servant", "ullah", "uddin", "al", "zai", "zada", or "" for blanks
    is_latin: bool = False


Choices = tuple[list[str], list[float]]


def _choices(text: str) -> Choices:
    parts = [part.partition(":") for part in text.split("|")]
    return [spelling for spelling, _, _ in parts], [float(weight or 1) for _, _, weight in parts]


def _style(changes: dict[str, str], base: dict[str, str]) -> dict[str, Choices]:
    return {phoneme: _choices(text) for phoneme, text in {**base, **changes}.items()}


_ENGLISH = {
    "'": "", "3": ":8|a:.3|':.3", "0": "th:3|s", "j": "j", "C": "ch", "H": "h", "x": "kh:9|h", "8": "dh|z|d", "J": "zh",
    "$": "sh", "S": "s", "D": "d:2|z|dh", "T": "t", "Z": "z", "G": "gh:4|g", "q": "q:2|k", "w": "w:6|v", "y": "y",
    "a": "a:8|e", "i": "i:5|e", "u": "u:5|o:2", "A": "a:9|aa", "I": "i:4|ee|e:.2", "U": "u:4|oo|ou", "e": "e", "o": "o",
    "E": "e|ai|ay", "O": "o|aw|au",
}  # fmt: skip
_CYRILLIC = {
    "'": "", "3": "", "0": "с", "j": "дж", "C": "ч", "H": "х", "x": "х", "8": "з", "J": "ж", "$": "ш", "S": "с",
    "D": "д|з", "T": "т", "Z": "з", "G": "г", "q": "к", "w": "в", "y": "й", "a": "а:6|е", "i": "и:4|е", "u": "у:3|о",
    "A": "а", "I": "и", "U": "у", "e": "е", "o": "о", "E": "е|эй", "O": "о|ау", "b": "б", "p": "п", "t": "т", "d": "д",
    "r": "р", "z": "з", "s": "с", "f": "ф", "k": "к", "g": "г", "l": "л", "m": "м", "n": "н", "h": "х|г:.3", "v": "в",
}  # fmt: skip
_FRENCH = {
    "$": "ch:6|sh", "u": "ou:5|o:3", "U": "ou", "j": "dj|j:3", "w": "w|ou:3", "G": "gh|r", "q": "k:3|q", "C": "tch",
    "I": "i", "a": "a:6|e:3", "i": "i|e", "0": "t", "8": "d", "D": "d", "Z": "z|d",
}  # fmt: skip
_GERMAN = {"$": "sch:2|sh:2", "j": "dsch|j:2", "x": "ch:2|kh", "y": "j|y:3", "C": "tsch|ch", "z": "s|z:4",
           "w": "w:3|v", "u": "u:4|o"}  # fmt: skip
_TURKISH = {
    "$": "ş:3|s", "j": "c", "C": "ç:3|c", "x": "h", "G": "ğ|g", "w": "v", "q": "k", "0": "s", "8": "z", "D": "d|z",
    "a": "e|a", "A": "a", "U": "u|ü:.5", "I": "i", "3": "",
}  # fmt: skip
_TABLES = {
    "EN": _style({}, _ENGLISH), "FR": _style(_FRENCH, _ENGLISH), "DE": _style(_GERMAN, _ENGLISH),
    "TR": _style(_TURKISH, _ENGLISH), "CYR": _style({}, _CYRILLIC),
}  # fmt: skip
_PERSIAN = {"0": "s", "8": "z", "D": "z"}
_LOCAL = {
    "AF": _style(_PERSIAN | {"u": "o:3|u:2", "i": "i:3|e:2", "q": "q", "x": "kh", "w": "w:5|v", "U": "oo:2|u:3",
                             "I": "i:3|ee:2"}, _ENGLISH),
    "IR": _style(_PERSIAN | {"u": "o:5|u", "i": "e:4|i", "q": "gh:3|q", "w": "v:6|w", "U": "ou:2|u:3|oo", "E": "ey|ei",
                             "G": "gh", "3": ":9|'"}, _ENGLISH),
    "PK": _style(_PERSIAN | {"i": "i:4|e", "u": "u:6|o", "I": "i:3|ee:3", "U": "oo:3|u:3", "q": "q:5|k",
                             "E": "ai|e|ei"}, _ENGLISH),
    "BD": _style({"z": "j|z", "8": "j|z", "D": "j|z", "Z": "j|z", "x": "kh:3|k", "q": "k|q", "f": "f|ph", "w": "w|o",
                  "i": "i", "u": "u", "0": "s", "v": "bh|v"}, _ENGLISH),
    "SY": _style({"0": "th:3|t", "8": "dh|z|d", "q": "q|k", "x": "kh", "j": "j", "u": "u:3|o:3", "i": "i:3|e:2"},
                 _ENGLISH),
    "MA": _TABLES["FR"],
}  # fmt: skip
_ARABIC = dict(zip("'30jCHx8J$SDTZGqwyAIUEObptdrzsfkglmnhv", "اعثجچحخذژشصضطظغقویایویوبپتدرزسفکگلمنهو", strict=True))
_DIGRAPHS = {
    "TR": {"ş": "sh", "ç": "ch", "ğ": "gh", "ı": "i", "ö": "oe", "ü": "ue", "c": "j"},
    "KU": {"ş": "sh", "ç": "ch", "c": "j", "ê": "e", "î": "i", "û": "u", "x": "kh", "w": "v"},
    "AL": {"ë": "e", "ç": "ch", "xh": "j", "q": "ch", "gj": "g", "j": "y"},
    "SR": {"š": "sh", "č": "ch", "ć": "ch", "ž": "zh", "đ": "dj", "j": "y", "c": "ts"},
    "SO": {"c": "", "x": "h", "aa": "a", "ii": "i", "uu": "u", "oo": "o", "dh": "d"},
    "ET": {"w": "u", "ae": "a"},
    "IN": {"ee": "i", "oo": "u", "v": "w", "sh": "s", "aa": "a"},
}
_LATIN_TO_CYRILLIC = dict(
    pair.split("=")
    for pair in [
        "lj=љ",
        "nj=њ",
        "dž=џ",
        "a=а",
        "b=б",
        "v=в",
        "g=г",
        "d=д",
        "đ=ђ",
        "e=е",
        "ž=ж",
        "z=з",
        "i=и",
        "j=ј",
        "k=к",
        "l=л",
        "m=м",
        "n=н",
        "o=о",
        "p=п",
        "r=р",
        "s=с",
        "t=т",
        "ć=ћ",
        "u=у",
        "f=ф",
        "h=х",
        "c=ц",
        "č=ч",
        "š=ш",
        "y=и",
        "w=в",
        "x=кс",
        "q=ќ",
        "ë=е",
        "ç=ч",
        "ş=ш",
        "ğ=г",
        "ı=и",
        "ö=о",
        "ü=у",
        "ê=е",
        "î=и",
        "û=у",
    ]
)
_MUHAMMAD = (
    [
        "mohammad",
        "mohammed",
        "mohamed",
        "muhammad",
        "muhammed",
        "mohamad",
        "mohd",
        "md",
        "mohammod",
        "muhamed",
        "mohd.",
    ],
    [6, 4, 4, 4, 2, 3, 0.4, 0.5, 0.2, 1, 0.1],
)
_JOINED = {
    "ullah": ["ullah", " ullah", "ollah", "ulla", "allah", "-ullah"],
    "uddin": ["uddin", " uddin", "oddin", "eddine", " al-din", "ud din", " ud-din", "eddin", "uddeen"],
    "zai": ["zai", "zay", "zai", "zey", "zoi", " zai", "zi"],
    "zada": ["zada", "zadeh", "zade", "zadah", " zada", "zadeh"],
}
_JOINED_CYRILLIC = {"ullah": ["улла", "улло"], "uddin": ["уддин"], "zai": ["зай"], "zada": ["заде"]}
_SERVANT = ["abdul ", "abdul", "abd al-", "abd al ", "abdal", "abdel ", "abdel", "abdul-", "abdol", "abdou"]
_SERVANT_OF_ALLAH = ["abdullah", "abdallah", "abdollah", "abdulla", "abd allah", "abdellah"]
_ARTICLE = ["al-", "al ", "al", "el ", "el-", "", ""]


def written(name: Name, culture: str, style: str, draw: random.Random) -> str:
    """The name in a style, with capital letters where the script has them."""
    text = _latin_name(name.words[0], culture, style, draw) if name.is_latin else _phonemic(name, culture, style, draw)
    return text.strip() if style == "NAT" else text.strip().title()


def stripped(text: str) -> str:
    """Without accents, as most keyboards and machine-readable zones have it."""
    text = text.replace("ı", "i").replace("đ", "dj")
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def _replaced(text: str, table: dict[str, str]) -> str:
    for one in sorted(table, key=len, reverse=True):
        text = text.replace(one, table[one])
    return text


def _latin_name(word: str, culture: str, style: str, draw: random.Random) -> str:
    if style == "LOC":
        return word if draw.random() < 0.6 else stripped(word)
    if style in ("EN", "FR"):
        return stripped(_replaced(word, _DIGRAPHS.get(culture, {})) if draw.random() < 0.35 else word)
    if style == "DE":
        return stripped(_replaced(word, {"ö": "oe", "ü": "ue", "ä": "ae"})) if draw.random() < 0.6 else word
    if style == "CYR" or (style == "NAT" and culture == "SR"):
        return _replaced(word, _LATIN_TO_CYRILLIC)
    return stripped(word) if style == "TR" else word


def _phonemic(name: Name, culture: str, style: str, draw: random.Random) -> str:
    if style == "NAT":
        return _native(name, culture, draw)
    table = _LOCAL.get(culture, _TABLES["EN"]) if style == "LOC" else _TABLES[style]
    cyrillic = style == "CYR"
    parts = [_romanised(word, table, culture, draw, cyrillic=cyrillic) for word in name.words]
    if name.joined == "servant":
        if cyrillic:
            return "абдул" + parts[0]
        if name.words[0] == "allAh":
            return draw.choice(_SERVANT_OF_ALLAH)
        assimilated = parts[0][0] in "rsnzdt" and draw.random() < 0.25
        return ("abdu" + parts[0][0] if assimilated else draw.choice(_SERVANT)) + parts[0]
    if name.joined == "al":
        return ("аль-" if cyrillic else draw.choice(_ARTICLE)) + parts[0]
    if name.joined:
        return parts[0] + draw.choice((_JOINED_CYRILLIC if cyrillic else _JOINED)[name.joined])
    return " ".join(parts)


def _romanised(word: str, table: dict[str, Choices], culture: str, draw: random.Random, *, cyrillic: bool) -> str:
    if word == "muHammad" and not cyrillic and draw.random() < 0.9:
        spellings, weights = _MUHAMMAD
        return draw.choices(spellings, [8 if culture == "BD" and each == "md" else weight
                                        for each, weight in zip(spellings, weights, strict=True)])[0]  # fmt: skip
    letters = [draw.choices(*table[sound])[0] if sound in table else sound for sound in word]
    text = "".join(letters)
    if word.endswith("a") and letters[-1] == "a" and draw.random() < 0.15:
        text += "h"
    if len(word) > 4 and draw.random() < 0.12:
        for place in range(1, len(text)):
            if text[place] == text[place - 1] and text[place] not in "aeiou":
                return text[:place] + text[place + 1 :]
    return text


def _native(name: Name, culture: str, draw: random.Random) -> str:
    parts = [_in_arabic(word, culture) for word in name.words]
    if name.joined == "servant":
        return "عبد" + draw.choice(["", " "]) + ("الله" if name.words[0] == "allAh" else "ال" + parts[0])
    if name.joined == "ullah":
        return parts[0] + draw.choice(["", " "]) + "الله"
    if name.joined == "uddin":
        return parts[0] + " الدین"
    if name.joined == "al":
        return "ال" + parts[0]
    if name.joined in ("zai", "zada"):
        return parts[0] + ("زی" if name.joined == "zai" else "زاده")
    return " ".join(parts)


def _in_arabic(word: str, culture: str) -> str:
    letters = []
    for place, sound in enumerate(word):
        last = place == len(word) - 1
        if sound in "aiueo":
            if place == 0:
                letters.append("ا")
            elif last:
                final = "ه" if culture in ("AF", "IR", "PK") else "ة"
                letters.append({"a": final, "i": "ی", "u": "و", "o": "و"}.get(sound, ""))
        elif place == 0 and sound in "IAUO":
            letters.append("آ" if sound == "A" else "ا" + _ARABIC[sound])
        elif sound in "AIUEO" or place == 0 or word[place - 1] != sound:
            letters.append(_ARABIC.get(sound, ""))
    text = "".join(letters)
    if culture in ("SY", "MA"):
        text = _replaced(text, {"ی": "ي", "ک": "ك", "پ": "ب", "چ": "تش", "گ": "ج"})
    return text
