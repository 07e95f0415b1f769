"""Over HTTP: with the access log unwritable, no page says anything about anybody."""

import psycopg
import pytest
from django.test import Client

from access_log import BROKEN
from people import amira, officer
from rule_cases import World
from sign_ins import signed_in
from stonebridge.domain.actor import Role
from stonebridge.registry.models import Person

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")
CANARY = "Haddad"
PAGES = {
    Role.SUPERVISOR: (
        "/people/{person}/", "/people/{person}/statement/", "/people/{person}/document/", "/people/{person}/captures/",
        "/people/{person}/file/", "/people/{person}/receipt/", "/people/{person}/claim/", "/people/{person}/origin/",
        "/people/search/?q=haddad", "/pairs/", "/pairs/{task}/", "/today/",
    ),
    Role.EXAMINER: ("/people/{person}/", "/people/search/?q=haddad", "/pairs/", "/pairs/next/", "/pairs/{task}/"),
    Role.DATA_PROTECTION_OFFICER: (
        "/people/{person}/", "/people/search/?q=haddad", "/oversight/log/?about={person}",
        "/oversight/log/export/?about={person}", "/oversight/restrictions/",
    ),
    Role.BORDER_OFFICER: ("/people/{person}/", "/people/search/?q=haddad"),
}  # fmt: skip


@pytest.fixture
def named() -> dict[str, str]:
    """What stands in the addresses: a person, and a pair to judge."""
    world = World().ready()
    person = amira(world.clerk, given="Amira")
    assert isinstance(person, Person)
    return {"person": person.reference, "task": world.task.reference}


def told(browser: Client, pages: tuple[str, ...], named: dict[str, str]) -> dict[str, bool]:
    """For each page whether it was served with a name on it. Faults are pages too."""
    browser.raise_request_exception = False
    shown = {}
    for page in pages:
        response = browser.get(page.format(**named), follow=True)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        shown[page] = response.status_code == 200 and CANARY.encode() in body
    return shown


@pytest.mark.parametrize("statement", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("role", PAGES)
def test_no_page_names_anybody_when_the_log_cannot_be_written(server, node_database, named, role, statement):
    browser = signed_in(officer(role, f"Reader {role.value.title()}"))
    before = told(browser, PAGES[role], named)
    with psycopg.connect(server.superuser_url(node_database.name), autocommit=True) as superuser:
        superuser.execute(statement)
    after = told(browser, PAGES[role], named)
    assert any(before.values()), before
    assert not any(after.values()), after


def test_the_page_says_that_nothing_is_shown_until_the_log_is_back(server, node_database, named):
    browser = signed_in(officer(Role.SUPERVISOR, "Reader"))
    with psycopg.connect(server.superuser_url(node_database.name), autocommit=True) as superuser:
        superuser.execute(BROKEN["no right"])
    page = browser.get(f"/people/{named['person']}/")
    assert page.status_code == 503
    assert "log" in page.text
