"""The main journey in a real browser, in both languages, and without scripts."""

from uuid import uuid4

import pytest
from at_the_desk import Desk
from django.utils import timezone
from playwright.sync_api import Browser

from running_node import RunningNode
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


@pytest.mark.parametrize(
    ("folder", "language", "scripts", "given"),
    [
        ("english", "en", True, "Ameera"),
        ("macedonian", "mk", True, "Амира"),
        ("without-scripts", "en", False, "Amirah"),
    ],
)
def test_a_clerk_registers_somebody_and_reads_their_record(
    node: RunningNode, chromium: Browser, folder: str, language: str, scripts: bool, given: str
):
    desk = Desk(chromium, node, folder, language=language, scripts=scripts).sign_in("vesna", "registration")
    reference = register(desk, given, "Haddad", "07.03.1994")
    assert reference.startswith("MK-")
    assert given in desk.page.locator("h1").inner_text()
    assert desk.page.locator("html").get_attribute("lang") == language
    assert desk.faults == []
