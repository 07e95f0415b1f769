"""A link is superseded or withdrawn, never changed; withdrawing gives back what was, and lifts nothing."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connections

from identification_bench import PUBLIC_TASK, answered, found_pair, judge, link_of, unlawful
from people import BASIS, NOW, TODAY, actor, amira, on_record
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.domain.links import Justified
from stonebridge.identification.facts import identity_of, yellow_neighbours
from stonebridge.identification.models import Link, Task
from stonebridge.identification.services import assess_justification, withdraw_link
from stonebridge.remedies.models import Disclosure
from stonebridge.remedies.services import record_claim, record_origin
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.models import Hold
from stonebridge.safeguards.policy import Action, Claim, Fact
from stonebridge.safeguards.services import assign_hold, restrict

pytestmark = pytest.mark.usefixtures("nothing_is_drawn")
LATER = NOW + timedelta(hours=2)
SCREENED = {"alone": "no", "injured": "no", "afraid": "no", "pregnant": "no"}
OTHER_SPELLING = {"given": "Ameera", "family": "Hadad"}


def joined(matcher, clerk, jana, petar, former=None, newcomer=None):
    one, other, task = found_pair(matcher, clerk, former, newcomer)
    judge(task, jana, "yes")
    judge(task, petar, "yes")
    return one, other, link_of(one.id, other.id)


def withdraw(link: Link, officer, reason: str = "The prints tell them apart.", now=LATER) -> None:
    withdraw_link(link.reference, reason, actor=officer, basis=PUBLIC_TASK, now=now)


def assess(link: Link, justified: Justified, officer, article: str = "Article 33(1)(d)", now=LATER) -> Link:
    return assess_justification(
        link.reference,
        justified,
        article,
        reason="Marriage certificate seen.",
        actor=officer,
        basis=PUBLIC_TASK,
        now=now,
    )


HISTORY = {
    "safeguards_historyentry", "identification_task", "identification_judgement", "identification_gallerychange", "identification_blindchange",
    "identification_galleryposition", "django_session",
}  # fmt: skip


def content() -> dict[str, list[str]]:
    """Every table about persons as it stands now; of links those in force, without when and under which name."""
    with gate.act(Purpose.IDENTIFICATION), connections["default"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        tables = [table for (table,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
            if table in HISTORY or not cursor.fetchone()[0]:
                continue
            where = "WHERE ended_at IS NULL" if table == "identification_link" else ""
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t {where}")  # noqa: S608 - names from the catalogue
            found[table] = sorted(_plain(row) for (row,) in cursor.fetchall())
    return found


def _plain(row: object) -> str:
    value = json.loads(row) if isinstance(row, str) else dict(row)
    for name in ("id", "reference", "made_at", "made_by", "task_id", "supersedes_id") if "colour_rule" in value else ():
        del value[name]
    return json.dumps(value, sort_keys=True)


def test_a_wrong_link_withdrawn_leaves_every_table_as_it_was_history_apart(matcher, clerk, jana, petar, vera):
    one, other, task = found_pair(matcher, clerk, {"needs": SCREENED}, {"needs": SCREENED})
    before = content()
    judge(task, jana, "yes")
    judge(task, petar, "yes")
    assert content() != before
    withdraw(link_of(one.id, other.id), vera)
    assert {name: rows for name, rows in content().items() if rows != before[name]} == {}
    assert (set(identity_of(one.id)), set(identity_of(other.id))) == ({one.id}, {other.id})


def test_the_comparison_of_tables_would_notice_a_single_value(matcher, clerk):
    one, _, _ = found_pair(matcher, clerk)
    before = content()
    with connections["default"].cursor() as cursor, gate.act(Purpose.IDENTIFICATION):
        cursor.execute("UPDATE registry_person SET read_back = 'thumb' WHERE id = %s", [one.id])
    assert [name for name, rows in content().items() if rows != before[name]] == ["registry_person"]


def test_after_a_withdrawal_the_pair_is_open_again_and_officers_are_asked(matcher, clerk, jana, petar, vera):
    one, other, link = joined(matcher, clerk, jana, petar)
    withdraw(link, vera)
    again = link_of(one.id, other.id)
    assert (again.same_person, again.colour, again.supersedes) == ("open", "yellow", None)
    task = on_record(Task).get(state="open")
    assert (task.why, again.task_id) == ("review", task.id)
    assert yellow_neighbours(frozenset({one.id})) == {other.id}


def test_a_link_that_was_withdrawn_stays_on_record_with_who_and_why(matcher, clerk, jana, petar, vera):
    *_, link = joined(matcher, clerk, jana, petar)
    withdraw(link, vera)
    link.refresh_from_db()
    assert (link.ended_at, link.ended_by, link.ended_reason) == (LATER, vera.reference, "The prints tell them apart.")


def test_the_database_lets_nobody_change_a_link_that_has_ended(matcher, clerk, jana, petar, vera):
    *_, link = joined(matcher, clerk, jana, petar)
    withdraw(link, vera)
    with pytest.raises(DatabaseError, match="a link that has ended is history"):
        on_record(Link).filter(id=link.id).update(ended_at=None, ended_by="", ended_reason="")


def test_withdrawing_in_the_middle_of_three_splits_them_as_they_were(matcher, clerk, jana, petar, vera):
    one, other, first = joined(matcher, clerk, jana, petar)
    third = amira(clerk)
    answered(matcher)
    task = on_record(Task).between(other.id, third.id).get()
    judge(task, jana, "yes")
    judge(task, petar, "yes")
    assert set(identity_of(one.id)) == {one.id, other.id, third.id}
    withdraw(first, vera)
    assert (set(identity_of(one.id)), set(identity_of(other.id))) == ({one.id}, {other.id, third.id})


def test_a_green_link_withdrawn_leaves_the_pair_yellow_again(matcher, clerk, jana, vera):
    one, other, task = found_pair(matcher, clerk)
    judge(task, jana, "no")
    withdraw(link_of(one.id, other.id), vera)
    assert link_of(one.id, other.id).colour == "yellow"


def test_a_yellow_link_withdrawn_leaves_none_and_nobody_is_asked(matcher, clerk, vera):
    one, other, _ = found_pair(matcher, clerk)
    withdraw(link_of(one.id, other.id), vera)
    assert link_of(one.id, other.id) is None
    assert not on_record(Task).filter(state="open").exists()


@pytest.mark.parametrize("role", [Role.EXAMINER, Role.REGISTRATION_CLERK, Role.DATA_PROTECTION_OFFICER])
def test_only_a_supervisor_withdraws(matcher, clerk, jana, petar, role):
    one, other, link = joined(matcher, clerk, jana, petar)
    with pytest.raises(Refused, match="the_role_may_do_this"):
        withdraw(link, actor(role, "Somebody"))
    assert link_of(one.id, other.id).id == link.id


def test_a_withdrawal_says_why_and_happens_once(matcher, clerk, jana, petar, vera):
    *_, link = joined(matcher, clerk, jana, petar)
    with pytest.raises(BadInput, match="Say why"):
        withdraw(link, vera, reason="  ")
    withdraw(link, vera)
    with pytest.raises(NotFound):
        withdraw(link, vera)


def test_a_link_withdrawn_lifts_no_hold(matcher, clerk, jana, petar, vera):
    one, other, link = _joined_with_a_claimant(matcher, clerk, jana, petar, vera)
    assert _may_tell(one, "TUR") is False
    withdraw(link, vera)
    assert {hold.person_id for hold in on_record(Hold).all()} == {one.id}
    withdraw(link_of(one.id, other.id), vera)
    assert _facts(one).claim is Claim.NONE
    assert _may_tell(one, "TUR") is False
    assert _may_write_disclosure(one, "TUR") is False


def test_a_hold_that_does_not_belong_ends_and_one_that_belongs_stands(matcher, clerk, jana, petar, vera):
    one, other, link = _joined_with_a_claimant(matcher, clerk, jana, petar, vera)
    withdraw(link, vera)
    withdraw(link_of(one.id, other.id), vera)
    hold = on_record(Hold).get()
    how = {"reason": "Asked again.", "actor": vera, "basis": PUBLIC_TASK, "now": LATER}
    assign_hold(hold.id, belongs=True, **how)
    assert (_may_tell(one, "TUR"), _may_write_disclosure(one, "TUR")) == (False, False)
    assign_hold(hold.id, belongs=False, **how)
    assert (_may_tell(one, "TUR"), _may_write_disclosure(one, "TUR")) == (True, True)


def test_a_hold_does_not_say_what_held(matcher, clerk, jana, petar, vera):
    *_, link = _joined_with_a_claimant(matcher, clerk, jana, petar, vera)
    withdraw(link, vera)
    assert set(on_record(Hold).values_list("fact", flat=True)) == {"former_identity"}


def test_a_hold_stands_in_the_way_of_every_record_of_the_identity_and_of_its_yellow_neighbours(
    matcher, clerk, jana, petar, vera
):
    one, other, _ = found_pair(matcher, clerk)
    on_record(Hold).create(person_id=other.id, fact="former_identity", arose_at=NOW, arose_from="x")
    assert _facts(one).unassigned_hold is Fact.UNKNOWN
    judge(on_record(Task).get(), jana, "yes")
    judge(on_record(Task).get(), petar, "yes")
    assert _facts(one).unassigned_hold is Fact.YES


def test_a_claim_of_somebody_who_may_be_the_same_person_makes_a_rejected_one_unknown(matcher, clerk, vera):
    one, other, _ = found_pair(matcher, clerk)
    how = {"actor": vera, "purpose": Purpose.PROTECTION_CLAIM, "basis": BASIS[Purpose.PROTECTION_CLAIM], "now": LATER}
    record_claim(one.id, Claim.FINALLY_REJECTED, **how)
    record_claim(other.id, Claim.FINALLY_REJECTED, **how)
    assert _facts(one).claim is Claim.FINALLY_REJECTED
    record_claim(other.id, Claim.PENDING, **how | {"now": LATER + timedelta(hours=1)})
    assert _facts(one).claim is Claim.UNKNOWN


def test_a_state_of_origin_of_somebody_who_may_be_the_same_person_is_one_in_doubt(matcher, clerk, jana, vera):
    asked = {"needs": SCREENED, "claim": "none", "claim_asked_on": TODAY}
    one, other, task = found_pair(matcher, clerk, asked, asked)
    how = {"actor": vera, "purpose": Purpose.IDENTIFICATION, "basis": PUBLIC_TASK, "now": NOW}
    record_origin(one.id, "TUR", Fact.NO, reason="Never lived there.", **how)
    assert (_may_tell(one, "TUR"), _may_write_disclosure(one, "TUR")) == (True, True)
    record_origin(other.id, "TUR", Fact.YES, **how)
    assert (_may_tell(one, "TUR"), _may_write_disclosure(one, "TUR")) == (False, False)
    judge(task, jana, "no")
    assert (_may_tell(one, "TUR"), _may_write_disclosure(one, "TUR")) == (True, True)


def test_a_restricted_yellow_neighbour_whose_origins_are_hidden_still_closes_the_way(matcher, clerk, jana, vera):
    asked = {"needs": SCREENED, "claim": "none", "claim_asked_on": TODAY}
    one, other, _ = found_pair(matcher, clerk, asked, asked)
    how = {"actor": vera, "purpose": Purpose.IDENTIFICATION, "basis": PUBLIC_TASK, "reason": "x", "now": NOW}
    record_origin(one.id, "TUR", Fact.NO, **how)
    record_origin(other.id, "TUR", Fact.YES, **how)
    guard = actor(Role.DATA_PROTECTION_OFFICER)
    restrict(other.id, "contested", actor=guard, basis=BASIS[Purpose.DATA_PROTECTION], now=NOW)
    assert (_may_tell(one, "TUR"), _may_write_disclosure(one, "TUR")) == (False, False)


def _joined_with_a_claimant(matcher, clerk, jana, petar, vera):
    """One who was asked and claims nothing, joined with one whose claim is pending; Türkiye is no state of origin."""
    asked = {"needs": SCREENED, "claim": "none", "claim_asked_on": TODAY}
    one, other, link = joined(matcher, clerk, jana, petar, asked, asked)
    how = {"actor": vera, "basis": PUBLIC_TASK, "now": NOW}
    for person in (one, other):
        record_origin(person.id, "TUR", Fact.YES, purpose=Purpose.IDENTIFICATION, **how)
    record_claim(
        other.id, Claim.PENDING, actor=vera, purpose=Purpose.PROTECTION_CLAIM, basis=BASIS[Purpose.PROTECTION_CLAIM],
        now=LATER,
    )  # fmt: skip
    return one, other, link


def _facts(person):
    with gate.act(Purpose.IDENTIFICATION):
        identity = frozenset(identity_of(person.id))
        return gate.gather(identity, purpose=Purpose.IDENTIFICATION, basis=PUBLIC_TASK)


def _may_tell(person, state: str) -> bool:
    try:
        with gate.act(Purpose.IDENTIFICATION):
            gate.permit(
                actor(Role.SUPERVISOR, f"Teller {on_record(Hold).count()} {state} {id(object())}"), Action.DISCLOSE,
                purpose=Purpose.IDENTIFICATION, basis=PUBLIC_TASK, now=LATER, persons=[person.id], to_state=state,
            )  # fmt: skip
    except Refused:
        return False
    return True


def _may_write_disclosure(person, state: str) -> bool:
    try:
        with gate.act(Purpose.IDENTIFICATION):
            Disclosure.objects.create(
                person=person, recipient="ministry", to_state=state, purpose="identification", basis="x", form="pdf",
                digest="0" * 64, disclosed_at=LATER, disclosed_by="x",
            )  # fmt: skip
    except DatabaseError:
        return False
    return True


def test_a_supervisor_says_that_several_identities_are_unlawful_and_the_identity_stays(
    matcher, clerk, jana, petar, vera
):
    one, other, link = joined(matcher, clerk, jana, petar, newcomer=OTHER_SPELLING)
    assert (link.colour, link.colour_rule) == ("white", "own.white_without_biometrics")
    red = assess(link, Justified.NO, vera)
    assert (red.colour, red.supersedes_id, red.justified_by) == ("red", link.id, vera.reference)
    assert set(identity_of(one.id)) == {one.id, other.id}


def test_an_assessment_can_be_assessed_anew_and_every_one_stays_on_record(matcher, clerk, jana, petar, vera):
    one, other, link = joined(matcher, clerk, jana, petar, newcomer=OTHER_SPELLING)
    red = assess(link, Justified.NO, vera)
    assert assess(red, Justified.YES, vera).colour == "white"
    assert on_record(Link).filter(first_id=one.id, second_id=other.id).count() == 4


def test_another_family_name_stays_yellow_until_a_supervisor_says_that_it_is_justified(
    matcher, clerk, jana, petar, vera
):
    married = {"family": "Nasser"}
    one, other, link = joined(matcher, clerk, jana, petar, newcomer=married)
    assert (link.same_person, link.colour, link.colour_rule) == ("yes", "yellow", "own.justification_open")
    assert set(identity_of(one.id)) == {one.id, other.id}
    assert assess(link, Justified.YES, vera).colour == "white"


def test_a_red_link_withdrawn_falls_back_to_the_open_pair(matcher, clerk, jana, petar, vera):
    one, other, link = joined(matcher, clerk, jana, petar, newcomer=OTHER_SPELLING)
    withdraw(assess(link, Justified.NO, vera), vera)
    assert (link_of(one.id, other.id).colour, set(identity_of(one.id))) == ("yellow", {one.id})


def test_an_examiner_assesses_nothing(matcher, clerk, jana, petar):
    *_, link = joined(matcher, clerk, jana, petar, newcomer=OTHER_SPELLING)
    with pytest.raises(Refused, match="the_role_may_do_this"):
        assess(link, Justified.NO, jana)


def test_an_assessment_names_its_article(matcher, clerk, jana, petar, vera):
    *_, link = joined(matcher, clerk, jana, petar, newcomer=OTHER_SPELLING)
    with pytest.raises(Refused, match="a_reproach_needs_an_article"):
        assess(link, Justified.NO, vera, article="")


def test_an_open_link_is_not_assessed(matcher, clerk, vera):
    one, other, _ = found_pair(matcher, clerk, newcomer=OTHER_SPELLING)
    with pytest.raises(WrongState, match="a judgement"):
        assess(link_of(one.id, other.id), Justified.NO, vera)


def test_nothing_is_unlawful_where_nothing_differs(matcher, clerk, jana, petar, vera):
    *_, link = joined(matcher, clerk, jana, petar)
    with pytest.raises(BadInput, match="no ground"):
        assess(link, Justified.NO, vera)


def test_the_database_takes_no_justification_from_whoever_is_no_supervisor(matcher, clerk, jana, petar):
    *_, link = joined(matcher, clerk, jana, petar, newcomer=OTHER_SPELLING)
    with pytest.raises(DatabaseError, match="justification_has_article"):
        _forced(link, justified="no", justified_article="32", justified_by=jana.reference)


def test_the_database_takes_no_justification_without_an_article(matcher, clerk, jana, petar, vera):
    *_, link = joined(matcher, clerk, jana, petar, newcomer=OTHER_SPELLING)
    with pytest.raises(IntegrityError, match="justification_has_article"):
        _forced(link, justified="no", justified_article="", justified_by=vera.reference)


def _forced(link: Link, **values: str) -> None:
    on_record(Link).filter(id=link.id).update(ended_at=NOW, ended_by="x", ended_reason="x")
    copy = on_record(Link).get(id=link.id)
    copy.pk, copy.reference, copy.ended_at, copy.ended_by, copy.ended_reason = None, "MK-1", None, "", ""
    copy.supersedes = None
    for name, value in values.items():
        setattr(copy, name, value)
    copy._state.adding = True
    copy.id = type(copy)._meta.pk.get_default()
    copy.save(force_insert=True)


def test_a_supervisor_as_second_officer_gives_both_answers(matcher, clerk, jana, vera):
    one, other, task = found_pair(matcher, clerk, newcomer=OTHER_SPELLING)
    judge(task, jana, "yes")
    judge(task, vera, "yes", **unlawful())
    assert link_of(one.id, other.id).colour == "red"
