"""``kill -9`` of any process of a node at any moment: what was acknowledged is there, whole and once, and can be found.

Officers go on with the journey of the node over HTTP, trying again as people would, while processes
are killed at random moments. ``scripts/bench kills`` plays a hundred rounds; the seed is printed.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import pytest
from django.db import connections

from node_under_test import set_up_django
from running_node import RunningNode, running_node, wait_until

set_up_django()

from patient_desks import REASON, Desks, Round  # noqa: E402 needs the apps
from stonebridge.accounts.models import Officer  # noqa: E402
from stonebridge.domain.actor import Purpose  # noqa: E402
from stonebridge.domain.errors import Unavailable  # noqa: E402
from stonebridge.identification.matcher.node import client as matcher_client  # noqa: E402
from stonebridge.identification.models import GalleryPosition, Judgement, Link, Search  # noqa: E402
from stonebridge.registry.models import Person  # noqa: E402
from stonebridge.registry.statements import VISIBLE, record_for_matcher  # noqa: E402
from stonebridge.safeguards import gate  # noqa: E402
from stonebridge.safeguards.models import HistoryEntry  # noqa: E402
from stonebridge.site.browser import Browser  # noqa: E402
from stonebridge.site.demo.sign_ins import sign_in  # noqa: E402


@dataclass(frozen=True)
class Played:
    """What was acknowledged, and the kills by process and step."""

    node: RunningNode
    rounds: list[Round]
    struck: Counter[tuple[str, str]]


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    rounds, seed = request.config.getoption("--kills"), request.config.getoption("--kills-seed")
    with running_node(tmp_path_factory.mktemp("kills") / "mk", "--people", "0") as node:
        desks = Desks(node, Random(seed))
        acknowledged = [desks.play() for _ in range(rounds)]
        wait_until(lambda: Browser(node.address).get("/healthz").status == 200)
        wait_until(matcher_answers)
        wait_until(lambda: unanswered() == 0)
        sys.stdout.write(f"{told(acknowledged, desks.struck)}\n")
        yield Played(node, acknowledged, desks.struck)


def told(rounds: list[Round], struck: Counter[tuple[str, str]]) -> str:
    """What was done, for whoever plays a hundred rounds."""
    lines = [f"{len(rounds)} journeys acknowledged: {2 * len(rounds)} records, {2 * len(rounds)} opinions, "
             f"{len(rounds)} links made and withdrawn; {sum(struck.values())} kills"]  # fmt: skip
    for name, which in (("process", 0), ("step", 1)):
        counted: Counter[str] = Counter()
        for kill, times in struck.items():
            counted[kill[which]] += times
        lines.append(f"kills by {name}: " + ", ".join(f"{each} {times}" for each, times in counted.most_common()))
    return "\n".join(lines)


def matcher_answers() -> bool:
    try:
        return matcher_client().status().complete
    except Unavailable:
        return False


def unanswered() -> int:
    """Searches that wait, but for those that the gate refuses: a restricted record is not searched for."""
    connections.close_all()
    with gate.act(Purpose.IDENTIFICATION):
        return Search.objects.filter(state="waiting").exclude(trouble__startswith="refused").count()


pytestmark = [pytest.mark.attack, pytest.mark.node]


def test_processes_were_really_killed_and_started_again(played: Played):
    assert sum(played.struck.values()) >= len(played.rounds) // 2
    services = sum(times for (part, _), times in played.struck.items() if part in ("web", "worker", "matcher"))
    assert sum("ended" in line for line in played.node.said) >= services // 2


def test_no_record_that_was_acknowledged_is_lost_or_there_twice(played: Played):
    families = [each.family for each in played.rounds]
    with gate.act(Purpose.REGISTRATION):
        kept = Person.objects.filter(statements__names__text__in=families).values_list("reference", flat=True)
        assert sorted(kept) == sorted(person for each in played.rounds for person in each.persons)


def test_no_opinion_that_was_acknowledged_is_lost_or_there_twice(played: Played):
    officers = {str(Officer.objects.get(email=sign_in(key).email).id) for key in ("elena", "bekim")}
    with gate.act(Purpose.IDENTIFICATION):
        kept = list(Judgement.objects.filter(same_person="yes").values_list("task__reference", "officer_reference"))
    assert sorted(kept) == sorted((each.pair, officer) for each in played.rounds for officer in officers)


def test_every_link_was_made_once_and_withdrawn_once_and_left_the_pair_as_it_was(played: Played):
    pairs = [each.pair for each in played.rounds]
    with gate.act(Purpose.IDENTIFICATION):
        made = Link.objects.filter(same_person="yes")
        assert sorted(made.values_list("task__reference", flat=True)) == sorted(pairs)
        assert set(made.values_list("ended_reason", flat=True)) == {REASON}
        left = Link.objects.filter(ended_at__isnull=True, first_id__in=made.values("first_id"))
        assert list(left.values_list("same_person", "colour")) == [("open", "yellow")] * len(pairs)


def test_nothing_is_half_registered(played: Played):
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


def test_nothing_is_half_judged_or_half_withdrawn(played: Played):
    with gate.act(Purpose.DATA_PROTECTION), connections["default"].cursor() as cursor:
        cursor.execute(
            """SELECT t.reference FROM identification_task t WHERE t.why <> 'planted' AND
               (t.state = 'settled') <> EXISTS (SELECT FROM identification_link l WHERE l.task_id = t.id AND l.same_person = 'yes')
               UNION ALL
               SELECT s.reference FROM identification_search s WHERE s.state = 'answered' AND
               1 <> (SELECT count(*) FROM safeguards_historyentry h
                      WHERE h.event = 'search_answered' AND h.subject = 'search:' || s.reference)
            """
        )
        assert cursor.fetchall() == []
    with gate.act(Purpose.DATA_PROTECTION):
        events = Counter(HistoryEntry.objects.values_list("event", flat=True))
    assert (events["judgement_given"], events["link_withdrawn"]) == (4 * len(played.rounds), 2 * len(played.rounds))


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
