"""Handing out a person's file: composed, noted and logged in one transaction, or not at all."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput
from stonebridge.domain.partial_date import PartialDate
from stonebridge.law import codes
from stonebridge.registry.keepers import keepers
from stonebridge.registry.panels import TELLS_OF_CLAIMS, FilePart, Withheld, panels
from stonebridge.registry.papers import person_file
from stonebridge.registry.queries import EventRead, PersonRead, StatementRead, person_of, read_person
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Action

FORMAT = "stonebridge.person-file"
VERSION = 2
FORMS = {"pdf": _("Pages to print (PDF)"), "json": _("Data (JSON)")}
OF_THE_REGISTER = FilePart(
    withheld=(
        Withheld(
            "officers", _("Names of officers"),
            _("Data protection tells who looked at the record, from the access log."),
        ),
        Withheld(
            "captures", _("Portrait and fingerprints as images"),
            _("They are sealed, for identification alone."),
        ),
        Withheld("relatives", _("Records of relatives"), _("Each relative receives their own.")),
        Withheld(
            "protection", _("Whatever protection may hold"),
            _("A protection officer alone tells, so that a file never says whether there is anything."),
        ),
    )
)  # fmt: skip
"""What no file holds, whoever receives it."""
NARROW = FilePart(
    withheld=(
        Withheld("category", _("Category of each arrival"), _("It serves this authority’s own procedure.")),
        Withheld("procedure", _("Legal bases, units, restriction, reasons and account of missing documents"),
                 _("They serve this authority’s own procedure.")),
        Withheld("family", _("Family ties"), _("Whether a relative may be named is judged for each of them.")),
        Withheld("history", _("History, and who was told"), _("The person receives them, for registration or data protection.")),
    )
)  # fmt: skip
"""What a file for another state, or for a purpose which need not know of a claim, leaves out besides."""
OF_OTHERS = frozenset({"hold_left", "hold_assigned"})
"""Events that tell what stood in the way of somebody else, from whom a link was withdrawn."""
MEDIA = {"pdf": "application/pdf", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives the file. ``state`` is the ICAO code of an authority's state; empty for the person themself."""

    name: str
    state: str = ""

    @property
    def to_state(self) -> str:
        """The other state that learns something by it; nothing where the recipient is the person or our own authority."""
        return "" if self.state == settings.NODE.state else self.state


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A file as it went out."""

    name: str
    media: str
    content: bytes


def hand_out(
    reference: str, form: str, recipient: Recipient, *, actor: Actor, purpose: Purpose, basis: str, now: datetime
) -> HandedOut:
    """Compose a person's file as ``pdf`` or ``json``, and note who received which bytes.

    Raises:
        Refused: the gate says no; for example the state is one of origin.
        NotFound: nobody has this reference.
        BadInput: no recipient, an unknown state, or a form that there is not.
    """
    if not recipient.name.strip():
        raise BadInput("recipient", recipient.name, "Name whoever receives the file.")
    if recipient.state:
        codes.states().canonical(recipient.state, field="to_state")
    if form not in FORMS:
        raise BadInput("form", form, f"A file is handed out as {' or '.join(FORMS)}.")
    with gate.act(purpose):
        id = person_of(reference)
        permit = gate.permit(
            actor, Action.DISCLOSE, purpose=purpose, basis=basis, now=now, persons=[id],
            to_state=recipient.to_state or None,
        )  # fmt: skip
        read = without_officers(read_person(permit, id))
        parts = [*(panel.file(permit, id) for panel in panels()), OF_THE_REGISTER]
        if permit.to_state or purpose not in TELLS_OF_CLAIMS:
            read = narrowed(read)
            parts.append(NARROW)
        if form == "pdf":
            content = person_file(read, parts, printed_by=actor.name, at=now)
        else:
            content = as_json(read, recipient, parts, purpose=purpose, basis=basis, at=now)
        keepers().disclosed(permit, id, content, form=form, recipient=recipient.name, to_state=recipient.to_state)
    return HandedOut(f"{reference}.{form}", MEDIA[form], content)


def without_officers(person: PersonRead) -> PersonRead:
    """The record with the office in the place of every officer's name: who looked at what is for data protection."""
    return replace(
        person, registered_by=person.unit,
        statements=tuple(replace(each, recorded_by=person.unit) for each in person.statements),
        history=tuple(replace(each, by="–") for each in person.history if each.event not in OF_OTHERS),
    )  # fmt: skip


