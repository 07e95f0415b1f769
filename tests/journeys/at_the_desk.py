"""An officer in front of a real browser: signs in, fills in forms by the names of their fields, looks at pages."""

import re
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

from running_node import RunningNode
from sign_ins import forget_use
from stonebridge.site.browser import Values
from stonebridge.site.demo.sign_ins import PASSWORD, sign_in
from stonebridge.site.smoke import fresh_code

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = Path(__file__).with_name("screenshots")
WIDE = {"width": 1366, "height": 900}


class Desk:
    """One officer's browser. ``folder`` is where its screenshots go."""

    def __init__(
        self, chromium: Browser, node: RunningNode, folder: str, *, language: str = "en", scripts: bool = True
    ) -> None:
        self.context: BrowserContext = chromium.new_context(
            base_url=node.address, java_script_enabled=scripts, locale=language, viewport=WIDE, reduced_motion="reduce"
        )
        self.context.add_cookies([{"name": f"language-{node.node.code}", "value": language, "url": node.address}])
        self.page: Page = self.context.new_page()
        self.folder, self.language = SCREENSHOTS / folder, language
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._hear)

    def _hear(self, said: ConsoleMessage) -> None:
        """Note what scripts and files complain of; that a page itself is refused is for the page to say."""
        is_of_a_page = said.text.startswith("Failed to load resource") and "/static/" not in said.location["url"]
        if said.type == "error" and not is_of_a_page:
            self.faults.append(f"{self.page.url}: {said.text} ({said.location['url']})")

    def sign_in(self, key: str, purpose: str = "") -> "Desk":
        """Sign in with password and code, to work for ``purpose``."""
        who = sign_in(key)
        self.go("/account/login/")
        self.send({"login": who.email, "password": PASSWORD})
        code = fresh_code(key)
        forget_use(code)
        self.send({"code": code})
        if "/account/purpose/" in self.page.url:
            self.send({"purpose": purpose} if purpose else {}, having="purpose")
        return self

    def go(self, path: str) -> None:
        self.page.goto(path)

    def send(self, values: Values, *, having: str = "", button: str = "") -> None:
        """Fill in the form that holds the named fields and send it by ``button``, or the first that hands it in."""
        form = (
            self.page.locator("main form")
            .filter(has=self.page.locator(f'[name="{having or next(iter(values))}"]'))
            .first
        )
        for name, value in values.items():
            for each in [value] if isinstance(value, str) else value:
                _fill(form, name, each)
        handing_in = 'button[type="submit"]:not([hidden], [name="read"]), button:not([type]), input[type="submit"]'
        buttons = form.locator(handing_in)
        if button:
            buttons = form.locator(f'button[value="{button}"]')
        with self.page.expect_navigation():
            buttons.first.click()

    def address_of(self, part: str) -> str:
        """The address of the first link in the page's own part that contains ``part``."""
        return self.page.locator(f'main a[href*="{part}"]').first.get_attribute("href") or ""

    def follow(self, part: str) -> None:
        """Follow that link."""
        self.go(self.address_of(part))

    def picture(self, name: str) -> None:
        """Keep what the whole page looks like."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self.folder / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.png", full_page=True)

    def hindrances(self) -> list[str]:
        """What axe finds on the page that would keep somebody from using it."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "() => axe.run({resultTypes: ['violations']}).then(r => r.violations.map("
            "v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | ')))"
        )
        return [f"{self.page.url}: {each}" for each in found]

    def reference(self) -> str:
        """The reference of the record whose page is open."""
        return self.page.url.rstrip("/").rpartition("/")[2]


def _fill(form: Locator, name: str, value: str) -> None:
    fields = form.locator(f'[name="{name}"]')
    kind = fields.first.evaluate("each => each.type")
    if kind in {"radio", "checkbox"}:
        form.locator(f'[name="{name}"][value="{value}"]').check(force=True)
    elif kind == "select-one":
        fields.first.select_option(value)
    else:
        fields.first.fill(value)
