"""A registration handed in as JSON: every key known, every code on its list, or nothing is registered.

    {"notice": "acknowledged", "language": "ar",
     "identity": {"names": [{"part": "given", "text": "…"}], "birth": {"text": "7.3.1994"}, "sex": "f",
                  "nationalities": [{"state": "SYR"}]},
     "arrival": {"category": "irregular_crossing", "arrived_on": "2026-11-20", "met_at": "2026-11-21T14:05:00+01:00"},
     "claim": {"state": "none", "asked_on": "2026-11-21"}, "needs": {"alone": "no"}}

What is not known is left out.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from stonebridge.domain.calendars import Calendar
from stonebridge.domain.errors import BadInput
from stonebridge.domain.eurodac import Category
from stonebridge.domain.partial_date import PartialDate, parse_birth_date, unknown_date
from stonebridge.domain.references import parse_reference
from stonebridge.law import codes
from stonebridge.law.reader import Table
from stonebridge.registry import lists
from stonebridge.registry.forms.needs import ASKED, CLAIMS, NEEDS
from stonebridge.registry.models import NamePart
from stonebridge.registry.registration import (
    Registration,
    StatedArrival,
    StatedDocument,
    StatedIdentity,
    StatedName,
    StatedNationality,
    names_as_given,
)  # fmt: skip

LARGEST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A registration as read. ``relative`` is the reference of a registered relative, ``draft`` its own identifier,
    under which it makes one person however often it is handed in."""

    registration: Registration
    relative: str
    draft: UUID | None


def read_registration(content: bytes, *, now: datetime) -> HandedIn:
    """Read a registration, of which nothing lies after ``now``.

    Raises:
        BadInput: not JSON in UTF-8, too large, an unknown key, or a value that cannot be used; it names the key.
    """
    table, today = Table("registration", _loaded(content)), timezone.localdate(now)
    draft = table.text("draft", "")
    language = _listed(table, "language", (entry.code for entry in codes.languages()))
    no_documents = table.sub("no_documents")
    claim, needs, family = table.sub("claim"), table.sub("needs"), table.sub("family")
    asked_on = _day(claim, "asked_on") if claim.has("asked_on") else None
    if asked_on and asked_on > today:
        raise BadInput(f"{claim.where}: asked_on", asked_on.isoformat(), "This day has not come yet.")
    relative = family.text("of", "")
    registration = Registration(
        identity=_identity(table.sub("identity"), language, today),
        arrival=_arrival(table.sub("arrival"), now),
        notice=_listed(table, "notice", lists.NOTICES, required=True),
        notice_version=table.text("notice_version", ""),
        language=language,
        interpreter=table.text("interpreter", ""),
        documents=tuple(_document(each) for each in table.tables("documents")),
        no_documents=_listed(no_documents, "why", lists.NO_DOCUMENTS),
        no_documents_account=no_documents.text("account", ""),
        needs={need: _listed(needs, need, ASKED) or "not_asked" for need in NEEDS},
        claim=_listed(claim, "state", CLAIMS) or "unknown",
        claim_asked_on=asked_on,
        relation=_listed(family, "relation", lists.RELATIONS),
        read_back=_listed(table, "read_back", lists.READ_BACK),
    )
    for each in (no_documents, claim, needs, family, table):
        each.done()
    return HandedIn(
        registration,
        parse_reference(relative, field="registration: family: of") if relative else "",
        _uuid(draft) if draft else None,
    )


def _loaded(content: bytes) -> Any:
    if len(content) > LARGEST:
        raise BadInput("registration", f"{len(content)} bytes", f"A registration has at most {LARGEST} bytes.")
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise BadInput(
            "registration", f"byte {error.start}", "The file is not in UTF-8. Save it again in UTF-8."
        ) from error
    except json.JSONDecodeError as error:
        raise BadInput(
            "registration", f"line {error.lineno}, column {error.colno}", f"It is no JSON: {error.msg}."
        ) from error
    except ValueError as error:
        raise BadInput(
            "registration", "a number", "It has far too many digits. No number here has more than four."
        ) from error
    except RecursionError as error:
        raise BadInput(
            "registration", "nesting", "It is nested far too deep. A registration has three levels."
        ) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        twice = next(key for key, _value in pairs if sum(key == other for other, _other in pairs) > 1)
        raise BadInput("registration", twice, "A key stands here twice. Keep one.")
    return content


