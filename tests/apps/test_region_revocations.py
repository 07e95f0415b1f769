"""That a partner was revoked is told to every other one, which looks at its own list and revokes nothing by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from people import BASIS, NOW, actor
from region_bench import SERBIA, Node, answering, joined, question, said, signed
from region_talk import delivered, in_act, received, talking
from sign_ins import signed_in
from stonebridge.accounts.models import Officer
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import WrongState
from stonebridge.exchange import partners, revocations
from stonebridge.exchange.models import Outgoing
from stonebridge.exchange.partners import Why
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused

ADMINISTERING = {"purpose": Purpose.ADMINISTRATION, "basis": "public_task"}
KOSOVO = replace(SERBIA, code="xk", state="XKX", names={"en": "Kosovo*"}, key="ab" * 32)


@pytest.fixture
def stefan():
    return actor(Role.ADMINISTRATOR, "Stefan")


def word(**changes: object):
    """Serbia revoked Kosovo's node."""
    body = {"partner": "xk", "revoked_at": NOW.isoformat(), "why": "key_compromised"} | changes
    return question(body, profile="partner_revoked", purpose=Purpose.ADMINISTRATION)


def waiting() -> list:
    with gate.act(Purpose.ADMINISTRATION):
        return revocations.waiting()


def test_every_other_partner_is_told_at_once_without_a_person_or_the_reason(stefan):
    with answering(Node(received)) as node:
        talking(node.address)
        joined(KOSOVO, actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER))
        partners.revoke("xk", "A sentence that stays.", actor=stefan, now=NOW, why=Why.KEY_COMPROMISED, **ADMINISTERING)
        delivered()
    (told,) = node.heard
    assert told.body == {"partner": "xk", "revoked_at": NOW.isoformat(), "why": "key_compromised"}
    assert [(each.partner, each.person_id, each.state) for each in in_act(Outgoing)] == [("rs", None, "received")]
    assert "A sentence that stays" not in str(told)


def test_data_protection_revokes_and_the_others_are_told_too():
    with answering(Node(received)) as node:
        talking(node.address)
        joined(KOSOVO, actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER))
        partners.revoke(
            "xk", "It was misused.", actor=actor(Role.DATA_PROTECTION_OFFICER, "Lira"), now=NOW,
            purpose=Purpose.DATA_PROTECTION, basis=BASIS[Purpose.DATA_PROTECTION],
        )  # fmt: skip
        delivered()
    assert [each.purpose for each in node.heard] == [Purpose.ADMINISTRATION]


def test_word_of_a_revocation_is_work_and_revokes_nothing(stefan):
    talking()
    joined(KOSOVO, actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER))
    assert said(signed(word()))["answer"] == "received"
    assert [each.code for each in partners.partners()] == ["rs", "xk"]
    (row,) = waiting()
    later = NOW + timedelta(minutes=1)
    revocations.note(row.id, "Called them; it stays.", actor=stefan, now=later, **ADMINISTERING)
    assert waiting() == []
    with pytest.raises(WrongState):
        revocations.note(row.id, "Again.", actor=stefan, now=later, **ADMINISTERING)


def test_an_examiner_notes_no_revocation(jana):
    talking()
    said(signed(word()))
    with pytest.raises(Refused):
        revocations.note(
            waiting()[0].id, "Seen.", actor=jana, purpose=Purpose.IDENTIFICATION, basis="public_task", now=NOW
        )


@pytest.mark.parametrize(
    "changes",
    [{"partner": "XK"}, {"partner": 1}, {"revoked_at": "now"}, {"revoked_at": "2026-11-23T10:00:00"}, {"why": "dislike"},
     {"person": "Amira"}, {"why": ["x"]}],
)  # fmt: skip
def test_word_of_a_revocation_says_nothing_else(changes):
    talking()
    assert said(signed(word(**changes)))["why"].startswith("not_understood")
    assert waiting() == []


def test_for_no_purpose_about_persons_can_it_be_sent():
    talking()
    asked = question(word().body, profile="partner_revoked")
    assert said(signed(asked)) == {"answer": "refused", "why": "purpose"}


def test_an_administrator_reads_it_in_words_and_notes_what_was_looked_at(stefan):
    talking()
    said(signed(word()))
    (row,) = waiting()
    browser = signed_in(Officer.objects.get(id=stefan.reference))
    assert "its key may be in other hands" in browser.get("/exchange/revocations/").content.decode()
    page = f"/exchange/revocations/{row.id}/"
    assert browser.post(page, {}).status_code == 422
    assert browser.post(page, {"note": "It is none of ours."}).status_code == 302
    assert "Nothing to look at" in browser.get("/exchange/revocations/").content.decode()
