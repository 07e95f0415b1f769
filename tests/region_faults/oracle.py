"""What two nodes and their desks hold, compared: nothing acknowledged may be lost, doubled, forged or out of order.

It knows no table and no service: rows come in as they stand in both databases, and beside them what the desks were
told and what the network saw, both kept outside the nodes.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Sent:
    """A row of an outbox. ``is_received`` says that its receipt is there."""

    id: str
    conversation: str
    sequence: int
    profile: str
    body: dict[str, Any]
    is_received: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A row of an inbox; a node's rows come in the order in which they were taken."""

    message: str
    conversation: str
    sequence: int
    profile: str
    body: dict[str, Any]


@dataclass(slots=True)
class Held:
    """What one node holds. ``decided`` are the conversations of its decisions that send a message, by profile."""

    outbox: list[Sent] = field(default_factory=list)
    inbox: list[Taken] = field(default_factory=list)
    decided: Counter[tuple[str, str]] = field(default_factory=Counter)


def judge(
    sender: Held, receiver: Held, *, acknowledged: Iterable[tuple[str, str]] = (), healed: bool = True
) -> Counter[str]:
    """What is wrong with the messages of one node to another.

    ``acknowledged`` names, by conversation and profile, each decision of which a desk was told that it stands.
    ``healed`` says that the faults are over and there was time for everything to arrive.
    """
    wrong: Counter[str] = Counter()
    sent = {each.id: each for each in sender.outbox}
    came = Counter(each.message for each in receiver.inbox)
    queued = Counter((each.conversation, each.profile) for each in sender.outbox)
    told = Counter(acknowledged)
    wrong["lost: a decision without its message"] = total(sender.decided - queued)
    wrong["lost: acknowledged to a desk, and not there"] = total(told - queued)
    wrong["forged: a message without a decision"] = total(queued - sender.decided)
    wrong["lost: its receipt is there, and it is not"] = sum(
        each.is_received and not came[each.id] for each in sent.values()
    )
    wrong["doubled"] = sum(times - 1 for times in came.values())
    wrong["forged: nobody sent it"] = sum(each.message not in sent for each in receiver.inbox)
    wrong["forged: something else was sent"] = sum(
        each.message in sent and said(each) != said(sent[each.message]) for each in receiver.inbox
    )
    wrong["out of order"] = out_of_order(receiver.inbox)
    if healed:
        wrong["not delivered"] = sum(not each.is_received for each in sent.values())
    return +wrong


def said(message: Sent | Taken) -> tuple[str, int, str, str]:
    return message.conversation, message.sequence, message.profile, json.dumps(message.body, sort_keys=True)


def out_of_order(inbox: Iterable[Taken]) -> int:
    """Messages taken that do not follow the one taken before in their conversation; another copy is no new place."""
    last: Counter[str] = Counter()
    wrong, seen = 0, set[str]()
    for each in inbox:
        if each.message in seen:
            continue
        seen.add(each.message)
        wrong += each.sequence != last[each.conversation] + 1
        last[each.conversation] = each.sequence
    return wrong


def total(counted: "Counter[Any]") -> int:
    return sum(counted.values())