def narrowed(person: PersonRead) -> PersonRead:
    """Who the person is, without what tells of a claim or a referral by being there: see ``NARROW``."""
    authority = settings.NODE.authority.get(get_language() or "en", settings.NODE.authority["en"])
    return replace(
        person, unit=authority, registered_by=authority, basis="", no_documents="", no_documents_account="",
        restricted_since=None, restriction_reason="", family=(), family_references=(), history=(),
        statements=tuple(replace(each, recorded_by=authority, reason="") for each in person.statements),
        arrivals=tuple(replace(each, category="") for each in person.arrivals),
    )  # fmt: skip


def as_json(
    person: PersonRead, recipient: Recipient, parts: Sequence[FilePart] = (), *, purpose: Purpose, basis: str,
    at: datetime,
) -> bytes:  # fmt: skip
    """The file as data: codes as kept, times with their zone, names as given; officers stay unnamed."""
    left_out = {each.code for part in parts for each in part.withheld}
    why_handed_out = {} if "procedure" in left_out else {"purpose": purpose, "basis": basis}
    file = {
        "format": FORMAT,
        "version": VERSION,
        "node": settings.NODE.code,
        "handed_out": {"at": at, "to": recipient.name, "state": recipient.state} | why_handed_out,
        "reference": person.reference,
        "registered": {"at": person.registered_at, "unit": person.unit, "basis": person.basis},
        "language": person.language,
        "interpreter": person.interpreter,
        "notice": {"answer": person.notice, "version": person.notice_version},
        "read_back": person.read_back,
        "restricted_since": person.restricted_since,
        "statements": [_statement(each) for each in person.statements],
        "documents": [
            {"kind": each.kind, "number": each.number, "issuing_state": each.issuing_state,
             "expires_on": each.expires_on, "seen": each.seen, "recorded_at": each.recorded_at}
            for each in person.documents
        ],
        "no_documents": {"why": person.no_documents, "account": person.no_documents_account},
        "arrivals": [
            {"category": each.category, "arrived_on": each.arrived_on, "met_at": each.met_at,
             "crossing_point": each.crossing_point, "place": each.place, "company": each.company}
            for each in person.arrivals
        ],
        "family": [
            {"reference": each.reference, "relation": each.relation, "known_by": each.known_by, "family": each.group}
            for each in person.family
        ],
        **{key: value for part in parts for key, value in part.data.items()},
        "withheld": [
            {"what": each.code, "why": str(each.why)} for part in parts for each in part.withheld
        ],
        "history": [_event(each) for each in reversed(person.history)],
    }  # fmt: skip
    kept = {key: value for key, value in file.items() if key not in left_out}
    return json.dumps(kept, ensure_ascii=False, indent=2, default=_plain).encode() + b"\n"


def _statement(statement: StatementRead) -> dict[str, Any]:
    return {
        "standing": statement.standing,
        "stated_at": statement.stated_at,
        "reason": statement.reason,
        "superseded": statement.superseded,
        "names": [
            {
                "part": name.part,
                "text": name.text,
                "script": name.script,
                "latin": name.latin,
                "position": name.position,
            }
            for name in statement.names
        ],
        "sex": statement.sex,
        "birth": _birth(statement.birth),
        "birth_place": statement.birth_place,
        "birth_state": statement.birth_state,
        "nationalities": [
            {"state": state, "known_by": known_by, "printed": printed}
            for state, known_by, printed in statement.nationalities
        ],
        "stateless": statement.stateless,
    }


def _birth(birth: PartialDate) -> dict[str, Any]:
    return {
        "text": birth.text, "calendar": birth.calendar, "precision": birth.precision, "earliest": birth.earliest,
        "latest": birth.latest, "day_confirmed": birth.day_confirmed,
    }  # fmt: skip


def _event(event: EventRead) -> dict[str, Any]:
    return {
        "event": event.event, "happened_at": event.happened_at, "recorded_at": event.recorded_at,
        "purpose": event.purpose, "basis": event.basis, "detail": event.detail,
    }  # fmt: skip


def _plain(value: object) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in a person's file")
