"""Getting round the bench: by SQL as the application's role, by acting at the same time, by many in a row."""

import random
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from identification_bench import PUBLIC_TASK, answered, found_pair, judge, link_of, looked_at
from people import NOW, actor, amira, on_record
from races import at_once
from stonebridge.domain.actor import Role
from stonebridge.domain.identities import Link as PureLink
from stonebridge.domain.identities import identities
from stonebridge.domain.links import Justified, SamePerson
from stonebridge.identification import sampling
from stonebridge.identification.facts import identity_of
from stonebridge.identification.models import Candidate, Judgement, Link, Search, Task
from stonebridge.identification.services import assess_justification, withdraw_link
from stonebridge.identification.worker import answer_due

pytestmark = pytest.mark.usefixtures("nothing_is_drawn")


def forged_opinion(task: Task, reference: str, ordinal: int = 1, same: str = "yes") -> Judgement:
    return on_record(Judgement).create(
        task=task, ordinal=ordinal, officer_reference=reference, officer_name="Somebody", same_person=same, given_at=NOW
    )


OWN_ROWS = ("task", "link")


def without(*statements: str) -> None:
    """What the owner can do who lifts the row security that binds even them."""
    with connections["owner"].cursor() as cursor:
        lifted = (f"ALTER TABLE identification_{table} NO FORCE ROW LEVEL SECURITY" for table in OWN_ROWS)
        for statement in (*lifted, *statements):
            cursor.execute(statement)


NOBODY = "01a20e1f-0f6d-717e-800a-1d4b15115432"


def test_an_opinion_under_an_invented_name_is_refused_by_the_database(matcher, clerk):
    *_, task = found_pair(matcher, clerk)
    with pytest.raises(DatabaseError, match="only an examiner or a supervisor in post judges"):
        forged_opinion(task, NOBODY)


def test_an_opinion_under_the_name_of_a_clerk_is_refused_by_the_database(matcher, clerk):
    *_, task = found_pair(matcher, clerk)
    with pytest.raises(DatabaseError, match="only an examiner or a supervisor in post judges"):
        forged_opinion(task, clerk.reference)


def test_the_harness_would_notice_if_invented_officers_could_join_two_identities(matcher, clerk):
    one, other, task = found_pair(matcher, clerk)
    without("DROP TRIGGER opinion_is_a_judges ON identification_judgement")
    forged_opinion(task, NOBODY)
    forged_opinion(task, NOBODY[:-1] + "3", ordinal=2)
    _force_join(task, one.id, other.id, NOBODY, NOBODY[:-1] + "3")
    assert set(identity_of(one.id)) == {one.id, other.id}


def test_a_settled_pair_takes_no_opinion_from_sql(matcher, clerk, jana, petar):
    *_, task = found_pair(matcher, clerk)
    judge(task, jana, "no")
    with pytest.raises(DatabaseError, match="the pair is settled"):
        forged_opinion(task, petar.reference, ordinal=2)


def test_an_opinion_is_never_changed_or_deleted_by_the_application(matcher, clerk, jana):
    *_, task = found_pair(matcher, clerk)
    judge(task, jana, "no")
    with pytest.raises(DatabaseError, match="permission denied"):
        on_record(Judgement).update(same_person="yes")
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM identification_judgement")


@pytest.mark.parametrize("column", ["same_person", "colour", "officer_one", "justified", "made_by"])
def test_what_a_link_says_is_never_changed_by_the_application(matcher, clerk, column):
    found_pair(matcher, clerk)
    with pytest.raises(DatabaseError, match="permission denied"):
        on_record(Link).update(**{column: "yes"})


def test_what_officers_say_of_a_known_pair_founds_no_link(matcher, clerk, jana, vera):
    ana = actor(Role.EXAMINER, "Ana Trajkova")
    one, other, task = found_pair(matcher, clerk)
    judge(task, jana, "no")
    without("UPDATE identification_task SET why = 'planted', state = 'open'")
    judge(task, vera, "yes")
    judge(task, ana, "yes")
    with pytest.raises(DatabaseError, match="known_pair_founds_no_link"):
        _force_join(task, one.id, other.id, vera.reference, ana.reference)


def test_whoever_made_a_pair_known_judges_it_not_even_by_sql(matcher, clerk, jana, petar, monkeypatch):
    monkeypatch.setattr(sampling, "PLANTED_SHARE", 1.0)
    for name in ("Ana Trajkova", "Zoran Ristov"):
        actor(Role.EXAMINER, name)
    *_, task = found_pair(matcher, clerk)
    judge(task, jana, "yes")
    judge(task, petar, "yes")
    with pytest.raises(DatabaseError, match="judged by others"):
        forged_opinion(on_record(Task).get(why="planted"), jana.reference)


def _force_join(task: Task, one: UUID, other: UUID, officer_one: str, officer_two: str) -> None:
    first, second = sorted((one, other))
    on_record(Link).filter(first_id=first, second_id=second, ended_at__isnull=True).update(
        ended_at=NOW, ended_by="x", ended_reason="x"
    )
    on_record(Link).create(
        reference="MK-1", first_id=first, second_id=second, task=task, same_person="yes", colour="white",
        evidence_biometrics="absent", evidence_identity="same", evidence_document="absent", colour_rule="x",
        made_at=NOW, made_by=officer_one, officer_one=officer_one, officer_two=officer_two,
    )  # fmt: skip


def test_two_workers_answer_each_search_once(matcher, clerk):
    amira(clerk)
    amira(clerk)
    amira(clerk)
    assert at_once(lambda: answer_due(NOW, matcher=matcher), lambda: answer_due(NOW, matcher=matcher)) == ["done"] * 2
    assert on_record(Search).filter(state="answered").count() == 3
    assert (on_record(Candidate).count(), on_record(Task).filter(state="open").count()) == (6, 3)
    assert on_record(Link).count() == 3


