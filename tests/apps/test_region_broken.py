"""A node that is broken in one of seven ways is found out by the oracle of the fault run; the node as it is, is not."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from node_under_test import NodeDatabase
from people import NOW, actor, amira
from region_bench import SERBIA, Node, answering, joined, question, sent, signed
from region_faults import notes, variants
from region_faults.oracle import Held, Sent, Taken, judge
from region_faults.variants import VARIANTS
from rule_cases import SCREENED
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.exchange import profiles
from stonebridge.exchange.envelope import Envelope, from_bytes
from stonebridge.exchange.models import Incoming, Outgoing
from stonebridge.exchange.outbox import deliver_due
from stonebridge.exchange.transports.signatures import Request, Response
from stonebridge.registry.models import Person
from stonebridge.remedies.services import record_claim, record_origin
from stonebridge.safeguards import gate
from stonebridge.safeguards.models import HistoryEntry
from stonebridge.safeguards.policy import Claim, Fact

pytestmark = pytest.mark.attack
WIRED = profiles.profiles()
REGISTERING = {"purpose": Purpose.REGISTRATION, "basis": "public_task", "now": NOW}
TALKING = replace(SERBIA, profiles={notes.NAME: [1]})


@pytest.fixture
def person(clerk: Actor, vera: Actor) -> Iterator[Person]:
    """Amira, about whom notes may go to rs."""
    made = amira(clerk, needs=SCREENED)
    record_claim(made.id, Claim.NONE, asked_on=NOW.date(), actor=clerk, **REGISTERING)
    record_origin(made.id, "SRB", Fact.NO, reason="She never lived there.", actor=vera, **REGISTERING)
    profiles.register(*WIRED.values(), notes.NOTE)
    yield made
    profiles.register(*WIRED.values())
    killed()


def killed() -> None:
    """The node is killed: what it would do later it does not do."""
    for timer in variants.pending:
        timer.cancel()
        timer.join()
    variants.pending.clear()


def break_it(name: str, monkeypatch: pytest.MonkeyPatch, node_database: NodeDatabase) -> None:
    """Put the variant in the place of the product."""
    if name in variants.NEED_NO_CONSTRAINTS:
        with psycopg.connect(node_database.urls["owner"]) as connection:
            connection.execute(variants.UNGUARDED)
    monkeypatch.setattr(variants, "LATER", 60.0)  # longer than a slow machine needs until the node is killed
    VARIANTS[name](monkeypatch.setattr)


def what_comes_in() -> Counter[str]:
    """Three messages of rs come twice, replayed, out of order and changed, and the node is killed at the end."""
    joined(TALKING, actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER))
    conversation = uuid4()
    first, second, third = (
        question({"text": f"message {number}"}, profile=notes.NAME, conversation=conversation, sequence=number)
        for number in (1, 2, 3)
    )
    has_receipt: set[str] = set()

    def send(message: Envelope, request: Request | None = None) -> bool:
        response = sent(request or signed(message))
        if response.status_code == 202 and from_bytes(response.body).body == variants.receipt(message):
            has_receipt.add(str(message.id))
        return response.status_code == 202

    once = signed(first)
    replayed = sum(send(first, once) for _ in range(2)) - 1
    send(first)
    send(third)
    changed = signed(second)
    changed.body = changed.body.replace(b"message 2", b"message 3")
    send(second, changed)
    send(second)
    send(third)
    killed()
    with gate.act(Purpose.IDENTIFICATION):
        taken = [Taken(str(each.message), str(each.conversation), each.sequence, each.profile, each.body)
                 for each in Incoming.objects.order_by("id")]  # fmt: skip
    rs = Held([Sent(str(each.id), str(conversation), each.sequence, each.profile, each.body, str(each.id) in has_receipt)
               for each in (first, second, third)], decided=Counter({(str(conversation), notes.NAME): 3}))  # fmt: skip
    return judge(rs, Held(inbox=taken)) + Counter(replayed=replayed)


@dataclass
class Between(Node):
    """rs, with somebody between who answers every second message with the receipt of the first, and passes it not on."""

    kept: Response | None = None
    is_healed: bool = False
    times: Counter[str] = field(default_factory=Counter)

    def reply(self, url: str, body: bytes, headers: dict[str, str]) -> Response:
        self.times["came"] += 1
        if self.kept is not None and not self.is_healed:
            return self.kept
        response = super().reply(url, body, headers)
        self.kept = self.kept or response
        return response


def what_goes_out(person: Person, examiner: Actor) -> Counter[str]:
    """Three notes are sent; receipts are exchanged on the way until it is healed; the node is killed at once."""
    conversation = uuid4()
    with answering(Between(variants.receipt)) as node:
        joined(replace(TALKING, address=node.address), actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER))
        notes.send(["one", "two"], conversation, person.id, "rs", actor=examiner, now=NOW)
        notes.send(["three"], conversation, person.id, "rs", actor=examiner, now=NOW)
        killed()
        while deliver_due(NOW):
            pass
        node.is_healed = True
        node.now = lambda: NOW + timedelta(hours=1)
        while deliver_due(NOW + timedelta(hours=1)):
            pass
    with gate.act(Purpose.IDENTIFICATION):
        queued = [Sent(str(each.id), str(each.conversation), each.sequence, each.profile, each.body,
                       each.state == "received") for each in Outgoing.objects.all()]  # fmt: skip
        decided = HistoryEntry.objects.filter(event="note_sent").count()
    heard = [Taken(str(each.id), str(each.conversation), each.sequence, each.profile, each.body) for each in node.heard]
    mk = Held(queued, decided=Counter({(str(conversation), notes.NAME): decided}))
    return judge(mk, Held(inbox=heard), acknowledged=[(str(conversation), notes.NAME)] * 3)


def test_the_node_as_it_is_takes_everything_once_and_in_order(person):
    assert what_comes_in() == Counter()


def test_the_node_as_it_is_sends_everything_until_its_own_receipt_is_here(person, jana):
    assert what_goes_out(person, jana) == Counter()


FOUND: dict[str, str] = {
    "no_dedupe": "doubled", "early_receipt": "lost: its receipt is there, and it is not", "no_order_check": "out of order",
    "unchecked_digest": "forged: something else was sent", "replay_window": "replayed",
}  # fmt: skip
FOUND_GOING_OUT = {
    "dual_write": "lost: a decision without its message", "unbound_receipt": "lost: its receipt is there, and it is not",
    "no_order_check": "out of order",
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_a_node_that_is_broken_in_taking_is_found_out(person, monkeypatch, node_database, name: str):
    break_it(name, monkeypatch, node_database)
    assert what_comes_in()[FOUND[name]]


@pytest.mark.parametrize("name", FOUND_GOING_OUT)
def test_a_node_that_is_broken_in_sending_is_found_out(person, jana, monkeypatch, node_database, name: str):
    break_it(name, monkeypatch, node_database)
    assert what_goes_out(person, jana)[FOUND_GOING_OUT[name]]


def test_every_variant_is_played():
    assert {*FOUND, *FOUND_GOING_OUT} == set(VARIANTS)


@pytest.mark.parametrize("one", [variants.unbound_signature, variants.unread_receipt])
def test_of_the_two_safeguards_of_a_receipt_each_is_enough(
    person, jana, monkeypatch, one: Callable[[variants.Patch], None]
):
    one(monkeypatch.setattr)
    assert what_goes_out(person, jana) == Counter()
