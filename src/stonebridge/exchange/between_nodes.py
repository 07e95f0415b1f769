"""What one node says to another about themselves, and never about a person: sent by the node, answered at once."""

import secrets
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings

from stonebridge.accounts.doors import DEFAULT_BASIS
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput
from stonebridge.exchange import envelope as forms
from stonebridge.exchange import sending
from stonebridge.exchange.envelope import Envelope
from stonebridge.exchange.partners import Partner


def say(profile: str, version: int, body: dict[str, Any], to: Partner, now: datetime) -> dict[str, Any]:
    """Say something to a partner, outside any transaction, and bring home what it answers.

    Raises:
        Unavailable: it did not answer, or what came back was not its answer.
        BadInput: its answer cannot be read.
    """
    asked = Envelope(
        profile=profile, version=version, sender=settings.NODE.code, recipient=to.code, id=uuid4(), conversation=uuid4(),
        sequence=1, purpose=Purpose.ADMINISTRATION, basis=DEFAULT_BASIS[Purpose.ADMINISTRATION], role="", case="",
        sent_at=now, salt=secrets.token_hex(forms.SALT_BYTES), body=body,
    )  # fmt: skip
    answer = forms.from_bytes(sending.send(asked, to, now).body)
    bound = (answer.sender, answer.recipient) == (to.code, settings.NODE.code)
    if not bound or (answer.body.get("answer") != "refused" and answer.conversation != asked.conversation):
        raise BadInput("answer", "…", "It answers another message.")
    return answer.body
