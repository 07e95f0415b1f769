"""Invented people of a demo, the same at every start: who they say they are, and what their records have to show.

Everything comes from one seeded generator and from lists of common names. Some human beings
stand in the list more than once, under another spelling, script or date, as happens at a
border; relatives, twins and namesakes stand there too, because they are not the same person.
"""

import itertools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from django.conf import settings

from stonebridge.domain.calendars import Calendar
from stonebridge.domain.partial_date import PartialDate, parse_birth_date
from stonebridge.registry.models import NamePart
from stonebridge.registry.registration import (
    Registration,
    StatedArrival,
    StatedDocument,
    StatedIdentity,
    StatedNationality,
    names_as_given,
)  # fmt: skip
from stonebridge.site.demo.humans import AT_HOME, CYRILLIC, LATIN, OTHER_LATIN, Human
from stonebridge.site.demo.prints import Hands
from stonebridge.site.demo.travellers import Sighting, met_at

SEED = 20261124


@dataclass(frozen=True, slots=True)
class Invented:
    """A record to make: by which clerk, when, which earlier record it names as family, and whose fingers are taken.

    ``from_states``: the states of origin that a supervisor has established; no other state is one. None: nobody knows.
    """

    registration: Registration
    clerk: str
    at: datetime
    family_of: int | None = None
    restricted: str = ""
    hands: Hands | None = None
    from_states: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Pool:
    states: tuple[str, ...]
    language: str
    f: tuple[str, ...]
    m: tuple[str, ...]
    family: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where people are registered, and by which clerk of the demo."""

    crossing_point: str
    name: str
    clerk: str


@cache
def places() -> tuple[Place, ...]:
    """The places of this node's demo, from its folder."""
    read = tomllib.loads((settings.NODE.folder / "demo.toml").read_text(encoding="utf-8"))
    return tuple(Place(**each) for each in read["place"])


@cache
def _says(key: str) -> int:
    """``stories``: the people of whom the guide tells are here. ``on_the_way``: Amira was met here on the way, without
    papers, and written down as it sounded. ``prints``: somebody is registered twice with fingers. ``people``: how many
    records beside those."""
    return int(tomllib.loads((settings.NODE.folder / "demo.toml").read_text(encoding="utf-8")).get(key, 0))


@cache
def _pools() -> tuple[_Pool, ...]:
    read = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))["pool"]
    return tuple(
        _Pool(tuple(each["states"]), each["language"], *(tuple(each[part]) for part in ("f", "m", "family", "places")))
        for each in read
    )


def invent(now: datetime, ordinary: int | None = None) -> list[Invented]:
    """Every record of the demo, in the order of registration, the last an hour before ``now``.

    ``ordinary``: how many beside those with a story, unless as many as the folder of the node says.
    """
    code = settings.NODE.code
    random = Random(SEED if code == "mk" else f"{SEED} {code}")  # noqa: S311 invented people are no secret
    told = list(_told(now)) if _says("stories") else []
    told += [_met(each, now) for each in met_at(code)]
    more = _says("people") if ordinary is None else ordinary
    made = [*told, *itertools.islice(_ordinary(random, now, len(told)), more)]
    step = timedelta(days=21) / len(made)
    return [_dated(each, now - timedelta(hours=1) - step * (len(made) - 1 - n)) for n, each in enumerate(made)]


def _dated(invented: Invented, at: datetime) -> Invented:
    """The same record, made at ``at``."""
    registration = invented.registration
    return replace(
        invented,
        at=at,
        registration=replace(
            registration,
            arrival=replace(registration.arrival, arrived_on=at.date(), met_at=at),
            claim_asked_on=at.date() if registration.claim_asked_on else None,
        ),
    )


