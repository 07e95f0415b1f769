"""The main journey in a real browser, in both languages, and without scripts.

A clerk registers somebody who is on record under another spelling; two examiners judge, each
blind to the other; the records are one person; a supervisor takes the link back.
"""

import re
from uuid import uuid4

import pytest
from at_the_desk import Desk
from django.utils import timezone
from playwright.sync_api import Browser

from running_node import RunningNode, wait_until
from stonebridge.site.smoke import pages_of


def register(desk: Desk, given: str, family: str, birth: str) -> str:
    """Register somebody in four pages and read it back; the reference."""
    desk.go(f"/people/new/{uuid4()}/who/")
    for number, values in enumerate(pages_of(given, family, birth, timezone.localtime()), start=1):
        desk.send(values)
        desk.picture(f"registering-{number}")
    desk.send({"read_back": "signed"})
    desk.picture("registered")
    return desk.reference()


def find_candidates(desk: Desk, person: str) -> None:
    """Wait until the search for the person is answered, and look at its candidates."""
    desk.go(f"/people/{person}/")
    desk.follow("/pairs/searches/")

    def are_there() -> bool:
        desk.page.reload()
        return desk.page.locator("main section[aria-labelledby^=candidate]").count() > 0

    wait_until(are_there)
    desk.picture("candidates")


def judge(desk: Desk, pair: str) -> None:
    """Say that both records are of one person, and why."""
    desk.go(pair)
    desk.picture("pair")
    assert not re.search(r"\d bits?\b|\d бит", desk.page.locator("main").inner_text())
    reason = desk.page.locator('[name="reasons_yes"]').first.get_attribute("value") or ""
    desk.send({"same_person": "yes", "reasons_yes": reason, "remark": "Ист датум, исто име."})
    desk.picture("judged")


def is_one_of_several(desk: Desk, person: str) -> bool:
    """Whether the record's page lists itself among several records of one person."""
    desk.go(f"/people/{person}/")
    desk.picture("record")
    return desk.page.locator(f'main a[href="/people/{person}/"]').count() > 0


@pytest.mark.parametrize(
    ("folder", "language", "scripts", "given", "family"),
    [
        ("english", "en", True, "Ameera", "Hadad"),
        ("macedonian", "mk", True, "Амира", "Хадад"),
        ("without-scripts", "en", False, "Amirah", "Haddad"),
    ],
)
def test_the_main_journey(
    node: RunningNode, chromium: Browser, folder: str, language: str, scripts: bool, given: str, family: str
):
    def at_the_desk_of(key: str, purpose: str = "") -> Desk:
        return Desk(chromium, node, folder, language=language, scripts=scripts).sign_in(key, purpose)

    clerk = at_the_desk_of("vesna", "registration")
    person = register(clerk, given, family, "07.03.1994")
    assert given in clerk.page.locator("h1").inner_text()
    assert clerk.page.locator("html").get_attribute("lang") == language
    find_candidates(clerk, person)

    examiner, second, supervisor = (at_the_desk_of(key, purpose) for key, purpose in (
        ("elena", ""), ("bekim", ""), ("marija", "identification")))  # fmt: skip
    examiner.go(f"/people/{person}/")
    pair = examiner.address_of("/pairs/MK-")
    judge(examiner, pair)
    assert not is_one_of_several(examiner, person)
    judge(second, pair)
    assert is_one_of_several(examiner, person)

    supervisor.go(f"/people/{person}/")
    supervisor.follow("/withdraw/")
    supervisor.picture("withdrawing")
    supervisor.send({"reason": "A second look showed two different people."})
    supervisor.picture("withdrawn")
    assert not is_one_of_several(supervisor, person)
    assert clerk.faults + examiner.faults + second.faults + supervisor.faults == []
