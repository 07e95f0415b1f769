"""Every change of the register: one function, one transaction, one entry in the history, one actor."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from uuid_utils.compat import uuid7

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.domain.name_keys import search_keys, sort_key
from stonebridge.domain.names import script_of
from stonebridge.domain.partial_date import Precision
from stonebridge.registry.age import under_minimum_age
from stonebridge.registry.keepers import keepers
from stonebridge.registry.models import (
    Arrival,
    Document,
    Draft,
    FamilyGroup,
    FamilyMember,
    IdentityStatement,
    Name,
    Nationality,
    Person,
    SearchKey,
)  # fmt: skip
from stonebridge.registry.registration import TEMPLATE, Capture, Registration, StatedDocument, StatedIdentity
from stonebridge.registry.statements import birth_of
from stonebridge.registry.submissions import identifier
from stonebridge.registry.vault import VaultRow, lay_in
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.history import record
from stonebridge.safeguards.models import HistoryEntry
from stonebridge.safeguards.policy import Action
from stonebridge.safeguards.references import with_new_reference
from stonebridge.safeguards.uniting import unite_facts


def register_person(
    registration: Registration, *, actor: Actor, basis: str, now: datetime, draft: UUID | None = None
) -> Person:
    """Register a person, with everything that was handed in, or nothing.

    ``draft`` is the identifier under which it was typed. Handed in once more, it answers
    the person registered the first time and changes nothing; the draft goes in the same
    transaction.

    Raises:
        Refused: the gate says no, for example because a child is too young for fingerprints.
        BadInput: the family named does not exist.
        WrongState: somebody else handed this draft in.
    """
    purpose = Purpose.REGISTRATION
    with gate.act(purpose):
        permit = gate.permit(actor, Action.REGISTER, purpose=purpose, basis=basis, now=now)
        if draft is not None:
            _wait_for_the_same(draft)
            Draft.objects.filter(id=draft, officer_reference=actor.reference).delete()
            if (earlier := Person.objects.filter(draft=draft).first()) is not None:
                return _registered_before(earlier, permit)
        permit = permit.for_somebody_new()
        (new,) = permit.persons
        person = with_new_reference(lambda reference: Person.objects.create(
            id=new, draft=draft, reference=reference, collected_for=purpose, basis=basis,
            registered_at=now, registered_by=actor.reference, unit=actor.unit, language=registration.language,
            interpreter=registration.interpreter, notice=registration.notice,
            notice_version=registration.notice_version, read_back=registration.read_back,
            no_documents=registration.no_documents, no_documents_account=registration.no_documents_account,
        ))  # fmt: skip
        _state(person, registration.identity, permit)
        for document in registration.documents:
            _add_document(person, document, permit)
        arrival = registration.arrival
        Arrival.objects.create(
            person=person, category=arrival.category, crossing_point=arrival.crossing_point, place=arrival.place,
            company=arrival.company, arrived_on=arrival.arrived_on, met_at=arrival.met_at, recorded_at=now,
        )  # fmt: skip
        if registration.family_of or registration.relation:
            _join_family(person, registration, permit)
        keepers().claim(permit, person.id, registration.claim, registration.claim_asked_on)
        keepers().needs(permit, person.id, person.reference, registration.needs)
        record("registered", f"person:{person.reference}", person=person.id, permit=permit,
               detail={"category": arrival.category, "notice": registration.notice})  # fmt: skip
        if registration.captures:
            taken = gate.permit(
                actor, Action.TAKE_BIOMETRICS, purpose=purpose, basis=basis, now=now, persons=[person.id],
                under_minimum_age=under_minimum_age(registration.identity.birth, arrival.category, now.date()),
            )  # fmt: skip
            _keep_captures(person, registration.captures, arrival.category, taken)
        keepers().changed(permit, person.id)
        keepers().registered(permit, person.id)
    return person


def keep_received(
    identities: Sequence[StatedIdentity], documents: Sequence[StatedDocument], *, number: UUID, source: str, actor: Actor,
    basis: str, now: datetime,
) -> Person:  # fmt: skip
    """Keep what a partner gave as a record of its own, so that it is searched for and judged like any other.

    The person handed in nothing here: no notice, no arrival, no claim and no state of origin is on record, and so the
    gate lets nothing about it go further. ``number`` is that of the message: kept once more, it is the same record.
    ``source`` names partner and question.

    Raises:
        Refused: the gate says no.
        WrongState: somebody else has kept it.
    """
    purpose = Purpose.REGISTRATION
    with gate.act(purpose):
        permit = gate.permit(actor, Action.REGISTER, purpose=purpose, basis=basis, now=now)
        _wait_for_the_same(number)
        if (earlier := Person.objects.filter(draft=number).first()) is not None:
            return _registered_before(earlier, permit)
        permit = permit.for_somebody_new()
        (new,) = permit.persons
        person = with_new_reference(lambda reference: Person.objects.create(
            id=new, draft=number, reference=reference, collected_for=purpose, basis=basis,
            registered_at=now, registered_by=actor.reference, unit=actor.unit,
        ))  # fmt: skip
        for identity in identities:
            _state(person, identity, permit)
        for document in documents:
            _add_document(person, document, permit)
        keepers().claim(permit, person.id, "unknown", None)
        record("kept_from_partner", f"person:{person.reference}", person=person.id, permit=permit,
               detail={"reason": source})  # fmt: skip
        keepers().changed(permit, person.id)
        keepers().registered(permit, person.id)
    return person


def _wait_for_the_same(draft: UUID) -> None:
    """Let a second click wait until the first is done; it then finds the person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(draft)])


