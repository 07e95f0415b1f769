"""The bench: pairs side by side, blind until one's own opinion, usable without scripts."""

import html
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from identification_bench import MatcherHere, answered, judge, link_of
from people import TODAY, amira, officer, on_record
from sign_ins import signed_in
from stonebridge.accounts.actors import actor_for
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.identification import sampling
from stonebridge.identification.models import Candidate, Judgement, Search, Task
from stonebridge.registry.models import Person
from stonebridge.registry.queries import read_person
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Action

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")


@pytest.fixture
def matcher(tmp_path: Path) -> MatcherHere:
    return MatcherHere(tmp_path / "gallery")


@pytest.fixture(autouse=True)
def nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "SECOND_LOOK_SHARE", 0.0)
    monkeypatch.setattr(sampling, "PLANTED_SHARE", 0.0)


@pytest.fixture
def clerk() -> Actor:
    return actor_for(officer(Role.REGISTRATION_CLERK), today=TODAY, second_factor=True)


@pytest.fixture
def jana():
    return officer(Role.EXAMINER, "Jana Ilieva")


@pytest.fixture
def petar():
    return officer(Role.EXAMINER, "Petar Kostov")


@pytest.fixture
def vera():
    return officer(Role.SUPERVISOR, "Vera Stojan")


def as_actor(made) -> Actor:
    return actor_for(made, today=TODAY, second_factor=True)


def found(matcher: MatcherHere, clerk: Actor, former=None, newcomer=None) -> tuple[Person, Person, Task]:
    one, other = amira(clerk, **(former or {})), amira(clerk, **(newcomer or {}))
    answered(matcher, timezone.now())
    return one, other, on_record(Task).between(one.id, other.id).get(state="open")


def shown(browser: Client, url: str, status: int = 200) -> str:
    page = browser.get(url)
    assert page.status_code == status
    return html.unescape(page.content.decode())


def mark_on(page: str) -> str:
    return re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]


def give(browser: Client, task: Task, same: str, **more: object):
    mark = mark_on(shown(browser, f"/pairs/{task.reference}/"))
    groups = {"yes": "reasons_yes", "no": "reasons_no"}
    reason = {"yes": "spelling", "no": "common_name"}.get(same, "too_little_data")
    values = {"seen": mark, "same_person": same, groups.get(same, "reasons_open"): reason, "remark": "By hand."} | more
    return browser.post(f"/pairs/{task.reference}/", values)


def test_the_queue_lists_what_waits_with_when_it_is_due(matcher, clerk, jana):
    one, other, task = found(matcher, clerk)
    page = shown(signed_in(jana), "/pairs/")
    assert "Pairs to judge" in page
    assert all(text in page for text in (task.reference, one.reference, other.reference, "Found by a search"))


def test_an_empty_queue_says_so(jana):
    assert "No pair waits for you" in shown(signed_in(jana), "/pairs/")


def test_the_queue_can_show_what_is_overdue_alone(matcher, clerk, jana):
    *_, task = found(matcher, clerk)
    browser = signed_in(jana)
    assert "No pair of this kind waits" in shown(browser, "/pairs/?show=overdue")
    _made_due(task, timezone.now() - timedelta(days=3))
    assert task.reference in shown(browser, "/pairs/?show=overdue")


def _made_due(task: Task, when) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE identification_task NO FORCE ROW LEVEL SECURITY")
        cursor.execute("UPDATE identification_task SET due_at = %s WHERE id = %s", [when, task.id])


def test_a_filter_that_does_not_exist_is_an_error_that_names_the_choices(jana):
    assert "Choose all, overdue, review" in shown(signed_in(jana), "/pairs/?show=everything", 400)


def test_a_clerk_judges_nothing_and_reads_why(matcher, clerk):
    *_, task = found(matcher, clerk)
    browser = signed_in(officer(Role.REGISTRATION_CLERK, "Other Clerk"))
    assert browser.get("/pairs/").status_code == 403
    page = shown(browser, f"/pairs/{task.reference}/")
    assert "not yours to judge" in page
    assert "same_person" not in page


def test_a_pair_shows_both_with_each_feature_in_a_sentence_and_marks_what_differs(matcher, clerk, jana):
    *_, task = found(matcher, clerk, newcomer={"given": "Ameera", "family": "Hadad"})
    page = shown(signed_in(jana), f"/pairs/{task.reference}/")
    assert "can be two spellings of one name" in page
    assert "sb-comparison__row--near" in page
    assert "≈" in page


