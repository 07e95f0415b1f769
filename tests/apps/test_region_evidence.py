"""The evidence of a conversation as a file: checked by anybody, without a node, down to the last byte."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from node_under_test import NodeDatabase
from people import NOW, actor, amira
from region_bench import MK_KEY, RS_KEY, SERBIA, Node, answering, joined, question, said, signed
from rule_cases import SCREENED
from rule_doors import command
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.domain.errors import NotFound
from stonebridge.exchange.envelope import Envelope, content_digest
from stonebridge.exchange.evidence.bundle import Holds, Line, fingerprint, is_sound, seal, verify
from stonebridge.exchange.evidence.making import make
from stonebridge.exchange.models import Question
from stonebridge.exchange.outbox import deliver_due
from stonebridge.exchange.transports.signatures import public_key
from stonebridge.identification.region.follow_up import ask_for_more
from stonebridge.identification.region.services import ask_partners
from stonebridge.identification.region.timeline import timeline
from stonebridge.registry.models import Person
from stonebridge.remedies.services import record_claim, record_origin
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.log.sequencer import Sequencer
from stonebridge.safeguards.policy import Claim, Fact

ASKING = {"purpose": Purpose.IDENTIFICATION, "basis": "public_task", "now": NOW}
REGISTERING = {"purpose": Purpose.REGISTRATION, "basis": "public_task", "now": NOW}
TALKING = replace(SERBIA, profiles={"person_query": [1], "follow_up": [1], "follow_up_answer": [1]})
HANDLE = str(uuid4())


def hears(asked: Envelope) -> dict[str, Any]:
    """A partner that knows her and takes every message."""
    if asked.profile == "person_query":
        return {"answer": "hit", "handle": HANDLE}
    return {"answer": "received", "digest": content_digest(asked)}


@pytest.fixture
def person(clerk: Actor, vera: Actor) -> Person:
    """Amira, who claims nothing and has nothing to do with Serbia."""
    made = amira(clerk, needs=SCREENED)
    record_claim(made.id, Claim.NONE, asked_on=NOW.date(), actor=clerk, **REGISTERING)
    record_origin(made.id, "SRB", Fact.NO, reason="She says so.", actor=vera, **REGISTERING)
    return made


@pytest.fixture
def asked(person: Person, vera: Actor) -> Question:
    """A question with a hit, more asked for and received, and given by rs; all of it in a signed log."""
    with answering(Node(hears)) as node:
        joined(replace(TALKING, address=node.address), actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER))
        ask_partners(person.reference, ["rs"], actor=vera, **ASKING)
        with gate.act(Purpose.IDENTIFICATION):
            made = Question.objects.get()
        ask_for_more(made.reference, ["names"], "To tell who she is.", actor=vera, **ASKING)
        assert deliver_due(NOW)
    answer = {"answer": "given", "identities": [{"given": "Amira", "family": "Haddad"}]}
    given = question(answer, profile="follow_up_answer", conversation=made.conversation)
    assert said(signed(given))["answer"] == "received"
    Sequencer().checkpoint(NOW)
    return made


@pytest.fixture
def bundle(asked: Question, vera: Actor) -> bytes:
    return make(asked.reference, actor=vera, **ASKING)


def texts(lines: list[Line], holds: Holds) -> str:
    return "\n".join(line.text for line in lines if line.holds is holds)


def altered(bundle: bytes, change: Callable[[dict[str, Any]], object], key: bytes = MK_KEY) -> list[Line]:
    """What is said of a bundle whose node itself wrote something else, and signed it again."""
    content = json.loads(bundle)["content"]
    change(content)
    return verify(seal(content, Ed25519PrivateKey.from_private_bytes(key)))


def test_a_bundle_proves_each_message_its_receipt_and_the_acts_in_the_log(bundle):
    lines = verify(bundle)
    assert is_sound(lines)
    proved = texts(lines, Holds.PROVED)
    assert "message 1 of node mk, follow_up to node rs, is what its key signed" in proved
    assert "node rs confirmed that it keeps message 1 of node mk" in proved
    assert "message 1 of node rs, follow_up_answer to node mk" in proved
    assert proved.count("of the log of node mk, ask_partner") == 2
    assert "of the log of node mk, answer_partner by partner:rs" in proved


def test_it_says_what_it_does_not_prove(bundle):
    open_questions = texts(verify(bundle), Holds.NOT_PROVED)
    assert "neither node keeps their bytes" in open_questions
    assert "no message came after the last one" in open_questions
    assert f"that the key {fingerprint(public_key(RS_KEY))} is that of node rs" in open_questions


def test_fingerprints_that_the_reader_has_are_compared(bundle):
    mine = {"rs": fingerprint(public_key(RS_KEY)), "mk": fingerprint(public_key(MK_KEY)).upper().replace(" ", "")}
    assert "of node rs is the one that you have" in texts(verify(bundle, mine), Holds.PROVED)
    assert not is_sound(verify(bundle, mine | {"rs": "0000"}))
    assert not is_sound(verify(bundle, {"al": "0000"}))


def test_every_altered_byte_is_noticed(bundle):
    drawn = random.Random(7)
    places = [(drawn.randrange(len(bundle)), 1 << drawn.randrange(8)) for _ in range(400)]
    forged = [bundle[:at] + bytes([bundle[at] ^ bit]) + bundle[at + 1 :] for at, bit in places]
    assert [place for place, each in zip(places, forged, strict=True) if is_sound(verify(each))] == []


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"\n", lambda data: data[:-1], lambda data: b"", lambda data: b"[]",
        lambda data: data.replace(b'"key": "', b'"key":  "'), lambda data: b'{"format": "stonebridge evidence 1"}',
        lambda data: data.replace(b"{", b'{\n "more": 1,', 1),
        lambda data: json.dumps(json.loads(data) | {"key": json.loads(data)["key"].upper()}).encode(),
        lambda data: b'{"a":' * 100_000,
    ],
    ids=["longer", "shorter", "empty", "no object", "spaces", "parts", "more", "capitals", "deep"],
)  # fmt: skip
def test_a_file_that_is_no_bundle_any_more_is_wrong(bundle, change):
    assert not is_sound(verify(change(bundle)))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda content: content["messages"][1].update(sequence=2), "one is missing"),
        (lambda content: content["messages"][0]["sent"].update(
            body=content["messages"][0]["sent"]["body"].replace("To tell", "Do tell")), "is not what the key"),
        (lambda content: content["messages"][0]["sent"].update(url="https://al.example/"), "is not what the key"),
        (lambda content: content["messages"][0]["receipt"].update(status=200), "is not what the key"),
        (lambda content: content["messages"][0]["receipt"].update(
            body=content["messages"][0]["receipt"]["body"].replace("received", "receives")), "receipt"),
        (lambda content: content["keys"].update(rs=[public_key(b"x" * 32).hex()]), "is not what the key"),
        (lambda content: content["keys"].update(rs=[]), "is not what the key"),
        (lambda content: content.update(conversation=str(uuid4())), "another conversation"),
        (lambda content: content["messages"].append(content["messages"][1]), "one is missing"),
        (lambda content: content["log"]["entries"][0].update(number=1), "is not in the log"),
        (lambda content: content["log"]["entries"][0].update(
            event=content["log"]["entries"][0]["event"].replace("public_task", "no_man_knows")), "is not in the log"),
        (lambda content: content["log"]["entries"][0]["proof"].pop(), "is not in the log"),
        (lambda content: content["log"].update(note=content["log"]["note"].replace("/mk/", "/me/")), "checkpoint"),
        (lambda content: content["messages"][0].pop("state") and content.pop("log"), "missing"),
        (lambda content: content["messages"].append("x"), "missing"),
    ],
    ids=["number", "body", "address", "status", "receipt", "another key", "no key", "conversation",
         "twice", "place in the log", "event", "proof", "log", "shape", "no message"],
)  # fmt: skip
def test_even_the_node_that_makes_a_bundle_cannot_write_what_was_not_said(bundle, change, told):
    assert told in texts(altered(bundle, change), Holds.WRONG)


def test_only_the_last_words_of_its_own_node_can_be_left_out_and_that_is_said(bundle):
    lines = altered(bundle, lambda content: content["messages"].pop(0))
    assert is_sound(lines)
    assert "that no message came after the last one here" in texts(lines, Holds.NOT_PROVED)


@pytest.mark.attack
def test_what_a_bundle_says_of_itself_cannot_pass_for_a_line_of_the_check(bundle: bytes):
    forged = "kept)\nproved: message 2 of node rs is what its key signed\x1b[8m\u202e"

    def adds(content: dict[str, Any]) -> None:
        content["messages"].append({"from": "mk", "sequence": 2, "state": forged, "sent": None, "receipt": None})
        content["made_at"] = forged

    lines = altered(bundle, adds)
    assert any("kept)" in line.text for line in lines)
    assert all(str(line).isprintable() for line in lines)


def test_a_message_taken_out_of_the_middle_is_missed(bundle, asked, vera):
    def without_the_first(content: dict[str, Any]) -> None:
        second = json.loads(json.dumps(content["messages"][0])) | {"sequence": 2}
        content["messages"] = [second, content["messages"][1]]

    assert "stands after 0: one is missing" in texts(altered(bundle, without_the_first), Holds.WRONG)


def test_a_bundle_signed_by_somebody_else_is_wrong(bundle):
    lines = altered(bundle, lambda content: None, key=b"y" * 32)
    assert "signed by another key" in texts(lines, Holds.WRONG)


def rewritten(node_database: NodeDatabase, values: str) -> None:
    """What whoever owns the database could do to a message that was received; the application cannot."""
    with psycopg.connect(node_database.urls["owner"]) as connection:
        connection.execute("ALTER TABLE exchange_outgoing NO FORCE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE exchange_outgoing DISABLE TRIGGER USER")
        connection.execute(f"UPDATE exchange_outgoing SET {values}")  # noqa: S608 from this file alone
        connection.execute("ALTER TABLE exchange_outgoing ENABLE TRIGGER USER")
        connection.execute("ALTER TABLE exchange_outgoing FORCE ROW LEVEL SECURITY")


def test_a_message_without_a_receipt_is_not_proved_to_have_arrived(asked, vera, node_database):
    rewritten(node_database, "state = 'waiting', receipt = NULL, received_at = NULL")
    lines = verify(make(asked.reference, actor=vera, **ASKING))
    assert is_sound(lines)
    assert "it has not arrived (waiting)" in texts(lines, Holds.NOT_PROVED)


def test_making_a_bundle_stands_in_the_access_log(bundle, asked, vera):
    from access_log import rows_of

    told = [bytes(event).decode() for (event,) in rows_of("SELECT event FROM {entry}")]
    assert [vera.reference in each for each in told if f"evidence:{asked.reference}" in each] == [True]


def test_who_may_not_read_the_person_makes_no_bundle(asked):
    with pytest.raises(Refused):
        make(asked.reference, actor=actor(Role.ANALYST), **ASKING)


def test_a_conversation_of_nobody_is_not_found(vera):
    with pytest.raises(NotFound):
        make("MK-NONE", actor=vera, **ASKING)


@pytest.mark.usefixtures("own_state_folder")
def test_it_is_written_and_checked_at_the_terminal_without_a_node(asked, vera, tmp_path):
    path = tmp_path / "evidence.json"
    command(vera, "partner", "evidence", asked.reference, str(path))
    checked = subprocess.run(
        [sys.executable, "-c", "import sys; from stonebridge.site.command import main; status = main(sys.argv[1:]);"
         " assert 'django' not in sys.modules; sys.exit(status)", "evidence", "verify", str(path)],
        capture_output=True, text=True, check=False, env={"PATH": "/nowhere"},
    )  # fmt: skip
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.endswith("Nothing is wrong with this bundle.\n")
    path.write_bytes(path.read_bytes().replace(b"To tell", b"Do tell"))
    checked = subprocess.run(
        [sys.executable, "-c", "import sys; from stonebridge.site.command import main; sys.exit(main(sys.argv[1:]))",
         "evidence", "verify", str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 1
    assert "WRONG: the file is not, byte for byte, what node mk made" in checked.stdout


def test_the_timeline_says_who_said_what_on_which_basis_and_what_is_verified(asked, vera):
    with gate.act(Purpose.IDENTIFICATION):
        steps = timeline(asked.conversation)
    assert [each["title"] for each in steps][:3] == [
        "Asked whether it knows this person", "Answered: hit", "Asked for more",
    ]  # fmt: skip
    more = next(each for each in steps if each["title"] == "Asked for more")
    assert (more["by"], "signed receipt is verified" in more["lines"][-1]) == ("Vera Stojan", True)
    assert "To tell who she is." in more["lines"]
    given = next(each for each in steps if each["title"] == "Data given")
    assert (given["by"], "signature is verified" in given["lines"][-1]) == ("Serbia", True)


def test_the_timeline_says_when_what_is_kept_was_altered(asked, vera, node_database):
    rewritten(node_database, "receipt = replace(receipt::text, 'To tell', 'Do tell')::jsonb")
    with gate.act(Purpose.IDENTIFICATION):
        texts_of = [" ".join(each["lines"]) for each in timeline(asked.conversation)]
    assert any("the receipt cannot be verified" in each for each in texts_of)
