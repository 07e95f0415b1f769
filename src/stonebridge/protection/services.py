"""Needs and referrals: added through doors by whoever registers, read and closed by protection alone.

Reading and closing run on the protection room's own connection, and are logged in its own log.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection
from uuid_utils.compat import uuid7

from stonebridge.domain.actor import Actor, ActorKind, Purpose
from stonebridge.domain.errors import BadInput, NotFound
from stonebridge.domain.references import new_reference
from stonebridge.protection.models import Referral, Screening
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import Action
from stonebridge.safeguards.sealing import KeyEncryptionKey, KeyRing, seal, unseal

NEEDS = ("alone", "injured", "afraid", "pregnant")
KIND_OF_NEED = {"alone": "child", "injured": "medical", "afraid": "fear", "pregnant": "medical"}
ANSWERS = ("yes", "no", "not_asked")


def _key() -> KeyEncryptionKey:
    return KeyEncryptionKey("protection", settings.PROTECTION_KEY)


def keep_needs(permit: Permit, person: UUID, reference: str, needs: Mapping[str, str]) -> None:
    """Keep the answers about immediate needs where only protection reads them; refer whoever answered yes.

    Runs in the transaction that registers the person. Nothing of it shows in the register, its history or its log.

    Raises:
        BadInput: a question or an answer that is not on the list.
    """
    permit.require(Action.REGISTER, person=person)
    for need, answer in needs.items():
        if need not in NEEDS or answer not in ANSWERS:
            raise BadInput(f"needs.{need}", answer, f"Ask about {', '.join(NEEDS)}; answer {', '.join(ANSWERS)}.")
    if all(needs.get(need, "not_asked") == "not_asked" for need in NEEDS):
        return
    id = uuid7()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT protection.keep_screening(%s, %s, %s, %s, %s)",
            [id, person, seal(json.dumps(dict(needs)).encode(), id, _key(), kind="screening"), permit.at,
             permit.actor.reference],
        )  # fmt: skip
    kinds = sorted({KIND_OF_NEED[need] for need, answer in needs.items() if answer == "yes"})
    if kinds:
        permit = gate.permit(
            permit.actor, Action.OPEN_REFERRAL, purpose=permit.purpose, basis=permit.basis, now=permit.at,
            persons=[person],
        )  # fmt: skip
    for kind in kinds:
        _refer(permit, person, reference, kind, "Answered yes when asked about immediate needs.")


def open_referral(
    person: UUID, reference: str, kind: str, reason: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime
) -> str:
    """Refer a person for protection; the reference of the referral. Until it is closed, nothing about them leaves.

    Raises:
        Refused: the gate says no.
        BadInput: no reason, or a kind that is not on the list.
    """
    if not reason.strip():
        raise BadInput("reason", reason, "Say what worries you, in a sentence.")
    if kind not in {choice for choice, _ in Referral._meta.get_field("kind").choices or ()}:
        raise BadInput("kind", kind, "Choose child, trafficking, medical, fear or other.")
    with gate.act(purpose):
        permit = gate.permit(actor, Action.OPEN_REFERRAL, purpose=purpose, basis=basis, now=now, persons=[person])
        return _refer(permit, person, reference, kind, reason)


def _refer(permit: Permit, person: UUID, person_reference: str, kind: str, reason: str) -> str:
    id, reference = uuid7(), new_reference(settings.NODE.references)
    content = json.dumps({"person": person_reference, "reason": reason}).encode()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT protection.refer(%s, %s, %s, %s, %s, %s, %s)",
            [id, reference, person, kind, seal(content, id, _key(), kind="referral"), permit.at,
             permit.actor.reference],
        )  # fmt: skip
    return reference


@dataclass(frozen=True, slots=True)
class ReferralShown:
    """A referral as protection sees it."""

    id: UUID
    reference: str
    person: str
    kind: str
    reason: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closing: str
    needs: Mapping[str, str]


def referrals(*, actor: Actor, basis: str, now: datetime, reference: str = "") -> tuple[ReferralShown, ...]:
    """The referrals, open ones first; one alone, with the answers about needs, when ``reference`` is given.

    A worker of an organisation sees those that the worker has opened. Logged in the protection log.

    Raises:
        Refused: the gate says no.
    """
    with gate.act(Purpose.REFERRAL, using="protection"):
        rows = Referral.objects.using("protection").order_by("-closed_at", "opened_at")
        if actor.kind is ActorKind.WORKER:
            rows = rows.filter(opened_by=actor.reference)
        found = list(rows.filter(reference=reference) if reference else rows)
        gate.permit(
            actor, Action.READ_REFERRAL, purpose=Purpose.REFERRAL, basis=basis, now=now,
            persons=[row.person_id for row in found],
        )  # fmt: skip
        return tuple(_shown(row, with_needs=bool(reference)) for row in found)


def open_referrals(actor: Actor) -> int:
    """How many referrals are open that this actor may read. Tells nothing about anybody."""
    with gate.act(Purpose.REFERRAL, using="protection"):
        rows = Referral.objects.using("protection").filter(closed_at__isnull=True)
        return (rows.filter(opened_by=actor.reference) if actor.kind is ActorKind.WORKER else rows).count()


def close_referral(reference: str, reason: str, *, actor: Actor, basis: str, now: datetime) -> None:
    """Close a referral with a reason.

    Raises:
        Refused: the gate says no.
        NotFound: no such open referral.
        BadInput: no reason.
    """
    if not reason.strip():
        raise BadInput("reason", reason, "Say what was done and why the referral ends.")
    with gate.act(Purpose.REFERRAL, using="protection"):
        open_ones = Referral.objects.using("protection").select_for_update().filter(closed_at__isnull=True)
        row = open_ones.filter(reference=reference).first()
        if row is None:
            raise NotFound("open referral", reference)
        gate.permit(
            actor, Action.CLOSE_REFERRAL, purpose=Purpose.REFERRAL, basis=basis, now=now, persons=[row.person_id]
        )
        row.closed_at, row.closed_by = now, actor.reference
        row.sealed_closing = seal(reason.encode(), row.id, _key(), kind="closing")
        row.save(using="protection", update_fields=["closed_at", "closed_by", "sealed_closing"])


def _needs(person: UUID) -> Mapping[str, str]:
    """The last answers to the questions about immediate needs; none if they were not asked."""
    asked = Screening.objects.using("protection").filter(person_id=person).order_by("-asked_at").first()
    if asked is None:
        return {}
    answers: dict[str, str] = json.loads(unseal(bytes(asked.sealed), asked.id, KeyRing([_key()]), kind="screening"))
    return answers


def _shown(row: Referral, *, with_needs: bool) -> ReferralShown:
    ring = KeyRing([_key()])
    content = json.loads(unseal(bytes(row.sealed), row.id, ring, kind="referral"))
    closing = bytes(row.sealed_closing)
    return ReferralShown(
        id=row.id, reference=row.reference, person=content["person"], kind=row.kind, reason=content["reason"],
        opened_at=row.opened_at, opened_by=row.opened_by, closed_at=row.closed_at,
        needs=_needs(row.person_id) if with_needs else {},
        closing=unseal(closing, row.id, ring, kind="closing").decode() if closing else "",
    )  # fmt: skip
