"""What can be told of an answer from outside: its length, and when it comes. A thousand strangers' stopwatches.

A partner whose key we hold asks a running node about people whom it does not know, people whom it knows and may not
tell of, and people whom it may. Everything of an exchange that can be seen on the wire is kept.
"""

import json
import socket
import subprocess
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from region_bench import RS_KEY, question, signed
from region_faults import node as fault_node
from running_node import RunningNode, wait_until
from stonebridge.domain.actor import Purpose
from stonebridge.exchange.envelope import from_bytes
from stonebridge.exchange.transports.signatures import Request, public_key
from stonebridge.identification.matcher.node import client
from stonebridge.identification.region.messages import question_body
from stonebridge.matching.record import Identity
from stonebridge.registry.models import Person
from stonebridge.registry.statements import VISIBLE, record_for_matcher
from stonebridge.remedies.models import Origin
from stonebridge.safeguards import gate

NO_RECORD, HIDDEN, HIT = "no record", "hidden record", "hit"
LIMIT = 0.52
RESAMPLES = 300


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answer as it was seen: lengths in bytes, times in seconds from the last byte of the question."""

    kind: str
    head: int
    body: int
    names: str
    first: float
    last: float
    answer: str


def join(node: RunningNode, folder: Path) -> None:
    """Make rs, whose key the tests have, a partner of this node with a quota that never ends."""
    folder.mkdir(exist_ok=True)
    words = [fault_node.command(folder), "let-in", "rs", "http://127.0.0.1:9/", public_key(RS_KEY).hex()]
    subprocess.run(words, env=node.node.environment, check=True, timeout=120)


def probes() -> dict[str, list[dict[str, Any]]]:
    """Questions of each kind about the register of the running node; its matcher finds whom they describe."""
    with gate.act(Purpose.IDENTIFICATION):
        tellable = set(Origin.objects.filter(state="SRB", is_origin="no").values_list("person_id", flat=True))
        persons = list(Person.objects.prefetch_related("statements__names", "statements__nationalities", "documents"))
        known = {person.id: record_for_matcher(person).identities[0] for person in persons}
    found: dict[str, list[dict[str, Any]]] = {NO_RECORD: [], HIDDEN: [], HIT: []}
    matcher = client()
    wait_until(lambda: matcher.status().records >= len(known))
    for person, identity in known.items():
        hits = matcher.search(identity, visible=VISIBLE[Purpose.IDENTIFICATION], limit=5, budget=5, at_least=0).hits
        if person in {each.id for each in hits}:
            found[HIT if person in tellable else HIDDEN].append(_as_sent(identity))
            found[NO_RECORD].append(_as_sent(_nobody(identity)))
    return found


def _as_sent(identity: Identity) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(json.dumps(question_body([identity])))
    return read


def _nobody(identity: Identity) -> Identity:
    """Somebody of as many letters whom nobody knows."""
    turned = str.maketrans("aeiourstlnm", "uoaiezpkgbv")
    return replace(identity, given=identity.given.translate(turned), family=identity.family.translate(turned)[::-1],
                   birth="1951-10-29", documents=())  # fmt: skip


def ask(request: Request) -> tuple[bytes, bytes, float, float]:
    """Head and body of the answer, and when its first and last byte came."""
    at = urlsplit(request.url)
    lines = [f"POST {at.path} HTTP/1.1", f"Host: {at.netloc}", f"Content-Length: {len(request.body)}", "Connection: close",
             *(f"{name}: {value}" for name, value in request.headers.items())]  # fmt: skip
    sent = "\r\n".join(lines).encode() + b"\r\n\r\n" + request.body
    with socket.create_connection((at.hostname, at.port), timeout=10) as peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.sendall(sent)
        began = time.perf_counter()
        read = peer.recv(65536)
        first = time.perf_counter() - began
        while more := peer.recv(65536):
            read += more
        last = time.perf_counter() - began
    head, _, body = read.partition(b"\r\n\r\n")
    return head, body, first, last


def exchanges(address: str, each: int, *, at_once: int = 4, seed: int = 1) -> list[Exchange]:
    """Ask so many questions of each kind, in an order of chance, over so many connections at once."""
    bodies, chance = probes(), Random(seed)
    order = [kind for kind in bodies for _ in range(each)]
    chance.shuffle(order)
    asked = [(kind, chance.choice(bodies[kind])) for kind in order]
    url, lock = f"{address}exchange/messages/", threading.Lock()
    kept: list[Exchange] = []

    def one(what: tuple[str, dict[str, Any]]) -> None:
        kind, body = what
        request = signed(replace(question(body), sent_at=datetime.now(UTC)), url=url)
        head, answer, first, last = ask(request)
        names = ",".join(line.split(":")[0] for line in head.decode().split("\r\n"))
        said = (
            from_bytes(answer).body["answer"]
            if head.startswith((b"HTTP/1.1 2", b"HTTP/1.1 4"))
            else head.split()[1].decode()
        )
        seen = Exchange(kind, len(head), len(answer), names, first, last, said)
        with lock:
            kept.append(seen)

    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(one, asked))
    return kept


def shapes(seen: Sequence[Exchange], *kinds: str) -> set[tuple[int, int, str]]:
    """Every length and list of headers that answers of these kinds had."""
    return {(each.head, each.body, each.names) for each in seen if each.kind in kinds}


def told_apart(
    seen: Sequence[Exchange], one: set[str], other: set[str], when: str, seed: int = 1
) -> tuple[float, float, float]:
    """How well a time tells two kinds apart: max(AUC, 1 - AUC), with its bootstrap interval (95 %)."""
    left = np.array([getattr(each, when) for each in seen if each.kind in one])
    right = np.array([getattr(each, when) for each in seen if each.kind in other])
    random = np.random.default_rng(seed)
    again = [area(random.choice(left, left.size), random.choice(right, right.size)) for _ in range(RESAMPLES)]
    low, high = np.percentile(again, [2.5, 97.5])
    found = area(left, right)
    return (found, low, high) if found >= 0.5 else (1 - found, 1 - high, 1 - low)


def area(left: "np.ndarray[Any, Any]", right: "np.ndarray[Any, Any]") -> float:
    """The chance that one of the left is later than one of the right; ties count half."""
    ordered = np.sort(right)
    below, upto = np.searchsorted(ordered, left, "left"), np.searchsorted(ordered, left, "right")
    return float((below + upto).sum() / (2 * left.size * right.size))


VIEWS = {
    "an outsider: hit from no hit": ({HIT}, {NO_RECORD, HIDDEN}),
    "the asking partner: hidden record from no record": ({HIDDEN}, {NO_RECORD}),
}


def report(seen: Sequence[Exchange]) -> dict[str, Any]:
    """What each onlooker can tell."""
    return {
        view: {
            "shapes": sorted({(head, body) for head, body, _ in shapes(seen, *one, *other)}),
            **{when: [round(value, 4) for value in told_apart(seen, one, other, when)] for when in ("first", "last")},
        }
        for view, (one, other) in VIEWS.items()
    }


def written(seen: Sequence[Exchange]) -> str:
    return json.dumps(report(seen), indent=1)
