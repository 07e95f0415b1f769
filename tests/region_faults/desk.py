"""Officers of a node in a hurry: they ask the partner, ask for more, give or postpone, and write notes.

What a service has acknowledged goes into a ledger outside the node, one line each, before the next step. The whole
desk may be killed at any moment; what is in its ledger then was acknowledged.
"""

import json
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import psycopg
from django.db import Error as DatabaseFault
from django.db import connections
from django.utils import timezone

from region_faults import notes
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import StonebridgeError
from stonebridge.exchange import partners
from stonebridge.exchange.models import Outgoing, Question
from stonebridge.identification.region.follow_up import ANSWER, ASK, ask_for_more, decide, open_requests
from stonebridge.identification.region.services import ask_again, ask_partners
from stonebridge.registry.models import Person
from stonebridge.safeguards import gate
from stonebridge.site.demo.partners import join_partners
from stonebridge.site.demo.seed import actor, registered

QUOTA = 10**6
BACKLOG = 25
"""Messages that may wait before the desk makes more."""
CONVERSATIONS = 12
ASKING = {"purpose": Purpose.IDENTIFICATION, "basis": "public_task"}


def let_in(code: str, address: str, key: str) -> int:
    """Make a node a partner of this one whose key somebody else holds, with a quota that never ends."""
    join_partners([(code, address, key)], timezone.now())
    return join(code, address)


def join(code: str, address: str) -> int:
    """Let the other node, a partner already, be reached at this address, with a quota that never ends."""
    now, former = timezone.now(), partners.partner(code)
    wanted = replace(former, address=address, quota=QUOTA, profiles=former.profiles | {notes.NAME: [1]})
    proposal = partners.propose(
        wanted, actor=actor("stefan", now), purpose=Purpose.ADMINISTRATION, basis="public_task", now=now
    )
    partners.join(
        proposal, partners.fingerprint(wanted.key), actor=actor("liridona", now), purpose=Purpose.DATA_PROTECTION,
        basis="oversight_of_access", now=now,
    )  # fmt: skip
    return 0


def work(to: str, ledger: str, seed: str) -> int:
    """Work until told to stop."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    desk = Desk(to, Path(ledger), Random(seed))
    while not stop.is_set():
        try:
            desk.step()
        except (StonebridgeError, DatabaseFault, psycopg.Error) as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            connections.close_all()
            stop.wait(0.1)
    connections.close_all()
    return 0


class Desk:
    """``to`` is the other node; each step is one service, chosen by chance."""

    def __init__(self, to: str, ledger: Path, random: Random) -> None:
        self.to, self.ledger, self.random = to, ledger, random
        self.conversations = [uuid4() for _ in range(CONVERSATIONS)]
        self.person: UUID | None = None

    def step(self) -> None:
        """Do one thing."""
        if self.person is None:
            self.person = registered()[0]
        steps: dict[Callable[[], None], int] = {self.ask: 3, self.ask_again: 1, self.ask_for_more: 3, self.decide: 4,
                                                self.write: 5}  # fmt: skip
        self.random.choices(list(steps), list(steps.values()))[0]()

    def ask(self) -> None:
        if self.waiting() > BACKLOG:
            return
        with gate.act(Purpose.IDENTIFICATION):
            reference = Person.objects.values_list("reference", flat=True).get(id=self.person)
        now = timezone.now()
        ask_partners(reference, [self.to], actor=actor("elena", now), now=now, **ASKING)

    def ask_again(self) -> None:
        found = self.question(state="waiting")
        if found is not None:
            now = timezone.now()
            ask_again(found.reference, actor=actor("elena", now), now=now, **ASKING)

    def ask_for_more(self) -> None:
        found = self.question(state="hit")
        if found is not None:
            now = timezone.now()
            ask_for_more(
                found.reference, ["names"], "To tell who she is.", actor=actor("elena", now), now=now, **ASKING
            )
            self.acknowledged(found.conversation, ASK)

    def decide(self) -> None:
        with gate.act(Purpose.IDENTIFICATION):
            requests = open_requests()
        if requests:
            request, now = self.random.choice(requests), timezone.now()
            decide(
                request.id, self.random.random() < 0.6, "It is lawful.", actor=actor("marija", now), now=now, **ASKING
            )
            self.acknowledged(request.conversation, ANSWER)

    def write(self) -> None:
        if self.person is None or self.waiting() > BACKLOG:
            return
        conversation = self.random.choice(self.conversations)
        texts = [f"note {uuid4()}" for _ in range(self.random.randint(1, 3))]
        now = timezone.now()
        notes.send(texts, conversation, self.person, self.to, actor=actor("elena", now), now=now)
        for _ in texts:
            self.acknowledged(conversation, notes.NAME)

    def question(self, state: str) -> Question | None:
        """A question in this state that was not followed up."""
        with gate.act(Purpose.IDENTIFICATION):
            followed = Outgoing.objects.filter(profile=ASK).values("conversation")
            found = list(Question.objects.filter(state=state).exclude(conversation__in=followed)[:20])
        return self.random.choice(found) if found else None

    def waiting(self) -> int:
        with gate.act(Purpose.IDENTIFICATION):
            return Outgoing.objects.filter(state="waiting").count()

    def acknowledged(self, conversation: UUID, profile: str) -> None:
        with self.ledger.open("a") as file:
            file.write(json.dumps([str(conversation), profile]) + "\n")
