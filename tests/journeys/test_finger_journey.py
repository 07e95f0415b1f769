"""Fingers beside each other in a real browser: by keyboard, by mouse, on a narrow screen, and without scripts."""

import re
from collections.abc import Iterator

import pytest
from at_the_desk import Desk
from playwright.sync_api import Browser

from running_node import RunningNode


@pytest.fixture(scope="module")
def elena(node: RunningNode, chromium: Browser) -> Iterator[Desk]:
    desk = Desk(chromium, node, "fingers", language="mk").sign_in("elena")
    yield desk
    desk.context.close()


@pytest.fixture(scope="module")
def page(elena: Desk) -> str:
    elena.go("/pairs/")
    return with_fingers(elena)


def with_fingers(desk: Desk) -> str:
    """The page of the first pair in the queue whose records both have fingers."""
    links = desk.page.eval_on_selector_all("main td a, main th a", "each => each.map(a => a.getAttribute('href'))")
    pages = [f"{link}fingers/" for link in links if re.fullmatch(r"/pairs/[^/]+/", link)]
    return next(page for page in pages if desk.page.request.get(page).ok)


def planes(desk: Desk) -> list[str]:
    return desk.page.eval_on_selector_all(
        "[data-fingers-area] svg > g", "each => each.map(g => g.getAttribute('transform'))"
    )


def turns(desk: Desk) -> list[str]:
    return [re.search(r"rotate\((\S+)\)", each)[1] for each in planes(desk)]


def zooms(desk: Desk) -> list[float]:
    return [float(re.search(r"scale\((\S+)\)", each)[1]) for each in planes(desk)]


def test_keys_zoom_and_move_both_fingers_and_turn_the_side_in_use(elena: Desk, page: str):
    elena.go(page)
    start = planes(elena)
    keys(elena, "+", "ArrowLeft")
    assert zooms(elena) == [1.25, 1.25]
    assert all(now != before for now, before in zip(planes(elena), start, strict=True))
    keys(elena, "r", "r", "x", "Shift+R")
    assert turns(elena) == ["-5", "10"]
    keys(elena, "c", "m")
    assert elena.page.locator("image[filter^='url']").count() == 2
    assert elena.page.locator("[data-marks][visibility=hidden]").count() == 2
    keys(elena, "o")
    assert planes(elena) == start
    keys(elena, ".")
    assert elena.page.locator("[data-fingers-said]").inner_text().startswith("1 / ")
    elena.picture("keyboard")
    assert elena.hindrances() == []
    assert elena.faults == []


def test_a_mouse_does_the_same_and_what_is_dragged_follows_it(elena: Desk, page: str):
    elena.go(page)
    start = planes(elena)
    for step in ("+", "r", "c", "m", "x", "R", "-"):
        elena.page.locator(f'[data-finger-step="{step}"]').click()
    assert turns(elena) == ["-5", "5"]
    elena.page.locator('[data-finger-step="o"]').click()
    assert planes(elena) == start
    mark = elena.page.locator("[data-side=probe] [data-marks] circle").nth(5)
    before = mark.bounding_box()
    drag(elena, "[data-side=probe]", 60, 35)
    after = mark.bounding_box()
    assert (after["x"] - before["x"], after["y"] - before["y"]) == pytest.approx((60, 35), abs=1)
    elena.page.mouse.wheel(0, -100)
    assert zooms(elena) == [1.1, 1.1]
    elena.picture("mouse")
    assert elena.faults == []


def test_on_a_narrow_screen_nothing_runs_out_of_the_page(elena: Desk, page: str):
    elena.page.set_viewport_size({"width": 360, "height": 740})
    elena.go(page)
    elena.picture("narrow")
    assert elena.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert elena.hindrances() == []


def test_without_scripts_both_fingers_are_drawn_in_one_picture(node: RunningNode, chromium: Browser, page: str):
    desk = Desk(chromium, node, "fingers", language="mk", scripts=False).sign_in("bekim")
    desk.go(page)
    desk.picture("without scripts")
    assert desk.page.locator("noscript img, img[src$='/drawing/']").first.evaluate("each => each.naturalWidth") > 0
    desk.context.close()


def keys(desk: Desk, *names: str) -> None:
    for name in names:
        desk.page.keyboard.press(name)


def drag(desk: Desk, where: str, across: int, down: int) -> None:
    box = desk.page.locator(where).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    desk.page.mouse.move(x, y)
    desk.page.mouse.down()
    desk.page.mouse.move(x + across, y + down)
    desk.page.mouse.up()
