"""Words of a name in the letters that are compared: lower case, accents off, one letter for each family of letters.

A word keeps its script, because Latin, Cyrillic, Arabic and Hebrew are compared by costs
learned for their pair of scripts; every word also has a rough Latin reading, by which it is
found. Words of other scripts are read in Latin letters from the start.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LATIN, CYRILLIC, ARABIC, HEBREW = range(4)
SCRIPTS = 4
"""Scripts that are compared by costs of their own."""


def _table(text: str) -> dict[str, str]:
    return dict(pair.partition("=")[::2] for pair in text.split())


_LATIN = _table(
    "đ=dj ð=d þ=th ø=o ł=l ß=ss ı=i æ=ae œ=oe ə=a ħ=h ŋ=n ŧ=t ĸ=k ʿ= ʾ= ʻ= ʼ= ’= ‘= '= ɛ=e ɔ=o ƙ=k ɗ=d ɓ=b ƴ=y ʃ=sh ʒ=zh"
)
_ARABIC = _table(
    "أ=ا إ=ا آ=ا ٱ=ا ى=ي ی=ي ې=ي ۍ=ي ے=ي ئ=ي ک=ك ڪ=ك ھ=ه ہ=ه ۀ=ه ە=ه ؤ=و ۆ=و ۇ=و ء= ـ= ٹ=ت ټ=ت ڈ=د ډ=د ڑ=ر ړ=ر ڕ=ر"
    " ں=ن ڼ=ن ښ=ش ږ=ژ ځ=ز څ=س ګ=گ ڭ=ك ڤ=ف ڨ=گ ڵ=ل"
)
_CYRILLIC = _table("ё=е ѐ=е ѝ=и і=и ї=и ў=у ґ=г є=е ү=у ұ=у ө=о ә=а қ=к ғ=г ҳ=х һ=х ң=н җ=ж ҷ=ч ӣ=и ӯ=у ’= '=")
_HEBREW = _table("ך=כ ם=מ ן=נ ף=פ ץ=צ ׳= ״= '=")

_READ_ARABIC = _table(
    "ا=a ب=b ت=t ث=th ج=j ح=h خ=kh د=d ذ=dh ر=r ز=z س=s ش=sh ص=s ض=d ط=t ظ=z ع= غ=gh ف=f ق=q ك=k ل=l م=m ن=n ه=h"
    " ة=a ي=i و=u پ=p چ=ch ژ=zh گ=g"
)
_READ_CYRILLIC = _table(
    "а=a б=b в=v г=g д=d ђ=dj ѓ=gj е=e ж=zh з=z ѕ=dz и=i й=y ј=j к=k ќ=kj л=l љ=lj м=m н=n њ=nj о=o п=p р=r с=s т=t"
    " ћ=ch у=u ф=f х=h ц=ts ч=ch џ=dj ш=sh щ=sh ъ= ы=y ь= э=e ю=yu я=ya"
)
_READ_HEBREW = _table("א=a ב=b ג=g ד=d ה=h ו=u ז=z ח=h ט=t י=i כ=k ל=l מ=m נ=n ס=s ע=a פ=p צ=ts ק=k ר=r ש=sh ת=t")
_READ_GREEK = _table(
    "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=i φ=f χ=h ψ=ps ω=o"
)
_READ_GEORGIAN = _table(
    "ა=a ბ=b გ=g დ=d ე=e ვ=v ზ=z თ=t ი=i კ=k ლ=l მ=m ნ=n ო=o პ=p ჟ=zh რ=r ს=s ტ=t უ=u ფ=p ქ=k ღ=gh ყ=q შ=sh ჩ=ch ც=ts"
    " ძ=dz წ=ts ჭ=ch ხ=kh ჯ=j ჰ=h"
)
_READ_ARMENIAN = _table(
    "ա=a բ=b գ=g դ=d ե=e զ=z է=e ը=y թ=t ժ=zh ի=i լ=l խ=kh ծ=ts կ=k հ=h ձ=dz ղ=gh ճ=ch մ=m յ=y ն=n շ=sh ո=o չ=ch պ=p ջ=j"
    " ռ=r ս=s վ=v տ=t ր=r ց=ts ւ=w փ=p ք=k օ=o ֆ=f և=ev"
)
_READ_OTHERS = _READ_GREEK | _READ_GEORGIAN | _READ_ARMENIAN
_GREEK_PAIRS = _table("ου=u μπ=b ντ=d γκ=g γγ=ng τσ=ts τζ=j αι=e ει=i οι=i αυ=av ευ=ev")
_INDIC_CONSONANTS = [
    "k",
    "kh",
    "g",
    "gh",
    "n",
    "c",
    "ch",
    "j",
    "jh",
    "n",
    "t",
    "th",
    "d",
    "dh",
    "n",
    "t",
    "th",
    "d",
    "dh",
    "n",
    "n",
    "p",
    "ph",
    "b",
    "bh",
    "m",
    "y",
    "r",
    "r",
    "l",
    "l",
    "l",
    "v",
    "sh",
    "sh",
    "s",
    "h",
]  # the same order in every block of ISCII descent, from U+0x15
_INDIC_VOWELS = ["a", "a", "i", "i", "u", "u", "r", "l", "e", "e", "e", "ai", "o", "o", "o", "au"]  # from U+0x05
_INDIC_SIGNS = ["a", "i", "i", "u", "u", "r", "r", "e", "e", "e", "ai", "o", "o", "o", "au"]  # from U+0x3E
_ETHIOPIC_ROWS = [
    "h",
    "l",
    "h",
    "m",
    "s",
    "r",
    "s",
    "sh",
    "q",
    "q",
    "q",
    "q",
    "b",
    "v",
    "t",
    "ch",
    "h",
    "h",
    "n",
    "n",
    "-",
    "k",
    "k",
    "k",
    "k",
    "w",
    "-",
    "z",
    "zh",
    "y",
    "d",
    "d",
    "j",
    "g",
    "g",
    "g",
    "t",
    "ch",
    "p",
    "ts",
    "ts",
    "f",
    "p",
]

_DIGIT = re.compile("(?<=[A-Za-z])[01589](?=[A-Za-z])")
_LOOKS_LIKE = {"0": "o", "1": "i", "5": "s", "8": "b", "9": "g"}  # what a scanner takes for the letter inside a word
_PARTS = re.compile(r"[^\W\d_]+")
_SILENT = re.compile("[\u02bb-\u02bf\u2018\u2019'`\u00b4\u05f3\u05f4\u200d]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its script, its compared letters, and its Latin reading."""

    script: int
    letters: str
    latin: str


