"""Questions to a running node from a partner whose key the tests hold: what stays of them, and what their answers show.

``scripts/bench telling`` measures over thousands of exchanges how well times tell answers apart; here lengths alone.
"""

import base64
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from node_under_test import set_up_django
from running_node import RunningNode, running_node

set_up_django()

from region_bench import question, signed  # noqa: E402 needs the apps
from region_telling import HIDDEN, HIT, NO_RECORD, Exchange, ask, exchanges, join, shapes  # noqa: E402
from stonebridge.exchange.envelope import Envelope, content_digest, from_bytes, to_bytes  # noqa: E402
from stonebridge.exchange.transports.signatures import Request  # noqa: E402
from stonebridge.site.database import NAME  # noqa: E402
from stonebridge.site.state import socket_folder  # noqa: E402

pytestmark = pytest.mark.node
WORDS = {"given": "Qvorxinela", "family": "Zzyphotrask", "father": "Wulbraxen", "mother": "Jyqathemi",
         "birth_place": "Xoquvindel"}  # fmt: skip
DOCUMENT, CASE = "SYR:QZX7741900283", "RS-QZX-55812"
BODY: dict[str, Any] = {
    "identities": [WORDS | {"birth": "1987-03-19", "sex": "f", "nationalities": ["SYR"], "documents": [DOCUMENT]}]
}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    """The node of North Macedonia, of which the tests are a partner."""
    folder = tmp_path_factory.mktemp("probes")
    with running_node(folder / "mk", "--people", "0") as made:
        join(made, folder)
        yield made


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was sent, and the answer."""

    envelope: Envelope
    request: Request
    answer: dict[str, Any]


def asked(node: RunningNode, body: dict[str, Any]) -> Asked:
    envelope = question(body, case=CASE)
    request = signed(envelope, url=f"{node.address}exchange/messages/")
    _, answer, _, _ = ask(request)
    return Asked(envelope, request, from_bytes(answer).body)


@pytest.fixture(scope="module")
def probe(node: RunningNode) -> Asked:
    """A question about somebody unknown, which was answered; then one that is malformed, and one to a dead matcher."""
    made = asked(node, BODY)
    asked(node, BODY | {WORDS["given"]: WORDS["family"]})
    node.kill("matcher")
    asked(node, BODY)
    return made


def canaries(probe: Asked) -> dict[str, bytes]:
    """What must not be found, in each form in which it could be kept."""
    texts = {**WORDS, "document": DOCUMENT.split(":")[1], "case": CASE, "salt": probe.envelope.salt,
             "digest": content_digest(probe.envelope)}  # fmt: skip
    found = {name: text.lower().encode() for name, text in texts.items()}
    found |= {f"{name} in hexadecimal": text.encode().hex().encode() for name, text in texts.items()}
    found |= {f"{name} in base 64": base64.b64encode(text.encode())[:12].lower() for name, text in texts.items()}
    found["digest of the bytes"] = probe.request.headers["Content-Digest"].split(":")[1].lower().encode()
    found["digest as bytes"] = bytes.fromhex(content_digest(probe.envelope)).lower()
    return found


def places(node: RunningNode) -> Iterator[Path]:
    """Every file of the node: its state, the data folder of PostgreSQL with its WAL, sockets, and temporary files."""
    roots = {node.node.state, node.server.home, socket_folder(node.node.state)}
    for root in roots:
        yield from (each for each in root.rglob("*") if each.is_file())
    yield from (each for each in Path(tempfile.gettempdir()).glob("*") if each.is_file() and os.access(each, os.R_OK))


def holding(node: RunningNode, wanted: dict[str, bytes]) -> list[tuple[str, str]]:
    """Which of these stand in which file."""
    with psycopg.connect(node.server.superuser_url(NAME), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    found = []
    for path in places(node):
        try:
            content = path.read_bytes().lower()
        except FileNotFoundError:
            continue
        found += [(path.name, name) for name, canary in wanted.items() if canary in content]
    return found


def test_the_question_was_answered_and_is_on_record_by_its_number(node: RunningNode, probe: Asked):
    assert probe.answer == {"answer": "no_hit", "handle": ""}
    with psycopg.connect(node.server.superuser_url(NAME)) as connection:
        came = connection.execute(
            "SELECT profile, purpose FROM exchange_received WHERE message = %s", [probe.envelope.id]
        ).fetchall()
    assert came == [("person_query", "identification")]


def test_after_no_hit_no_table_no_wal_no_log_and_no_file_holds_anything_of_the_probe(node: RunningNode, probe: Asked):
    assert holding(node, canaries(probe)) == []


def test_the_search_of_the_files_finds_what_is_kept(node: RunningNode, probe: Asked):
    found = holding(
        node, {"number": probe.envelope.id.bytes.lower(), "number in the log": str(probe.envelope.id).encode()}
    )
    assert {name for _, name in found} == {"number", "number in the log"}
    assert any(len(file) == 24 for file, name in found if name == "number"), "the WAL is searched as well"


@pytest.fixture(scope="module")
def seen(node: RunningNode, probe: Asked) -> list[Exchange]:
    return exchanges(node.address, 12)


def test_the_answers_are_those_that_each_kind_must_have(seen: list[Exchange]):
    assert {(each.kind, each.answer) for each in seen} == {(NO_RECORD, "no_hit"), (HIDDEN, "no_hit"), (HIT, "hit")}


def test_answers_of_all_kinds_have_the_same_length_and_the_same_headers(seen: list[Exchange]):
    assert len(shapes(seen, NO_RECORD, HIDDEN, HIT)) == 1


def test_a_refusal_is_as_long_as_an_answer(node: RunningNode, seen: list[Exchange]):
    url = f"{node.address}exchange/messages/"
    refused = question(BODY, purpose="statistics", id=uuid4())
    _, body, _, _ = ask(signed(to_bytes(refused), url=url))
    assert from_bytes(body).body["answer"] == "refused"
    assert {len(body)} == {each.body for each in seen}
