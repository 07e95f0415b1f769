"""Who is called what: fourteen cultures with their given and family names, most frequent first."""

import random
import tomllib
from pathlib import Path
from typing import NamedTuple

from names_parts.writing import Name

NATIONALITIES = {
    "AF": ["AFG", "AFG", "AFG", "PAK", "IRN"], "SY": ["SYR", "SYR", "IRQ", "PSE", "LBN"], "IR": ["IRN", "IRN", "AFG"],
    "PK": ["PAK"], "BD": ["BGD"], "MA": ["MAR", "DZA", "TUN"], "TR": ["TUR"], "KU": ["TUR", "IRQ", "SYR", "IRN"],
    "AL": ["ALB", "XKX"], "SR": ["SRB", "BIH", "MKD"], "IN": ["IND", "NPL"], "SO": ["SOM"], "ET": ["ERI", "ETH"],
}  # fmt: skip
FIRST_OF_JANUARY = {"AF": 0.35, "SO": 0.35, "ET": 0.35, "SY": 0.18, "PK": 0.18, "BD": 0.18, "KU": 0.18}
NO_FAMILY_NAME = frozenset(["AF", "SO", "ET", "SY", "PK"])
_TURKISH_ENDINGS = ["oğlu", "er", "türk", "taş", "kan"]
_IRANIAN_ENDINGS = ["pUr", "zAda", "niJAd", "yAn", "fard", "niyA", "xAnI", "dUst", "panAh"]


class Culture(NamedTuple):
    """Names of one culture and its share of the register."""

    men: list[Name]
    women: list[Name]
    families: list[Name]
    share: float


def _shuffled(names: list[Name], fixed: int, seed: int) -> list[Name]:
    """The first ``fixed`` stay the most frequent; the order of the others is drawn once."""
    rest = names[fixed:]
    random.Random(seed).shuffle(rest)
    return names[:fixed] + rest


def cultures() -> dict[str, Culture]:
    """All cultures by code."""
    lists = {name: text.split() for name, text in tomllib.loads(_LEXICON.read_text("utf-8")).items()}

    def phonemic(name: str, joined: str = "") -> list[Name]:
        return [Name((word,), joined) for word in lists[name]]

    def latin(words: list[str]) -> list[Name]:
        return [Name((word,), "", True) for word in words]

    men, women = phonemic("men"), phonemic("women")
    servants, allah, din = phonemic("servant_of", "servant"), phonemic("of_allah", "ullah"), phonemic("of_din", "uddin")
    words = lists["men"]
    muhammad = [Name(("muHammad", word)) for word in words[1:60]]
    ghulam = [Name(("Gulam", word)) for word in words[2:30]]
    sayyid = [Name(("sayyid", word)) for word in words[1:30]]
    amir = [Name(("amIr", word)) for word in words[2:40]]
    nisbas = [Name((word + "I",)) for word in words if word[-1] not in "IAU"]
    zada = [Name((word,), "zada") for word in words]
    afghan = phonemic("afghan_families") + phonemic("afghan_tribes", "zai") + _shuffled(
        men + nisbas + zada + [Name((word + "yAr",)) for word in words] + servants + allah, 0, 3)  # fmt: skip
    levantine = _shuffled(phonemic("levantine_families", "al") + phonemic("levantine_families"), 40, 4) + _shuffled(
        men + servants + [Name((word + "I",), "al") for word in words if word[-1] not in "IAU"], 20, 5)  # fmt: skip
    iranian = phonemic("iranian_families") + _shuffled(
        [Name((word + ending,)) for word in lists["iranian_families"] for ending in _IRANIAN_ENDINGS] + nisbas + zada
        + [Name((word + ending,)) for word in words for ending in ("pUr", "niyA", "yAn")], 0, 6)  # fmt: skip
    turkish = latin(lists["turkish_families"]) + _shuffled(latin(
        [word + ending for word in lists["turkish_families"] for ending in _TURKISH_ENDINGS]
        + [word + "oğlu" for word in lists["turkish_men"]]
        + [first + word for first in ("kara", "öz") for word in lists["turkish_families"][:60]]), 0, 9)  # fmt: skip
    kurdish_men, kurdish_women = lists["kurdish_men"], lists["kurdish_women"]
    kurdish = latin(lists["kurdish_families"]) + _shuffled(
        latin(kurdish_men + lists["turkish_families"] + [word + "î" for word in kurdish_men]), 0, 10)  # fmt: skip
    albanian = latin(lists["albanian_families"]) + _shuffled(
        latin([word + ending for word in lists["albanian_men"] for ending in ("i", "aj", "u")]), 0, 11)  # fmt: skip
    slavic = latin(lists["slavic_families"]) + _shuffled(
        latin([word + ending for word in lists["slavic_men"] for ending in ("ović", "ević", "ski")]), 0, 12)  # fmt: skip
    indian = latin(lists["indian_families"]) + _shuffled(latin(lists["indian_men"]), 0, 13)
    pakistani = phonemic("pakistani_families") + _shuffled(men + servants + din, 10, 7)
    bengali = phonemic("bengali_families") + _shuffled(men + din + servants, 5, 8)
    of_afghans = _shuffled(men + allah + servants + muhammad + ghulam + sayyid + din, 12, 21)
    of_levant = _shuffled(men + servants + din[:8] + muhammad[:20], 20, 23)
    of_iran = _shuffled(men + muhammad + amir + ghulam[:10], 15, 25)
    of_pakistan = _shuffled(men + muhammad + ghulam + servants + din + allah, 12, 27)
    return {
        "AF": Culture(of_afghans, _shuffled(women, 10, 22), afghan, 0.22),
        "SY": Culture(of_levant, _shuffled(women, 10, 24), levantine, 0.18),
        "IR": Culture(of_iran, _shuffled(women, 10, 26), iranian, 0.09),
        "PK": Culture(of_pakistan, _shuffled(women, 10, 28), pakistani, 0.08),
        "BD": Culture(_shuffled(muhammad + men + servants + din, 12, 29), _shuffled(women, 10, 30), bengali, 0.05),
        "MA": Culture(_shuffled(men + servants + din[:12], 20, 31), _shuffled(women, 10, 32), levantine, 0.08),
        "TR": Culture(latin(lists["turkish_men"]), latin(lists["turkish_women"]), turkish, 0.08),
        "KU": Culture(latin(kurdish_men + lists["turkish_men"][:30]),
                      latin(kurdish_women + lists["turkish_women"][:15]), kurdish, 0.06),
        "AL": Culture(latin(lists["albanian_men"]), latin(lists["albanian_women"]), albanian, 0.05),
        "SR": Culture(latin(lists["slavic_men"]), latin(lists["slavic_women"]), slavic, 0.05),
        "IN": Culture(latin(lists["indian_men"]), latin(lists["indian_women"]), indian, 0.04),
        "SO": Culture(latin(lists["somali_men"]), latin(lists["somali_women"]), latin(lists["somali_men"]), 0.01),
        "ET": Culture(latin(lists["ethiopian_men"]), latin(lists["ethiopian_women"]), latin(lists["ethiopian_men"]),
                      0.01),
    }  # fmt: skip


_LEXICON = Path(__file__).with_name("lexicon.toml")
