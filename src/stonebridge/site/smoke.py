"""``scripts/demo --smoke``: plays the main journey over HTTP against a running demo, and says what it did.

A clerk registers somebody who is in the register already, under another spelling; the node names
the candidate; two officers judge, each without the other's opinion; the records are one person;
a supervisor takes the link back; the access log is whole and knows of all of it.
"""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from stonebridge.domain.errors import StonebridgeError, WrongState
from stonebridge.site.browser import Browser, Page, Values
from stonebridge.site.demo.people import places
from stonebridge.site.demo.sign_ins import CODE_LASTS, PASSWORD, code_of, sign_in


def play(address: str, say: Callable[[str], None]) -> int:
    """Play it; 0 when everything was as it should be, 1 after a line that says what was not."""
    began = time.monotonic()
    try:
        Journey(address, say).play()
    except (StonebridgeError, OSError) as error:
        say(f"FAILED: {error}")
        return 1
    say(f"the whole journey took {time.monotonic() - began:.1f} s")
    return 0


REFERENCE = re.compile(r"\b[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
ONE_IDENTITY = "Officers have found that these records are of one person"
SEARCHED_WITHIN = 30.0
"""Seconds within which candidates must be there; on an idle machine it is one."""


class Journey:
    """The main journey, step by step."""

    def __init__(self, address: str, say: Callable[[str], None]) -> None:
        self.address, self.say = address, say

    def play(self) -> None:
        """Every step.

        Raises:
            StonebridgeError: a page was not what it should be.
        """
        self.look_around()
        clerk = self.sign_in("vesna", "registration")
        person = self.register(clerk)
        self.wait_for_candidates(clerk, person)
        examiner, second = self.sign_in("elena"), self.sign_in("bekim")
        pair = self.pair_with(examiner, person)
        self.judge(
            examiner, pair, sign_in("elena").name, "The names are one name in two spellings; the birth date agrees."
        )
        self.expect_no_link_yet(examiner, person)
        self.judge(
            second, pair, sign_in("bekim").name, "Name, date, sex and state agree, and nothing speaks against it."
        )
        self.expect_one_identity(examiner, person)
        self.withdraw(self.sign_in("marija", "identification"), person)
        self.verify_log()

    def look_around(self) -> None:
        """What a stranger sees without a sign-in."""
        page = Browser(self.address).get("/")
        expect(page.status == 200 and bool(page.heading), page, "a start page that explains itself")
        self.say(f"a stranger reads: {page.heading}")
        closed = Browser(self.address).get("/today/")
        expect("/account/login/" in closed.address, closed, "a sign-in for whoever wants further")

    def sign_in(self, key: str, purpose: str = "") -> Browser:
        """A browser in which an invented officer has signed in with password and code, to work for ``purpose``."""
        browser, who = Browser(self.address), sign_in(key)
        page = browser.submit(browser.get("/account/login/"), {"login": who.email, "password": PASSWORD}, form="login")
        page = browser.submit(page, {"code": fresh_code(key)}, form="code")
        if "/2fa/" in page.address:  # the code was used a moment ago
            time.sleep(CODE_LASTS - time.time() % CODE_LASTS + 0.1)
            page = browser.submit(page, {"code": fresh_code(key)}, form="code")
        if "/account/purpose/" in page.address:
            page = browser.submit(page, {"purpose": purpose} if purpose else {}, form="purpose")
        expect("/today/" in page.address and page.status == 200, page, "the desk of the day")
        self.say(f"{who.name} ({who.role.replace('_', ' ')}) signs in with password and code")
        return browser

    def register(self, clerk: Browser, given: str = "Ameera", family: str = "Hadad", birth: str = "07.03.1994") -> str:
        """Register somebody in four pages and read it back; the reference of the record."""
        page = clerk.get(f"/people/new/{uuid4()}/who/")
        for values in pages_of(given, family, birth, timezone.localtime()):
            page = clerk.submit(page, values)
            expect(page.status == 200 and not page.errors, page, "the next page of the registration")
        page = clerk.submit(page, {"read_back": "signed"}, form="read_back")
        reference = page.address.rstrip("/").rpartition("/")[2]
        expect(page.status == 200 and page.heading == f"{given} {family}", page, "the record of the person")
        self.say(f"{given} {family} is registered as {reference}")
        return reference

    def wait_for_candidates(self, clerk: Browser, person: str) -> None:
        """Wait until the node has searched for the person, and named a candidate."""
        began = time.monotonic()
        search = clerk.get(f"/people/{person}/").link("/pairs/searches/")
        while (page := clerk.get(f"{search}state/")).status == 200 and not _candidates(page, person):
            if time.monotonic() - began > SEARCHED_WITHIN:
                expect(False, clerk.get(search), "candidates, or a search that says why it waits")
            time.sleep(0.1)
        expect(page.status == 200, page, "the candidates of a search")
        self.say(f"the node names {len(_candidates(page, person))} candidate(s) after {time.monotonic() - began:.1f} s")

    def pair_with(self, examiner: Browser, person: str) -> str:
        """The address of the most likely pair with this person that waits for an examiner."""
        return examiner.get(f"/people/{person}/").link(f"/pairs/{settings.NODE.references}-")

    def judge(self, officer: Browser, pair: str, name: str, remark: str) -> None:
        """Give the opinion that both records are of one person, without having seen a score."""
        page = officer.get(pair)
        expect(page.status == 200 and " bits" not in page.text, page, "a pair side by side, without its score")
        reason = page.form("same_person").choices["reasons_yes"][0]
        page = officer.submit(
            page, {"same_person": "yes", "reasons_yes": [reason], "remark": remark}, form="same_person"
        )
        expect(page.status == 200 and not page.errors, page, "an opinion that is recorded")
        self.say(f"{name} judges the pair {pair.rstrip('/').rpartition('/')[2]}: one person")

    def expect_no_link_yet(self, examiner: Browser, person: str) -> None:
        """One opinion alone joins nobody."""
        page = examiner.get(f"/people/{person}/")
        expect(ONE_IDENTITY not in page.text, page, "two identities until a second officer has judged")

    def expect_one_identity(self, examiner: Browser, person: str) -> None:
        """Both opinions agree: the records are one person."""
        page = examiner.get(f"/people/{person}/")
        expect(ONE_IDENTITY in page.text, page, "one identity with several records")
        self.say("two opinions agree: the records are one person, by a link that rests on both officers")

    def withdraw(self, supervisor: Browser, person: str) -> None:
        """Take the link back; both identities are what they were."""
        page = supervisor.get(supervisor.get(f"/people/{person}/").link("/withdraw/"))
        page = supervisor.submit(page, {"reason": "A second look showed two different people."}, form="reason")
        expect(page.status == 200 and not page.errors, page, "a link that is withdrawn")
        page = supervisor.get(f"/people/{person}/")
        expect(ONE_IDENTITY not in page.text, page, "two identities again")
        self.say(f"{sign_in('marija').name} withdraws the link, with a reason: they are two identities again")

    def verify_log(self) -> None:
        """Sign what there is and recompute both logs."""
        from stonebridge.site.command import main

        page = Browser(self.address).get("/healthz")
        expect(main(["log", "sign"]) == 0, page, "a checkpoint of the access log")
        expect(main(["log", "verify"]) == 0, page, "an access log in which nothing is wrong")


def pages_of(given: str, family: str, birth: str, now: datetime) -> tuple[Values, ...]:
    """What a clerk fills in on the four pages, for a woman from Syria who came alone and without documents."""
    day = {"day": str(now.day), "month": str(now.month), "year": str(now.year)}
    return (
        {"language": "ar", "notice": "acknowledged", "given": given, "family": family, "birth": birth, "sex": "f",
         "nationality": "SYR", "stateless": "no"},
        {"no_documents": "lost", "no_documents_account": "On the way."},
        {"category": "irregular_crossing", "crossing_point": places()[1].crossing_point, "company": "alone", "met_time": "00:05"}
        | {f"{what}_{part}": number for what in ("arrived_on", "met_on") for part, number in day.items()},
        {"claim": "pending", "need_alone": "no", "need_injured": "no", "need_afraid": "no", "need_pregnant": "no"}
        | {f"claim_asked_on_{part}": number for part, number in day.items()},
    )  # fmt: skip


def _candidates(page: Page, person: str) -> set[str]:
    """The references of the people whom a search's page names besides ``person``."""
    return set(REFERENCE.findall(" ".join(text for address, text in page.links if "/people/" in address))) - {person}


def fresh_code(key: str) -> str:
    """The code of an officer's authenticator, with a second left at least."""
    left = CODE_LASTS - time.time() % CODE_LASTS
    if left < 1:
        time.sleep(left)
    return code_of(sign_in(key), datetime.now(UTC))


def expect(holds: bool, page: Page, wanted: str) -> None:
    """Go on only if ``holds``.

    Raises:
        WrongState: naming the page, what it says, and what was wanted.
    """
    if not holds:
        said = "; ".join(page.errors) or page.text[:300]
        raise WrongState(f"{page.address} ({page.status}, {page.heading})", f"not as it should be: {said}", wanted)
