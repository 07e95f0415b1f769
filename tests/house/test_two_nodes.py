"""Two nodes on one machine: neither meets the other's cookies, sockets, databases or keys."""

import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from node_under_test import set_up_django
from running_node import RunningNode, running_nodes

set_up_django()

from stonebridge.exchange.evidence.bundle import witness_key  # noqa: E402 needs the apps
from stonebridge.exchange.transports.signatures import public_key  # noqa: E402
from stonebridge.safeguards.log.checkpoint import cosigned_at  # noqa: E402
from stonebridge.site import memory  # noqa: E402
from stonebridge.site.browser import Browser, Page  # noqa: E402
from stonebridge.site.database import NAME, password_of  # noqa: E402
from stonebridge.site.demo.sign_ins import PASSWORD  # noqa: E402
from stonebridge.site.demonstration import memory_limit  # noqa: E402
from stonebridge.site.smoke import REFERENCE, Journey  # noqa: E402
from stonebridge.site.state import read_secrets  # noqa: E402

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningNode, RunningNode]]:
    """The nodes of North Macedonia and of Serbia; this test sees the first one's database."""
    folder = tmp_path_factory.mktemp("two")
    with running_nodes({"mk": folder / "mk", "rs": folder / "rs"}, "--people", "0") as (one, other):
        yield one, other


def test_each_node_says_whose_it_is(two: tuple[RunningNode, RunningNode]):
    one, other = (Browser(each.address).get("/account/login/").text for each in two)
    assert "North Macedonia" in one
    assert "Serbia" in other
    assert "North Macedonia" not in other


def test_a_sign_in_at_one_node_is_none_at_the_other(two: tuple[RunningNode, RunningNode]):
    one, other = two
    officer = Journey(one.address, lambda text: None).sign_in("vesna", "registration")
    assert "/account/login/" in officer.get(f"{other.address}today/").address
    assert "/today/" in officer.get(f"{one.address}today/").address


def test_the_cookies_of_both_stand_in_one_browser_side_by_side(two: tuple[RunningNode, RunningNode]):
    one, other = two
    officer = Journey(one.address, lambda text: None).sign_in("goran", "registration")
    officer.get(f"{other.address}account/login/")
    assert {"session-mk", "csrf-mk", "csrf-rs"} <= officer.cookies


def test_no_password_of_one_database_opens_the_other(two: tuple[RunningNode, RunningNode]):
    one, other = (each.server.urls()["app"] for each in two)
    strange = other.replace(password_of(other), password_of(one))
    with psycopg.connect(other) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(strange)


def test_each_has_sockets_data_and_keys_of_its_own(two: tuple[RunningNode, RunningNode]):
    one, other = two
    assert one.node.matcher_socket.resolve() != other.node.matcher_socket.resolve()
    assert one.server.home != other.server.home
    mine, theirs = (read_secrets(each.node.state) for each in two)
    assert set(mine) == set(theirs)
    assert not set(mine.values()) & set(theirs.values())


def test_two_nodes_take_no_more_memory_than_two_may(two: tuple[RunningNode, RunningNode]):
    roots = [child.process.pid for each in two for child in each.supervisor.children if child.process is not None]
    roots += [process for each in two if (process := each.server.pid()) is not None]
    assert memory.used(memory.tree(*roots)) <= memory_limit(2)


def test_one_node_asks_the_other_and_is_given_what_an_officer_there_decides(two: tuple[RunningNode, RunningNode]):
    one, other = two
    examiner = Journey(one.address, lambda text: None).sign_in("elena", "identification")
    found = REFERENCE.search(examiner.get("/people/search/?q=Haddad").text)
    assert found is not None
    page = f"/people/{found.group()}/partners/"
    asked = examiner.submit(examiner.get(page), {"partners": "rs"}, button="Ask them")
    assert "Hit: ask for more" in asked.text
    conversation = below(page, asked)
    more = {"wanted": ["names", "birth"], "reason": "To tell who she is."}
    examiner.submit(examiner.get(conversation), more, form="wanted", button="Ask for it")
    supervisor = sign_in_at(other, "marija")
    until(lambda: "To tell who she is." in supervisor.get("/requests/").text)
    request = below("/requests/", supervisor.get("/requests/"))
    decision = {"decision": "give", "reason": "The purpose is lawful."}
    supervisor.submit(supervisor.get(request), decision, form="decision", button="Record")
    until(lambda: "Data given" in examiner.get(conversation).text)
    given = examiner.get(conversation).text
    assert "Ameera" in given
    assert "1994" in given


def test_each_node_signs_for_the_other_s_log(two: tuple[RunningNode, RunningNode]):
    for mine, theirs in (two, two[::-1]):
        code = theirs.node.code
        asked = "SELECT note FROM exchange_cosigned WHERE witness = %s AND cosigned_at IS NOT NULL"
        until(lambda mine=mine, code=code, asked=asked: rows(mine, asked, code) != [], within=90)
        key = public_key(bytes.fromhex(read_secrets(theirs.node.state)["exchange_key"]))
        ((note,),) = rows(mine, asked, code)
        assert cosigned_at(bytes(note), [witness_key(code, key)]) != {}
        assert rows(theirs, "SELECT 1 FROM exchange_witnessed WHERE partner = %s AND note IS NOT NULL", mine.node.code)
        assert rows(mine, "SELECT kind FROM exchange_witnessalarm WHERE partner = %s", code) == []


def rows(node: RunningNode, sql: str, *parameters: object) -> list[tuple[object, ...]]:
    """What the node's database holds, whoever may see it."""
    with psycopg.connect(node.server.superuser_url(NAME)) as connection:
        return connection.execute(sql, parameters).fetchall()


def below(address: str, page: Page) -> str:
    """The first link of a page that leads further down from ``address``."""
    return next(link for link, _ in page.links if link.startswith(address) and link != address)


def sign_in_at(node: RunningNode, key: str) -> Browser:
    """An invented officer of the node of Serbia at their desk; the code comes from that node."""
    browser = Browser(node.address)
    fields = {"login": f"{key}@rs.example", "password": PASSWORD}
    page = browser.submit(browser.get("/account/login/"), fields, form="login")
    browser.submit(page, {"code": node.tell("demo", "code", key).stdout.split()[0]}, form="code")
    return browser


def until(is_so: Callable[[], bool], within: float = 20.0) -> None:
    """Look again until it is so."""
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.5)
