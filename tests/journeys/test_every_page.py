"""Every page that an officer can reach by links: a screenshot of each, and axe finds nothing on it."""

from urllib.parse import urlsplit

import pytest
from at_the_desk import Desk
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser

from running_node import RunningNode
from stonebridge.site.demo.sign_ins import SIGN_INS

MOST_OF_A_KIND = 2
"""Pages of one address pattern that are looked at: people differ, their pages hardly."""
NOT_FOLLOWED = ("account_logout", "mfa_deactivate_totp")
NOT_BEGUN = ("registry:page", "registry:read_back")
"""Later pages of a registration that holds nothing yet: they say that there is no such draft."""


def walk(desk: Desk, start: str) -> list[str]:
    """Look at every kind of page that links lead to from ``start``; what hinders anybody there."""
    seen: dict[str, int] = {}
    known, waiting, found = {start}, [start], []
    while waiting:
        path = waiting.pop(0)
        kind = _kind(path)
        if not kind or kind in NOT_FOLLOWED or seen.get(kind, 0) >= MOST_OF_A_KIND:
            continue
        seen[kind] = seen.get(kind, 0) + 1
        answer = desk.page.goto(path)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        if answer.status >= 400 and answer.status != 403 and kind not in NOT_BEGUN:
            found.append(f"{path}: {answer.status}")
        desk.picture(f"{kind}-{seen[kind]}")
        found += desk.hindrances()
        for address in desk.page.locator("a[href]:not([download])").evaluate_all("all => all.map(a => a.href)"):
            parts = urlsplit(address)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc == urlsplit(desk.page.url).netloc and target not in known and "/static/" not in target:
                known.add(target)
                waiting.append(target)
    return found


def _kind(path: str) -> str:
    try:
        return resolve(path.split("?")[0]).view_name or ""
    except Resolver404:
        return ""


@pytest.mark.parametrize("who", SIGN_INS, ids=lambda who: who.key)
def test_every_page_of_an_officer_hinders_nobody(node: RunningNode, chromium: Browser, who):
    desk = Desk(chromium, node, f"pages/{who.key}").sign_in(who.key)
    assert walk(desk, "/today/") == []
    assert desk.faults == []


def test_every_page_of_a_stranger_hinders_nobody(node: RunningNode, chromium: Browser):
    desk = Desk(chromium, node, "pages/stranger")
    assert walk(desk, "/") == []
    assert desk.faults == []


def test_every_page_of_a_stranger_in_macedonian_hinders_nobody(node: RunningNode, chromium: Browser):
    desk = Desk(chromium, node, "pages/stranger-mk", language="mk")
    assert walk(desk, "/") == []
