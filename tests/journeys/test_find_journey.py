"""Looking for somebody in a real browser: candidates appear while one types, and the keyboard is enough."""

from collections.abc import Iterator

import pytest
from at_the_desk import Desk
from playwright.sync_api import Browser, expect

from running_node import RunningNode

OPTIONS = '#typed [role="option"]'


@pytest.fixture(scope="module")
def mila(node: RunningNode, chromium: Browser) -> Iterator[Desk]:
    desk = Desk(chromium, node, "find").sign_in("elena")
    yield desk
    desk.context.close()


@pytest.fixture(scope="module")
def name(mila: Desk) -> str:
    """The name of somebody on record, as the page of a pair tells it."""
    mila.go("/pairs/next/")
    mila.page.goto(mila.page.locator('main a[href^="/people/"]').first.get_attribute("href") or "")
    words = (mila.page.locator("h1").inner_text() or "").split()
    return max(words, key=len)


def test_candidates_appear_while_one_types_and_the_keyboard_opens_one(mila: Desk, name: str):
    mila.go("/people/find/")
    mila.page.locator("#id_given").focus()
    mila.page.keyboard.type(name[:4], delay=30)
    expect(mila.page.locator(OPTIONS).first).to_be_visible()
    mila.picture("while typing")
    assert mila.hindrances() == []
    expect(mila.page.locator("#live")).to_contain_text("may be meant")
    mila.page.keyboard.press("ArrowDown")
    first = mila.page.locator(OPTIONS).first
    assert first.get_attribute("aria-selected") == "true"
    assert mila.page.locator("#id_given").get_attribute("aria-activedescendant") == first.get_attribute("id")
    mila.picture("one chosen")
    with mila.page.expect_navigation():
        mila.page.keyboard.press("Enter")
    assert "/people/MK-" in mila.page.url
    assert mila.faults == []


def test_escape_puts_the_list_away_and_enter_searches(mila: Desk, name: str):
    mila.go("/people/find/")
    mila.page.locator("#id_family").focus()
    mila.page.keyboard.type(name, delay=20)
    expect(mila.page.locator(OPTIONS).first).to_be_visible()
    mila.page.keyboard.press("Escape")
    expect(mila.page.locator("#typed")).to_be_hidden()
    assert mila.page.locator("#id_family").input_value() == name
    with mila.page.expect_navigation():
        mila.page.keyboard.press("Enter")
    mila.picture("answer")
    assert mila.page.locator(".sb-found li").count() > 0
    assert mila.hindrances() == []
    assert mila.faults == []


@pytest.mark.parametrize("language", ["en", "mk"])
def test_without_scripts_the_same_page_searches(node: RunningNode, chromium: Browser, name: str, language: str):
    desk = Desk(chromium, node, f"find-without-scripts-{language}", language=language, scripts=False)
    desk.sign_in("bekim")
    desk.go("/people/find/")
    desk.picture("empty")
    desk.send({"given": name})
    desk.picture("answer")
    assert desk.page.locator(".sb-found li").count() > 0
    desk.context.close()
