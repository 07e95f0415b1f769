"""Two nodes, a network between them that cannot be trusted, and ``kill -9`` of any part: nothing acknowledged is harmed.

``scripts/bench faults`` plays it for 150 seconds, and with broken nodes, which the same oracle must find out.
"""

from collections import Counter
from random import Random

import pytest

from node_under_test import set_up_django

set_up_django()

from region_faults.oracle import Held, Sent, Taken, judge  # noqa: E402 needs the apps
from region_faults.proxy import changed  # noqa: E402
from region_faults.run import Outcome, play  # noqa: E402

SECONDS = 12.0
NOTE = {"text": "one"}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return play(tmp_path_factory.mktemp("faults"), SECONDS, seed=1)


@pytest.mark.node
@pytest.mark.attack
def test_nothing_acknowledged_is_lost_doubled_forged_or_out_of_order(outcome: Outcome):
    assert outcome.wrong == Counter()


@pytest.mark.node
@pytest.mark.attack
def test_messages_and_answers_flowed_meanwhile_and_faults_struck(outcome: Outcome):
    assert outcome.did["messages received"] >= 10
    assert outcome.did["questions answered"] >= 1
    assert outcome.kills.total() >= 1
    assert sum(times for fault, times in outcome.network.items() if fault != "passed") >= 5


@pytest.mark.parametrize(
    ("outbox", "inbox", "wrong"),
    [
        ([Sent("1", "c", 1, "note", NOTE, True)], [Taken("1", "c", 1, "note", NOTE)], {}),
        ([Sent("1", "c", 1, "note", NOTE, True)], [], {"lost: its receipt is there, and it is not": 1}),
        ([Sent("1", "c", 1, "note", NOTE, False)], [], {"not delivered": 1}),
        ([Sent("1", "c", 1, "note", NOTE, True)], [Taken("1", "c", 1, "note", NOTE)] * 2, {"doubled": 1}),
        ([Sent("1", "c", 1, "note", NOTE, True)], [Taken("1", "c", 1, "note", {"text": "two"})],
         {"forged: something else was sent": 1}),
        ([], [Taken("1", "c", 1, "note", NOTE)],
         {"forged: nobody sent it": 1, "lost: a decision without its message": 1,
          "lost: acknowledged to a desk, and not there": 1}),
        ([Sent("1", "c", 2, "note", NOTE, True)], [Taken("1", "c", 2, "note", NOTE)], {"out of order": 1}),
    ],
    ids=["as it should be", "lost", "on the way", "doubled", "changed", "of nobody", "out of order"],
)  # fmt: skip
def test_the_oracle_tells_each_harm_apart(outbox: list[Sent], inbox: list[Taken], wrong: dict[str, int]):
    one = Counter({("c", "note"): 1})
    assert judge(Held(outbox, decided=one), Held(inbox=inbox), acknowledged=one.elements()) == wrong


def test_a_message_changed_by_the_network_differs_in_one_bit():
    message = b'POST / HTTP/1.1\r\n\r\n{"body":{"text":"note"},"pad":"   "}'
    chance = Random(1)
    for made in (changed(message, chance.random()) for _ in range(50)):
        assert sum((a ^ b).bit_count() for a, b in zip(made, message, strict=True)) == 1