def _told(now: datetime) -> Iterator[Invented]:
    """Records with a story, which the journeys and the guide speak of."""
    arabic, dari, turkish, tigrinya = 0, 1, 3, 4
    amira = Human(arabic, "f", "Amira/Ameera/Амира/أميرة", "Haddad/Hadad/Хадад/حداد", date(1994, 3, 7), "SYR",
                  "Khalil/Halil/Халил/خليل", "Layla/Leila/Лејла/ليلى", "Aleppo/Halab/Алепо/حلب")  # fmt: skip
    if _says("on_the_way"):
        met = stated(amira, now, OTHER_LATIN, place=0, birth="01.01.1994")
    else:
        met = stated(amira, now, place=0, documents=(_passport("N00418263", "SYR", now),))
    yield replace(met, from_states=("SYR",))
    najib = Human(dari, "m", "Najib/Nadjib/Наџиб/نجیب", "", date(1998, 5, 2), "AFG", "Rahim/Raheem/Рахим/رحیم")
    yield stated(najib, now, place=0, birth="01.01.1998")
    yield stated(najib, now, OTHER_LATIN, place=1, birth="1998")
    yonas = Human(tigrinya, "m", "Yonas/Jonas/Јонас/ዮናስ", "Tekle/Tecle/Текле/ተክለ", date(2004, 9, 11), "ERI",
                  "Tekle/Tecle/Текле/ተክለ", "Selam/Salam/Селам/ሰላም", "Asmara/Asmera/Асмара/ኣስመራ")  # fmt: skip
    yield stated(yonas, now, place=1, relation="head")
    twin = replace(yonas, given="Filmon/Philimon/Филмон/ፊልሞን")
    yield stated(twin, now, place=1, family_of=3, relation="sibling")
    rahim = Human(dari, "m", "Hamid/Hameed/Хамид/حمید", "Karimi/Kareemi/Карими/کریمی", date(1985, 8, 19), "AFG",
                  "Reza/Riza/Реза/رضا", birth_place="Herat/Hirat/Херат/هرات")  # fmt: skip
    yield stated(rahim, now, place=0, claim="pending", relation="head", category="applicant")
    zahra = Human(dari, "f", "Zahra/Zohra/Захра/زهرا", "Karimi/Kareemi/Карими/کریمی", date(1989, 11, 3), "AFG",
                  birth_place="Herat/Hirat/Херат/هرات")  # fmt: skip
    yield stated(zahra, now, place=0, claim="pending", family_of=5, relation="spouse", category="applicant")
    for given, sex, born in (
        ("Roya/Roja/Роја/رویا", "f", date(2013, 2, 14)),
        ("Farid/Fareed/Фарид/فرید", "m", date(2016, 6, 30)),
        ("Laila/Lejla/Лајла/لیلا", "f", date(2021, 4, 9)),
    ):
        child = replace(zahra, given=given, sex=sex, born_on=born, father=rahim.given, mother=zahra.given)
        yield stated(child, now, place=0, claim="pending", family_of=5, relation="child", category="applicant")
    esmat = Human(dari, "m", "Esmatullah/Ismatullah/Есматулах/عصمت‌الله", "", date(2012, 1, 20), "AFG",
                  "Zabihullah/Zabiullah/Забихулах/ذبیح‌الله")  # fmt: skip
    yield stated(esmat, now, place=0, birth="about 14", needs={"alone": "yes", "afraid": "yes", "injured": "no"})
    samira = Human(arabic, "f", "Samira/Sameera/Самира/سميرة", "Qasim/Kasem/Касим/قاسم", date(1979, 12, 1), "IRQ")
    yield stated(samira, now, place=2, restricted="She disputes that this record is hers; being examined.")
    mehmet = Human(turkish, "m", "Mehmet/Mehmed/Мехмет/Mehmet", "Yılmaz/Yilmaz/Јилмаз/Yılmaz", date(1991, 10, 23),
                   "TUR", birth_place="Mardin/Merdin/Мардин/Mardin")  # fmt: skip
    yield stated(mehmet, now, place=1, claim="none", documents=(_passport("U12093847", "TUR", now),))
    namesake = replace(mehmet, born_on=date(1962, 3, 5), birth_place="Van/Wan/Ван/Van")
    yield stated(namesake, now, place=1, claim="none")
    yield stated(mehmet, now, OTHER_LATIN, place=2, claim="finally_rejected", crossed=True)
    if _says("prints"):
        idris = Human(arabic, "m", "Idris/Idrees/Идрис/إدريس", "Osman/Othman/Осман/عثمان", date(1990, 6, 15), "SDN",
                      birth_place="Kassala/Kasala/Касала/كسلا")  # fmt: skip
        yield replace(stated(idris, now, place=0), hands=Hands(1, 1))
        bilal = Human(arabic, "m", "Bilal/Belal/Билал/بلال", "Nasser/Nasir/Насер/ناصر", date(1986, 2, 1), "IRQ",
                      birth_place="Mosul/Mossul/Мосул/الموصل")  # fmt: skip
        yield replace(stated(bilal, now, place=1), hands=Hands(1, 2))


def _met(sighting: Sighting, now: datetime) -> Invented:
    """Somebody whose history crosses nodes, as this node wrote it down."""
    met = stated(sighting.who, now, sighting.spelling, place=sighting.place, birth=sighting.birth, claim=sighting.claim,
                 restricted=sighting.restricted)  # fmt: skip
    return replace(met, from_states=(sighting.who.state,))


def _ordinary(random: Random, now: datetime, number: int) -> Iterator[Invented]:
    """Records without a story, from ``number`` on; about one in eight is of somebody who was registered before."""
    before: list[Human] = []
    while True:
        place = random.randrange(len(places()))
        claim = random.choices(("unknown", "pending", "none"), (5, 3, 4))[0]
        if before and random.random() < 0.13:
            yield stated(human := random.choice(before), now, random.choice((OTHER_LATIN, CYRILLIC, AT_HOME, LATIN)),
                         place=place, claim=claim, birth=_slip(random, human.born_on),
                         crossed=random.random() < 0.15)  # fmt: skip
            number += 1
            continue
        human = _somebody(random)
        before.append(human)
        spelling = random.choice((LATIN, LATIN, LATIN, CYRILLIC, AT_HOME))
        documents: tuple[StatedDocument, ...] = ()
        if random.random() < 0.3:
            documents = (_passport(f"{random.choice('ABKNPR')}{random.randrange(10**7, 10**8)}", human.state, now),)
        children = random.randrange(1, 4) if random.random() < 0.18 else 0
        yield stated(human, now, spelling, place=place, claim=claim, birth=_as_said(random, human, now),
                     documents=documents, relation="head" if children else "")  # fmt: skip
        head, number = number, number + 1
        for _ in range(children):
            yield stated(_child_of(random, human), now, spelling, place=place, claim=claim, family_of=head,
                         relation="child")  # fmt: skip
            number += 1


