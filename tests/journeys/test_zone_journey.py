"""A zone is scanned at the desk: without scripts too, and the Enter key hands the page in instead of reading."""

import pytest
from at_the_desk import Desk
from playwright.sync_api import Browser

from running_node import RunningNode

ZONE = "P<SYRHADDAD<<AMIRA<<<<<<<<<<<<<<<<<<<<<<<<<<\nNO12345679SYR9403073F2904180<<<<<<<<<<<<<<00"
"""The number with O in the place of 0, as a worn page is read."""
WHO = {"given": "Amira", "family": "Haddad", "birth": "7.3.1994", "sex": "f", "notice": "acknowledged"}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_zone_is_read_into_the_fields_and_enter_goes_on(chromium: Browser, node: RunningNode, scripts: bool):
    desk = Desk(chromium, node, "zone" if scripts else "zone-plain", scripts=scripts).sign_in("vesna")
    desk.go("/people/new/")
    if desk.page.url.endswith("/new/"):
        desk.follow("/who/")
    desk.send(WHO)
    assert "/documents/" in desk.page.url
    desk.picture("documents before")
    desk.send({"document1_zone": ZONE, "document1_issuer": "IRQ"}, button="1")
    desk.picture("documents read")
    assert desk.page.locator('[name="document1_expires_year"]').input_value() == "2029"
    if scripts:
        assert desk.hindrances() == []
        assert "What was empty is filled in" in (desk.page.evaluate("document.activeElement.textContent") or "")
    desk.page.locator('[name="document1_number"]').fill("N01234567")
    desk.page.locator('[name="document1_seen"]').first.check()
    with desk.page.expect_navigation():
        desk.page.locator('[name="document1_number"]').press("Enter")
    assert "/arrival/" in desk.page.url
    assert desk.faults == []
