"""Nodes of one demo become partners of each other, as two officers would make them."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from stonebridge.accounts.doors import DEFAULT_BASIS
from stonebridge.domain.actor import Purpose
from stonebridge.exchange.partners import QUOTA, Partner, fingerprint, join, partners, propose
from stonebridge.exchange.profiles import profiles
from stonebridge.identification.region.services import ASKED_FOR
from stonebridge.remedies.models import Origin
from stonebridge.remedies.services import record_origin
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Fact
from stonebridge.site.demo.people import invent
from stonebridge.site.demo.seed import actor, registered
from stonebridge.site.node import load_node

NO_ORIGIN = "Asked, and only passed through; neither the person nor the family ever lived there (invented)."


def join_partners(others: Iterable[tuple[str, str, str]], now: datetime, *, quota: int = QUOTA) -> list[str]:
    """Let nodes of the demo in, each told by code, address and public key; the codes of those that were not in yet.

    ``quota`` is what each may ask in an hour and purpose.
    For whoever has a history across nodes a supervisor has recorded the states of origin.
    """
    joined = []
    for code, address, key in others:
        node = load_node(settings.NODE.folder.parent / code)
        wanted = Partner(
            code=code, state=node.state, names=node.names, address=address, key=key,
            profiles={name: list(each.versions) for name, each in profiles().items()},
            purposes=[each.value for each in ASKED_FOR], quota=quota,
        )  # fmt: skip
        if wanted not in partners():
            _join(wanted, now)
            joined.append(code)
    if joined:
        _record_origins([each.state for each in partners()], now)
    return joined


def _join(wanted: Partner, now: datetime) -> None:
    """One officer proposes, another compares the fingerprint and joins."""
    proposal = propose(
        wanted, actor=actor("stefan", now), purpose=Purpose.ADMINISTRATION,
        basis=DEFAULT_BASIS[Purpose.ADMINISTRATION], now=now,
    )  # fmt: skip
    join(
        proposal, fingerprint(wanted.key), actor=actor("liridona", now), purpose=Purpose.DATA_PROTECTION,
        basis=DEFAULT_BASIS[Purpose.DATA_PROTECTION], now=now,
    )  # fmt: skip


def _record_origins(states: Iterable[str], now: datetime) -> None:
    for invented, person in zip(invent(now, ordinary=0), registered(), strict=False):
        if invented.from_states is None:
            continue
        with gate.act(Purpose.REGISTRATION):
            recorded = set(Origin.objects.filter(person_id=person).values_list("state", flat=True))
        for state in sorted(set(states) - recorded):
            is_origin = state in invented.from_states
            record_origin(
                person, state, Fact.YES if is_origin else Fact.NO, reason="" if is_origin else NO_ORIGIN,
                actor=actor("marija", now), purpose=Purpose.REGISTRATION, basis=DEFAULT_BASIS[Purpose.REGISTRATION],
                now=now,
            )  # fmt: skip