def stated(
    human: Human, now: datetime, spelling: int = LATIN, *, place: int, birth: str = "", claim: str = "unknown",
    category: str = "irregular_crossing", documents: tuple[StatedDocument, ...] = (), needs: dict[str, str] | None = None,
    relation: str = "", family_of: int | None = None, crossed: bool = False, restricted: str = "",
) -> Invented:  # fmt: skip
    """What a clerk writes down of ``human`` at ``place``; ``crossed`` puts given and family name the wrong way round."""
    given, family = _spelled(human.given, spelling), _spelled(human.family, spelling)
    parts = {
        NamePart.GIVEN: family if crossed and family else given, NamePart.FAMILY: given if crossed and family else family,
        NamePart.FATHER: _spelled(human.father, spelling), NamePart.MOTHER: _spelled(human.mother, spelling),
    }  # fmt: skip
    where = places()[place]
    pool = _pools()[human.pool]
    identity = StatedIdentity(
        names=names_as_given(parts, {}, pool.language),
        sex=human.sex,
        birth=_birth(birth or human.born_on.strftime("%d.%m.%Y"), now.date()),
        birth_place=_spelled(human.birth_place, spelling),
        birth_state=human.state if human.birth_place else "",
        nationalities=(StatedNationality(human.state),),
    )
    registration = Registration(
        identity=identity,
        arrival=StatedArrival(
            category=category, crossing_point=where.crossing_point, place=where.name, arrived_on=now.date(), met_at=now
        ),
        notice="acknowledged",
        notice_version="demo",
        language=pool.language,
        documents=documents,
        needs=needs or {"alone": "no", "injured": "no", "afraid": "no", "pregnant": "no"},
        claim=claim,
        claim_asked_on=now.date() if claim != "unknown" else None,
        relation=relation,
        read_back="signed",
    )
    return Invented(registration, where.clerk, now, family_of, restricted)


def _spelled(spellings: str, which: int) -> str:
    return spellings.split("/")[which] if spellings else ""


def _birth(text: str, today: date) -> PartialDate:
    """As spoken; a year before 1500 is one of the Solar Hijri calendar."""
    is_solar_hijri = any(part.isdecimal() and 1200 < int(part) < 1500 for part in text.replace(".", " ").split())
    return parse_birth_date(text, today=today, calendar=Calendar.SOLAR_HIJRI if is_solar_hijri else Calendar.GREGORIAN)


def _somebody(random: Random) -> Human:
    number = random.choices(range(len(_pools())), (9, 7, 3, 3, 2, 1, 0))[0]
    pool = _pools()[number]
    sex = random.choices("fm", (1, 2))[0]
    return Human(
        pool=number,
        sex=sex,
        given=random.choice(pool.f if sex == "f" else pool.m),
        family=random.choice(pool.family),
        born_on=date(random.randrange(1960, 2007), 1, 1) + timedelta(days=random.randrange(365)),
        state=random.choice(pool.states),
        father=random.choice(pool.m) if random.random() < 0.6 else "",
        mother=random.choice(pool.f) if random.random() < 0.3 else "",
        birth_place=random.choice(pool.places) if random.random() < 0.6 else "",
    )


def _child_of(random: Random, parent: Human) -> Human:
    sex = random.choice("fm")
    pool = _pools()[parent.pool]
    return replace(
        parent,
        sex=sex,
        given=random.choice(pool.f if sex == "f" else pool.m),
        born_on=date(random.randrange(2008, 2025), 1, 1) + timedelta(days=random.randrange(365)),
        father=parent.given if parent.sex == "m" else "",
        mother=parent.given if parent.sex == "f" else "",
    )


def _as_said(random: Random, human: Human, now: datetime) -> str:
    """Most know the day; some the year alone, which became 1 January; some an age, or a year of their own calendar."""
    said = random.random()
    if human.state == "AFG" and said < 0.4:
        return f"01.01.{human.born_on.year}" if said < 0.25 else str(human.born_on.year - 621)
    if said < 0.08:
        return str(human.born_on.year)
    return f"about {now.year - human.born_on.year}" if said < 0.12 else ""


def _slip(random: Random, born_on: date) -> str:
    """The same birth date as another officer wrote it."""
    kind = random.random()
    if kind < 0.5:
        return ""
    if kind < 0.65 and born_on.day <= 12:
        return f"{born_on.month:02}.{born_on.day:02}.{born_on.year}"
    if kind < 0.8:
        return f"01.01.{born_on.year}"
    return f"{born_on.month}.{born_on.year}" if kind < 0.9 else str(born_on.year)


def _passport(number: str, state: str, now: datetime) -> StatedDocument:
    return StatedDocument("passport", number, state, now.date() + timedelta(days=900), "original")
