"""The fault run: two whole nodes, a network between them that cannot be trusted, and ``kill -9`` of any part.

Officers of both ask, answer and decide meanwhile. Then everything heals, what waits is delivered, and the oracle
compares both databases with the ledgers of the desks and with what the network saw.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import psycopg

import running_node as running
from region_faults import node, notes
from region_faults.oracle import Held, Sent, Taken, judge
from region_faults.variants import NEED_NO_CONSTRAINTS, UNGUARDED
from running_node import RunningNode, running_nodes, with_no_regret
from stonebridge.identification.region.follow_up import ANSWER, ASK
from stonebridge.site import demonstration
from stonebridge.site.database import NAME
from stonebridge.site.demonstration import free_port

CODES = ("mk", "rs")
PLAYED = (ASK, ANSWER, notes.NAME)
PARTS = ("web", "web worker", "web worker", "worker", "worker", "postgres", "postgres", "desk")
BETWEEN_KILLS = 2.5
"""Seconds from one kill to the next, on average."""
HEALING = 90.0
"""Seconds that everything that waits may take to arrive when the faults are over."""


@dataclass
class Side:
    """One node with its desk and the ledger of it."""

    node: RunningNode
    other: str
    ledger: Path
    desk: "subprocess.Popen[bytes] | None" = None

    def open_desk(self, seed: str) -> None:
        words = [demonstration.COMMAND, "desk", self.other, str(self.ledger), seed]
        with self.ledger.with_suffix(".log").open("ab") as log:
            self.desk = subprocess.Popen(words, env=self.node.node.environment, stdin=subprocess.DEVNULL, stderr=log)

    def close_desk(self) -> None:
        if self.desk is not None:
            self.desk.terminate()
            self.desk.wait(30)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database holds, row security or not."""
        with psycopg.connect(self.node.server.superuser_url(NAME)) as connection:
            return connection.execute(sql).fetchall()

    def held(self) -> Held:
        """What the oracle looks at."""
        outbox = [
            Sent(str(id), str(conversation), sequence, profile, body, state == "received")
            for id, conversation, sequence, profile, body, state in self.rows(
                "SELECT id, conversation, sequence, profile, body, state FROM exchange_outgoing"
            )
            if profile in PLAYED
        ]
        inbox = [
            Taken(str(id), str(conversation), sequence, profile, body)
            for id, conversation, sequence, profile, body in self.rows(
                "SELECT message, conversation, sequence, profile, body FROM exchange_incoming ORDER BY id"
            )
            if profile in PLAYED
        ]
        decided = self.rows(
            f"""SELECT q.conversation::text, '{ASK}' FROM safeguards_historyentry h
                  JOIN exchange_question q ON h.subject = 'question:' || q.reference WHERE h.event = 'more_asked'
                UNION ALL SELECT i.conversation::text, '{ANSWER}' FROM safeguards_historyentry h
                  JOIN exchange_incoming i ON h.subject = 'request:' || i.id
                 WHERE h.event IN ('given_to_partner', 'postponed_to_partner')
                UNION ALL SELECT substr(subject, 6), '{notes.NAME}' FROM safeguards_historyentry
                 WHERE event = 'note_sent'"""  # noqa: S608 our own words
        )
        return Held(outbox, inbox, Counter((str(conversation), str(profile)) for conversation, profile in decided))

    def acknowledged(self) -> list[tuple[str, str]]:
        if not self.ledger.exists():
            return []
        return [tuple(json.loads(line)) for line in self.ledger.read_text().splitlines()]

    def waiting(self) -> int:
        try:
            ((count,),) = self.rows("SELECT count(*) FROM exchange_outgoing WHERE state = 'waiting'")
        except psycopg.Error:
            return -1
        return int(str(count))


@dataclass
class Outcome:
    """What was done, and what is wrong."""

    wrong: Counter[str]
    did: Counter[str] = field(default_factory=Counter)
    network: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    healed_after: float = 0.0

    def told(self) -> str:
        lines = [f"{name}: " + ", ".join(f"{what} {times}" for what, times in counted.most_common())
                 for name, counted in (("done", self.did), ("network", self.network), ("kills", self.kills))]  # fmt: skip
        lines.append(f"everything was delivered {self.healed_after:.1f} s after the last fault")
        lines.append("WRONG: " + ", ".join(f"{what} {times}" for what, times in self.wrong.most_common())
                     if self.wrong else "nothing lost, doubled, forged or out of order")  # fmt: skip
        return "\n".join(lines)


