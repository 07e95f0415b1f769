"""Two conversations with Serbia's node as far as data were given: by us to it, and by it to us."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from people import BASIS, NOW, TODAY, actor, amira, registration
from region_bench import AMIRA, SERBIA, joined
from rule_cases import SCREENED
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.exchange.envelope import Envelope, content_digest
from stonebridge.exchange.models import Incoming, Outgoing
from stonebridge.exchange.outbox import deliver_due
from stonebridge.exchange.partners import Partner
from stonebridge.exchange.profiles import profiles
from stonebridge.identification.region.follow_up import decide
from stonebridge.registry.models import IdentityStatement, Person
from stonebridge.registry.services import amend_identity
from stonebridge.remedies.services import record_claim, record_origin
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Claim, Fact

IDENTIFYING: dict[str, Any] = {"purpose": Purpose.IDENTIFICATION, "basis": "public_task"}
REGISTERING: dict[str, Any] = {"purpose": Purpose.REGISTRATION, "basis": BASIS[Purpose.REGISTRATION]}
LATER = NOW + timedelta(minutes=5)


def talking(address: str = "http://127.0.0.1:9", *, state: str = "SRB", **versions: list[int]) -> Partner:
    """Serbia, or the node of another state under its code, as a partner that understands every profile, in these versions."""
    known = {name: list(each.versions) for name, each in profiles().items()} | versions
    return joined(
        replace(SERBIA, address=address, state=state, profiles=known), actor(Role.ADMINISTRATOR, f"Ada {uuid4()}"),
        actor(Role.DATA_PROTECTION_OFFICER, f"Dona {uuid4()}"),
    )  # fmt: skip


def screened(clerk: Actor, vera: Actor, *, origin: Fact = Fact.NO) -> Person:
    """Amira, who claims nothing, with what is known of Serbia as a state of origin."""
    person = amira(clerk, needs=SCREENED, claim="none", claim_asked_on=TODAY)
    record_origin(person.id, "SRB", origin, reason="She says so.", actor=vera, now=NOW, **REGISTERING)
    return person


def in_act(model: Any, purpose: Purpose = Purpose.IDENTIFICATION, **named: object) -> list[Any]:
    """Rows as they are seen for a purpose."""
    with gate.act(purpose):
        return list(model.objects.filter(**named).order_by("pk"))


def received(asked: Envelope) -> dict[str, str]:
    """A receipt."""
    return {"answer": "received", "digest": content_digest(asked)}


def _message(profile: str, body: dict[str, Any], conversation: UUID, **more: object) -> dict[str, Any]:
    return {
        "profile": profile, "body": body, "conversation": conversation, "sequence": 1, "purpose": "identification",
        "basis": "public_task", "role": "examiner", "case": "RS-1", **more,
    }  # fmt: skip


def given_by_us(person: Person, vera: Actor, wanted: tuple[str, ...] = ("birth", "names")) -> Outgoing:
    """What a supervisor has given Serbia of this person; it waits in the outbox."""
    body = {"handle": str(uuid4()), "wanted": list(wanted), "reason": "To tell who she is."}
    with gate.act(Purpose.IDENTIFICATION):
        asked = Incoming.objects.create(
            sender="rs", message=uuid4(), person_id=person.id, digest="00" * 32, evidence={}, received_at=NOW,
            **_message("follow_up", body, uuid4()),
        )  # fmt: skip
    decide(asked.id, True, "The purpose is lawful.", actor=vera, now=NOW, **IDENTIFYING)
    (answer,) = in_act(Outgoing, profile="follow_up_answer", conversation=asked.conversation)
    return answer


def given_to_us(person: Person, wanted: tuple[str, ...] = ("names", "birth")) -> Incoming:
    """What Serbia has given us of this person."""
    conversation = uuid4()
    asked = {"handle": str(uuid4()), "wanted": list(wanted), "reason": "To tell who she is."}
    given = {"answer": "given", "identities": [{"given": AMIRA["given"], "birth": AMIRA["birth"]}]}
    with gate.act(Purpose.IDENTIFICATION):
        Outgoing.objects.create(
            partner="rs", to_state="SRB", person_id=person.id, version=1, made_at=NOW, made_by="x",
            **_message("follow_up", asked, conversation),
        )  # fmt: skip
        return Incoming.objects.create(
            sender="rs", message=uuid4(), person_id=person.id, digest="00" * 32, evidence={}, received_at=NOW,
            **_message("follow_up_answer", given, conversation),
        )  # fmt: skip


def amended(person: Person, clerk: Actor, *, birth: str = "08.03.1994", now: object = LATER) -> None:
    """Her birth date was written down wrongly: another statement takes the place of the first."""
    (former, *_) = in_act(IdentityStatement, person_id=person.id, superseded_by__isnull=True)
    amend_identity(
        person.id, replace(registration(birth=birth).identity, reason="A slip of the pen."), supersedes=former.id,
        actor=clerk, now=now, **REGISTERING,
    )  # fmt: skip


def claims(person: Person, clerk: Actor, state: Claim = Claim.PENDING, now: object = LATER) -> None:
    record_claim(person.id, state, asked_on=TODAY if state is Claim.NONE else None, actor=clerk, now=now, **REGISTERING)


def delivered(now: object = NOW) -> None:
    """Everything that is due, until nothing more arrives."""
    while deliver_due(now):
        pass


Answering = Callable[[Envelope], dict[str, Any]]
