"""Officers who go on working while processes of their node are killed: whoever gets no page asks again.

A round is the journey of the node: two records of one person are registered, the node names
the pair, two examiners judge, a supervisor withdraws the link, and the access log is verified.
What the node acknowledged is kept, to be compared with what it holds in the end.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from random import Random
from uuid import uuid4

from django.utils import timezone

from running_node import RunningNode, wait_until
from stonebridge.site.browser import Browser, Page, Values
from stonebridge.site.smoke import ONE_IDENTITY, Journey, pages_of

PARTS = ("web", "web worker", "worker", "matcher", "postgres")
STEPS = ("registering", "registering again", "finding the pair", "first opinion", "second opinion", "withdrawing",
         "verifying the log")  # fmt: skip
FIRST_GUESS = 0.8
"""Seconds that a step is taken to last before it has been played once; a kill strikes within what it lasted last."""
REMARK = "The names and the date agree, and nothing speaks against it."
REASON = "A second look showed two different people."
SYLLABLES = [consonant + vowel for consonant in "bdgklmnprstvz" for vowel in "aeiou"]


@dataclass(frozen=True, slots=True)
class Round:
    """What the node acknowledged in one round: references of both records, and of the pair."""

    family: str
    persons: tuple[str, str]
    pair: str


@dataclass
class Desks:
    """The desks of a clerk, two examiners and a supervisor at one node, with a killer behind them.

    ``struck`` counts the kills by process and by step.
    """

    node: RunningNode
    random: Random
    struck: Counter[tuple[str, str]] = field(default_factory=Counter)
    step: str = ""
    lasted: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STEPS, FIRST_GUESS))

    def __post_init__(self) -> None:
        journey = Journey(self.node.address, lambda text: None)
        self.clerk = journey.sign_in("vesna", "registration")
        self.examiners = {key: journey.sign_in(key) for key in ("elena", "bekim")}
        self.supervisor = journey.sign_in("marija", "identification")

    def play(self) -> Round:
        """Play one round, in which one process is killed at a moment of some step.

        The log is verified where the kill strikes in that; another process and its start are spared otherwise.
        """
        part, fatal = self.random.choice(PARTS), self.random.choice(STEPS)
        killer = threading.Timer(self.random.random() * self.lasted[fatal], self._strike, [part])

        @contextmanager
        def step(name: str) -> Iterator[None]:
            self.step, began = name, time.monotonic()
            if name == fatal:
                killer.start()
            yield
            if name != fatal:
                self.lasted[name] = time.monotonic() - began

        family = "".join(self.random.choice(SYLLABLES) for _ in range(5)).capitalize()
        birth = f"{self.random.randint(2, 28):02}.{self.random.randint(2, 12):02}.{self.random.randint(1950, 2004)}"
        with step("registering"):
            first = self.register(family, birth)
        with step("registering again"):
            second = self.register(family, birth)
        with step("finding the pair"):
            pair = self.find_pair(second)
        with step("first opinion"):
            self.judge("elena", pair)
        with step("second opinion"):
            self.judge("bekim", pair)
        with step("withdrawing"):
            self.withdraw(second)
        if fatal == STEPS[-1]:
            with step(STEPS[-1]):
                self.verify_log()
        killer.join()
        return Round(family, (first, second), pair)

    def _strike(self, part: str) -> None:
        if self.node.kill(part):
            self.struck[part, self.step] += 1

    def register(self, family: str, birth: str) -> str:
        """Register somebody; the reference that the node acknowledged, however often it took."""
        given = "Amira"
        draft = f"{self.clerk.address}people/new/{uuid4()}"
        for name, values in zip(
            ("who", "documents", "arrival", "needs", "read-back"),
            (*pages_of(given, family, birth, timezone.localtime()), {"read_back": "signed"}),
            strict=True,
        ):
            page = until_it_comes(lambda name=name, values=values: _fill(self.clerk, f"{draft}/{name}/", values))
            assert page.status == 200, page.text
            assert not page.errors, page.errors
            if page.heading == f"{given} {family}":
                break
        assert page.heading == f"{given} {family}", page.text
        return page.address.rstrip("/").rpartition("/")[2]

    def find_pair(self, person: str) -> str:
        """The pair with this person that the node puts to judgement."""
        found: list[str] = []

        def is_there() -> bool:
            page = until_it_comes(lambda: self.examiners["elena"].get(f"/people/{person}/"))
            assert page.status == 200, page.text
            found.extend(address for address, _ in page.links if "/pairs/MK-" in address)
            return bool(found)

        wait_until(is_there)
        return found[0].rstrip("/").rpartition("/")[2]

    def judge(self, key: str, pair: str) -> None:
        """Say that both records are of one person, until the page shows the officer's own opinion."""
        desk = self.examiners[key]
        page = until_it_comes(lambda: desk.get(f"/pairs/{pair}/"))
        while any("same_person" in form.choices for form in page.forms):
            shown = page
            answer = {
                "same_person": "yes",
                "reasons_yes": shown.form("same_person").choices["reasons_yes"][:1],
                "remark": REMARK,
            }
            came = once(lambda shown=shown, answer=answer: desk.submit(shown, answer, form="same_person"))
            if came is not None:
                assert came.status == 200, came.text
                return
            page = until_it_comes(lambda: desk.get(f"/pairs/{pair}/"))
        assert page.status == 200, page.text
        assert "sb-opinion" in page.html, page.text

    def withdraw(self, person: str) -> None:
        """Take the link back, until the records are two identities again."""
        page = until_it_comes(lambda: self.supervisor.get(f"/people/{person}/"))
        assert ONE_IDENTITY in page.text, page.text
        while ONE_IDENTITY in page.text:
            address = page.link("/withdraw/")
            form = until_it_comes(lambda address=address: self.supervisor.get(address))
            came = once(lambda form=form: self.supervisor.submit(form, {"reason": REASON}, form="reason"))
            if came is not None:
                assert came.status == 200, came.text
                assert not came.errors, came.text
            page = until_it_comes(lambda: self.supervisor.get(f"/people/{person}/"))

    def verify_log(self) -> None:
        """Verify the log; a node that is not whole says so (2), and is asked again. It is never found changed (1)."""

        def is_whole() -> bool:
            told = self.node.tell("log", "verify")
            assert told.returncode in {0, 2}, told.stdout + told.stderr
            return told.returncode == 0

        wait_until(is_whole)


def once(ask: Callable[[], Page]) -> Page | None:
    """The page, unless none comes or the node says that it cannot."""
    try:
        page = ask()
    except (OSError, HTTPException):
        return None
    return page if page.status < 500 else None


def until_it_comes(ask: Callable[[], Page]) -> Page:
    """The page, asked for as often as it takes."""
    came: list[Page] = []

    def comes() -> bool:
        came.extend(filter(None, [once(ask)]))
        return bool(came)

    wait_until(comes)
    return came[0]


def _fill(browser: Browser, address: str, values: Values) -> Page:
    """The page after the form at ``address``; the form's own page when that is all there is."""
    page = browser.get(address)
    is_form = page.status == 200 and any(form.fields for form in page.forms if form.action == address)
    return browser.submit(page, values) if is_form else page
