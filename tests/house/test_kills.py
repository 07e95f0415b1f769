"""``kill -9`` of any process of a node at any moment: what was acknowledged is there, whole and once, and can be found.

A clerk goes on registering people over HTTP, trying again as a person would, while processes are
killed at random moments. ``scripts/bench kills`` plays a hundred rounds; the seed is printed.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPException
from random import Random
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import timezone

from node_under_test import set_up_django
from running_node import RunningNode, running_node, wait_until

set_up_django()

from stonebridge.domain.actor import Purpose  # noqa: E402 needs the apps
from stonebridge.domain.errors import Unavailable  # noqa: E402
from stonebridge.identification.matcher.node import client as matcher_client  # noqa: E402
from stonebridge.identification.models import GalleryPosition, Search  # noqa: E402
from stonebridge.registry.models import Person  # noqa: E402
from stonebridge.registry.statements import VISIBLE, record_for_matcher  # noqa: E402
from stonebridge.safeguards import gate  # noqa: E402
from stonebridge.site.browser import Browser, Page, Values  # noqa: E402
from stonebridge.site.smoke import Journey, pages_of  # noqa: E402

PARTS = ("web", "web worker", "worker", "matcher", "postgres")
FAMILY = "Killedova"
LETTERS = "abcdefghij"


@dataclass(frozen=True)
class Played:
    """What the clerk handed in, by given name, with the reference that the node acknowledged."""

    node: RunningNode
    acknowledged: dict[str, str]
    seed: int


class Clerk:
    """Somebody patient at a desk: a page that does not come is asked for again."""

    def __init__(self, node: RunningNode) -> None:
        self.browser = Journey(node.address, lambda text: None).sign_in("vesna", "registration")

    def register(self, given: str) -> str:
        """Register ``given``; the reference that the node acknowledged, however often it took."""
        draft = f"{self.browser.address}people/new/{uuid4()}"
        for name, values in zip(
            ("who", "documents", "arrival", "needs", "read-back"),
            (*pages_of(given, FAMILY, "05.06.1990", timezone.localtime()), {"read_back": "signed"}),
            strict=True,
        ):
            page = self._until_it_comes(lambda name=name, values=values: self._fill(f"{draft}/{name}/", values))
            assert page.status == 200, page.text
            assert not page.errors, page.errors
            if page.heading == f"{given} {FAMILY}":
                break
        assert page.heading == f"{given} {FAMILY}", page.text
        return page.address.rstrip("/").rpartition("/")[2]

    def _fill(self, address: str, values: Values) -> Page:
        """The page after the form at ``address``; the form's own page when that is all there is."""
        page = self.browser.get(address)
        is_form = page.status == 200 and any(form.fields for form in page.forms if form.action == address)
        return self.browser.submit(page, values) if is_form else page

    @staticmethod
    def _until_it_comes(ask: Callable[[], Page]) -> Page:
        came: list[Page] = []

        def comes() -> bool:
            try:
                page = ask()
            except (OSError, HTTPException):
                return False
            if page.status < 500:
                came.append(page)
            return bool(came)

        wait_until(comes)
        return came[0]


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    rounds, seed = request.config.getoption("--kills"), request.config.getoption("--kills-seed")
    random = Random(seed)
    with running_node(tmp_path_factory.mktemp("kills") / "mk", "--people", "0") as node:
        clerk, acknowledged = Clerk(node), {}
        for number in range(rounds):
            given = "Round " + "".join(LETTERS[int(digit)] for digit in f"{number:03}")
            part, moment = random.choice(PARTS), random.random() * 1.5
            killer = threading.Timer(moment, node.kill, [part])
            killer.start()
            acknowledged[given] = clerk.register(given)
            killer.join()
        wait_until(lambda: Browser(node.address).get("/healthz").status == 200)
        wait_until(matcher_answers)
        wait_until(lambda: unanswered() == 0)
        yield Played(node, acknowledged, seed)


def matcher_answers() -> bool:
    try:
        return matcher_client().status().complete
    except Unavailable:
        return False


def unanswered() -> int:
    """Searches that wait, but for those that the gate refuses: a restricted record is not searched for."""
    connections.close_all()
    return Search.objects.filter(state="waiting").exclude(trouble__startswith="refused").count()


pytestmark = [pytest.mark.attack, pytest.mark.node]


def test_processes_were_really_killed_and_started_again(played: Played):
    assert sum("ended" in line for line in played.node.said) >= len(played.acknowledged) // 2


def test_nothing_acknowledged_is_lost_and_nothing_is_there_twice(played: Played):
    with gate.act(Purpose.REGISTRATION):
        kept = Person.objects.filter(statements__names__text=FAMILY).values_list("reference", flat=True)
        assert sorted(kept) == sorted(played.acknowledged.values())


def test_nothing_is_half_saved(played: Played):
    with gate.act(Purpose.DATA_PROTECTION), connections["default"].cursor() as cursor:
        cursor.execute(
            """SELECT p.reference FROM registry_person p WHERE
               (SELECT count(*) FROM registry_identitystatement s JOIN registry_name n ON n.statement_id = s.id
                 WHERE s.person_id = p.id) < 1
               OR NOT EXISTS (SELECT FROM registry_arrival a WHERE a.person_id = p.id)
               OR NOT EXISTS (SELECT FROM registry_searchkey k WHERE k.person_id = p.id)
               OR NOT EXISTS (SELECT FROM remedies_protectionclaim c WHERE c.person_id = p.id)
               OR NOT EXISTS (SELECT FROM identification_search i WHERE i.probe_id = p.id)
               OR NOT EXISTS (SELECT FROM identification_gallerychange g WHERE g.person_id = p.id)
               OR (SELECT count(*) FROM safeguards_historyentry h WHERE h.person_id = p.id AND h.event = 'registered') <> 1
            """
        )
        assert cursor.fetchall() == []


def test_every_search_that_may_be_answered_is_and_search_agrees_with_the_register(played: Played):
    matcher = matcher_client()
    assert matcher.status().complete
    assert (
        matcher.status().position == GalleryPosition.objects.order_by("-position").values_list("position", flat=True)[0]
    )
    with gate.act(Purpose.IDENTIFICATION):
        persons = list(Person.objects.prefetch_related("statements__names", "statements__nationalities", "documents"))
        records = [record_for_matcher(person) for person in persons]
    assert matcher.status().records == len(records)
    lost = [
        record.id
        for record in records
        if record.id
        not in {
            hit.id
            for hit in matcher.search(
                record.identities[0], visible=VISIBLE[Purpose.IDENTIFICATION], limit=200, budget=10, at_least=0
            ).hits
        }
    ]
    assert lost == []


def test_the_log_is_whole_and_as_its_witness_holds_it(played: Played):
    assert played.node.tell("log", "sign").returncode == 0
    held = sorted((played.node.node.state / "witness").glob("access-*.checkpoint"))[-1]
    told = played.node.tell("log", "verify", "--checkpoint", str(held))
    assert told.returncode == 0, told.stdout
