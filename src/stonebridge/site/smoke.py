"""``scripts/demo --smoke``: plays the main journey over HTTP against a running demo, and says what it did.

A clerk registers somebody who is in the register already, under another spelling; the node names
the candidate; two officers judge, each without the other's opinion; the records are one person;
a supervisor takes the link back; the access log is whole and knows of all of it.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from stonebridge.domain.errors import StonebridgeError, WrongState
from stonebridge.site.browser import Browser, Page
from stonebridge.site.demo.officers import CODE_LASTS, PASSWORD, code_of, sign_in


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
        self.sign_in("vesna")

    def look_around(self) -> None:
        """What a stranger sees without a sign-in."""
        page = Browser(self.address).get("/")
        expect(page.status == 200 and bool(page.heading), page, "a start page that explains itself")
        self.say(f"a stranger reads: {page.heading}")
        closed = Browser(self.address).get("/today/")
        expect("/account/login/" in closed.address, closed, "a sign-in for whoever wants further")

    def sign_in(self, key: str) -> Browser:
        """A browser in which an invented officer has signed in with password and code."""
        browser = Browser(self.address)
        who = sign_in(key)
        page = browser.submit(browser.get("/account/login/"), {"login": who.email, "password": PASSWORD}, form="login")
        page = browser.submit(page, {"code": fresh_code(key)}, form="code")
        expect("/today/" in page.address and page.status == 200, page, "the desk of the day")
        self.say(f"{who.name} ({who.role.replace('_', ' ')}) signs in with password and code")
        return browser


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
