"""Judging in a real browser: with few keys, in both languages, and without scripts."""

from collections.abc import Iterator

import pytest
from at_the_desk import Desk
from playwright.sync_api import Browser

from running_node import RunningNode


@pytest.fixture(scope="module")
def elena(node: RunningNode, chromium: Browser) -> Iterator[Desk]:
    desk = Desk(chromium, node, "bench").sign_in("elena")
    yield desk
    desk.context.close()


def press(desk: Desk, *keys: str) -> None:
    for key in keys:
        desk.page.keyboard.press(key)


def send(desk: Desk) -> None:
    with desk.page.expect_navigation(url=lambda url: "next" not in url):
        press(desk, "Control+Enter")


def test_two_persons_are_told_apart_with_three_keys(elena: Desk):
    elena.go("/pairs/next/")
    before = elena.page.url
    press(elena, "2", "Space")
    elena.picture("two persons")
    send(elena)
    assert elena.page.url != before
    assert elena.page.locator(".sb-message--success").count() == 1
    assert elena.faults == []


def test_one_person_is_said_with_four_keys_and_a_sentence(elena: Desk):
    elena.go("/pairs/next/")
    before = elena.page.url
    press(elena, "1", "Space", "5")
    elena.page.keyboard.type("The same names in another script, and the same father.")
    elena.picture("one person")
    send(elena)
    elena.go(before)
    elena.picture("own opinion")
    assert elena.page.locator("form[data-judgement]").count() == 0
    assert elena.page.locator(".sb-opinion").count() == 1


def test_only_the_reasons_that_go_with_the_answer_stand_on_the_page(elena: Desk):
    elena.go("/pairs/next/")
    assert elena.page.locator('input[name^="reasons_"]:visible').count() == 0
    press(elena, "3")
    assert elena.page.locator('input[name="reasons_open"]:visible').count() == 5
    press(elena, "Space", "1")
    assert elena.page.locator('input[name="reasons_open"]:checked').count() == 0


def test_a_number_typed_into_the_remark_answers_nothing(elena: Desk):
    elena.go("/pairs/next/")
    press(elena, "5", "2")
    assert elena.page.locator('input[name="same_person"]:checked').count() == 0
    assert elena.page.locator('textarea[name="remark"]').input_value() == "2"


def test_an_error_is_announced_on_the_page_and_leads_to_its_field(elena: Desk):
    elena.go("/pairs/next/")
    press(elena, "2")
    with elena.page.expect_navigation():
        press(elena, "Control+Enter")
    elena.picture("without a reason")
    assert elena.page.locator('[role="alert"] a').first.get_attribute("href") == "#id_reasons_no"
    assert elena.hindrances() == []
    elena.faults.clear()  # the browser logs every answer of 400


@pytest.mark.parametrize("language", ["en", "mk"])
def test_without_scripts_a_pair_is_judged_by_the_same_form(node: RunningNode, chromium: Browser, language: str):
    desk = Desk(chromium, node, f"bench-without-scripts-{language}", language=language, scripts=False)
    desk.sign_in("bekim")
    desk.go("/pairs/next/")
    before = desk.page.url
    assert desk.page.locator('input[name^="reasons_"]').count() > 30
    desk.picture("pair")
    desk.send({"same_person": "no", "reasons_no": "relatives"})
    assert desk.page.url != before
    desk.context.close()
