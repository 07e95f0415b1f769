"""Nodes witness one another's access logs: what was rolled back, forked or forged is found, on both sides."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from access_log import reads, write
from people import NOW, actor
from region_bench import RS_KEY, SERBIA, Node, answering, joined, question, said, sent, signed
from stonebridge.accounts.models import Notice
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import BadInput
from stonebridge.exchange import partners
from stonebridge.exchange.alarms import open_alarms, raise_alarm, settle
from stonebridge.exchange.envelope import Envelope
from stonebridge.exchange.evidence.bundle import witness_key
from stonebridge.exchange.models import Cosigned, WitnessAlarm, Witnessed
from stonebridge.exchange.partners import own_key
from stonebridge.exchange.witnessing import MISSED_AFTER, SENT_EVERY, TRIED_EVERY, Witnesses
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.log import merkle
from stonebridge.safeguards.log.checkpoint import Checkpoint, Note, SigningKey, TreeHead, cosigned_at
from stonebridge.safeguards.log.sequencer import Sequencer

LOG_KEY = SigningKey("stonebridge/rs/access", b"l" * 32)
MINUTE = timedelta(minutes=1)


class Log:
    """The two logs of rs, as far as a witness sees them."""

    def __init__(self, leaves: int, protection: int = 2, *, story: bytes = b"") -> None:
        self.leaves = [merkle.leaf_hash(story + bytes([place])) for place in range(leaves)]
        self.protection = [merkle.leaf_hash(b"p" + story + bytes([place])) for place in range(protection)]

    def body(self, old: "Log | None" = None, *, key: SigningKey = LOG_KEY, **changes: Any) -> dict[str, Any]:
        """Its checkpoint with the proofs that it grew since ``old``."""
        checkpoint = Checkpoint(
            "stonebridge/rs/access", TreeHead(len(self.leaves), merkle.root(self.leaves), b"m" * 32),
            TreeHead(len(self.protection), merkle.root(self.protection), b"m" * 32),
        )  # fmt: skip
        sizes = (len(old.leaves), len(old.protection)) if old else (0, 0)
        return {
            "key": key.verifier().to_text(), "note": key.sign(checkpoint.to_text()).to_bytes().decode(),
            "old": list(sizes), "proof": steps(self.leaves, sizes[0]),
            "protection_proof": steps(self.protection, sizes[1]),
        } | changes  # fmt: skip


def steps(leaves: list[bytes], old: int) -> list[str]:
    proof = merkle.consistency_proof(leaves, old) if 0 < old <= len(leaves) else []
    return [b64encode(each).decode() for each in proof]


def told(body: dict[str, Any]) -> dict[str, Any]:
    """What this node answers to a checkpoint of rs."""
    return said(signed(question(body, profile="checkpoint", purpose=Purpose.ADMINISTRATION)))


def kinds(*, ours: bool = False) -> list[str]:
    return sorted(each.kind for each in open_alarms().filter(is_ours=ours))


@pytest.fixture
def stefan():
    return actor(Role.ADMINISTRATOR)


@pytest.fixture
def serbia(stefan):
    """rs is a partner whose log we witness."""
    return joined(SERBIA, stefan, actor(Role.DATA_PROTECTION_OFFICER))


def test_a_first_checkpoint_is_signed_under_our_own_name(serbia):
    body = Log(3).body()
    answer = told(body)
    assert answer["answer"] == "signed"
    note = (body["note"] + answer["signature"]).encode()
    assert list(cosigned_at(note, [witness_key("mk", bytes.fromhex(own_key()))])) == ["stonebridge/mk/witness"]


def test_a_log_that_only_grew_is_signed_again_and_again(serbia):
    first, second, third = Log(3), Log(7), Log(8, 5)
    answers = [told(second.body(old))["answer"] for old, second in ((None, first), (first, second), (second, third))]
    assert answers == ["signed"] * 3
    assert told(third.body(third))["answer"] == told(third.body())["answer"] == "signed"
    assert kinds() == []


def test_a_log_that_does_not_know_what_we_hold_is_told(serbia):
    told(Log(3).body())
    assert told(Log(7).body()) == {"answer": "held", "size": 3, "protection": 2}
    assert kinds() == []


@pytest.mark.parametrize(
    ("attack", "kind"),
    [
        (lambda held: Log(4).body(held), "rolled back"),
        (lambda held: Log(7, 1).body(held), "rolled back"),
        (lambda held: Log(6, story=b"x").body(held), "two histories"),
        (lambda held: Log(9, story=b"x").body(held), "rewritten"),
        (lambda held: Log(9).body(held, proof=[]), "rewritten"),
        (lambda held: Log(9, 3).body(held, protection_proof=[]), "rewritten"),
        (lambda held: Log(9).body(held, key=SigningKey("stonebridge/rs/access", b"k" * 32)), "another key"),
        (lambda held: Log(9).body(held, key=SigningKey("stonebridge/mk/access", b"l" * 32)), "another key"),
        (lambda held: Log(9).body(held, note=Log(9).body(held)["note"].replace("\n9\n", "\n8\n")), "forged"),
        (lambda held: Log(9).body(held, note="nothing"), "forged"),
    ],
    ids=["rolled back", "protection rolled back", "forked", "forked and grown", "no proof", "no proof of protection",
         "another key", "another name", "forged", "no note"],
)  # fmt: skip
def test_a_log_that_did_anything_but_grow_raises_an_alarm_and_is_not_signed(serbia, attack, kind):
    held = Log(6)
    told(held.body())
    assert told(attack(held)) == {"answer": "alarm", "kind": kind}
    assert kinds() == [kind]
    assert sorted(Notice.objects.filter(kind="witness_alarm").values_list("role", flat=True)) == [
        "administrator", "data_protection_officer",
    ]  # fmt: skip
    alarm = WitnessAlarm.objects.get()
    assert "\n6\n" in alarm.held
    assert alarm.given


def test_a_log_of_another_name_is_not_taken_the_first_time_either(serbia):
    assert told(Log(6).body(key=SigningKey("stonebridge/al/access", b"l" * 32)))["kind"] == "forged"


def test_after_an_alarm_nothing_is_signed_until_an_officer_has_settled_it(serbia, stefan):
    held = Log(6)
    told(held.body())
    told(Log(4).body(held))
    assert told(Log(9).body(held)) == {"answer": "alarm", "kind": "rolled back"}
    settle(open_alarms().get().id, "A backup was brought back; the partner said when and why.", actor=stefan,
           purpose=Purpose.ADMINISTRATION, basis="public_task", now=NOW)  # fmt: skip
    assert told(Log(4).body())["answer"] == "signed"
    assert kinds() == []


def test_an_alarm_is_told_once_however_often_it_is_met(serbia):
    told(Log(6).body())
    told(Log(4).body())
    told(Log(4).body())
    assert WitnessAlarm.objects.count() == 1
    assert Notice.objects.filter(kind="witness_alarm").count() == 2


def test_settling_needs_a_reason_and_an_officer_who_may(serbia, stefan, clerk):
    raise_alarm("rs", "rewritten", NOW, ours=False)
    alarm = open_alarms().get().id
    settling = {"purpose": Purpose.ADMINISTRATION, "basis": "public_task", "now": NOW}
    with pytest.raises(BadInput):
        settle(alarm, " ", actor=stefan, **settling)
    with pytest.raises(Refused):
        settle(alarm, "Nothing.", actor=clerk, **settling)
    assert kinds() == ["rewritten"]


@pytest.mark.parametrize(
    "changes",
    [
        {"old": [0]}, {"old": ["0", 0]}, {"old": [-1, 0]}, {"proof": "x"}, {"proof": ["!"]}, {"proof": ["AAAA"]},
        {"proof": [b64encode(b"x" * 32).decode()] * 65}, {"key": "x"}, {"key": 1}, {"note": None}, {"more": 1},
    ],
)  # fmt: skip
def test_a_malformed_checkpoint_is_not_understood_and_raises_nothing(serbia, changes):
    assert told(Log(3).body() | changes)["why"].startswith("not_understood")
    assert kinds() == []


def test_a_revoked_partner_is_witnessed_no_more(serbia, stefan):
    told(Log(3).body())
    partners.revoke("rs", "Its key was stolen.", actor=stefan, purpose=Purpose.ADMINISTRATION, basis="public_task",
                    now=NOW)  # fmt: skip
    asked = signed(question(Log(4).body(), profile="checkpoint", purpose=Purpose.ADMINISTRATION))
    assert sent(asked).status_code == 401
    Witnesses().step(NOW + timedelta(days=400))
    assert kinds() == []


def test_a_checkpoint_that_does_not_come_raises_an_alarm_that_ends_when_one_comes(serbia):
    log = Log(3)
    told(log.body())
    seen = Witnessed.objects.get().seen_at
    Witnesses().step(seen + MISSED_AFTER)
    assert kinds() == []
    Witnesses().step(seen + MISSED_AFTER + MINUTE)
    assert kinds() == ["missing"]
    assert told(log.body(log))["answer"] == "signed"
    assert kinds() == []
    assert WitnessAlarm.objects.get().settled_by == "clock:witnesses"


# Our own log, before a witness


def signs(key: bytes = RS_KEY) -> Callable[[Envelope], dict[str, Any]]:
    """A witness that signs whatever comes."""

    def answer(asked: Envelope) -> dict[str, Any]:
        note = Note.from_bytes(asked.body["note"].encode())
        cosigned = SigningKey("stonebridge/rs/witness", key).cosign(note, NOW)
        return {"answer": "signed", "signature": cosigned.signatures[-1].to_line()}

    return answer


def brought_to(node: Node, *moments: datetime) -> None:
    """What our witness duty does at these moments, with one witness, rs."""
    with answering(node), override_settings(NODE=replace(settings.NODE, witnesses=("rs", "eu-ms"))):
        joined(replace(SERBIA, address=node.address), actor(Role.ADMINISTRATOR, "Ada"),
               actor(Role.DATA_PROTECTION_OFFICER, "Dona"))  # fmt: skip
        witnesses = Witnesses()
        steps_taken = [step(witnesses, node, at) for at in moments]
    assert steps_taken == [False] * len(moments)


def step(witnesses: Witnesses, node: Node, at: datetime) -> bool:
    node.now = lambda: at
    return witnesses.step(at)


def test_our_checkpoint_is_brought_to_the_witness_and_its_signature_is_kept():
    write(reads(5))
    Sequencer().checkpoint(NOW)
    node = Node(signs())
    brought_to(node, NOW)
    kept = Cosigned.objects.get()
    assert (kept.witness, kept.cosigned_at) == ("rs", NOW)
    assert list(cosigned_at(bytes(kept.note), [witness_key("rs", bytes.fromhex(SERBIA.key))]).values()) == [NOW]
    assert node.heard[0].body["old"] == [0, 0]


def test_a_log_that_did_not_grow_is_brought_again_only_after_a_while():
    write(reads(5))
    Sequencer().checkpoint(NOW)
    node = Node(signs())
    brought_to(node, NOW, NOW + MINUTE, NOW + 2 * MINUTE, NOW + SENT_EVERY)
    assert len(node.heard) == 2


def test_what_the_witness_holds_is_proved_to_have_only_grown():
    write(reads(5))
    Sequencer().checkpoint(NOW)
    seen: list[dict[str, Any]] = []

    def holds_three(asked: Envelope) -> dict[str, Any]:
        seen.append(asked.body)
        return {"answer": "held", "size": 3, "protection": 0} if len(seen) == 1 else signs()(asked)

    brought_to(Node(holds_three), NOW)
    assert [each["old"] for each in seen] == [[0, 0], [3, 0]]
    assert len(seen[1]["proof"]) > 0


def test_an_alarm_of_the_witness_is_told_here_too_and_stops_the_sending():
    write(reads(5))
    Sequencer().checkpoint(NOW)
    node = Node(lambda asked: {"answer": "alarm", "kind": "two histories"})
    brought_to(node, NOW, NOW + TRIED_EVERY, NOW + 2 * TRIED_EVERY)
    assert kinds(ours=True) == ["two histories"]
    assert len(node.heard) == 1
    assert Notice.objects.filter(named__ours=True, named__kind="two histories").count() == 2


@pytest.mark.parametrize(
    "answer",
    [
        signs(b"z" * 32), lambda asked: {"answer": "signed", "signature": "x"}, lambda asked: {"answer": "signed"},
        lambda asked: {"answer": "held", "size": "3", "protection": None}, lambda asked: {"answer": "well"},
        lambda asked: {"answer": "held", "size": 99, "protection": 0},
    ],
    ids=["another key", "no signature", "nothing", "no sizes", "no answer", "more than we have"],
)  # fmt: skip
def test_what_is_no_signature_of_the_witness_counts_for_nothing_and_is_missed_in_time(answer):
    write(reads(5))
    Sequencer().checkpoint(NOW)
    brought_to(Node(answer), NOW, NOW + MISSED_AFTER + MINUTE)
    assert Cosigned.objects.get().note is None
    assert kinds(ours=True) == ["missing"]


def test_a_witness_that_is_revoked_is_sent_nothing_more(stefan):
    write(reads(5))
    Sequencer().checkpoint(NOW)
    node = Node(signs())
    brought_to(node, NOW)
    partners.revoke("rs", "Its key was stolen.", actor=stefan, purpose=Purpose.ADMINISTRATION, basis="public_task",
                    now=NOW)  # fmt: skip
    with override_settings(NODE=replace(settings.NODE, witnesses=("rs",))):
        Witnesses().step(NOW + timedelta(hours=1))
    assert len(node.heard) == 1


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 13, 64, 100])
def test_a_kept_tree_gives_the_proofs_that_the_definition_gives(size: int):
    leaves = [merkle.leaf_hash(bytes([place])) for place in range(size)]
    tree = merkle.Tree()
    [tree.append(leaf) for leaf in leaves]
    proofs = [(old, until) for until in range(1, size + 1) for old in range(1, until + 1)]
    assert [tree.consistency_proof(*each) for each in proofs] == [
        merkle.consistency_proof(leaves[:until], old) for old, until in proofs
    ]


def test_a_tree_proves_nothing_of_a_size_that_it_never_had():
    with pytest.raises(ValueError, match="never grew"):
        merkle.Tree().consistency_proof(1, 1)
