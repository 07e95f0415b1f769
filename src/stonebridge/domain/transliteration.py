"""Latin spellings of names in other scripts: suggestions, and the form of the machine-readable zone.

A suggestion is shown beside the name as given, for an officer to take or to change. Cyrillic is
spelled as the documents of its language do. Arabic writes few vowels, so that its suggestion is
rough; what a document prints wins over it. ICAO Doc 9303 part 3 gives the zone's letters; the
Macedonian and the Serbian table differ, and the Serbian one cannot be reversed.
"""

import unicodedata

from stonebridge.domain.cite import cites
from stonebridge.domain.errors import NoRuleMatched
from stonebridge.domain.names import Script, script_of


def letter_table(text: str) -> dict[str, str]:
    """Letter to spelling, from ``"а=a б=b"``."""
    return dict(pair.partition("=")[::2] for pair in text.split())


_SHARED = letter_table("а=a б=b в=v г=g д=d е=e з=z и=i ј=j к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f")
_EASTERN = letter_table("ж=zh х=kh ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya й=y ё=e")

CYRILLIC: dict[str, dict[str, str]] = {
    "mk": _SHARED | letter_table("ѓ=gj ж=zh ѕ=dz љ=lj њ=nj ќ=kj х=h ц=c ч=ch џ=dj ш=sh ѐ=e ѝ=i"),
    "sr": _SHARED | letter_table("ђ=đ ж=ž љ=lj њ=nj ћ=ć х=h ц=c ч=č џ=dž ш=š"),
    "bg": _SHARED | _EASTERN | letter_table("х=h щ=sht ъ=a ь=y"),
    "ru": _SHARED | _EASTERN | letter_table("ъ=ie й=i ю=iu я=ia"),
    "uk": _SHARED | _EASTERN | letter_table("г=h ґ=g и=y і=i ї=i є=ie й=i ю=iu я=ia"),
}
"""Lower-case spelling by language; bs, cnr and hr go by sr, unknown languages by the letters."""

_TELLING = (
    ("mk", "ѓќѕѐѝ"),
    ("sr", "ђћ"),
    ("uk", "іїєґ"),
    ("ru", "ыэё"),
    ("bg", "ъ"),
    ("ru", "щьюяй"),
)

_ARABIC = letter_table(
    "ا=a أ=a إ=i آ=a ٱ=a ب=b ت=t ث=th ج=j ح=h خ=kh د=d ذ=dh ر=r ز=z س=s ش=sh ص=s ض=d ط=t ظ=z ع=a غ=gh ف=f ق=q ك=k"
    " ل=l م=m ن=n ه=h ة=a ى=a ء= ئ=i ؤ=u پ=p چ=ch ژ=zh گ=g ک=k ں=n ٹ=t ڈ=d ڑ=r ہ=h ھ=h ے=e ۀ=a"
    " ټ=t ډ=d ړ=r ښ=sh ږ=zh ځ=z څ=s ګ=g ڼ=n ې=e ۍ=ai ً=an ٌ=un ٍ=in َ=a ُ=u ِ=i ْ= ٰ=a ّ= ـ="
)
_PERSIAN = _ARABIC | letter_table("ذ=z ض=z ث=s ظ=z")
_PERSIAN_LANGUAGES = frozenset({"fa", "prs", "ps", "ur"})

_USUAL = letter_table(
    "محمد=mohammad احمد=ahmad أحمد=ahmad محمود=mahmoud علي=ali علی=ali حسن=hassan حسين=hussein حسین=hussein"
    " عبد=abd الله=allah عبدالله=abdullah عبدالرحمن=abdulrahman عبدالرحيم=abdulrahim عبدالکریم=abdulkarim"
    " عمر=omar عثمان=osman خالد=khaled يوسف=youssef یوسف=yusuf ابراهيم=ibrahim إبراهيم=ibrahim ابراهیم=ibrahim"
    " اسماعيل=ismail إسماعيل=ismail اسماعیل=ismail مصطفى=mustafa مصطفی=mustafa كريم=karim کریم=karim رحیم=rahim"
    " فاطمة=fatima فاطمه=fatima زينب=zainab زینب=zainab مريم=maryam مریم=maryam عائشة=aisha عایشه=aisha"
    " خديجة=khadija خدیجه=khadija سارة=sara ساره=sara نور=nour ليلى=layla لیلا=layla أميرة=amira اميرة=amira"
    " رضا=reza مهدی=mahdi مهدي=mahdi جواد=jawad حمید=hamid سعید=saeed سعيد=saeed رشید=rashid نجیب=najib"
    " خان=khan گل=gul جان=jan شاه=shah بن=bin ابن=ibn بنت=bint أبو=abu ابو=abu"
)


def latin_suggestion(text: str, language: str = "") -> str:
    """A Latin spelling to offer beside a Cyrillic or Arabic name; Latin text comes back unchanged.

    ``language`` is an ISO 639 code. Without one, telling letters decide, and Macedonian where
    none does. Other scripts give the empty text: nothing is invented for them.
    """
    match script_of(text):
        case Script.LATIN | Script.NONE:
            return text
        case Script.CYRILLIC:
            return unicodedata.normalize("NFC", _spelled(text, CYRILLIC[_cyrillic_language(text, language)]))
        case Script.ARABIC:
            return " ".join(_arabic_word(word, language in _PERSIAN_LANGUAGES) for word in text.split())
        case _:
            return ""


