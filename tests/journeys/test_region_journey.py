"""The journey across nodes in a real browser on both sides: asked, given, kept, judged by two, linked, un-linked."""

import re
from collections.abc import Iterator

import pytest
from at_the_desk import Desk
from playwright.sync_api import Browser

from running_node import RunningNode, running_nodes, wait_until
from stonebridge.site.demo.sign_ins import PASSWORD
from stonebridge.site.smoke import REFERENCE

NEEDED_FOR = "To tell who this is: registered with you, by their own account."


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, RunningNode]]:
    """North Macedonia, which knows somebody, and Serbia, which asks."""
    folder = tmp_path_factory.mktemp("region")
    with running_nodes({code: folder / code for code in ("mk", "rs")}, "--people", "0", seen=False) as nodes:
        yield {each.node.code: each for each in nodes}


def at_the_desk(chromium: Browser, node: RunningNode, key: str, folder: str, scripts: bool, purpose: str = "") -> Desk:
    """An officer of a node, signed in with the code that the page of a demonstration tells."""
    desk = Desk(chromium, node, folder, scripts=scripts)
    desk.go("/account/login/")
    desk.send({"login": f"{key}@{node.node.code}.example", "password": PASSWORD})

    tried: set[str] = set()

    def is_in() -> bool:
        """Try each code once: refused since it was used a moment ago, it would lock the officer out at the fifth time."""
        if "/2fa/" not in desk.page.url:
            return True
        desk.go("/account/2fa/authenticate/")
        code = re.search(r"\b\d{6}\b", desk.page.locator("main").inner_text())
        if code and code.group() not in tried:
            tried.add(code.group())
            desk.send({"code": code.group()})
        return "/2fa/" not in desk.page.url

    wait_until(is_in)
    if "/account/purpose/" in desk.page.url:
        desk.send({"purpose": purpose} if purpose else {}, having="purpose")
    return desk


def says(desk: Desk, text: str) -> bool:
    desk.page.reload()
    return text in desk.page.locator("main").inner_text()


@pytest.mark.parametrize(
    ("folder", "scripts", "name", "theirs"),
    [("region", True, "Layla Mansour", "Mansur"), ("region-without-scripts", False, "Tariq Darwish", "Дарвиш")],
)
def test_the_journey_across_nodes(
    region: dict[str, RunningNode], chromium: Browser, folder: str, scripts: bool, name: str, theirs: str
):
    def desk_of(node: str, key: str, purpose: str = "") -> Desk:
        return at_the_desk(chromium, region[node], key, folder, scripts, purpose)

    def seen(desk: Desk, picture: str) -> list[str]:
        """Keep a picture of the page; what hinders anybody there, which axe can tell only with scripts."""
        desk.picture(picture)
        return desk.hindrances() if scripts else []

    found: list[str] = []
    elena = desk_of("rs", "elena")
    elena.go(f"/people/search/?q={name}")
    person = REFERENCE.search(elena.page.locator("main").inner_text()).group()
    elena.go(f"/people/{person}/partners/")
    found += seen(elena, "1 whom to ask")
    elena.send({"partners": "mk"})
    assert "Hit: ask for more" in elena.page.locator("main").inner_text()
    found += seen(elena, "2 hit")
    elena.follow(f"/people/{person}/partners/RS-")
    conversation = elena.page.url
    found += seen(elena, "3 what was said")
    elena.send({"wanted": ["names", "birth", "sex", "nationalities"], "reason": NEEDED_FOR})
    found += seen(elena, "4 asked for more")

    marija = desk_of("mk", "marija", "identification")
    marija.go("/requests/")
    wait_until(lambda: says(marija, NEEDED_FOR))
    found += seen(marija, "5 requests of partners")
    marija.page.locator('main table a[href^="/requests/"]').first.click()
    found += seen(marija, "6 a request")
    marija.send({"decision": "give", "reason": "The purpose is lawful."})
    found += seen(marija, "7 decided")

    wait_until(lambda: says(elena, "Data given"))
    assert theirs in elena.page.locator("main").inner_text()
    found += seen(elena, "8 data given")
    supervisor = desk_of("rs", "marija", "identification")
    supervisor.go(conversation)
    found += seen(supervisor, "9 to keep")
    supervisor.page.locator('form[action$="/keep/"] button').click()
    found += seen(supervisor, "10 kept")
    kept = re.search(r"is kept as ([A-Z]{2}-\S{4}-\S{4})", supervisor.page.locator("main").inner_text()).group(1)

    elena.go(f"/people/{kept}/")
    wait_until(lambda: says(elena, kept) and elena.page.locator('main a[href*="/pairs/RS-"]').count() > 0)
    pair = elena.address_of("/pairs/RS-")
    for officer in (elena, desk_of("rs", "bekim")):
        officer.go(pair)
        reason = officer.page.locator('[name="reasons_yes"]').first.get_attribute("value") or ""
        officer.send({"same_person": "yes", "reasons_yes": reason, "remark": "One name, written twice."})
    elena.go(f"/people/{kept}/")
    found += seen(elena, "11 linked")
    assert "of one person" in elena.page.locator("main").inner_text()
    supervisor.go(f"/people/{kept}/")
    supervisor.follow("/withdraw/")
    supervisor.send({"reason": "A second look showed two different people."})
    supervisor.go(f"/people/{kept}/")
    assert "of one person" not in supervisor.page.locator("main").inner_text()
    supervisor.go(f"/people/{person}/partners/")
    found += seen(supervisor, "12 questions and answers")
    assert found + elena.faults + marija.faults + supervisor.faults == []