def play(folder: Path, seconds: float, seed: int, variant: str = "", healing: float = HEALING) -> Outcome:
    """Let two nodes talk for so long through faults, and judge what they hold in the end."""
    with two_sides(folder, seed, variant) as (sides, network):
        outcome = Outcome(Counter())
        chance = Random(f"{seed} kills")
        for side in sides:
            side.open_desk(f"{seed} {side.other}")
        running.wait_until(lambda: all(side.acknowledged() for side in sides))
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, chance.expovariate(1 / BETWEEN_KILLS)))
            strike(chance.choice(sides), chance.choice(PARTS), outcome.kills, seed)
        for side in sides:
            side.close_desk()
        tell(network, "heal")
        began = time.monotonic()
        while any(side.waiting() for side in sides) and time.monotonic() < began + healing:
            time.sleep(0.2)
        outcome.healed_after = time.monotonic() - began
        seen = json.loads(network.communicate(b"end\n", timeout=30)[0])
        outcome.network.update(seen["did"])
        outcome.wrong = judged(sides) + Counter({name: seen[name] for name in seen if name != "did"})
        outcome.did = done(sides)
        return outcome


def judged(sides: list[Side]) -> Counter[str]:
    """What the oracle finds in both directions, and answers to questions that nobody gave."""
    wrong: Counter[str] = Counter()
    one, other = sides
    for sender, receiver in ((one, other), (other, one)):
        wrong += judge(sender.held(), receiver.held(), acknowledged=sender.acknowledged())
        given = {str(handle) for (handle,) in receiver.rows("SELECT id FROM exchange_handle")}
        hits = [str(handle) for (handle,) in sender.rows("SELECT handle FROM exchange_question WHERE state = 'hit'")]
        wrong["forged: a hit that nobody gave"] += sum(each not in given for each in hits)
        ((denied,),) = sender.rows("SELECT count(*) FROM exchange_question WHERE state = 'no_hit'")
        wrong["forged: no hit, about somebody who is known"] += int(str(denied))
    return +wrong


def done(sides: list[Side]) -> Counter[str]:
    """How much happened."""
    did: Counter[str] = Counter()
    for side in sides:
        for name, sql in (
            ("messages received", "SELECT count(*) FROM exchange_outgoing WHERE state = 'received'"),
            ("tries", "SELECT coalesce(sum(tries), 0) FROM exchange_outgoing"),
            ("questions answered", "SELECT count(*) FROM exchange_question WHERE state <> 'waiting'"),
            ("conversations", "SELECT count(DISTINCT conversation) FROM exchange_outgoing"),
        ):
            did[name] += int(str(side.rows(sql)[0][0]))
        did["acknowledged to desks"] += len(side.acknowledged())
    return did


def strike(side: Side, part: str, kills: Counter[str], seed: int) -> None:
    """``kill -9`` of one part; a desk is opened again, the supervisor starts the rest."""
    if part != "desk":
        kills[part] += side.node.kill(part)
    elif side.desk is not None and with_no_regret(side.desk.pid):
        kills[part] += 1
        side.desk.wait()
        side.open_desk(f"{seed} {side.other} {kills[part]}")


@contextmanager
def two_sides(folder: Path, seed: int, variant: str) -> "Iterator[tuple[list[Side], subprocess.Popen[bytes]]]":
    """Both nodes, each a partner of the other by the address of the network between them."""
    folder.mkdir(exist_ok=True)
    program = node.command(folder)
    with ExitStack() as stack:
        for place in (demonstration, running):
            stack.enter_context(patch.object(place, "COMMAND", program))
        stack.enter_context(patch.dict(os.environ, {node.VARIANT: variant}))
        nodes = stack.enter_context(running_nodes({code: folder / code for code in CODES}, "--people", "0"))
        sides = [Side(each, other, folder / f"{each.node.code}.ledger")
                 for each, other in zip(nodes, CODES[::-1], strict=True)]  # fmt: skip
        ports = {code: free_port() for code in CODES}
        links = [f"{ports[each.node.code]}:{each.node.port}" for each in nodes]
        network = subprocess.Popen(
            [sys.executable, "-m", "region_faults.proxy", str(seed), *links], cwd=Path(__file__).parents[1],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        stack.callback(network.wait)
        stack.callback(network.kill)
        for side, other in zip(sides, nodes[::-1], strict=True):
            address = f"http://127.0.0.1:{ports[other.node.code]}/"
            joined = side.node.tell("join", other.node.code, address)
            assert joined.returncode == 0, joined.stderr
            if variant in NEED_NO_CONSTRAINTS:
                with psycopg.connect(side.node.server.superuser_url(NAME)) as connection:
                    connection.execute(UNGUARDED)
            stack.callback(side.close_desk)
        yield sides, network


def tell(network: "subprocess.Popen[bytes]", word: str) -> None:
    assert network.stdin is not None
    network.stdin.write(f"{word}\n".encode())
    network.stdin.flush()
