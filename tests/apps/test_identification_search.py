"""A registered person is searched for among all others; a machine names candidates and judges nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections

from identification_bench import answered, running_matcher
from matching.running_matcher import RunningMatcher, started
from people import BASIS, NOW, actor, amira, on_record, registration
from stonebridge.domain.actor import Purpose, Role
from stonebridge.identification.matcher.client import MatcherClient
from stonebridge.identification.models import Candidate, GalleryChange, GalleryPosition, Link, Search, Task
from stonebridge.identification.services import answer_search, keep_up
from stonebridge.identification.worker import answer_due, forget_positions
from stonebridge.registry.registration import StatedDocument
from stonebridge.registry.services import amend_identity
from stonebridge.safeguards.models import HistoryEntry
from stonebridge.safeguards.services import lift_restriction, restrict

PASSPORT = StatedDocument("passport", "N00712345", "SYR", seen="original")


@pytest.fixture
def matcher() -> Iterator[RunningMatcher]:
    with running_matcher() as running:
        yield running


def entries() -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM log.entry")
        (count,) = cursor.fetchone()
    return count


def test_the_same_person_under_another_spelling_becomes_a_candidate_with_an_explanation(matcher, clerk):
    former = amira(clerk)
    newcomer = amira(clerk, given="Ameera", family="Hadad")
    assert answered(matcher) == 2
    candidate = on_record(Candidate).get(search__probe=newcomer)
    assert candidate.person_id == former.id
    assert {each["feature"] for each in candidate.comparisons} >= {"given_name", "family_name", "birth_date", "sex"}
    assert candidate.score == pytest.approx(sum(each["score"] for each in candidate.comparisons))


def test_an_answer_names_the_matchers_version_the_position_and_the_share_searched(matcher, clerk):
    amira(clerk)
    answered(matcher)
    search = on_record(Search).get()
    assert (search.state, search.answered_at, search.position, search.share_searched) == ("answered", NOW, 1, 1.0)
    assert search.matcher_version.startswith("biographic-")


def test_a_machine_ties_a_strong_candidate_with_an_open_yellow_link_and_asks_officers(matcher, clerk):
    one, other = amira(clerk), amira(clerk)
    answered(matcher)
    link, task = on_record(Link).get(), on_record(Task).get()
    assert (link.first_id, link.second_id) == (one.id, other.id)
    assert (link.same_person, link.colour, link.made_by) == ("open", "yellow", "clock:search")
    assert (link.task_id, task.state, task.due_at) == (task.id, "open", NOW + timedelta(hours=24))
    assert {entry.event for entry in on_record(HistoryEntry).filter(person_id=other.id)} >= {
        "search_answered", "pair_put_to_judgement", "link_made",
    }  # fmt: skip


def test_both_find_each_other_and_are_asked_about_once(matcher, clerk):
    amira(clerk)
    amira(clerk)
    answered(matcher)
    assert (on_record(Candidate).count(), on_record(Task).count(), on_record(Link).count()) == (2, 1, 1)


def test_a_weak_candidate_is_shown_and_puts_nobody_to_work(matcher, clerk):
    amira(clerk)
    amira(clerk, given="Amira", family="Nasser", birth="1989")
    answered(matcher)
    assert (on_record(Candidate).count(), on_record(Task).count(), on_record(Link).count()) == (2, 0, 0)


def test_strangers_are_no_candidates(matcher, clerk):
    amira(clerk)
    amira(clerk, given="Ivo", family="Petrov", birth="1961", sex="m", nationality="BGR")
    answered(matcher)
    assert not on_record(Candidate).exists()


def test_two_records_that_share_a_passport_alone_are_put_to_judgement_with_a_yellow_link(matcher, clerk):
    amira(clerk, documents=(PASSPORT,))
    amira(clerk, given="Layla", family="Nasser", birth="1989", documents=(PASSPORT,))
    answered(matcher)
    link = on_record(Link).get()
    assert (link.evidence_biometrics, link.evidence_identity, link.evidence_document) == ("absent", "different", "same")
    assert (link.colour, link.colour_rule) == ("yellow", "30.b")


def test_a_search_is_answered_once_however_often_the_worker_calls(matcher, clerk):
    amira(clerk)
    amira(clerk)
    assert [answered(matcher), answered(matcher)] == [2, 0]
    search = on_record(Search).first()
    assert not answer_search(search.id, matcher=matcher.client, at_least=0, now=NOW)
    assert on_record(Candidate).count() == 2


def test_while_the_matcher_is_down_searches_wait_longer_each_time_and_are_then_answered(matcher, clerk):
    amira(clerk)
    folder = matcher.folder
    matcher.kill()
    assert answer_due(NOW, matcher=MatcherClient(folder / "m.sock")) == 0
    first = on_record(Search).get()
    assert (first.attempts, first.try_after, first.state) == (1, NOW + timedelta(seconds=2), "waiting")
    assert "stonebridge matcher" in first.trouble
    again = NOW + timedelta(seconds=3)
    answer_due(again, matcher=MatcherClient(folder / "m.sock"))
    assert on_record(Search).get().try_after == again + timedelta(seconds=4)
    restarted = started(folder)
    try:
        assert answer_due(again, matcher=restarted.client) == 0
        assert answer_due(again + timedelta(minutes=1), matcher=restarted.client) == 1
    finally:
        restarted.kill()
    assert on_record(Search).get().trouble == ""


def test_the_pause_never_exceeds_a_minute(matcher, clerk):
    amira(clerk)
    on_record(Search).update(attempts=500)
    matcher.kill()
    answer_due(NOW, matcher=matcher.client)
    assert on_record(Search).get().try_after == NOW + timedelta(minutes=1)


def test_a_gallery_that_was_lost_is_filled_again_before_the_search(matcher, clerk):
    one = amira(clerk)
    answered(matcher)
    matcher.client.begin_rebuild()
    two = amira(clerk)
    answered(matcher)
    assert on_record(Candidate).get(search__probe=two).person_id == one.id


def test_whoever_is_restricted_is_no_candidate_and_returns_when_opened(matcher, clerk):
    guard = actor(Role.DATA_PROTECTION_OFFICER)
    how = {"actor": guard, "basis": BASIS[Purpose.DATA_PROTECTION], "now": NOW}
    hidden = amira(clerk)
    answered(matcher)
    restrict(hidden.id, "contested", **how)
    first = amira(clerk)
    answered(matcher)
    assert not on_record(Candidate).filter(search__probe=first).exists()
    lift_restriction(hidden.id, "settled", **how)
    second = amira(clerk)
    answered(matcher)
    assert {each.person_id for each in on_record(Candidate).filter(search__probe=second)} == {hidden.id, first.id}


def test_one_restricted_after_the_matcher_learnt_of_them_is_still_no_candidate(matcher, clerk):
    guard = actor(Role.DATA_PROTECTION_OFFICER)
    hidden, newcomer = amira(clerk), amira(clerk)
    position = keep_up(matcher.client, now=NOW)
    restrict(hidden.id, "contested", actor=guard, basis=BASIS[Purpose.DATA_PROTECTION], now=NOW)
    search = on_record(Search).get(probe=newcomer)
    answer_search(search.id, matcher=matcher.client, at_least=position, now=NOW)
    assert not on_record(Candidate).exists()


def test_a_search_for_a_restricted_person_waits_and_is_answered_when_they_are_open(matcher, clerk):
    guard = actor(Role.DATA_PROTECTION_OFFICER)
    how = {"actor": guard, "basis": BASIS[Purpose.DATA_PROTECTION]}
    person = amira(clerk)
    restrict(person.id, "contested", now=NOW, **how)
    assert answered(matcher) == 0
    assert (on_record(Search).get().state, on_record(Search).get().trouble) == (
        "waiting", "refused by a_restricted_record_is_closed",
    )  # fmt: skip
    lift_restriction(person.id, "settled", now=NOW, **how)
    assert answered(matcher, NOW + timedelta(hours=1)) == 1


def test_a_new_statement_asks_anew_and_replaces_a_pair_that_nobody_has_judged(matcher, clerk):
    amira(clerk)
    second = amira(clerk, birth="1994")
    answered(matcher)
    amend_identity(
        second.id, registration().identity, supersedes=None, actor=clerk, purpose=Purpose.REGISTRATION,
        basis=BASIS[Purpose.REGISTRATION], now=NOW + timedelta(hours=1),
    )  # fmt: skip
    answered(matcher, NOW + timedelta(hours=1))
    assert sorted(on_record(Task).values_list("state", "outcome")) == [("open", ""), ("undecided", "replaced")]
    assert on_record(Link).count() == 1


def test_being_found_is_logged_for_whoever_is_found(matcher, clerk):
    amira(clerk)
    answered(matcher)
    amira(clerk, given="Amira", family="Nasser", birth="1989")
    before = entries()
    answered(matcher)
    # the probe twice, when read and when answered; the weak candidate once
    assert entries() - before == 3


def test_the_database_refuses_a_machine_any_link_but_an_open_yellow_one(matcher, clerk):
    amira(clerk)
    amira(clerk)
    answered(matcher)
    link = on_record(Link).get()
    on_record(Link).filter(id=link.id).update(ended_at=NOW, ended_by="x", ended_reason="x")
    with pytest.raises(IntegrityError, match="machines_make_only_yellow"):
        on_record(Link).create(
            reference="MK-1", first_id=link.first_id, second_id=link.second_id, same_person="no", colour="green",
            evidence_biometrics="absent", evidence_identity="same", evidence_document="absent", colour_rule="x",
            made_at=NOW, made_by="clock:search",
        )  # fmt: skip


def test_old_positions_are_forgotten_and_the_gallery_goes_on_from_the_last(matcher, clerk):
    amira(clerk)
    amira(clerk, given="Ivo", family="Petrov", birth="1961", sex="m", nationality="BGR")
    amira(clerk, given="Layla", family="Nasser", birth="1980")
    answered(matcher)
    assert forget_positions(keep=1) == 2
    assert (GalleryPosition.objects.get().position, GalleryChange.objects.count()) == (3, 1)
    amira(clerk)
    answered(matcher)
    assert (GalleryPosition.objects.latest("position").position, on_record(Candidate).count()) == (4, 1)


def test_a_change_that_has_no_position_yet_is_never_forgotten(matcher, clerk):
    amira(clerk)
    assert forget_positions(keep=0) == 0
    assert GalleryChange.objects.count() == 1


def test_a_matcher_further_behind_than_what_is_kept_is_filled_anew(matcher, clerk):
    amira(clerk)
    amira(clerk, given="Layla", family="Nasser", birth="1980")
    keep_up(matcher.client, now=NOW)
    matcher.client.begin_rebuild()
    matcher.client.finish_rebuild(0)
    amira(clerk, given="Ivo", family="Petrov", birth="1961", sex="m", nationality="BGR")
    forget_positions(keep=1)
    assert answered(matcher) == 3
    assert matcher.client.status().records == 3
