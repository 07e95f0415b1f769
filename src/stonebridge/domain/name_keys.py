"""Keys by which one search box finds a name in any script, and by which lists are ordered.

They are made here and stored, because the database has no rules of language: equal on every
node, and explainable. A folded key lets spellings of one letter fall together (C Č Ć CH KJ Ќ Ц
Ч; S Š SH Ш; Z Ž ZH Ж; D Đ DJ GJ DZ Џ Ѓ); a skeleton, marked with ``~``, keeps only consonants, so
that scripts that write no short vowels meet the others. Neither is evidence: a search by keys
finds what an officer then looks at.
"""

import re
import unicodedata
from itertools import pairwise

from stonebridge.domain.names import Script, is_placeholder, script_of
from stonebridge.domain.transliteration import letter_table

_LETTERS: dict[str, str] = letter_table(
    # Cyrillic
    "а=a б=b в=v г=g ґ=g ѓ=d д=d ђ=d е=e ѐ=e ё=e є=ie э=e ж=z з=z ѕ=d и=i ѝ=i і=i ї=i й=i ј=i к=k ќ=c л=l љ=l м=m н=n"
    " њ=n о=o п=p р=r с=s т=t ћ=c у=u ў=u ф=f х=h ц=c ч=c џ=d ш=s щ=sc ъ=a ы=i ь= ю=iu я=ia"
    # Greek
    " α=a β=v γ=g δ=d ε=e ζ=z η=i θ=t ι=i κ=k λ=l μ=m ν=n ξ=ks ο=o π=p ρ=r σ=s ς=s τ=t υ=i φ=f χ=h ψ=ps ω=o"
    # Arabic, Persian, Pashto, Urdu
    " ا=a أ=a إ=i آ=a ٱ=a ب=b ت=t ث=t ج=d ح=h خ=h د=d ذ=z ر=r ز=z س=s ش=s ص=s ض=d ط=t ظ=z ع=a غ=g ف=f ق=k ك=k ل=l"
    " م=m ن=n ه=h ة=a ى=a ي=i ی=i و=u ء= ئ=i ؤ=u پ=p چ=c ژ=z گ=g ک=k ں=n ٹ=t ڈ=d ڑ=r ہ=h ھ=h ے=e ۀ=a ټ=t ډ=d ړ=r ښ=s"
    " ږ=z ځ=z څ=s ګ=g ڼ=n ې=e ۍ=ai َ=a ُ=u ِ=i ً= ٌ= ٍ= ْ= ّ= ٰ=a ـ="
    # Latin letters that do not decompose, and those whose accent is another sound
    " đ=d ð=d þ=t ø=o ł=l ß=ss ı=i æ=e œ=e ə=e ħ=h ŋ=n ḱ=c ǵ=d ç=c č=c ć=c š=s ş=s ś=s ž=z ź=z"
)
_GREEK_PAIRS = letter_table("ου=u μπ=b ντ=d γκ=g γγ=g τσ=c τζ=d αι=e ει=i οι=i αυ=av ευ=ev")
_SPELLINGS = (
    (re.compile("sch|sh"), "s"),
    (re.compile("tch|ch|kj|ts"), "c"),
    (re.compile("dzh|xh|dj|gj|dz|dh"), "d"),
    (re.compile("zh"), "z"),
    (re.compile("kh"), "h"),
    (re.compile("gh"), "g"),
    (re.compile("ph"), "f"),
    (re.compile("th"), "t"),
    (re.compile("q"), "k"),
    (re.compile("x"), "ks"),
    (re.compile("w"), "v"),
    (re.compile("lj"), "l"),
    (re.compile("nj"), "n"),
    (re.compile("ou|oo|ue"), "u"),
    (re.compile("oe"), "o"),
    (re.compile("ee|[yj]"), "i"),
)
_AFTER_VOWEL_H = re.compile(r"(?<=[aeiou])h$")
_DOUBLED = re.compile(r"(.)\1+")
_WORDS = re.compile(r"[\s\-‐‑–/.,()،]+")
_SILENT = re.compile(r"['’ʼʻʾʿ‘`´\u200c\u200d׳״]")


_AMBIGUOUS = ((re.compile("(?<![dgkln])j"), "dj"), (re.compile("q"), "ch"), (re.compile("و"), "v"))
"""Letters with two sounds: J in English or in the region, Q in Arabic names or in Albanian, Arabic waw."""

