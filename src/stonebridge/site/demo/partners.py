"""Nodes of one demo become partners of each other, as two officers would make them."""

from datetime import datetime
from uuid import UUID

from django.conf import settings

from stonebridge.accounts.doors import DEFAULT_BASIS
from stonebridge.domain.actor import Purpose
from stonebridge.exchange.partners import Partner, fingerprint, join, partners, propose
from stonebridge.exchange.profiles import profiles
from stonebridge.identification.region.services import ASKED_FOR
from stonebridge.remedies.models import Origin
from stonebridge.remedies.services import record_origin
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Fact
from stonebridge.site.demo.seed import actor, registered
from stonebridge.site.node import load_node

NO_ORIGIN = "She only passed through; neither she nor her family ever lived there (invented)."


def join_partner(code: str, address: str, key: str, now: datetime) -> bool:
    """Propose and join a node of the demo; False when it is a partner as it stands already.

    Amira, of whom the guide tells, may be asked about: a supervisor records that its state is none of origin.
    """
    node = load_node(settings.NODE.folder.parent / code)
    wanted = Partner(
        code=code, state=node.state, names=node.names, address=address, key=key,
        profiles={name: list(each.versions) for name, each in profiles().items()},
        purposes=[each.value for each in ASKED_FOR],
    )  # fmt: skip
    known = registered()
    if known:
        _record_no_origin(known[0], node.state, now)
    if wanted in partners():
        return False
    proposal = propose(
        wanted, actor=actor("stefan", now), purpose=Purpose.ADMINISTRATION,
        basis=DEFAULT_BASIS[Purpose.ADMINISTRATION], now=now,
    )  # fmt: skip
    join(
        proposal, fingerprint(key), actor=actor("liridona", now), purpose=Purpose.DATA_PROTECTION,
        basis=DEFAULT_BASIS[Purpose.DATA_PROTECTION], now=now,
    )  # fmt: skip
    return True


def _record_no_origin(person: UUID, state: str, now: datetime) -> None:
    with gate.act(Purpose.REGISTRATION):
        is_recorded = Origin.objects.filter(person_id=person, state=state).exists()
    if not is_recorded:
        record_origin(
            person, state, Fact.NO, reason=NO_ORIGIN, actor=actor("marija", now), purpose=Purpose.REGISTRATION,
            basis=DEFAULT_BASIS[Purpose.REGISTRATION], now=now,
        )  # fmt: skip