def words(text: str) -> tuple[Word, ...]:
    """The words of a name, in order.

    >>> [(word.letters, word.latin) for word in words("Đorđe Ќосе محمد")]
    [('djordje', 'djordje'), ('ќосе', 'kjose'), ('محمد', 'mhmd')]
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = _DIGIT.sub(lambda found: _LOOKS_LIKE[found[0]], text)
    return tuple(word for part in _PARTS.findall(_SILENT.sub("", _joined_marks(text))) if (word := _word(part)))


def _joined_marks(text: str) -> str:
    """Without combining marks, which would end a word; letters that are one sound with their mark stay."""
    if text.isascii():
        return text
    read = _INDIC.sub(lambda found: _read_indic(found[0]), text)
    spread = unicodedata.normalize("NFD", read.translate(_KEPT))
    return "".join(char for char in spread if unicodedata.category(char) != "Mn").translate(_RESTORED)


_KEPT = str.maketrans("ѓќйЃЌЙ", "\ue000\ue001\ue002\ue000\ue001\ue002")
_RESTORED = str.maketrans("\ue000\ue001\ue002", "ѓќй")
_INDIC = re.compile("[\u0900-\u0dff]+")


def _read_indic(word: str) -> str:
    """A word of Devanagari, Bengali or a sister script: inherent *a* between consonants, none at the end."""
    read = ""
    inherent = False
    for char in word:
        place = ord(char) & 0x7F
        if 0x15 <= place <= 0x39 or 0x58 <= place <= 0x5F:
            if inherent:
                read += "a"
            read += (
                _INDIC_CONSONANTS[place - 0x15]
                if place <= 0x39
                else ["q", "kh", "g", "z", "r", "r", "f", "y"][place - 0x58]
            )
            inherent = True
            continue
        if 0x3E <= place <= 0x4C:
            read += _INDIC_SIGNS[place - 0x3E]
        elif place == 0x3C:
            continue
        elif 0x05 <= place <= 0x14:
            read += _INDIC_VOWELS[place - 0x05]
        elif place in (0x01, 0x02):
            read += "an" if inherent else "n"
        inherent = False
    return read


@lru_cache(maxsize=1 << 16)
def _word(part: str) -> Word | None:
    part = part.casefold()
    if part.isascii():
        return Word(LATIN, part, part)
    first = max(part)
    if "\u0600" <= first <= "\u06ff":
        letters = "".join(_ARABIC.get(char, char) for char in part)
        return _native(ARABIC, letters)
    if "\u0400" <= first <= "\u052f":
        return _native(CYRILLIC, "".join(_CYRILLIC.get(char, char) for char in part))
    if "\u0590" <= first <= "\u05ff":
        return _native(HEBREW, "".join(_HEBREW.get(char, char) for char in part))
    latin = _latin(part)
    return Word(LATIN, latin, latin) if latin else None


_READINGS = {CYRILLIC: _READ_CYRILLIC, ARABIC: _READ_ARABIC, HEBREW: _READ_HEBREW}
_FIRST = {"و": "w", "י": "y", "ي": "y", "ע": "a", "ع": "a"}  # what a letter sounds like at the start of a word


def reading(script: int, letters: str) -> str:
    """The Latin reading of native letters; never empty."""
    table = _READINGS[script]
    latin = (_FIRST.get(letters[0]) or table[letters[0]]) + "".join([table[letter] for letter in letters[1:]])
    return latin or "a"


def _native(script: int, letters: str) -> Word | None:
    kept = "".join(letter for letter in letters if letter in _READINGS[script])
    return Word(script, kept, reading(script, kept)) if kept else None


def _latin(part: str) -> str:
    """Read a word in the letters a to z: Latin with accents, Greek, Georgian, Armenian, Ethiopic; else by letters' names."""
    if "\u0370" <= max(part) <= "\u03ff":
        for pair, sound in _GREEK_PAIRS.items():
            part = part.replace(pair, sound)
    read = "".join(_LATIN[char] if char in _LATIN else _READ_OTHERS.get(char) or _named(char) for char in part)
    return re.sub("[^a-z]", "", read)


@lru_cache(maxsize=4096)
def _named(char: str) -> str:
    if char.isascii():
        return char
    code = ord(char)
    if 0x1200 <= code < 0x1358:
        row = _ETHIOPIC_ROWS[(code - 0x1200) >> 3]
        return (
            "auiaeao"[code & 7 if code & 7 < 7 else 0]
            if row == "-"
            else row + ("e", "u", "i", "a", "e", "", "o", "wa")[code & 7]
        )
    name = unicodedata.name(char, "").split()
    return name[-1].lower() if name and "LETTER" in name and len(name[-1]) <= 3 else ""
