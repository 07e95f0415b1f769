"""Quotas: of a partner and a purpose, by the node that answers; of an officer, over all partners, by the node that asks."""

from dataclasses import replace

import pytest

from people import actor
from region_bench import SERBIA, joined, question, said, signed
from stonebridge.accounts.doors import DEFAULT_BASIS
from stonebridge.domain.actor import Purpose, Role
from stonebridge.exchange import profiles
from stonebridge.exchange.profiles import Profile
from stonebridge.exchange.transports.signatures import public_key

KOSOVO_KEY = b"k" * 32
PURPOSES = [Purpose.IDENTIFICATION.value, Purpose.BORDER_CHECK.value]


@pytest.fixture(autouse=True)
def two_partners_of_a_quota_of_two() -> object:
    """Serbia and Kosovo* may ask twice an hour for each of two purposes; the answer is always no hit."""
    wired = tuple(profiles.profiles().values())
    profiles.register(Profile("person_query", (1,), lambda asked, partner, now: {"answer": "no_hit", "handle": ""}))
    ada, dona = actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER)
    serbia = replace(SERBIA, quota=2, purposes=PURPOSES)
    joined(serbia, ada, dona)
    joined(
        replace(serbia, code="xk", state="XKX", names={"en": "Kosovo*"}, key=public_key(KOSOVO_KEY).hex()), ada, dona
    )
    yield
    profiles.register(*wired)


def asked(purpose: Purpose = Purpose.IDENTIFICATION, sender: str = "rs", role: str = "examiner") -> str:
    """What a question of this partner, for this purpose and in this role, is answered."""
    key = KOSOVO_KEY if sender == "xk" else b"r" * 32
    put = question(sender=sender, purpose=purpose, basis=DEFAULT_BASIS[purpose], role=role)
    return str(said(signed(put, key=key, key_id=sender))["answer"])


def test_what_one_purpose_has_used_up_another_still_has():
    assert [asked() for _ in range(3)] == ["no_hit", "no_hit", "refused"]
    assert asked(Purpose.BORDER_CHECK) == "no_hit"


def test_what_one_partner_has_used_up_another_still_has():
    assert [asked() for _ in range(3)] == ["no_hit", "no_hit", "refused"]
    assert asked(sender="xk") == "no_hit"


def test_another_role_or_officer_of_a_partner_gets_no_quota_of_its_own():
    assert [asked(role=role) for role in ("examiner", "supervisor", "case_worker")] == ["no_hit", "no_hit", "refused"]