def test_a_link_withdrawn_twice_at_once_ends_once(matcher, clerk, jana, petar, vera):
    one, other, task = found_pair(matcher, clerk)
    judge(task, jana, "yes")
    judge(task, petar, "yes")
    link = link_of(one.id, other.id)

    def withdraw() -> None:
        withdraw_link(link.reference, "Two sisters.", actor=vera, basis=PUBLIC_TASK, now=NOW)

    assert at_once(withdraw, withdraw) == ["done", "not_found"]
    assert on_record(Link).filter(ended_at__isnull=True).count() == 1


def test_opinions_searches_and_withdrawals_at_once_end_without_a_fault(matcher, clerk, jana, petar, vera):
    one, other, task = found_pair(matcher, clerk)
    judge(task, jana, "yes")
    judge(task, petar, "yes")
    third = amira(clerk)
    answered(matcher)
    amira(clerk)
    link = link_of(one.id, other.id)
    left, right = (on_record(Task).between(each, third.id).get(state="open") for each in (one.id, other.id))
    seen = {each.id: looked_at(each) for each in (left, right)}
    ended = at_once(
        lambda: judge(left, jana, "yes", seen=seen[left.id]),
        lambda: judge(left, petar, "yes", seen=seen[left.id]),
        lambda: judge(right, vera, "no", seen=seen[right.id]),
        lambda: withdraw_link(link.reference, "Two sisters.", actor=vera, basis=PUBLIC_TASK, now=NOW),
        lambda: answer_due(NOW, matcher=matcher),
    )
    assert ended == ["done"] * 5
    assert set(identity_of(one.id)) in ({one.id, third.id}, {one.id})


D3 = [
    ("same", "similar", "different", "yes", "no", "red", "32.a"),
    ("same", "different", "absent", "yes", "no", "red", "32.a"),
    ("different", "similar", "same", "no", "no", "red", "32.b"),
    ("different", "same", "absent", "no", "no", "red", "32.c"),
    ("absent", "different", "same", "yes", "no", "red", "32.d"),
    ("same", "same", "absent", "yes", "yes", "white", "33.a"),
    ("absent", "similar", "same", "yes", "yes", "white", "33.b"),
    ("same", "different", "same", "yes", "yes", "white", "33.d"),
    ("different", "same", "different", "no", "yes", "green", "31.a"),
    ("different", "different", "same", "no", "yes", "green", "31.b"),
    ("absent", "different", "same", "no", "yes", "green", "31.c"),
]


@pytest.mark.parametrize(("biometrics", "identity", "document", "same", "justified", "colour", "rule"), D3)
def test_each_row_colours_a_judged_link_when_a_supervisor_assesses_it(
    matcher, clerk, jana, petar, vera, biometrics, identity, document, same, justified, colour, rule
):
    one, other, task = found_pair(matcher, clerk)
    judge(task, jana, same)
    if same == "yes":
        judge(task, petar, same)
    without()
    Link.objects.using("owner").filter(ended_at__isnull=True).update(
        evidence_biometrics=biometrics, evidence_identity=identity, evidence_document=document
    )
    made = assess_justification(
        link_of(one.id, other.id).reference, Justified(justified), "the article", reason="Looked into.", actor=vera,
        basis=PUBLIC_TASK, now=NOW + timedelta(hours=1),
    )  # fmt: skip
    assert (made.colour, made.colour_rule) == (colour, rule)
    assert set(identity_of(one.id)) == ({one.id, other.id} if same == "yes" else {one.id})


RECORDS = 6
PAIRS = [(a, b) for a in range(RECORDS) for b in range(a + 1, RECORDS)]
GRAPHS = st.dictionaries(st.sampled_from(PAIRS), st.sampled_from(["open", "yes", "no"]), max_size=len(PAIRS))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=GRAPHS, withdrawn=st.randoms(use_true_random=False))
def test_the_database_walks_an_identity_as_the_domain_derives_it(people, graph, withdrawn: random.Random):
    _write(people, graph)
    pure = [
        PureLink(people[a], people[b], SamePerson(said) if said != "open" else None) for (a, b), said in graph.items()
    ]
    derived = {record: each for each in identities(people, pure) for record in each}
    assert {record: identity_of(record) for record in people} == derived
    if graph:
        pair = withdrawn.choice(sorted(graph))
        rest = {each: said for each, said in graph.items() if each != pair}
        without_it = {record: identity_of(record) for record in people} if _write(people, rest) else {}
        _write(people, graph)
        on_record(Link).filter(first_id=people[pair[0]], second_id=people[pair[1]]).update(
            ended_at=NOW, ended_by="x", ended_reason="x"
        )
        assert {record: identity_of(record) for record in people} == without_it


@pytest.fixture
def people(clerk) -> list[UUID]:
    without("ALTER TABLE identification_link DISABLE TRIGGER USER")
    return sorted(amira(clerk).id for _ in range(RECORDS))


def _write(people: list[UUID], graph: dict[tuple[int, int], str]) -> bool:
    without("DELETE FROM identification_link")
    on_record(Link).bulk_create(
        Link(
            reference=f"MK-{a}-{b}", first_id=people[a], second_id=people[b], same_person=said, colour="yellow",
            evidence_biometrics="absent", evidence_identity="same", evidence_document="absent", colour_rule="x",
            made_at=NOW, made_by="x", officer_one="a", officer_two="b",
        )
        for (a, b), said in graph.items()
    )  # fmt: skip
    return True
