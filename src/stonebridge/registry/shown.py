"""A person's record in the words of the page: rows for the components, in the officer's language."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from stonebridge.accounts.doors import Desk
from stonebridge.accounts.labels import PURPOSES
from stonebridge.domain.actor import Purpose
from stonebridge.domain.calendars import Calendar
from stonebridge.domain.eurodac import ARTICLES, Category, category_rule
from stonebridge.domain.names import is_placeholder
from stonebridge.domain.parameters import Status
from stonebridge.domain.partial_date import PartialDate, Precision
from stonebridge.law.load import legal_bases_for, parameters
from stonebridge.registry import lists
from stonebridge.registry.forms.captures import FINGERS, MISSING
from stonebridge.registry.models import NamePart
from stonebridge.registry.queries import ArrivalRead, PersonRead, StatementRead
from stonebridge.registry.registration import Capture

Row = dict[str, Any]
TAG_OF_STANDING = {"declared": "grey", "documented": "blue", "established": "green"}
HOLDS = {
    "former_identity": _("what held an identity of which this record was a part"),
    "claim": _("a claim for protection"),
    "referral": _("a protection referral"),
    "origin": _("a state of origin"),
}


@dataclass(frozen=True, slots=True)
class Under:
    """For what and on which ground the page is shown."""

    purpose: str
    basis: str


def under(desk: Desk) -> Under:
    """Purpose and legal basis of this desk in words."""
    return Under(str(PURPOSES[desk.purpose]), basis_name(desk.purpose, desk.basis))


def basis_name(purpose: Purpose, basis: str) -> str:
    """A legal basis as its list names it."""
    listed = legal_bases_for(purpose, settings.NODE.folder / "law")
    return next((each.title(get_language() or "en") for each in listed if each.id == basis), basis)


def bases(purpose: Purpose) -> list[tuple[str, str]]:
    """The legal bases that may be named for a purpose."""
    return [
        (each.id, each.title(get_language() or "en")) for each in legal_bases_for(purpose, settings.NODE.folder / "law")
    ]


def birth_text(birth: PartialDate) -> Row | str:
    """The date as it was said, with what it can mean below it."""
    if birth.precision is Precision.UNKNOWN:
        return birth.text or str(_("Not known"))
    notes = [] if birth.stands_for_the_year else [str(lists.PRECISIONS[birth.precision])]
    if birth.calendar is not Calendar.GREGORIAN:
        notes.append(str(lists.CALENDARS[birth.calendar]))
    known = birth.range()
    if known is None:
        notes.append(now_("cannot be converted; the original speaks"))
    elif known[0] == known[1]:
        notes.append(date_format(known[0], "j F Y"))
    else:
        notes.append(
            now_("%(first)s to %(last)s")
            % {"first": date_format(known[0], "j F Y"), "last": date_format(known[1], "j F Y")}
        )
    if birth.stands_for_the_year:
        notes.append(now_("nobody confirmed the day: it counts as the year alone"))
    return {"text": birth.text, "note": "; ".join(notes)}


def name_rows(statement: StatementRead, language: str = "") -> list[Row]:
    """Every part of every name as given, its Latin form below it, a placeholder pointed out."""
    rows = []
    for name in statement.names:
        notes = [name.latin] if name.latin and name.latin != name.text else []
        if is_placeholder(name.text):
            notes.append(now_("This looks like a stand-in for a missing name. If it is one, leave it out."))
        value = {"text": name.text, "lang": lists.language_tag(name.text, language), "note": " · ".join(notes)}
        rows.append({"key": lists.PARTS[name.part], "value": value})
    return rows


def identity_rows(statement: StatementRead, language: str = "") -> list[Row]:
    """One statement of identity as a list of keys and values."""
    nationalities = [
        f"{lists.state_name(state)}, {str(lists.KNOWN_BY[known_by]).lower()}"
        for state, known_by, _printed in statement.nationalities
    ]
    place = ", ".join(part for part in (statement.birth_place, lists.state_name(statement.birth_state)) if part)
    rows = [
        *name_rows(statement, language),
        {"key": _("Born"), "value": birth_text(statement.birth)},
        {"key": _("Sex"), "value": lists.SEXES[statement.sex]},
        {"key": _("Place of birth"), "value": place or _("Not known")},
        {"key": _("Nationality"), "value": "; ".join(nationalities) or _("Not known")},
        {"key": _("Stateless"), "value": lists.STATELESS[statement.stateless]},
    ]
    if statement.reason:
        rows.append({"key": _("Why it was made"), "value": statement.reason})
    return rows


def footnotes(person: PersonRead) -> tuple[str, ...]:
    """Footnotes of the states named on the page."""
    named = [state for each in person.statements for state, *_rest in each.nationalities]
    named += [each.birth_state for each in person.statements] + [each.issuing_state for each in person.documents]
    return lists.state_notes(*named)


def statement_title(statement: StatementRead) -> str:
    """For the head of a card and for lists: how far it is borne out, when and by whom."""
    return now_("%(standing)s, %(day)s, by %(officer)s") % {
        "standing": lists.STANDINGS[statement.standing],  # type: ignore[index]  # stored values of the enumeration
        "day": moment(statement.stated_at),
        "officer": statement.recorded_by,
    }


def bar(person: PersonRead) -> Row:
    """The identity bar: main name, other names and scripts, the facts that tell people apart."""
    statement = person.statement
    name = statement.main_name
    latin = statement.latin(NamePart.GIVEN, NamePart.FAMILY)
    also = [{"text": latin, "lang": "und-Latn"}] if latin and latin != name else []
    for each in person.statements:
        for other in [each.main_name, *(n.text for n in each.names if n.position)]:
            if other != name and other not in {row["text"] for row in also}:
                also.append({"text": other, "lang": lists.language_tag(other, person.language)})
    states = "; ".join(lists.state_name(state) for state, *_rest in statement.nationalities)
    parents = " / ".join(
        text for part in (NamePart.FATHER, NamePart.MOTHER) if (text := statement.text(part, position=0))
    )
    facts = [
        {"key": _("Born"), "value": statement.birth.text or _("Not known")},
        {"key": _("Sex"), "value": lists.SEXES[statement.sex]},
        {"key": _("Nationality"), "value": states or _("Not known")},
        {"key": _("Father / mother"), "value": parents or "–"},
        {"key": _("Language"), "value": lists.language_name(person.language) or _("Not known")},
    ]
    tags = [{"text": lists.STANDINGS[statement.standing], "tag": TAG_OF_STANDING[statement.standing]}]  # type: ignore[index]  # stored values of the enumeration
    if person.restricted_since:
        tags.append({"text": _("Restricted"), "tag": "red"})
    return {
        "name": name, "lang": lists.language_tag(name, person.language), "also": also, "facts": facts,
        "reference": person.reference, "tags": tags,
    }  # fmt: skip


def document_rows(person: PersonRead) -> list[list[Any]]:
    return [
        [
            lists.document_name(each.kind), {"text": each.number, "lang": "und-Latn"},
            lists.state_name(each.issuing_state) or "–",
            date_format(each.expires_on, "j F Y") if each.expires_on else "–", lists.SEEN[each.seen],
            moment(each.recorded_at),
        ]
        for each in person.documents
    ]  # fmt: skip


def arrival_rows(arrival: ArrivalRead) -> list[Row]:
    """One arrival, with its category and the time that the model regulation gives for transmission, unless left out."""
    rows: list[Row] = [
        {"key": _("Arrived on"), "value": date_format(arrival.arrived_on, "j F Y")},
        {"key": _("Met at"), "value": moment(arrival.met_at)},
        {"key": _("Crossing point"), "value": lists.crossing_name(arrival.crossing_point) or "–"},
        {"key": _("Place"), "value": arrival.place or "–"},
        {"key": _("Came"), "value": lists.COMPANY.get(arrival.company, _("Not known"))},
    ]  # fmt: skip
    if not arrival.category:
        return rows
    category = Category(arrival.category)
    rule = category_rule(category, parameters(), arrival.met_at.date())
    by = rule.transmit_by(arrival.met_at)
    article = f"{now_('Regulation (EU) 2024/1358, Article')} {ARTICLES[category]}"
    rows.insert(0, {"key": _("Category"), "value": {"text": lists.CATEGORIES[category], "note": article}})
    if by is not None:
        unverified = any(value.status is not Status.VERIFIED for value in rule.values)
        rows.append({
            "key": _("To be transmitted by"),
            "value": {
                "text": moment(by),
                "note": _("By the model regulation; its value is not yet verified against the official text.")
                if unverified else "",
            },
        })  # fmt: skip
    return rows


def registration_rows(person: PersonRead) -> list[Row]:
    by = ", ".join(dict.fromkeys((person.registered_by, person.unit)))
    basis = [{"key": _("Legal basis"), "value": basis_name(Purpose.REGISTRATION, person.basis)}] if person.basis else []
    rows: list[Row] = [
        {"key": _("Registered"), "value": f"{moment(person.registered_at)}, {by}"},
        *basis,
        {"key": _("Notice"), "value": lists.NOTICES.get(person.notice, _("Not given: this is what a partner gave"))},
        {"key": _("Language spoken"), "value": lists.language_name(person.language) or _("Not known")},
        {"key": _("Interpreter"), "value": person.interpreter or "–"},
        {"key": _("Read back"), "value": lists.READ_BACK.get(person.read_back, "–")},
    ]
    if person.no_documents:
        text = str(lists.NO_DOCUMENTS[person.no_documents])
        rows.append({"key": _("No documents"), "value": {"text": text, "note": person.no_documents_account}})
    return rows


def family_rows(person: PersonRead) -> list[list[Any]]:
    return [
        [
            {"text": each.reference, "url": reverse("registry:person", args=[each.reference])},
            lists.RELATIONS[each.relation], lists.KNOWN_BY[each.known_by], each.group,
        ]
        for each in person.family
    ]  # fmt: skip


def captures(taken: Iterable[Capture]) -> list[Row]:
    """What is kept of a draft's images: each finger or face, its size or why there is none, and the portrait to look at."""
    rows = []
    for each in taken:
        what = now_("Portrait") if each.modality == "face" else str(FINGERS[each.position])
        size = f"{each.width} × {each.height}"
        value: Row = {"text": str(MISSING[each.missing]) if each.missing else size}
        picture = f"data:{each.media};base64,{base64.b64encode(each.content).decode()}" if each.content else ""
        rows.append({"key": what, "value": value, "picture": picture if each.modality == "face" else ""})
    return rows


def day(on: date | None) -> str:
    """Day, month name and year; a dash where there is none."""
    return date_format(on, "j F Y") if on else "–"


def moment(at: datetime) -> str:
    """Day, month name, year and time, in the node's own zone."""
    return date_format(localtime(at), "j F Y, H:i")
