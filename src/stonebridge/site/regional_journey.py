"""``scripts/demo --smoke`` with several nodes: the journey that crosses them, over HTTP, and what it says.

Serbia asks whether somebody is known. North Macedonia knows her under another spelling, born "on 1 January", and answers
with a hit; a human there gives what was asked for; in Serbia it is kept as a record, judged by two, linked, and
un-linked. Somebody restricted is no hit. About somebody who fled a partner nothing goes there: the officer reads that a safeguard
keeps it back, data protection reads which.
"""

import re
import time
from collections.abc import Callable, Mapping
from urllib.parse import quote

from stonebridge.domain.errors import NotFound, StonebridgeError
from stonebridge.site.browser import Browser, Page, Values
from stonebridge.site.demo.sign_ins import CODE_LASTS, PASSWORD, sign_in
from stonebridge.site.smoke import REFERENCE, Journey, expect

ASKING, ASKED, FURTHER = "rs", "mk", "eu-ms"
SOON = 30.0
"""Seconds within which a message must have come across; on an idle machine it is two."""
KEPT_BACK = "A safeguard of this node keeps this back"
STATE_OF_ORIGIN = "Nothing about a person goes to a state of origin"
REASON = "To tell who she is: she says that she was registered with you."


def play_region(addresses: Mapping[str, str], say: Callable[[str], None]) -> int:
    """Play it between the nodes at these addresses; 0 when everything was as it should be."""
    began = time.monotonic()
    try:
        Region(addresses, say).play()
    except (StonebridgeError, OSError) as error:
        say(f"FAILED: {error}")
        return 1
    say(f"the journey across nodes took {time.monotonic() - began:.1f} s")
    return 0


