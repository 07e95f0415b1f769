"""Invented people whose histories cross nodes: who they are, and how each node that met them wrote it down.

Leila was written down in North Macedonia as she sounded, born "on 1 January"; in Serbia with her own date. Tariq
was seen in a Member State. Sanja fled a partner, so that nothing about her may reach it. Samira's record is
restricted in North Macedonia, so that it answers nobody. Selam is known to one node alone.
"""

from dataclasses import dataclass
from datetime import date

from stonebridge.site.demo.humans import AT_HOME, CYRILLIC, LATIN, OTHER_LATIN, Human

_ARABIC, _TIGRINYA, _SERBIAN = 0, 4, 6
LEILA = Human(_ARABIC, "f", "Layla/Leila/Лејла/ليلى", "Mansour/Mansur/Мансур/منصور", date(1996, 8, 14), "SYR",
              "Ahmad/Ahmed/Ахмед/أحمد", "Huda/Houda/Худа/هدى", "Homs/Hims/Хомс/حمص")  # fmt: skip
TARIQ = Human(_ARABIC, "m", "Tariq/Tarek/Тарик/طارق", "Darwish/Derviš/Дарвиш/درويش", date(1988, 11, 23), "IRQ",
              "Nabil/Nabeel/Набил/نبيل", birth_place="Mosul/Mosoul/Мосул/الموصل")  # fmt: skip
SANJA = Human(_SERBIAN, "f", "Sanja/Sanya/Сања/Сања", "Kovačević/Kovacevic/Ковачевиќ/Ковачевић", date(1990, 5, 17), "SRB",
              "Dragan/Dragan/Драган/Драган", birth_place="Niš/Nis/Ниш/Ниш")  # fmt: skip
SAMIRA = Human(_ARABIC, "f", "Samira/Sameera/Самира/سميرة", "Qasim/Kasem/Касим/قاسم", date(1979, 12, 1), "IRQ")
SELAM = Human(_TIGRINYA, "f", "Selam/Salam/Селам/ሰላም", "Kidane/Kidaneh/Кидане/ኪዳነ", date(2001, 2, 8), "ERI",
              "Haile/Hayle/Хајле/ሃይለ", birth_place="Keren/Cheren/Керен/ከረን")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sighting:
    """One node's record of somebody. ``birth`` is what was written for the date, if not the date itself."""

    who: Human
    spelling: int = LATIN
    birth: str = ""
    claim: str = "none"
    restricted: str = ""
    place: int = 0


MET: dict[str, tuple[Sighting, ...]] = {
    "mk": (
        Sighting(LEILA, OTHER_LATIN, birth="01.01.1996"),
        Sighting(TARIQ, CYRILLIC, place=1),
        Sighting(SANJA, claim="pending", place=1),
    ),
    "rs": (Sighting(LEILA), Sighting(TARIQ, place=1), Sighting(SAMIRA, OTHER_LATIN), Sighting(SELAM, place=2)),
    "eu-ms": (Sighting(TARIQ, OTHER_LATIN, birth="1988"), Sighting(SANJA, place=1)),
    "al": (Sighting(TARIQ, birth="01.01.1988"),),
    "ba": (Sighting(LEILA, birth="1996", place=1),),
    "me": (Sighting(TARIQ, AT_HOME),),
    "xk": (Sighting(SELAM, OTHER_LATIN, birth="01.01.2001"),),
}


def met_at(code: str) -> tuple[Sighting, ...]:
    """Whom of them the node of this code has met, and how it wrote them down."""
    return MET.get(code, ())
