"""The two logs of a node: of access, and of protection, whose entries are themselves secret.

They are the same in everything but the names below. Each has keys of its own, derived or given,
so that the same person has unrelated tags in the two.
"""

import hmac
from dataclasses import dataclass

from django.conf import settings

from stonebridge.domain.actor import Purpose
from stonebridge.safeguards.log.checkpoint import SigningKey
from stonebridge.safeguards.log.entry import Event
from stonebridge.safeguards.policy import REFERRAL_ACTIONS

SEQUENCER_ALIAS = "log"
"""The connection that numbers and signs, for both logs: one checkpoint commits to both."""


_NAMES = ("entry", "queue", "leaf", "checkpoint", "append", "entries_about", "entries_between")


@dataclass(frozen=True, slots=True)
class LogStore:
    """Where a log is kept. ``prefix`` begins the quoted names of its tables; ``reader`` may read its events."""

    name: str
    schema: str
    prefix: str
    reader: str
    signing_key_setting: str
    lock: int

    @property
    def origin(self) -> str:
        """The name of this log in its checkpoints."""
        return f"stonebridge/{settings.NODE.code}/{self.name}"

    @property
    def tag_key(self) -> bytes:
        """The key under which this log's tags stand for persons."""
        return hmac.digest(settings.DATA_PROTECTION_KEY, self.name.encode(), "sha256")

    @property
    def signing_key(self) -> SigningKey:
        return SigningKey(self.origin, getattr(settings, self.signing_key_setting))

    def sql(self, statement: str) -> str:
        """``statement`` with the names in braces replaced by this log's tables and functions."""
        return statement.format_map({name: f'"{self.schema}"."{self.prefix}{name}"' for name in _NAMES})


ACCESS = LogStore("access", "log", "", "log", "LOG_SIGNING_KEY", lock=0x6C6F6701)
PROTECTION = LogStore(
    "protection", "protection", "log_", "protection", "PROTECTION_LOG_SIGNING_KEY", lock=0x6C6F6702
)  # fmt: skip
STORES = (ACCESS, PROTECTION)


def store_for(event: Event) -> LogStore:
    """Where ``event`` belongs. That somebody touched a referral is as secret as the referral."""
    secret = event.action in REFERRAL_ACTIONS or event.purpose == Purpose.REFERRAL
    return PROTECTION if secret else ACCESS
