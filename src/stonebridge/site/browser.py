"""A browser without scripts and without a screen: pages, forms, cookies. For playing journeys over HTTP.

It fills in a form as a person does: what the page offers stands, what is given replaces it, and
a field that the page does not have is an error. Standard library only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

from stonebridge.domain.errors import BadInput, NotFound

Values = Mapping[str, str | list[str]]
_NO_VALUE_OF_ITS_OWN = frozenset({"submit", "button", "image", "reset", "file"})


@dataclass(slots=True)
class Form:
    """A form of a page: what it would send as it is, and what it could send. ``buttons`` are (name, value, label)."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """What an address answered. ``links`` are (address, text); ``text`` is everything readable, in order."""

    address: str
    status: int
    heading: str = ""
    text: str = ""
    html: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def form(self, having: str = "") -> Form:
        """The first form of the page that posts; with ``having``, the first whose action or fields contain that.

        Raises:
            NotFound: there is none.
        """
        for form in self.forms:
            if (having and (having in form.action or having in form.fields or having in form.choices)) or (
                not having and form.method == "post" and "/language/" not in form.action and "logout" not in form.action
            ):
                return form
        raise NotFound("form", f"{having or 'that posts'} on {self.address} ({self.heading})")

    def link(self, having: str) -> str:
        """The address of the first link whose text or address contains ``having``.

        Raises:
            NotFound: there is none.
        """
        for address, text in self.links:
            if having in text or having in address:
                return address
        raise NotFound("link", f"{having} on {self.address} ({self.heading})")


class Browser:
    """One person's browser at one node, whose ``address`` ends with a slash."""

    def __init__(self, address: str, timeout: float = 30.0) -> None:
        self.address, self.timeout = address, timeout
        self._jar = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._jar))

    @property
    def cookies(self) -> set[str]:
        """The names of the cookies that it holds."""
        return {cookie.name for cookie in self._jar}

    def get(self, path: str) -> Page:
        """Open a page of the node."""
        return self._open(Request(urljoin(self.address, path)))  # noqa: S310 our own address

    def submit(self, page: Page, values: Values, *, form: str = "", button: str = "") -> Page:
        """Fill in a form of ``page`` and send it by the button whose label or value contains ``button``.

        Raises:
            BadInput: the form has no such field or button.
        """
        chosen = page.form(form)
        sent = {**chosen.fields}
        for name, value in values.items():
            if name not in chosen.fields and name not in chosen.choices:
                known = ", ".join(sorted({*chosen.fields, *chosen.choices}))
                raise BadInput(name, value, f"The form on {page.address} has: {known}.")
            sent[name] = [value] if isinstance(value, str) else value
        if button:
            pressed = next((each for each in chosen.buttons if button in each[2] or button == each[1]), None)
            if pressed is None:
                raise BadInput("button", button, f"The form on {page.address} has: {chosen.buttons}.")
            if pressed[0]:
                sent[pressed[0]] = [pressed[1]]
        target, content = urljoin(page.address, chosen.action), urlencode(sent, doseq=True)
        if chosen.method == "get":
            return self._open(Request(f"{target.split('?')[0]}?{content}"))  # noqa: S310 our own address
        return self._open(Request(target, data=content.encode("ascii"), headers={"Referer": page.address}))  # noqa: S310

    def _open(self, request: Request) -> Page:
        try:
            with self._opener.open(request, timeout=self.timeout) as answer:
                return read_page(answer.url, answer.status, answer.read())
        except HTTPError as error:
            with error:
                return read_page(error.url or request.full_url, error.code, error.read())


def read_page(address: str, status: int, content: bytes) -> Page:
    """A page from the bytes that an address answered."""
    reader = _Reader(Page(address, status, html=content.decode("utf-8", "replace")))
    reader.feed(reader.page.html)
    reader.page.text = " ".join(" ".join(reader.words).split())
    return reader.page


class _Reader(HTMLParser):
    """Reads headings, text, links and forms off a page."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page, self.words = page, [""]
        self._form: Form | None = None
        self._collected: dict[str, list[str]] = {}
        self._select, self._option = "", ""
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in {"script", "style", "template"}:
            self._silent += 1
        if tag in {"h1", "a", "textarea", "button"}:
            self._collected[tag] = []
        if "error-message" in given.get("class", ""):
            self._collected["p"] = []
        if tag == "a" and "href" in given:
            self.page.links.append((given["href"], ""))
        if tag == "form":
            self._form = Form(given.get("action") or self.page.address, given.get("method", "get").lower())
            self.page.forms.append(self._form)
        if self._form is not None:
            self._field(self._form, tag, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind in {"radio", "checkbox"}:
                form.choices.setdefault(name, []).append(given.get("value", "on"))
                if "checked" in given:
                    form.fields.setdefault(name, []).append(given.get("value", "on"))
            elif kind not in _NO_VALUE_OF_ITS_OWN:
                form.fields[name] = [given.get("value", "")]
            elif kind == "submit":
                form.buttons.append((name, given.get("value", ""), given.get("value", "")))
        elif tag == "select":
            self._select = name
            form.choices.setdefault(name, [])
        elif tag == "option" and self._select:
            form.choices[self._select].append(given.get("value", ""))
            if "selected" in given or self._select not in form.fields:
                form.fields[self._select] = [given.get("value", "")]
        elif tag == "textarea":
            form.fields[name] = [""]
            self._select = name
        elif tag == "button":
            form.buttons.append((name, given.get("value", ""), ""))

    def handle_data(self, data: str) -> None:
        for collected in self._collected.values():
            collected.append(data)
        if not self._silent:
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self._collected.pop(tag, [])).strip() if tag in self._collected else ""
        if tag in {"script", "style", "template"}:
            self._silent -= 1
        elif tag == "h1":
            self.page.heading = self.page.heading or " ".join(text.split())
        elif tag == "a" and self.page.links and text:
            self.page.links[-1] = (self.page.links[-1][0], " ".join(text.split()))
        elif tag == "p" and text:
            self.page.errors.append(" ".join(text.split()))
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._form is not None:
            self._form.fields[self._select], self._select = [text], ""
        elif tag == "button" and self._form is not None and self._form.buttons:
            name, value, _ = self._form.buttons[-1]
            self._form.buttons[-1] = (name, value, " ".join(text.split()))
