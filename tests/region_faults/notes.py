"""A profile of the tests alone: many messages in one conversation, each queued with the decision that sends it."""

from datetime import datetime
from uuid import UUID

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.exchange import outbox
from stonebridge.exchange.envelope import Envelope
from stonebridge.exchange.partners import Partner, partner
from stonebridge.exchange.profiles import Profile
from stonebridge.registry.models import Person
from stonebridge.safeguards import gate
from stonebridge.safeguards.history import record
from stonebridge.safeguards.policy import Action

NAME = "note"


def about(message: Envelope, sender: Partner, now: datetime) -> UUID:
    """Notes are about whoever was registered first."""
    return Person.objects.order_by("id").values_list("id", flat=True)[0]


NOTE = Profile(NAME, (1,), about=about)


def send(texts: list[str], conversation: UUID, person: UUID, to: str, *, actor: Actor, now: datetime) -> None:
    """Decide to send notes, and queue them, in one transaction."""
    with gate.act(Purpose.IDENTIFICATION):
        known = partner(to)
        permit = gate.permit(
            actor, Action.ASK_PARTNER, purpose=Purpose.IDENTIFICATION, basis="public_task", now=now, persons=[person],
            to_state=known.state,
        )  # fmt: skip
        for text in texts:
            record("note_sent", f"note:{conversation}", person=person, permit=permit)
            outbox.queue(permit, known, {"text": text}, profile=NAME, version=1, conversation=conversation, case="",
                         person=person)  # fmt: skip