def _identity(table: Table, language: str, today: date) -> StatedIdentity:
    identity = StatedIdentity(
        names=_names(table, language),
        sex=_listed(table, "sex", ("f", "m", "x")),
        birth=_birth(table.sub("birth"), today),
        birth_place=_short(table, "birth_place"),
        birth_state=_state(table, "birth_state"),
        nationalities=tuple(_nationality(each) for each in table.tables("nationalities")),
        stateless=_listed(table, "stateless", lists.STATELESS) or "unknown",
    )
    table.done()
    return identity


def _names(table: Table, language: str) -> tuple[StatedName, ...]:
    first: dict[NamePart, tuple[str, str]] = {}
    others: list[tuple[NamePart, str, str]] = []
    for each in table.tables("names"):
        part, text, latin = each.choice("part", NamePart), each.text("text"), each.text("latin", "")
        each.done()
        if part in first or part is NamePart.ALIAS:
            others.append((part, text, latin))
        else:
            first[part] = (text, latin)
    return names_as_given(
        {part: text for part, (text, _latin) in first.items()},
        {part: latin for part, (_text, latin) in first.items()},
        language,
        others,
    )


def _birth(table: Table, today: date) -> PartialDate:
    text = table.text("text", "")
    calendar = table.choice("calendar", Calendar, Calendar.GREGORIAN)
    confirmed = table.flag("day_confirmed")
    table.done()
    if not text:
        return unknown_date()
    return parse_birth_date(
        text, today=today, calendar=calendar, day_confirmed=confirmed, field="registration: identity: birth: text"
    )


def _nationality(table: Table) -> StatedNationality:
    known = StatedNationality(
        _state(table, "state", required=True),
        _listed(table, "known_by", lists.KNOWN_BY) or "declared",
        table.text("printed", ""),
    )
    table.done()
    return known


def _document(table: Table) -> StatedDocument:
    document = StatedDocument(
        kind=_listed(table, "kind", (entry.code for entry in codes.document_types()), required=True),
        number=_short(table, "number", longest=40, required=True),
        issuing_state=_state(table, "issuing_state"),
        expires_on=_day(table, "expires_on") if table.has("expires_on") else None,
        seen=_listed(table, "seen", lists.SEEN, required=True),
    )
    table.done()
    return document


def _arrival(table: Table, now: datetime) -> StatedArrival:
    arrival = StatedArrival(
        category=table.choice("category", Category),
        arrived_on=_day(table, "arrived_on"),
        met_at=_moment(table, "met_at"),
        crossing_point=_listed(
            table, "crossing_point", (each.code for each in codes.crossing_points(lists.node_codes()))
        ),
        place=_short(table, "place"),
        company=_listed(table, "company", lists.COMPANY),
    )
    table.done()
    if arrival.arrived_on > timezone.localdate(now):
        raise BadInput(f"{table.where}: arrived_on", arrival.arrived_on.isoformat(), "This day has not come yet.")
    if arrival.met_at > now:
        raise BadInput(f"{table.where}: met_at", arrival.met_at.isoformat(), "This moment has not come yet.")
    if arrival.met_at.date() < arrival.arrived_on:
        raise BadInput(
            f"{table.where}: met_at",
            arrival.met_at.isoformat(),
            "Nobody is met before they arrive. Correct one of both.",
        )
    return arrival


def _listed(table: Table, key: str, listed: Iterable[str], *, required: bool = False) -> str:
    value = table.text(key, None if required else "")
    allowed = [each for each in listed if each]
    if value and value not in allowed:
        shown = ", ".join(allowed) if len(allowed) <= 25 else "the codes of its list"
        raise BadInput(f"{table.where}: {key}", value, f"Use one of: {shown}.")
    return value


def _state(table: Table, key: str, *, required: bool = False) -> str:
    value = table.text(key, None if required else "")
    return codes.states().canonical(value, field=f"{table.where}: {key}").code if value else ""


def _short(table: Table, key: str, *, longest: int = 120, required: bool = False) -> str:
    value = table.text(key, None if required else "")
    if len(value) > longest or not value.isprintable():
        raise BadInput(f"{table.where}: {key}", value, f"Write at most {longest} characters, all of them visible.")
    return value


def _day(table: Table, key: str) -> date:
    value = table.text(key)
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise BadInput(f"{table.where}: {key}", value, "Write a day that there is, as 2026-11-20.") from error


def _moment(table: Table, key: str) -> datetime:
    value = table.text(key)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise BadInput(f"{table.where}: {key}", value, "Write day and time, as 2026-11-21T14:05:00+01:00.") from error
    if moment.tzinfo is None:
        raise BadInput(f"{table.where}: {key}", value, "Say in which time zone: add +01:00, or Z.")
    return moment


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError as error:
        raise BadInput("registration: draft", value, "Write a UUID, or leave it out.") from error