def test_the_score_and_its_parts_stay_hidden_until_ones_own_opinion(matcher, clerk, jana):
    *_, task = found(matcher, clerk)
    browser = signed_in(jana)
    before = shown(browser, f"/pairs/{task.reference}/")
    assert "bits" not in before
    assert not [each for each in task.comparisons if f"{each['score']}" in before.replace(task.reference, "")
                and each["score"] >= 2.5]  # fmt: skip
    give(browser, task, "no")
    after = shown(browser, f"/pairs/{task.reference}/")
    assert f"{task.score:.1f} bits of evidence" in after
    for told in ("Why not higher?", "the chance that the two are one person is"):
        assert told in after
        assert told not in before


def test_an_opinion_leads_to_the_next_pair(matcher, clerk, jana):
    *_, task = found(matcher, clerk)
    third = amira(clerk)
    answered(matcher, timezone.now())
    browser = signed_in(jana)
    reply = give(browser, task, "no")
    assert reply.headers["Location"] == "/pairs/next/"
    following = browser.get("/pairs/next/").headers["Location"]
    assert following != f"/pairs/{task.reference}/"
    assert "is recorded" in shown(browser, following)
    assert third.reference in shown(browser, following)


def test_a_second_officers_pages_never_tell_what_the_first_said(matcher, clerk, jana, petar):
    one, _, task = found(matcher, clerk)
    untouched = shown(signed_in(petar), f"/pairs/{task.reference}/")
    queue = shown(signed_in(petar), "/pairs/")
    give(signed_in(jana), task, "yes", remark="Unmistakable scar.")
    browser = signed_in(petar)
    assert _plain(shown(browser, f"/pairs/{task.reference}/")) == _plain(untouched)
    assert _plain(shown(browser, "/pairs/")) == _plain(queue)
    for page in ("/pairs/", f"/pairs/{task.reference}/", _link_page(task), f"/people/{one.reference}/"):
        told = shown(browser, page)
        assert not [word for word in ("Unmistakable", "Jana", "bits", "needed", "spelling_") if word in told]


def test_the_harness_would_notice_a_page_that_tells(matcher, clerk, jana):
    *_, task = found(matcher, clerk)
    browser = signed_in(jana)
    give(browser, task, "yes", remark="Unmistakable scar.")
    assert "Unmistakable" in shown(browser, f"/pairs/{task.reference}/")


def test_a_known_pair_looks_like_any_other(matcher, clerk, jana, petar, vera, monkeypatch):
    one, other, task = found(matcher, clerk)
    first = _plain(shown(signed_in(vera), f"/pairs/{task.reference}/"))
    monkeypatch.setattr(sampling, "PLANTED_SHARE", 1.0)
    officer(Role.EXAMINER, "Ana Trajkova")
    for each in (jana, petar):
        judge(task, as_actor(each), "yes", now=timezone.now())
    planted = on_record(Task).get(why="planted")
    browser = signed_in(vera)
    assert _plain(shown(browser, f"/pairs/{planted.reference}/")).replace(planted.reference, task.reference) == first
    assert "planted" not in shown(browser, "/pairs/")
    told = shown(browser, f"/people/{one.reference}/")
    assert not [word for word in (other.reference, "Jana", "White link", "of one person") if word in told]


def test_a_second_look_at_an_exclusion_looks_like_one_at_an_identification(
    matcher, clerk, jana, petar, vera, monkeypatch
):
    monkeypatch.setattr(sampling, "SECOND_LOOK_SHARE", 1.0)
    *_, task = found(matcher, clerk)
    untouched = _plain(shown(signed_in(petar), f"/pairs/{task.reference}/"))
    judge(task, as_actor(jana), "no", now=timezone.now())
    assert _plain(shown(signed_in(petar), f"/pairs/{task.reference}/")) == untouched
    judge(task, as_actor(vera), "yes", now=timezone.now())
    assert _plain(shown(signed_in(petar), f"/pairs/{task.reference}/")) == untouched


def test_a_file_that_is_handed_out_is_whole_although_a_pair_waits(matcher, clerk, jana, vera):
    one, _, task = found(matcher, clerk)
    judge(task, as_actor(jana), "yes", now=timezone.now())
    how = {"actor": as_actor(vera), "basis": "public_task", "now": timezone.now(), "persons": [one.id]}
    for action, told in ((Action.READ, False), (Action.DISCLOSE, True)):
        with gate.act(Purpose.IDENTIFICATION):
            permit = gate.permit(how["actor"], action, purpose=Purpose.IDENTIFICATION, basis=how["basis"],
                                 now=how["now"], persons=how["persons"])  # fmt: skip
            events = {each.event for each in read_person(permit, one.id).history}
        assert ("judgement_given" in events) is told