class Region:
    """The journey across nodes, step by step; it runs as the node that asks."""

    def __init__(self, addresses: Mapping[str, str], say: Callable[[str], None]) -> None:
        self.addresses, self.say = addresses, say
        self.home = Journey(addresses[ASKING], say)

    def play(self) -> None:
        """Every step.

        Raises:
            StonebridgeError: a page was not what it should be.
        """
        elena = self.officer(ASKING, "elena")
        person = self.find(elena, "Layla Mansour")
        conversation = self.ask(elena, person)
        self.ask_for_more(elena, conversation)
        self.decide(self.officer(ASKED, "marija", "identification"))
        self.receive(elena, conversation)
        supervisor = self.officer(ASKING, "marija", "identification")
        kept = self.keep(supervisor, conversation)
        self.judge(elena, self.officer(ASKING, "bekim"), supervisor, kept)
        self.ask_in_vain(elena)
        fled = self.spare_the_state_of_origin(self.officer(ASKED, "elena"))
        self.read_the_logs(person, fled)

    def officer(self, node: str, key: str, purpose: str = "") -> Browser:
        """An invented officer of a node at their desk, signed in with the code that the page of a demonstration tells."""
        browser = Browser(self.addresses[node])
        page = browser.submit(
            browser.get("/account/login/"), {"login": f"{key}@{node}.example", "password": PASSWORD}, form="login"
        )
        while "/2fa/" in page.address:
            left = CODE_LASTS - time.time() % CODE_LASTS
            page = browser.submit(page, {"code": _code_on(page)}, form="code")
            if "/2fa/" in page.address:  # this code was used a moment ago
                time.sleep(left + 0.1)
                page = browser.get("/account/2fa/authenticate/")
        if "/account/purpose/" in page.address:
            page = browser.submit(page, {"purpose": purpose} if purpose else {}, form="purpose")
        expect("/today/" in page.address and page.status == 200, page, "the desk of the day")
        self.say(f"[{node}] {sign_in(key).role.replace('_', ' ')} {key}@{node}.example signs in")
        return browser

    def find(self, officer: Browser, name: str) -> str:
        """The reference of the first record that a search by this name finds."""
        page = officer.get(f"/people/search/?q={quote(name)}")
        found = REFERENCE.search(page.text)
        expect(found is not None, page, f"a record of somebody named {name}")
        return found.group() if found else ""

    def ask(self, officer: Browser, person: str) -> str:
        """Ask both partners; the address of the conversation with the one that answers hit."""
        page = self._asked(officer, person, ASKED, FURTHER)
        expect(
            "Hit: ask for more" in page.text and "No hit" in page.text, page, "a hit of one partner, none of the other"
        )
        self.say(f"[{ASKING}] asks about {person}: {ASKED} answers hit, {FURTHER} answers no hit")
        for address, _ in page.links:
            if address.startswith(f"/people/{person}/partners/") and "Answered: hit" in officer.get(address).text:
                return address
        raise NotFound("conversation", "of the hit")

    def ask_for_more(self, officer: Browser, conversation: str) -> None:
        """Say what is needed, and what for."""
        more: Values = {"wanted": ["names", "birth", "sex", "nationalities"], "reason": REASON}
        page = officer.submit(officer.get(conversation), more, form="wanted", button="Ask for it")
        expect("Asked for more" in page.text and not page.errors, page, "a request that is on its way")
        self.say(f"[{ASKING}] asks for names, birth, sex and nationality, with a reason")

    def decide(self, supervisor: Browser) -> None:
        """A human of the asked node gives what is asked for."""
        _until(lambda: REASON in supervisor.get("/requests/").text, lambda: supervisor.get("/requests/"))
        page = supervisor.get("/requests/")
        request = next(address for address, _ in page.links if re.fullmatch(r"/requests/[0-9a-f-]{36}/", address))
        decision = {"decision": "give", "reason": "The purpose is lawful, and she may be told apart by it."}
        page = supervisor.submit(supervisor.get(request), decision, form="decision", button="Record")
        expect(page.status == 200 and not page.errors, page, "a decision that is recorded")
        self.say(f"[{ASKED}] the supervisor reads the request beside the record, and gives")

    def receive(self, officer: Browser, conversation: str) -> None:
        """The answer comes in, with the other spelling and the birth date that the other node has."""
        _until(lambda: "Data given" in officer.get(conversation).text, lambda: officer.get(conversation))
        page = officer.get(conversation)
        expect("Mansur" in page.text and "Ahmed" in page.text, page, "what the partner has on record")
        self.say(f"[{ASKING}] reads what {ASKED} has: Leila Mansur, born in 1996, for 1 January is no evidence")

    def keep(self, supervisor: Browser, conversation: str) -> str:
        """Keep it as a record of ours; its reference."""
        page = supervisor.submit(supervisor.get(conversation), {}, form="/keep/", button="Keep it")
        kept = re.search(r"is kept as ([A-Z]{2}-\S{4}-\S{4})", page.text)
        expect(kept is not None, page, "a record of what the partner gave")
        reference = kept.group(1) if kept else ""
        self.say(f"[{ASKING}] the supervisor keeps it as {reference}, to be judged")
        return reference

    def judge(self, first: Browser, second: Browser, supervisor: Browser, kept: str) -> None:
        """Two officers judge the pair; it is one identity; a supervisor takes the link back."""
        _until(lambda: "/pairs/" in _pairs(first.get(f"/people/{kept}/")), lambda: first.get(f"/people/{kept}/"))
        pair = self.home.pair_with(first, kept)
        self.home.judge(first, pair, sign_in("elena").name, "One name in two spellings; father, mother and town agree.")
        self.home.expect_no_link_yet(first, kept)
        self.home.judge(second, pair, sign_in("bekim").name, "1 January is no evidence, and everything else agrees.")
        self.home.expect_one_identity(first, kept)
        self.home.withdraw(supervisor, kept)

    def ask_in_vain(self, officer: Browser) -> None:
        """A restricted record answers nobody, exactly as none does."""
        for name, why in (("Sameera Kasem", "is restricted there"), ("Selam Kidane", "was never there")):
            page = self._asked(officer, self.find(officer, name), ASKED)
            expect("No hit" in page.text and "Hit:" not in page.text, page, "no hit")
            self.say(f"[{ASKING}] asks {ASKED} about somebody who {why}: no hit")

    def spare_the_state_of_origin(self, officer: Browser) -> str:
        """About somebody who fled a partner nothing goes there; her reference."""
        person = self.find(officer, "Sanja")
        page = self._asked(officer, person, ASKING)
        expect(page.status == 403 and KEPT_BACK in page.text, page, "a refusal")
        self.say(f"[{ASKED}] may not ask {ASKING} about {person}, who fled it: {KEPT_BACK}")
        page = self._asked(officer, person, ASKING, FURTHER)
        expect("Hit: ask for more" in page.text, page, "a hit of the partner that may be asked")
        self.say(f"[{ASKED}] asks {FURTHER} about her: hit")
        return person

    def read_the_logs(self, person: str, fled: str) -> None:
        """Data protection of both nodes finds the exchange in the access log, and why a question was kept back."""
        for node, filters, wanted in (
            (ASKING, f"about={person}&action=ask_partner", person),
            (ASKED, "action=answer_partner", f"partner {ASKING}"),
            (ASKED, f"about={fled}&action=ask_partner&outcome=refused", STATE_OF_ORIGIN),
        ):
            page = self.officer(node, "liridona").get(f"/oversight/log/?{filters}")
            expect(page.status == 200 and wanted in page.text, page, f"entries about the exchange ({wanted})")
            self.say(f"[{node}] data protection reads in the access log: {wanted}")

    def _asked(self, officer: Browser, person: str, *partners: str) -> Page:
        page = officer.get(f"/people/{person}/partners/")
        return officer.submit(page, {"partners": list(partners)}, form="partners", button="Ask them")


def _pairs(page: Page) -> str:
    return " ".join(address for address, _ in page.links if re.search(r"/pairs/[A-Z]{2}-", address))


def _code_on(page: Page) -> str:
    found = re.search(r"\b\d{6}\b", page.text)
    expect(found is not None, page, "the code of this moment, as a demonstration shows it")
    return found.group() if found else ""


def _until(is_so: Callable[[], bool], look: Callable[[], Page]) -> None:
    """Look again until it is so.

    Raises:
        WrongState: not soon enough.
    """
    began = time.monotonic()
    while not is_so():
        expect(time.monotonic() - began < SOON, look(), "what the other node sends")
        time.sleep(0.3)
