"""Officers judge a pair, each blind to the others; two of them join two identities, and nobody alone."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

from identification_bench import answered, found_pair, judge, link_of, looked_at, unlawful
from people import BASIS, NOW, actor, amira, on_record, registration
from races import at_once
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.domain.links import Justified, SamePerson
from stonebridge.identification import sampling, thresholds
from stonebridge.identification.facts import identity_of
from stonebridge.identification.models import Judgement, Link, Task
from stonebridge.identification.services import Answer, give_judgement
from stonebridge.registry.services import amend_identity
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.models import HistoryEntry
from stonebridge.safeguards.services import restrict

pytestmark = pytest.mark.usefixtures("nothing_is_drawn")


def identities(*persons) -> list[set]:
    return [set(identity_of(person.id)) for person in persons]


def test_two_officers_are_needed_to_join_two_identities(matcher, clerk, jana, petar):
    one, other, task = found_pair(matcher, clerk)
    judge(task, jana, "yes")
    assert identities(one, other) == [{one.id}, {other.id}]
    judge(task, petar, "yes")
    assert identities(one, other) == [{one.id, other.id}, {one.id, other.id}]
    link = link_of(one.id, other.id)
    assert (link.colour, link.officer_one, link.officer_two) == ("white", jana.reference, petar.reference)


def test_the_link_that_joins_stands_in_place_of_the_yellow_one(matcher, clerk, jana, petar):
    one, other, task = found_pair(matcher, clerk)
    yellow = link_of(one.id, other.id)
    judge(task, jana, "yes")
    judge(task, petar, "yes", now=NOW + timedelta(hours=1))
    yellow.refresh_from_db()
    assert (yellow.ended_at, yellow.superseded_by.id) == (NOW + timedelta(hours=1), link_of(one.id, other.id).id)


def test_one_officer_alone_excludes(matcher, clerk, jana):
    one, other, task = found_pair(matcher, clerk)
    judge(task, jana, "no")
    link = link_of(one.id, other.id)
    assert (link.same_person, link.colour, link.officer_one, link.officer_two) == ("no", "green", jana.reference, "")
    task.refresh_from_db()
    assert (task.state, task.outcome) == ("settled", "no")


def test_a_sampled_exclusion_is_judged_by_a_second_as_well(matcher, clerk, jana, petar, monkeypatch):
    monkeypatch.setattr(sampling, "SECOND_LOOK_SHARE", 1.0)
    one, other, task = found_pair(matcher, clerk)
    judge(task, jana, "no")
    assert link_of(one.id, other.id).colour == "yellow"
    judge(task, petar, "no")
    assert link_of(one.id, other.id).colour == "green"


def test_when_two_disagree_a_third_decides(matcher, clerk, jana, petar, vera):
    one, other, task = found_pair(matcher, clerk)
    judge(task, jana, "yes")
    judge(task, petar, "no")
    assert link_of(one.id, other.id).colour == "yellow"
    judge(task, vera, "yes")
    link = link_of(one.id, other.id)
    assert (link.same_person, {link.officer_one, link.officer_two}) == ("yes", {jana.reference, vera.reference})


def test_what_does_not_conclude_stays_yellow_and_is_asked_again_by_a_day(matcher, clerk, jana, petar):
    one, other, task = found_pair(matcher, clerk)
    yellow = link_of(one.id, other.id)
    judge(task, jana, "unsure")
    judge(task, petar, "insufficient")
    task.refresh_from_db()
    again = on_record(Task).get(state="open")
    assert (task.state, link_of(one.id, other.id).id) == ("undecided", yellow.id)
    assert (again.why, again.due_at) == ("review", NOW + thresholds.REVIEW_AFTER)


def test_a_review_is_always_judged_by_two(matcher, clerk, jana, petar):
    one, other, task = found_pair(matcher, clerk)
    judge(task, jana, "insufficient")
    again = on_record(Task).get(state="open")
    judge(again, jana, "no")
    assert link_of(one.id, other.id).colour == "yellow"
    judge(again, petar, "no")
    assert link_of(one.id, other.id).colour == "green"
    assert list(on_record(Judgement).filter(task=again).values_list("score_seen", flat=True)) == [True, False]


def test_an_officer_gives_no_second_opinion(matcher, clerk, jana):
    *_, task = found_pair(matcher, clerk)
    judge(task, jana, "yes")
    with pytest.raises(Refused) as refusal:
        judge(task, jana, "yes")
    assert [rule.name for rule in refusal.value.reasons] == ["nobody_judges_twice"]
    assert on_record(Judgement).count() == 1


def test_the_database_keeps_no_second_opinion_of_one_officer(matcher, clerk, jana):
    *_, task = found_pair(matcher, clerk)
    judge(task, jana, "yes")
    with pytest.raises(IntegrityError, match="one_opinion_an_officer"):
        on_record(Judgement).create(
            task=task, ordinal=2, officer_reference=jana.reference, officer_name="Somebody Else", same_person="yes",
            given_at=NOW,
        )  # fmt: skip


def test_the_database_joins_nobody_on_one_officers_word(matcher, clerk, jana):
    one, other, task = found_pair(matcher, clerk)
    judge(task, jana, "yes")
    with pytest.raises(DatabaseError, match="link_has_two_officers"):
        _forced_link(task, one, other, jana.reference, "another-officer")


def test_the_database_joins_nobody_with_one_officer_named_twice(matcher, clerk, jana):
    one, other, task = found_pair(matcher, clerk)
    judge(task, jana, "yes")
    with pytest.raises(DatabaseError, match="link_has_two_officers"):
        _forced_link(task, one, other, jana.reference, jana.reference)


def test_the_harness_would_notice_if_the_database_let_it_pass(matcher, clerk, jana):
    one, other, task = found_pair(matcher, clerk)
    judge(task, jana, "yes")
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP TRIGGER link_rests_on_judgements ON identification_link")
    _forced_link(task, one, other, jana.reference, "another-officer")
    assert identities(one) == [{one.id, other.id}]


def _forced_link(task: Task, one, other, officer_one: str, officer_two: str) -> None:
    first, second = sorted((one.id, other.id))
    on_record(Link).filter(first_id=first, second_id=second).update(ended_at=NOW, ended_by="x", ended_reason="x")
    with transaction.atomic():
        on_record(Link).create(
            reference="MK-1", first_id=first, second_id=second, task=task, same_person="yes", colour="white",
            evidence_biometrics="absent", evidence_identity="same", evidence_document="absent", colour_rule="x",
            made_at=NOW, made_by=officer_one, officer_one=officer_one, officer_two=officer_two,
        )  # fmt: skip


def test_an_officer_in_two_windows_at_once_still_gives_one_opinion(matcher, clerk, jana):
    *_, task = found_pair(matcher, clerk)
    seen = looked_at(task)
    ended = at_once(lambda: judge(task, jana, "yes", seen=seen), lambda: judge(task, jana, "yes", seen=seen))
    assert ended.count("done") == 1
    assert on_record(Judgement).count() == 1
    assert on_record(Link).filter(same_person="yes").count() == 0


def test_two_officers_at_once_join_exactly_once(matcher, clerk, jana, petar):
    one, other, task = found_pair(matcher, clerk)
    seen = looked_at(task)
    ended = at_once(lambda: judge(task, jana, "yes", seen=seen), lambda: judge(task, petar, "yes", seen=seen))
    assert ended.count("done") == 2
    assert list(on_record(Judgement).values_list("ordinal", flat=True)) == [1, 2]
    assert identities(one) == [{one.id, other.id}]


def test_a_settled_pair_takes_no_further_opinion(matcher, clerk, jana, petar):
    *_, task = found_pair(matcher, clerk)
    judge(task, jana, "no")
    with pytest.raises(WrongState, match="settled already"):
        judge(task, petar, "yes")


def test_an_opinion_on_what_has_changed_since_is_not_taken(matcher, clerk, jana):
    one, _, task = found_pair(matcher, clerk)
    seen = looked_at(task)
    amend_identity(
        one.id, registration(birth="08.03.1994").identity, supersedes=None, actor=clerk, purpose=Purpose.REGISTRATION,
        basis=BASIS[Purpose.REGISTRATION], now=NOW,
    )  # fmt: skip
    with pytest.raises(WrongState, match="changed since you looked"):
        judge(task, jana, "yes", seen=seen)
    judge(task, jana, "yes")


def test_nobody_judges_a_restricted_person(matcher, clerk, jana):
    one, _, task = found_pair(matcher, clerk)
    seen = looked_at(task)
    restrict(
        one.id, "contested", actor=actor(Role.DATA_PROTECTION_OFFICER), basis=BASIS[Purpose.DATA_PROTECTION], now=NOW
    )
    with pytest.raises(Refused, match="a_restricted_record_is_closed"):
        judge(task, jana, "yes", seen=seen)


@pytest.mark.parametrize("role", [Role.REGISTRATION_CLERK, Role.BORDER_OFFICER, Role.DATA_PROTECTION_OFFICER])
def test_only_examiners_and_supervisors_judge(matcher, clerk, role):
    *_, task = found_pair(matcher, clerk)
    with pytest.raises(Refused, match="the_role_may_do_this"):
        judge(task, actor(role, "Somebody"), "no")


def test_an_unknown_pair_is_not_found(jana):
    answer = Answer(SamePerson.NO, ("common_name",), "x")
    with pytest.raises(NotFound):
        give_judgement("MK-0000-0000", answer, actor=jana, basis="public_task", now=NOW)


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (Answer(SamePerson.NO, (), "x"), "reasons"),
        (Answer(SamePerson.NO, ("spelling",), "x"), "reasons"),
        (Answer(SamePerson.YES, ("spelling",), "x"), "remark"),
        (Answer(SamePerson.NO, ("other",), "x", remark="  "), "remark"),
        (Answer(SamePerson.UNSURE, ("too_little_data",), "x", justified=Justified.NO, article="32"), "justified"),
    ],
)
def test_an_opinion_says_why(matcher, clerk, jana, answer, field):
    *_, task = found_pair(matcher, clerk)
    with pytest.raises(BadInput) as error:
        give_judgement(task.reference, answer, actor=jana, basis="public_task", now=NOW)
    assert error.value.field == field
    assert not on_record(Judgement).exists()


def test_an_examiner_does_not_say_whether_it_is_justified(matcher, clerk, jana):
    *_, task = found_pair(matcher, clerk, newcomer={"family": "Hadad", "given": "Ameera"})
    with pytest.raises(Refused, match="the_role_may_do_this"):
        judge(task, jana, "yes", **unlawful())


def test_a_supervisor_who_names_no_article_reproaches_nobody(matcher, clerk, vera):
    *_, task = found_pair(matcher, clerk, newcomer={"family": "Hadad", "given": "Ameera"})
    with pytest.raises(Refused, match="a_reproach_needs_an_article"):
        judge(task, vera, "yes", **unlawful(article=" "))


def test_the_identity_follows_from_the_first_answer_alone(matcher, clerk, jana, vera):
    one, other, task = found_pair(matcher, clerk, newcomer={"family": "Hadad", "given": "Ameera"})
    judge(task, vera, "yes", **unlawful())
    judge(task, jana, "yes")
    link = link_of(one.id, other.id)
    assert identities(one) == [{one.id, other.id}]
    assert (link.colour, link.justified, link.justified_by) == ("red", "no", vera.reference)


def test_nothing_unlawful_is_said_of_two_records_that_are_alike_throughout(matcher, clerk, vera):
    *_, task = found_pair(matcher, clerk)
    with pytest.raises(BadInput, match="no ground"):
        judge(task, vera, "yes", **unlawful())


def test_a_judgement_keeps_the_explanation_and_the_version_that_were_shown(matcher, clerk, jana):
    *_, task = found_pair(matcher, clerk)
    judge(task, jana, "no")
    kept = on_record(Judgement).get()
    assert kept.explanation_shown == task.comparisons
    assert kept.explanation_shown
    assert (kept.matcher_version, kept.score_seen, kept.officer_name) == (task.matcher_version, False, "Jana Ilieva")


def test_the_history_of_both_says_that_somebody_judged_and_not_how(matcher, clerk, jana):
    one, other, task = found_pair(matcher, clerk)
    judge(task, jana, "yes")
    entries = on_record(HistoryEntry).filter(event="judgement_given")
    assert {entry.person_id for entry in entries} == {one.id, other.id}
    assert [entry.detail for entry in entries] == [{}, {}]


def test_no_identity_holds_two_records_that_were_judged_to_be_two_persons(matcher, clerk, jana, petar):
    one, other, _ = found_pair(matcher, clerk)
    third = amira(clerk)
    answered(matcher)
    judge(on_record(Task).between(one.id, other.id).get(), jana, "no")
    judge(on_record(Task).between(one.id, third.id).get(), jana, "yes")
    judge(on_record(Task).between(one.id, third.id).get(), petar, "yes")
    last = on_record(Task).between(other.id, third.id).get()
    judge(last, jana, "yes")
    judge(last, petar, "yes")
    last.refresh_from_db()
    assert (last.state, last.outcome) == ("undecided", "contradicted")
    assert identities(other) == [{other.id}]
    assert link_of(other.id, third.id).colour == "yellow"


def test_a_known_pair_comes_back_looking_like_any_other_and_changes_no_link(
    matcher, clerk, jana, petar, vera, monkeypatch
):
    monkeypatch.setattr(sampling, "PLANTED_SHARE", 1.0)
    ana = actor(Role.EXAMINER, "Ana Trajkova")
    one, other, task = found_pair(matcher, clerk)
    judge(task, jana, "yes")
    judge(task, petar, "yes")
    planted = on_record(Task).get(state="open")
    assert (planted.why, planted.planted_truth, planted.comparisons) == ("planted", "yes", task.comparisons)
    before = link_of(one.id, other.id).id
    judge(planted, vera, "no")
    judge(planted, ana, "no")
    planted.refresh_from_db()
    assert (planted.state, planted.outcome, link_of(one.id, other.id).id) == ("settled", "no", before)


def test_no_pair_comes_back_where_nobody_is_left_to_judge_it(matcher, clerk, jana, petar, vera, monkeypatch):
    monkeypatch.setattr(sampling, "PLANTED_SHARE", 1.0)
    *_, task = found_pair(matcher, clerk)
    judge(task, jana, "yes")
    judge(task, petar, "yes")
    assert not on_record(Task).filter(state="open").exists()


def test_whoever_made_a_pair_known_does_not_judge_it_when_it_comes_back(matcher, clerk, jana, petar, vera, monkeypatch):
    monkeypatch.setattr(sampling, "PLANTED_SHARE", 1.0)
    actor(Role.EXAMINER, "Ana Trajkova")
    *_, task = found_pair(matcher, clerk)
    judge(task, jana, "yes")
    judge(task, petar, "yes")
    with pytest.raises(Refused, match="nobody_judges_twice"):
        judge(on_record(Task).get(state="open"), jana, "yes")


def test_second_looks_are_drawn_from_the_task_alone_and_near_the_declared_share():
    from uuid_utils.compat import uuid7

    drawn = [sampling._draw(uuid7(), b"second look") for _ in range(4000)]
    assert 0.21 < sum(each < thresholds.SECOND_LOOK_SHARE for each in drawn) / 4000 < 0.29
    task = uuid7()
    assert sampling._draw(task, b"planted") == sampling._draw(task, b"planted")
