"""Since when each partner answers this node or is silent: noted with every message that leaves, whatever it says."""

from datetime import datetime
from typing import Any

from django.db import transaction

from stonebridge.exchange.models import Contact


def note_answer(code: str, now: datetime) -> None:
    """The partner has answered, signed, whatever its answer says."""
    with transaction.atomic():
        Contact.objects.update_or_create(
            partner=code, defaults={"tried_at": now, "answered_at": now, "silent_since": None}
        )


def note_silence(code: str, now: datetime) -> None:
    """Nothing came back that the partner had signed. The first such moment since its last answer stays."""
    with transaction.atomic():
        _, is_new = Contact.objects.get_or_create(partner=code, defaults={"tried_at": now, "silent_since": now})
        if not is_new:
            Contact.objects.filter(partner=code, silent_since__isnull=True).update(silent_since=now)
            Contact.objects.filter(partner=code).update(tried_at=now)


def note_greeting(code: str, said: dict[str, Any]) -> None:
    """What the partner said of itself."""
    Contact.objects.filter(partner=code).update(greeted=said)


def contacts() -> dict[str, Contact]:
    """How it stands with each partner that was ever tried, by its code."""
    return {each.partner: each for each in Contact.objects.all()}