def _registered_before(person: Person, permit: Permit) -> Person:
    if person.registered_by != permit.actor.reference:
        raise WrongState("this draft", "handed in by somebody else", "a draft of one's own")
    gate.permit(
        permit.actor, Action.READ, purpose=permit.purpose, basis=permit.basis, now=permit.at, persons=[person.id]
    )
    return person


def amend_identity(
    person_id: UUID, identity: StatedIdentity, *, supersedes: UUID | None, actor: Actor, purpose: Purpose, basis: str,
    now: datetime, submission: UUID | None = None,
) -> IdentityStatement:  # fmt: skip
    """Put a new statement of identity beside those on record; what was stated before stays.

    ``submission`` is the number of the page: the same handed in once more answers the first statement.

    Raises:
        Refused: the gate says no.
        NotFound: no such person, or no such statement to supersede.
        BadInput: another statement took the place of the one to supersede meanwhile.
    """
    with gate.act(purpose):
        permit = gate.permit(actor, Action.AMEND, purpose=purpose, basis=basis, now=now, persons=[person_id])
        person = _locked(person_id)
        new = identifier(submission, person_id, identity, supersedes, permit=permit)
        if (earlier := IdentityStatement.objects.filter(id=new).first()) is not None:
            return earlier
        former = IdentityStatement.objects.filter(person=person, id=supersedes).first() if supersedes else None
        if supersedes and former is None:
            raise NotFound("statement", supersedes)
        if former is not None and IdentityStatement.objects.filter(supersedes=former).exists():
            raise BadInput("supersedes", "", "Another statement has taken its place. Load the page again.")
        statement = _state(person, identity, permit, supersedes=former, id=new)
        record("identity_stated", f"person:{person.reference}", person=person.id, permit=permit,
               detail={"standing": identity.standing.value, "reason": identity.reason})  # fmt: skip
        keepers().changed(permit, person.id)
        keepers().registered(permit, person.id)
    return statement


def add_document(
    person_id: UUID, document: StatedDocument, *, actor: Actor, purpose: Purpose, basis: str, now: datetime,
    submission: UUID | None = None,
) -> Document:  # fmt: skip
    """Record a document of a person; with the same ``submission``, the number of the page, once.

    Raises:
        Refused: the gate says no.
        NotFound: no such person.
    """
    with gate.act(purpose):
        permit = gate.permit(actor, Action.AMEND, purpose=purpose, basis=basis, now=now, persons=[person_id])
        person = _locked(person_id)
        new = identifier(submission, person_id, document, permit=permit)
        if (earlier := Document.objects.filter(id=new).first()) is not None:
            return earlier
        added = _add_document(person, document, permit, id=new)
        record("document_added", f"person:{person.reference}", person=person.id, permit=permit,
               detail={"kind": document.kind, "seen": document.seen})  # fmt: skip
        keepers().changed(permit, person.id)
        keepers().registered(permit, person.id)
    return added


def add_captures(
    person_id: UUID, captures: Iterable[Capture], *, actor: Actor, basis: str, now: datetime,
    submission: UUID | None = None,
) -> None:  # fmt: skip
    """Keep further portraits or fingerprints of a person, sealed in the vault; of one ``submission`` each once.

    Every statement of age that no other has replaced counts: one that makes a small child of the person closes.

    Raises:
        Refused: the gate says no; a child under the minimum age gives none.
        NotFound: no such person.
        WrongState: a partner gave this record; nobody was registered here.
    """
    purpose = Purpose.REGISTRATION
    with gate.act(purpose):
        person = _locked(person_id)
        arrival = person.arrivals.order_by("arrived_on").last()
        if arrival is None:
            raise WrongState("this record", "what a partner gave", "the record of a registration here")
        category = arrival.category
        ages = [
            under_minimum_age(birth_of(statement), category, now.date())
            for statement in person.statements.filter(superseded_by__isnull=True).exclude(
                birth_precision=Precision.UNKNOWN
            )
        ]
        permit = gate.permit(
            actor, Action.TAKE_BIOMETRICS, purpose=purpose, basis=basis, now=now, persons=[person_id],
            under_minimum_age=unite_facts(ages),
        )  # fmt: skip
        if _keep_captures(person, captures, category, permit, submission):
            keepers().changed(permit, person.id)
            keepers().registered(permit, person.id)


def _locked(person_id: UUID) -> Person:
    person = Person.objects.locked(person_id).first()
    if person is None:
        raise NotFound("person", person_id)
    return person


