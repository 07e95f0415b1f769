"""Who may do what here is decided by postings and mandates; each change of them is an act of an administrator.

Nobody makes a posting of their own, nor takes their own second factor away, and the last
administrator stays. Data protection is told of every posting.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.db.models import QuerySet
from django.utils import timezone

from stonebridge.accounts.models import (
    Mandate,
    Notice,
    Officer,
    Organisation,
    OrganisationKind,
    Posting,
    SecondFactorReset,
    in_force,
)  # fmt: skip
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.history import record
from stonebridge.safeguards.policy import Action

PURPOSE = Purpose.ADMINISTRATION


@dataclass(frozen=True, slots=True)
class NewPosting:
    """A role in a unit of an organisation, from a day on; ``ends_on`` is its last day, if that is known."""

    organisation: UUID
    unit: str
    role: Role
    starts_on: date
    ends_on: date | None = None


def add_officer(
    email: str, full_name: str, posting: NewPosting, *, language: str = "en", actor: Actor, basis: str, now: datetime
) -> Officer:
    """Make an account with its first posting. It has no password until the officer sets one by a link.

    Raises:
        Refused: the gate says no.
        BadInput: the address has an account already, or a posting that cannot be.
    """
    with gate.act(PURPOSE):
        permit = _permit(actor, basis, now)
        if Officer.objects.filter(email__iexact=email).exists():
            raise BadInput("email", email, "Somebody signs in with this address already. Open that account instead.")
        officer = Officer(email=email.lower(), full_name=full_name, language=language, created_at=now)
        officer.set_unusable_password()
        officer.save(force_insert=True)
        record("officer_added", f"officer:{officer.id}", person=None, permit=permit, detail={"email": officer.email})
        _post(officer, posting, permit)
    return officer


def add_posting(officer_id: UUID, posting: NewPosting, *, actor: Actor, basis: str, now: datetime) -> Posting:
    """Give an officer a further role.

    Raises:
        Refused: the gate says no.
        NotFound: no such officer, or organisation.
        BadInput: it is the actor's own, or a posting that cannot be.
    """
    with gate.act(PURPOSE):
        permit = _permit(actor, basis, now)
        return _post(_other(officer_id, actor), posting, permit)


def end_posting(posting_id: UUID, reason: str, *, actor: Actor, basis: str, now: datetime) -> None:
    """End a posting at once: the officer's next request knows.

    Raises:
        Refused: the gate says no.
        NotFound: no such posting in force or to come.
        BadInput: no reason.
        WrongState: nobody would be left to administer the node.
    """
    _require_reason(reason)
    with gate.act(PURPOSE):
        permit = _permit(actor, basis, now)
        posting = Posting.objects.filter(id=posting_id, ended_at__isnull=True).first()
        if posting is None:
            raise NotFound("posting", posting_id)
        _keep_an_administrator(Posting.objects.filter(id=posting.id), now)
        Posting.objects.filter(id=posting.id).update(ended_at=now)
        record("posting_ended", f"officer:{posting.officer_id}", person=None, permit=permit,
               detail={"role": posting.role, "unit": posting.unit, "reason": reason})  # fmt: skip
        _tell(f"{actor.name}: {posting.officer}, {posting.role}, {posting.unit}: {reason}", "posting", now)


def close_account(officer_id: UUID, reason: str, *, actor: Actor, basis: str, now: datetime) -> None:
    """Close an account: its postings and sessions end, and nobody signs in with it any more.

    Raises:
        Refused: the gate says no.
        NotFound: no such open account.
        BadInput: no reason, or the actor's own account.
        WrongState: nobody would be left to administer the node.
    """
    _require_reason(reason)
    with gate.act(PURPOSE):
        permit = _permit(actor, basis, now)
        officer = _other(officer_id, actor)
        theirs = Posting.objects.filter(officer=officer, ended_at__isnull=True)
        _keep_an_administrator(theirs, now)
        theirs.update(ended_at=now)
        Officer.objects.filter(id=officer.id).update(is_active=False, signed_out_at=now)
        record("account_closed", f"officer:{officer.id}", person=None, permit=permit, detail={"reason": reason})


def password_link(officer_id: UUID, *, actor: Actor, basis: str, now: datetime) -> str:
    """The token with which an officer sets a password, once and within three days. The second factor stays.

    Raises:
        Refused: the gate says no.
        NotFound: no such open account.
        BadInput: the actor's own; they change it themselves.
    """
    with gate.act(PURPOSE):
        permit = _permit(actor, basis, now)
        officer = _other(officer_id, actor)
        record("password_link_made", f"officer:{officer.id}", person=None, permit=permit)
    return default_token_generator.make_token(officer)


def ask_reset(officer_id: UUID, reason: str, *, actor: Actor, basis: str, now: datetime) -> SecondFactorReset:
    """Ask that an officer's second factor be taken away; another administrator does it.

    Raises:
        Refused: the gate says no.
        NotFound: no such open account.
        BadInput: no reason, or the actor's own.
        WrongState: there is no second factor, or it was asked already.
    """
    _require_reason(reason)
    with gate.act(PURPOSE):
        permit = _permit(actor, basis, now)
        officer = _other(officer_id, actor)
        if not Authenticator.objects.filter(user=officer).exists():
            raise WrongState(str(officer), "without a second factor", "one that can be taken away")
        if SecondFactorReset.objects.filter(officer=officer, settled_at__isnull=True).exists():
            raise WrongState(f"the reset for {officer}", "asked already", "another administrator who does it")
        asked = SecondFactorReset.objects.create(
            officer=officer, reason=reason, asked_at=now, asked_by=actor.reference, asked_by_name=actor.name
        )
        record("reset_asked", f"officer:{officer.id}", person=None, permit=permit, detail={"reason": reason})
        _tell(f"{actor.name}: {officer}: {reason}", "second_factor", now)
    return asked


def settle_reset(reset_id: UUID, *, done: bool, actor: Actor, basis: str, now: datetime) -> None:
    """Take the second factor away as another administrator has asked, or decline.

    Every session of the officer ends; at the next sign-in they set up a new one.

    Raises:
        Refused: the gate says no.
        NotFound: no such open request.
        WrongState: the actor has asked for it, or it is about the actor.
    """
    with gate.act(PURPOSE):
        permit = _permit(actor, basis, now)
        asked = SecondFactorReset.objects.filter(id=reset_id, settled_at__isnull=True).select_related("officer").first()
        if asked is None:
            raise NotFound("request", reset_id)
        if done and actor.reference in {asked.asked_by, str(asked.officer_id)}:
            raise WrongState("this request", "yours or about you", "another administrator")
        SecondFactorReset.objects.filter(id=asked.id).update(settled_at=now, settled_by=actor.reference, done=done)
        if done:
            Authenticator.objects.filter(user=asked.officer).delete()
            Officer.objects.filter(id=asked.officer_id).update(signed_out_at=now)
        record("reset_done" if done else "reset_declined", f"officer:{asked.officer_id}", person=None, permit=permit)


def add_organisation(name: str, kind: OrganisationKind, *, actor: Actor, basis: str, now: datetime) -> Organisation:
    """Add an organisation whose workers are to act here under a mandate.

    Raises:
        Refused: the gate says no.
        BadInput: the name is taken.
    """
    with gate.act(PURPOSE):
        permit = _permit(actor, basis, now)
        if Organisation.objects.filter(name__iexact=name).exists():
            raise BadInput("name", name, "An organisation of this name is there already.")
        made = Organisation.objects.create(name=name, kind=kind)
        record("organisation_added", f"organisation:{made.id}", person=None, permit=permit, detail={"kind": kind.value})
    return made


def add_mandate(
    organisation_id: UUID, purpose: Purpose, agreement: str, *, starts_on: date, ends_on: date | None, actor: Actor,
    basis: str, now: datetime,
) -> Mandate:  # fmt: skip
    """Give an organisation a mandate for one purpose, on the ground of an agreement or act.

    Raises:
        Refused: the gate says no.
        NotFound: no such organisation.
        BadInput: it ends before it starts, or the authority, which needs none.
    """
    _require_order(starts_on, ends_on)
    with gate.act(PURPOSE):
        permit = _permit(actor, basis, now)
        organisation = _organisation(organisation_id)
        if organisation.kind == OrganisationKind.AUTHORITY:
            raise BadInput("organisation", organisation.name, "The authority acts by law and needs no mandate.")
        made = Mandate.objects.create(
            organisation=organisation, purpose=purpose, basis=agreement, starts_on=starts_on, ends_on=ends_on
        )
        record("mandate_given", f"organisation:{organisation.id}", person=None, permit=permit,
               detail={"purpose": purpose.value, "agreement": agreement})  # fmt: skip
    return made


def end_mandate(mandate_id: UUID, reason: str, *, actor: Actor, basis: str, now: datetime) -> None:
    """End a mandate at once.

    Raises:
        Refused: the gate says no.
        NotFound: no such mandate.
        BadInput: no reason.
    """
    _require_reason(reason)
    with gate.act(PURPOSE):
        permit = _permit(actor, basis, now)
        mandate = Mandate.objects.filter(id=mandate_id, ended_at__isnull=True).first()
        if mandate is None:
            raise NotFound("mandate", mandate_id)
        Mandate.objects.filter(id=mandate.id).update(ended_at=now)
        record("mandate_ended", f"organisation:{mandate.organisation_id}", person=None, permit=permit,
               detail={"purpose": mandate.purpose, "reason": reason})  # fmt: skip


def _permit(actor: Actor, basis: str, now: datetime) -> Permit:
    return gate.permit(actor, Action.POST, purpose=PURPOSE, basis=basis, now=now)


def _post(officer: Officer, posting: NewPosting, permit: Permit) -> Posting:
    _require_order(posting.starts_on, posting.ends_on)
    organisation = _organisation(posting.organisation)
    same = Posting.objects.filter(
        officer=officer, organisation=organisation, unit=posting.unit, role=posting.role, starts_on=posting.starts_on
    )
    if same.exists():
        raise BadInput("starts_on", posting.starts_on, "The same posting from that day on is there already.")
    made = Posting.objects.create(
        officer=officer, organisation=organisation, unit=posting.unit, role=posting.role, starts_on=posting.starts_on,
        ends_on=posting.ends_on, appointed_by=permit.actor.reference,
    )  # fmt: skip
    record("posted", f"officer:{officer.id}", person=None, permit=permit,
           detail={"role": posting.role.value, "unit": posting.unit, "from": posting.starts_on.isoformat()})  # fmt: skip
    _tell(f"{permit.actor.name}: {officer}, {posting.role}, {posting.unit}", "posting", permit.at)
    return made


def _other(officer_id: UUID, actor: Actor) -> Officer:
    """The officer, who is not the actor."""
    officer = Officer.objects.filter(id=officer_id, is_active=True).first()
    if officer is None:
        raise NotFound("officer", officer_id)
    if officer.id == actor.officer_id:
        raise BadInput("officer", officer.full_name, "Another administrator does this for you.")
    return officer


def _organisation(organisation_id: UUID) -> Organisation:
    organisation = Organisation.objects.filter(id=organisation_id).first()
    if organisation is None:
        raise NotFound("organisation", organisation_id)
    return organisation


def _keep_an_administrator(ending: QuerySet[Posting], now: datetime) -> None:
    """Refuse to end the last administrator's posting. Two who end each other's at once wait for each other."""
    left = Posting.objects.select_for_update(of=("self",)).filter(
        in_force(timezone.localdate(now)), role=Role.ADMINISTRATOR, officer__is_active=True
    )
    administrators = {posting.id for posting in left}
    gone = {posting.id for posting in ending}
    if administrators & gone and not administrators - gone:
        raise WrongState("the node", "without another administrator", "one more before this posting ends")


def _tell(text: str, kind: str, now: datetime) -> None:
    Notice.objects.create(role=Role.DATA_PROTECTION_OFFICER, kind=kind, text=text, made_at=now)


def _require_order(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise BadInput("ends_on", ends_on, "Give a last day that is not before the first.")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise BadInput("reason", reason, "Say why, in a sentence that somebody else can judge.")