_ARTICLES = frozenset({"al", "el", "ul", "ал", "ел", "ال"})


def search_keys(text: str) -> tuple[str, ...]:
    """Every key of a name, to be stored beside it: of each word, and of each two neighbours written as one."""
    return tuple(dict.fromkeys(key for group in query_keys(text) for key in group))


def query_keys(text: str) -> tuple[tuple[str, ...], ...]:
    """One group of keys for each word searched for: a name fits if it shares a key with every group."""
    if is_placeholder(text):
        return ()
    words = [word for word in _WORDS.split(text) if word and not is_placeholder(word)]
    joined = [_keys_of(first + second) for first, second in pairwise(words)]
    groups = []
    for place, word in enumerate(words):
        if word.casefold() in _ARTICLES and len(words) > 1:
            continue
        beside = [key for pair in joined[max(0, place - 1) : place + 1] for key in pair]
        groups.append(tuple(dict.fromkeys([*_keys_of(word), *beside])))
    return tuple(group for group in groups if group)


def _keys_of(word: str) -> list[str]:
    readings = [word.casefold()]
    for letter, other in _AMBIGUOUS:
        readings += [letter.sub(other, reading) for reading in readings if letter.search(reading)]
    folds = [fold for reading in readings if (fold := _fold(reading))]
    return list(dict.fromkeys([*folds, *filter(None, map(_skeleton, folds))]))


def _fold(word: str) -> str:
    """The key in which spellings of one word fall together."""
    plain = unicodedata.normalize("NFKC", _SILENT.sub("", word)).casefold()
    if plain.startswith("ال") and len(plain) > 4:
        plain = plain[2:]
    if script_of(plain) is Script.GREEK:
        plain = _without_accents(plain)
        for pair, sound in _GREEK_PAIRS.items():
            plain = plain.replace(pair, sound)
    bare = _without_accents("".join(_LETTERS.get(char, char) for char in plain))
    for spelling, sound in _SPELLINGS:
        bare = spelling.sub(sound, bare)
    return _AFTER_VOWEL_H.sub("", _DOUBLED.sub(r"\1", bare))


def _without_accents(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def _skeleton(fold: str) -> str:
    """The consonants of a fold, its first vowel if it begins with one; empty where too little would be left."""
    if not fold.isascii():
        return ""
    first = "a" if fold[0] in "aeiou" else fold[0]
    rest = _DOUBLED.sub(r"\1", re.sub("[aeiou]", "", fold[1:])).removesuffix("h")
    kept = (first + rest).replace("g", "k")
    if kept.endswith(("d", "b")):
        kept = kept[:-1] + {"d": "t", "b": "p"}[kept[-1]]
    return f"~{kept}" if len(kept) > 1 else ""


_ALPHABET = letter_table(
    "č=c~ ç=c~ ć=c~~ đ=d~~ ë=e~ š=s~ ž=z~ ś=s~~ ź=z~~ ß=ss æ=ae œ=oe ø=o ł=l ı=i þ=th ð=d ə=e"
    " а=a б=b в=v г=g ґ=g ѓ=gj д=d ђ=d~~ е=e ѐ=e ё=e є=e э=e ж=z~ з=z ѕ=dz и=i ѝ=i і=i ї=i й=j ј=j к=k ќ=kj л=l љ=lj"
    " м=m н=n њ=nj о=o п=p р=r с=s т=t ћ=c~~ у=u ў=u ф=f х=h ц=c ч=c~ џ=dz~ ш=s~ щ=s~~ ъ=a ы=i ь= ю=ju я=ja"
)


def sort_key(text: str) -> str:
    """The key by which names are ordered; compare it byte by byte (``COLLATE "C"``).

    Latin and Cyrillic stand in one order, that of the Latin alphabets of the region: C Č Ć, D Dž Đ,
    S Š, Z Ž each a letter of its own, other accents ignored. Other scripts follow, by code point.
    Equal names are told apart by their own text, so that the order is stable.
    """
    plain = " ".join(unicodedata.normalize("NFC", _SILENT.sub("", text)).casefold().replace("-", " ").split())
    bare = _without_accents("".join(_ALPHABET.get(char, char) for char in plain))
    last = "" if bare.isascii() else "~"
    return f"{last}{bare}\t{text}"