def _state(
    person: Person, identity: StatedIdentity, permit: Permit, supersedes: IdentityStatement | None = None,
    id: UUID | None = None,
) -> IdentityStatement:  # fmt: skip
    birth = identity.birth
    statement = IdentityStatement.objects.create(
        id=id or uuid7(), person=person, standing=identity.standing, stated_at=permit.at, recorded_by=permit.actor.reference,
        supersedes=supersedes, reason=identity.reason, sex=identity.sex, birth_text=birth.text,
        birth_calendar=birth.calendar, birth_precision=birth.precision, birth_year=birth.year,
        birth_month=birth.month, birth_day=birth.day, birth_earliest=birth.earliest, birth_latest=birth.latest,
        birth_day_confirmed=birth.day_confirmed, birth_place=identity.birth_place, birth_state=identity.birth_state,
        stateless=identity.stateless,
    )  # fmt: skip
    Name.objects.bulk_create(
        Name(statement=statement, part=name.part, text=name.text, script=script_of(name.text).value, latin=name.latin,
             position=name.position, sort_key=sort_key(name.text)[:240])
        for name in identity.names
    )  # fmt: skip
    Nationality.objects.bulk_create(
        Nationality(statement=statement, state=known.state, printed=known.printed, known_by=known.known_by)
        for known in identity.nationalities
    )
    keys = {key for name in identity.names for text in (name.text, name.latin) if text for key in search_keys(text)}
    _keep_keys(person, "name", keys)
    return statement


def _add_document(person: Person, document: StatedDocument, permit: Permit, id: UUID | None = None) -> Document:
    added = Document.objects.create(
        id=id or uuid7(), person=person, kind=document.kind, number=document.number, issuing_state=document.issuing_state,
        expires_on=document.expires_on, seen=document.seen, recorded_at=permit.at, recorded_by=permit.actor.reference,
    )  # fmt: skip
    _keep_keys(person, "document", {document_key(document.number)})
    return added


def _keep_keys(person: Person, kind: str, keys: Iterable[str]) -> None:
    SearchKey.objects.bulk_create(
        [SearchKey(person=person, kind=kind, key=key[:120]) for key in sorted(keys) if key], ignore_conflicts=True
    )


def document_key(number: str) -> str:
    """A document number as it is searched for: letters and digits alone, in capitals."""
    return "".join(char for char in number.upper() if char.isalnum())


def _join_family(person: Person, registration: Registration, permit: Permit) -> None:
    group: FamilyGroup | None = None
    if registration.family_of is not None:
        gate.permit(
            permit.actor, Action.AMEND, purpose=permit.purpose, basis=permit.basis, now=permit.at,
            persons=[registration.family_of],
        )  # fmt: skip
        if not Person.objects.filter(id=registration.family_of).exists():
            raise BadInput("family_of", registration.family_of, "Name a registered relative by reference, or nobody.")
        member = FamilyMember.objects.filter(person_id=registration.family_of).select_related("group").first()
        group = member.group if member else None
    if group is None:
        group = with_new_reference(
            lambda reference: FamilyGroup.objects.create(reference=reference, formed_at=permit.at)
        )
        if registration.family_of is not None:
            FamilyMember.objects.create(
                group=group, person_id=registration.family_of, relation="head", known_by="declared"
            )
    FamilyMember.objects.create(
        group=group, person=person, relation=registration.relation or "other", known_by="declared"
    )


def _compared(capture: Capture) -> str:
    """Whether the matcher compares it; nothing for a portrait and for a finger that was not taken."""
    if capture.missing or capture.modality != "finger":
        return ""
    return "yes" if capture.minutiae or capture.media == TEMPLATE else "later"


def _keep_captures(
    person: Person, captures: Iterable[Capture], category: str, permit: Permit, submission: UUID | None = None
) -> bool:
    """Seal and keep what was not kept before; whether the matcher can compare any of it at once."""
    rows: list[VaultRow] = []
    unread: dict[UUID, int] = {}
    comparable = False
    for capture in captures:
        told = capture.modality, capture.position, capture.missing
        id = identifier(submission, person.id, told, capture.content, permit=permit)
        if submission and HistoryEntry.objects.filter(person_id=person.id, subject=f"biometric:{id}").exists():
            continue
        row = VaultRow(
            id, person.id, capture.modality, category, capture.position, capture.media, capture.width, capture.height,
            capture.missing, person.unit, permit.at, permit.actor.reference, capture.content,
        )  # fmt: skip
        rows.append(row)
        compared = _compared(capture)
        comparable |= compared == "yes"
        if capture.minutiae:
            read = identifier(submission, person.id, told, capture.minutiae, permit=permit)
            rows.append(row._replace(id=read, media=TEMPLATE, content=capture.minutiae, made_from=id))
        elif compared == "later":
            unread[id] = capture.position
        record(f"{capture.modality}_taken", f"biometric:{id}", person=person.id, permit=permit,
               detail={"position": capture.position, "missing": capture.missing, "compared": compared})  # fmt: skip
    lay_in(rows)
    if unread:
        keepers().pictured(permit, person.id, unread)
    return comparable