def _cyrillic_language(text: str, language: str) -> str:
    code = language.partition("-")[0].lower()
    if code in {"bs", "cnr", "hr", "me", "sh"}:
        code = "sr"
    if code in CYRILLIC:
        return code
    letters = set(text.lower())
    return next((each for each, telling in _TELLING if letters & set(telling)), "mk")


def _spelled(text: str, table: dict[str, str]) -> str:
    """``text`` with each letter of ``table`` spelled out, in the case of its word."""
    words = []
    for word in text.split(" "):
        latin = "".join(_cased(letter, table.get(letter.lower())) for letter in word)
        words.append(latin.upper() if len(word) > 1 and word.isupper() else latin)
    return " ".join(words)


def _cased(letter: str, latin: str | None) -> str:
    if latin is None:
        return letter
    return latin.capitalize() if letter.isupper() else latin


def _arabic_word(word: str, persian: bool) -> str:
    """A readable guess: usual names as usually spelled, else consonants with *a* between two that meet."""
    plain = "".join(char for char in unicodedata.normalize("NFKC", word) if char not in "\u200c\u200d\u0640")
    if usual := _USUAL.get(plain):
        return usual.capitalize()
    if plain.endswith(("ي", "ی")) and (usual := _USUAL.get(plain[:-1])):
        return usual.capitalize() + "i"
    prefix, body = "", plain
    for article, latin in (("عبدال", "Abdul"), ("ال", "Al-")):
        if plain.startswith(article) and len(plain) > len(article) + 2:
            prefix, body = latin, plain.removeprefix(article)
            break
    table = _PERSIAN if persian else _ARABIC
    spelled = ""
    for place, letter in enumerate(body):
        after = body[place + 1 : place + 2]
        if letter in "يی":
            sound = "y" if place == 0 or after in {"ا", "و", "ة"} else "i"
        elif letter == "و":
            consonant = place == 0 or after in {"ا", "ي", "ی", "ة"}
            sound = ("v" if persian else "w") if consonant else "u"
        elif letter == "ه" and place and not after and persian:
            sound = "a"
        elif letter == "ّ":
            sound = spelled[-1:]
        else:
            sound = table.get(letter, letter)
        if _two_consonants_meet(spelled, sound, bool(after)):
            spelled += "a"
        spelled += "" if sound == "a" and spelled.endswith("a") else sound
    return prefix + (spelled if prefix == "Abdul" else spelled.capitalize())


_VOWELS = frozenset("aeiou")


def _two_consonants_meet(spelled: str, sound: str, more: bool) -> bool:
    """Whether a vowel is missing: at the start of a word, or where three consonants would stand, or before the last."""
    if not spelled or not sound or sound[0] in _VOWELS or spelled[-1] in _VOWELS:
        return False
    syllable_open = len(spelled) <= 2 or not more or spelled[-2] not in _VOWELS
    return syllable_open and spelled[-1] != sound[0]


_ICAO_LATIN = {
    "Ä": "AE", "Å": "AA", "Æ": "AE", "Ð": "D", "Đ": "D", "Ħ": "H", "Ĳ": "IJ", "ı": "I", "Ł": "L", "Ŋ": "N", "Ö": "OE",
    "Ø": "OE", "Œ": "OE", "ß": "SS", "ẞ": "SS", "Þ": "TH", "Ŧ": "T", "Ü": "UE", "Ə": "E", "ə": "E",
}  # fmt: skip
_ICAO_CYRILLIC = {
    "mk": _SHARED | letter_table("ѓ=gj ж=zh ѕ=dz љ=lj њ=nj ќ=kj х=h ц=c ч=ch џ=dj ш=sh ѐ=e ѝ=i"),
    "sr": _SHARED | letter_table("ђ=d ж=z љ=lj њ=nj ћ=c х=h ц=c ч=c џ=dz ш=s"),
    "bg": CYRILLIC["bg"] | letter_table("х=kh ю=iu я=ia й=i ъ="),
    "ru": CYRILLIC["ru"],
    "uk": CYRILLIC["uk"],
}


@cites("icao-9303-3", "6")
def icao_form(text: str, language: str = "") -> str:
    """The name in the letters of the machine-readable zone, parts joined by ``<``.

    Serbian Г is spelled G, as names in documents are, not H as printed in copies of the table.
    Turkish Ö and Ü become O and U with ``language="tr"``. Raises ``NoRuleMatched`` for scripts
    whose table is not here: copy what the document prints.
    """
    script = script_of(text)
    if script is Script.CYRILLIC:
        text = _spelled(text, _ICAO_CYRILLIC[_cyrillic_language(text, language)])
    elif script not in {Script.LATIN, Script.NONE}:
        raise NoRuleMatched("the form of the machine-readable zone", f"a name in {script} script")
    composed = unicodedata.normalize("NFC", text).upper()
    if language != "tr":
        composed = "".join(_ICAO_LATIN.get(char, char) for char in composed)
    letters = []
    for char in unicodedata.normalize("NFKD", composed):
        if "A" <= char <= "Z":
            letters.append(char)
        elif char in " -‐‑.,/":
            letters.append(" ")
        else:
            letters.append(_ICAO_LATIN.get(char, ""))
    return "<".join("".join(letters).split())
