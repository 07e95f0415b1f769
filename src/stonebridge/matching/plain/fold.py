"""Names in Latin, Cyrillic and Arabic letters, folded to what they share by sound.

A folded part has a skeleton of consonant classes, equal across scripts and
spellings (Mohammad, Muhammed, Мухамед, محمد: MHMD), and a sound, which keeps the
vowels that were written. Letters are the classes of the region's match keys: C for
Č Ć CH KJ Ќ, J for Đ DJ GJ Ѓ DŽ Џ XH and the initial J or Y, S for Š SH, Z for Ž ZH
(ICAO Doc 9303 writes these differently for each state).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache


def _table(text: str) -> dict[str, str]:
    return dict(entry.split("=") for entry in text.split())


CYRILLIC = _table(
    "а=a б=b в=v г=g д=d е=e з=z и=i ј=j к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h ц=c ч=ch ш=sh ж=zh "
    "ђ=dj ѓ=gj ћ=ch ќ=kj џ=dj љ=l њ=n ѕ=dz й=j ы=i э=e ю=ju я=ja ё=jo щ=sh і=i ї=ji є=je ґ=g ъ=a ь="
)
ARABIC = _table(
    "ا=a أ=a إ=a آ=a ٱ=a ى=a ب=b ت=t ث=t ج=j ح=h خ=h د=d ذ=d ر=r ز=z س=s ش=sh ص=s ض=d ط=t ظ=z ع= غ=gh ف=f ق=k ك=k "
    "ل=l م=m ن=n ه=h و=u ي=i پ=p چ=ch ژ=zh گ=g ک=k ی=i ے=i ٹ=t ڈ=d ڑ=r ں=n ھ=h ہ=h ء= ئ= ؤ= ة= ۀ= ۃ="
)
LATIN = _table("đ=dj ø=o ł=l ı=i ß=ss æ=e œ=o þ=t ð=d č=ch ć=ch ç=ch š=sh ş=sh ž=zh ñ=n ğ=g")
CLASSES = _table(
    "dzh|dj|gj|xh|dz|^[jy]=J kj|tch|ch|tj|c(?!k)=C sh|s=S zh|z=Z gh|g=G kh|h=H lj=L nj=N ph=F th|t=T dh|d=D "
    "ck|k|q=K [vw]=V x=KS j=i b=B f=F l=L m=M n=N p=P r=R"
)  # in this order
DROPPED = {"al", "el", "bin", "ibn", "bint", "ben", "de", "da", "van", "von", "fnu", "lnu", "xxx", "na", "unknown"}
SERVANT = re.compile("^abd(?:[aeiou](?:l|(?=([rsnzdt])\\1)))?")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a name: as given, its script (``l``, ``c`` or ``a``), its skeleton, and its sound with vowels."""

    given: str
    script: str
    skeleton: str
    sound: str


def fold_name(name: str) -> tuple[Part, ...]:
    """Split a name into folded parts. Articles and placeholders drop out; Abd al-… is joined to what follows.

    >>> [part.skeleton for part in fold_name("Ђорђе Abdul Rahman محمد")]
    ['JRJ', 'ABDRHMN', 'MHMD']
    """
    return _fold_name(name)


@lru_cache(maxsize=1 << 15)
def _fold_name(name: str) -> tuple[Part, ...]:
    composed = unicodedata.normalize("NFC", re.sub("['’ʼ`]", "", name))
    bare = "".join(letter for letter in composed if unicodedata.category(letter) != "Mn")
    parts: list[Part] = []
    servant = ""
    for word in re.findall(r"\w+", bare):
        folded = _letters(word)
        if folded in DROPPED:
            continue
        if not folded:  # a script that is not folded compares letter by letter
            parts.append(Part(word, "o", word, word))
            continue
        if folded in {"abd", "abdul", "abdel", "abdal"}:
            servant += word + " "
            continue
        parts.append(_part(servant + word, ("abd" if servant else "") + folded))
        servant = ""
    if servant:
        parts.append(_part(servant.strip(), "abd"))
    return tuple(parts)


def join(left: Part, right: Part) -> Part:
    """Read two parts as one, as another clerk may have written them."""
    return Part(
        f"{left.given} {right.given}",
        left.script,
        left.skeleton + right.skeleton.removeprefix("A"),
        left.sound + right.sound,
    )


def _letters(word: str) -> str:
    """Write a word in the Latin letters a to z."""
    word = word.casefold()
    if "\u0600" <= word[0] <= "\u06ff" or word[0] >= "\ufb50":
        word = unicodedata.normalize("NFKC", word)
        bare = word[2:] if word.startswith("ال") and len(word) > 3 else word
        first = "a" if bare[0] == "ع" else "j" if bare[0] in "يی" else "v" if bare[0] == "و" else ""
        return first + "".join(ARABIC.get(letter, "") for letter in bare[bool(first) :])
    latin = "".join(CYRILLIC.get(letter, LATIN.get(letter, letter)) for letter in word)
    return re.sub("[^a-z0-9]", "", unicodedata.normalize("NFKD", latin))


def _part(given: str, letters: str) -> Part:
    script = "a" if any("\u0600" <= c <= "\u06ff" or c >= "\ufb50" for c in given) else (
        "c" if any("\u0400" <= c <= "\u04ff" for c in given) else "l"
    )  # fmt: skip
    sound = SERVANT.sub("abd", letters)
    for pattern, letter in CLASSES.items():
        sound = re.sub(pattern, letter, sound)
    sound = re.sub("y|[ei]+", "i", re.sub("[ou]+", "u", sound))
    sound = re.sub(r"(.)\1+", r"\1", sound)
    if len(sound) > 3:
        sound = re.sub("T$", "D", sound.removesuffix("H"))
    initial = "A" if sound[:1] in ("a", "i", "u") else ""
    skeleton = initial + re.sub("[aiu]", "", sound)
    return Part(given, script, skeleton, sound)
