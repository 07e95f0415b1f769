"""A case in a real browser: opened, kept where it is by an appeal, and freed by the decision that ends the appeal."""

from at_the_desk import Desk
from playwright.sync_api import Browser

from running_node import RunningNode

NARROW = {"width": 360, "height": 800}
APPEAL = {
    "kind": "appeal", "brought_by": "counsel", "against": "Решение 7/2026", "before": "Управен суд, Скопје",
    "lodged_on_day": "2", "lodged_on_month": "3", "lodged_on_year": "2026", "suspends": "yes",
}  # fmt: skip
JUDGMENT = {
    "outcome": "dismissed", "ending": "Judgment 12/2026.",
    "ended_on_day": "3", "ended_on_month": "3", "ended_on_year": "2026",
}  # fmt: skip


def looked_at(desk: Desk, name: str) -> list[str]:
    """What hinders anybody on the page, wide and narrow; nothing may stand beside a narrow page."""
    desk.picture(name)
    found = desk.hindrances()
    wide = desk.page.viewport_size
    desk.page.set_viewport_size(NARROW)
    desk.picture(f"{name}-narrow")
    if desk.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{desk.page.url}: wider than a narrow screen")
    if wide:
        desk.page.set_viewport_size(wide)
    return found


def test_an_appeal_keeps_a_case_until_its_decision(node: RunningNode, chromium: Browser):
    desk = Desk(chromium, node, "case").sign_in("marija", "readmission")
    desk.go("/pairs/next/?purpose=identification")
    desk.go(f"{desk.address_of('/people/MK-').split('?')[0]}?purpose=readmission")
    desk.follow("/cases/open/")
    desk.send({"process": "readmission_requested", "counterpart": "FR"})
    case = desk.page.url
    found = looked_at(desk, "opened")
    desk.follow("/appeals/new/")
    desk.send({"brought_by": "counsel"})
    found += looked_at(desk, "appeal-refused")
    desk.send(APPEAL)
    assert desk.page.url == case
    assert "An appeal or a court order suspends it." in desk.page.locator("main").inner_text()
    found += looked_at(desk, "suspended")
    desk.page.emulate_media(media="print")
    desk.picture("suspended-printed")
    desk.page.emulate_media(media="screen")
    desk.follow("/end/")
    found += looked_at(desk, "ending")
    desk.send(JUDGMENT)
    assert "An appeal or a court order suspends it." not in desk.page.locator("main").inner_text()
    found += looked_at(desk, "freed")
    assert found == []
    assert desk.faults == []


def test_a_case_and_its_appeals_hinder_nobody_in_macedonian(node: RunningNode, chromium: Browser):
    desk = Desk(chromium, node, "case-mk", language="mk").sign_in("marija", "readmission")
    desk.go("/cases/?purpose=readmission")
    found = looked_at(desk, "list")
    desk.follow("/cases/MK-")
    found += looked_at(desk, "case")
    assert "Жалби и судски налози" in desk.page.locator("main").inner_text()
    desk.follow("/appeals/new/")
    found += looked_at(desk, "appeal")
    assert found == []