def test_a_judged_pair_is_printed_and_one_that_waits_is_not(matcher, clerk, jana, petar, vera):
    *_, link = _joined(matcher, clerk, jana, petar)
    reply = signed_in(vera).get(f"/pairs/links/{link.reference}/sheet/")
    assert (reply.status_code, reply.headers["Content-Type"]) == (200, "application/pdf")
    text = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(reply.content)).pages).split())
    assert "Jana Ilieva" in text
    assert "White link. One person." in text
    third = amira(clerk)
    answered(matcher, timezone.now())
    waiting = on_record(Task).filter(candidate=third.id, state="open") | on_record(Task).filter(
        probe=third.id, state="open"
    )
    url = f"{_link_page(waiting.first())}sheet/"
    assert signed_in(vera).get(url).headers["Location"] == url.removesuffix("sheet/")


def _plain(page: str) -> str:
    """Without what differs between any two requests."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    page = re.sub(r'name="seen" value="\w+"', "", page)
    return re.sub(r"due \d+ \w+, \d\d:\d\d", "", page)


def _link_page(task: Task) -> str:
    return f"/pairs/links/{link_of(task.probe_id, task.candidate_id).reference}/"


def test_whoever_must_still_judge_a_pair_is_not_shown_what_links_it(matcher, clerk, jana):
    *_, task = found(matcher, clerk)
    browser = signed_in(jana)
    page = shown(browser, _link_page(task))
    assert "waits for your opinion" in page
    assert "Yellow link" not in page
    give(browser, task, "yes")
    assert "Yellow link" in shown(browser, _link_page(task))


def test_an_opinion_without_reason_names_the_field_and_keeps_what_was_typed(matcher, clerk, jana):
    *_, task = found(matcher, clerk)
    reply = give(signed_in(jana), task, "yes", reasons_yes=[], remark="")
    page = html.unescape(reply.content.decode())
    assert reply.status_code == 400
    assert "Choose at least one reason for your answer." in page
    assert "Say in a sentence what convinces you." in page
    assert re.search(r'value="yes"[^>]*checked', page)
    assert not on_record(Judgement).exists()


@pytest.mark.parametrize("answer", ["", "maybe", "yes\x00", "да", "y" * 5000])
def test_an_answer_that_does_not_exist_is_refused_on_the_page(matcher, clerk, jana, answer):
    *_, task = found(matcher, clerk)
    assert give(signed_in(jana), task, answer).status_code == 400
    assert not on_record(Judgement).exists()


def test_reasons_of_another_answer_do_not_count(matcher, clerk, jana):
    *_, task = found(matcher, clerk)
    assert give(signed_in(jana), task, "no", reasons_no=[], reasons_yes="spelling").status_code == 400


def test_an_opinion_on_what_has_changed_is_not_taken_and_the_page_says_so(matcher, clerk, jana):
    *_, task = found(matcher, clerk)
    reply = give(signed_in(jana), task, "no", seen="0" * 12)
    assert reply.status_code == 409
    assert "Look again." in reply.content.decode()
    assert not on_record(Judgement).exists()


def test_an_opinion_that_comes_too_late_is_told(matcher, clerk, jana, petar):
    *_, task = found(matcher, clerk)
    browser = signed_in(petar)
    mark = mark_on(shown(browser, f"/pairs/{task.reference}/"))
    judge(task, as_actor(jana), "no", now=timezone.now())
    reply = browser.post(
        f"/pairs/{task.reference}/",
        {"seen": mark, "same_person": "yes", "reasons_yes": "spelling", "remark": "By hand."},
    )
    assert reply.status_code == 409
    assert "settled" in reply.content.decode()


def test_judging_twice_is_refused_as_an_ordinary_page(matcher, clerk, jana):
    *_, task = found(matcher, clerk)
    browser = signed_in(jana)
    mark = mark_on(shown(browser, f"/pairs/{task.reference}/"))
    values = {"seen": mark, "same_person": "yes", "reasons_yes": "spelling", "remark": "By hand."}
    assert browser.post(f"/pairs/{task.reference}/", values).status_code == 302
    reply = browser.post(f"/pairs/{task.reference}/", values)
    assert reply.status_code == 403
    assert "gives no second one" in reply.content.decode()


def test_only_a_supervisor_is_asked_whether_it_is_justified(matcher, clerk, jana, vera):
    *_, task = found(matcher, clerk)
    assert 'name="justified"' not in shown(signed_in(jana), f"/pairs/{task.reference}/")
    assert 'name="justified"' in shown(signed_in(vera), f"/pairs/{task.reference}/")


def test_an_examiner_who_sends_a_justification_all_the_same_is_told_and_nothing_is_recorded(matcher, clerk, jana):
    """Their page has no such question. To drop it in silence would let them believe that they had answered it."""
    *_, task = found(matcher, clerk, newcomer={"given": "Ameera"})
    answer = give(signed_in(jana), task, "yes", justified="no", article="32")
    assert (answer.status_code, "justified" in answer.text) == (400, True)
    assert not on_record(Judgement).exists()


def test_a_search_under_way_tells_nothing_and_reloads_without_scripts(clerk, jana):
    person = amira(clerk)
    search = on_record(Search).get()
    browser = signed_in(jana)
    page = shown(browser, f"/pairs/searches/{search.reference}/")
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    fragment = shown(browser, f"/pairs/searches/{search.reference}/state/")
    assert "under way" in fragment
    assert person.reference not in fragment


def test_candidates_stand_side_by_side_without_a_score(matcher, clerk, jana):
    one, _, task = found(matcher, clerk)
    search = on_record(Search).exclude(probe=one).get()
    page = shown(signed_in(jana), f"/pairs/searches/{search.reference}/")
    assert one.reference in page
    assert f"/pairs/{task.reference}/" in page
    assert "bits" not in page
    assert "data-refresh-done" in shown(signed_in(jana), f"/pairs/searches/{search.reference}/state/")


def test_the_clerk_who_registered_sees_the_candidates_and_cannot_judge(matcher, clerk):
    one, _, task = found(matcher, clerk)
    search = on_record(Search).exclude(probe=one).get()
    page = shown(signed_in(officer(Role.REGISTRATION_CLERK, "Other Clerk")), f"/pairs/searches/{search.reference}/")
    assert one.reference in page
    assert task.reference not in page


def test_a_weak_candidate_can_be_put_to_judgement_by_an_examiner(matcher, clerk, jana):
    one = amira(clerk)
    other = amira(clerk, family="Nasser", birth="1989")
    answered(matcher, timezone.now())
    assert not on_record(Task).exists()
    search = on_record(Search).get(probe=other)
    assert on_record(Candidate).get(search=search).person_id == one.id
    reply = signed_in(jana).post(f"/pairs/searches/{search.reference}/ask/", {"person": one.reference})
    assert reply.headers["Location"] == f"/pairs/{on_record(Task).get().reference}/"


def test_a_person_is_searched_for_again_and_only_once_at_a_time(matcher, clerk, jana):
    amira(clerk)
    answered(matcher, timezone.now())
    search, browser = on_record(Search).get(), signed_in(jana)
    first = browser.post(f"/pairs/searches/{search.reference}/again/").headers["Location"]
    assert browser.post(f"/pairs/searches/{search.reference}/again/").headers["Location"] == first
    assert on_record(Search).count() == 2
    assert answered(matcher, timezone.now()) == 1
    assert "Nobody on record resembles this person" in shown(browser, first)


def test_whoever_may_not_search_searches_no_more_by_asking_again(matcher, clerk):
    amira(clerk)
    search = on_record(Search).get()
    browser = signed_in(officer(Role.ANALYST, "Some Analyst"))
    assert browser.post(f"/pairs/searches/{search.reference}/again/").status_code == 403
    assert on_record(Search).count() == 1


def test_a_search_that_nobody_knows_is_not_found(jana):
    assert signed_in(jana).get("/pairs/searches/MK-0000-0000/").status_code == 404
    assert signed_in(jana).get("/pairs/searches/MK-0000-0000/state/").status_code == 404


def _joined(matcher, clerk, jana, petar, newcomer=None):
    one, other, task = found(matcher, clerk, newcomer=newcomer)
    for each in (jana, petar):
        judge(task, as_actor(each), "yes", now=timezone.now())
    return one, other, link_of(one.id, other.id)


def test_a_link_tells_its_whole_history_and_that_the_colours_are_our_own_rule_here(matcher, clerk, jana, petar, vera):
    *_, link = _joined(matcher, clerk, jana, petar)
    page = shown(signed_in(vera), f"/pairs/links/{link.reference}/")
    for text in ("White link", "Yellow link", "Jana Ilieva", "Petar Kostov", "the search, by machine", "biographic-",
                 "Inside one register they are our own rule after that model", "superseded by a judgement"):  # fmt: skip
        assert text in page


def test_a_supervisor_withdraws_a_link_with_a_reason(matcher, clerk, jana, petar, vera):
    one, other, link = _joined(matcher, clerk, jana, petar)
    browser = signed_in(vera)
    url = f"/pairs/links/{link.reference}/withdraw/"
    assert "fall back to exactly what they were" in shown(browser, url)
    assert browser.post(url, {"reason": " "}).status_code == 400
    assert browser.post(url, {"reason": "Two sisters."}).status_code == 302
    assert link_of(one.id, other.id).same_person == "open"


def test_an_examiner_finds_no_withdrawal_and_is_refused_one(matcher, clerk, jana, petar):
    *_, link = _joined(matcher, clerk, jana, petar)
    browser = signed_in(jana)
    assert "Withdraw" not in shown(browser, f"/pairs/links/{link.reference}/")
    reply = browser.post(f"/pairs/links/{link.reference}/withdraw/", {"reason": "Two sisters."})
    assert reply.status_code == 403


def test_a_supervisor_assesses_and_the_page_warns_that_red_alone_has_no_consequence(matcher, clerk, jana, petar, vera):
    *_, link = _joined(matcher, clerk, jana, petar, {"given": "Ameera", "family": "Hadad"})
    browser = signed_in(vera)
    url = f"/pairs/links/{link.reference}/assess/"
    assert browser.post(url, {"justified": "no", "article": "", "reason": "x"}).status_code == 400
    reply = browser.post(url, {"justified": "no", "article": "32(1)(d)", "reason": "Two names on purpose."})
    page = shown(browser, reply.headers["Location"])
    assert "Red link" in page
    assert "no legal consequence" in page


def test_an_assessment_without_ground_is_an_error_on_the_page(matcher, clerk, jana, petar, vera):
    *_, link = _joined(matcher, clerk, jana, petar)
    reply = signed_in(vera).post(
        f"/pairs/links/{link.reference}/assess/", {"justified": "no", "article": "32", "reason": "x"}
    )
    assert reply.status_code == 400
    assert "gives no ground" in reply.content.decode()


def test_quality_is_for_supervisors_and_counts_known_pairs(matcher, clerk, jana, petar, vera, monkeypatch):
    monkeypatch.setattr(sampling, "PLANTED_SHARE", 1.0)
    ana = officer(Role.EXAMINER, "Ana Trajkova")
    _joined(matcher, clerk, jana, petar)
    planted = on_record(Task).get(why="planted")
    for each in (as_actor(ana), as_actor(vera)):
        judge(planted, each, "no", now=timezone.now())
    page = shown(signed_in(vera), "/pairs/quality/")
    row = re.search(r"Ana Trajkova.*?</tr>", page, re.DOTALL)[0]
    assert re.findall(r"numeric\">([^<\n]+)", row)[:5] == ["1", "0 (0 %)", "1", "0", "0"]
    assert signed_in(jana).get("/pairs/quality/").status_code == 403


def test_a_persons_page_shows_searches_links_and_the_identity(matcher, clerk, jana, petar, vera):
    one, other, link = _joined(matcher, clerk, jana, petar)
    page = shown(signed_in(vera), f"/people/{one.reference}/")
    assert "Identification" in page
    assert f"/pairs/links/{link.reference}/withdraw/" in page
    assert other.reference in page


def test_a_persons_page_names_nobody_outside_the_identity(matcher, clerk, jana):
    one, other, _ = found(matcher, clerk)
    page = shown(signed_in(officer(Role.REGISTRATION_CLERK, "Other Clerk")), f"/people/{one.reference}/")
    assert "Yellow link" in page
    assert other.reference not in page


def test_nothing_on_the_bench_is_json_with_more_than_the_page(matcher, clerk, jana):
    *_, task = found(matcher, clerk)
    browser = signed_in(jana)
    reply = browser.get(f"/pairs/{task.reference}/", headers={"Accept": "application/json"})
    assert reply.headers["Content-Type"].startswith("text/html")
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(reply.content)


def test_with_the_log_unwritable_no_pair_is_shown(matcher, clerk, jana):
    one, _, task = found(matcher, clerk)
    browser = signed_in(jana)
    with connections["owner"].cursor() as cursor:
        cursor.execute("REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA log FROM app")
    reply = browser.get(f"/pairs/{task.reference}/")
    assert reply.status_code == 503
    assert one.reference not in reply.content.decode()
