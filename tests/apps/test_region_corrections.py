"""What was given to a partner changes, is erased, or a link that rested on it goes: each recipient is told and says so."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from identification_bench import found_pair, judge, link_of
from people import BASIS, NOW, TODAY, actor
from region_bench import Node, answering, question, said, signed
from region_talk import (
    IDENTIFYING,
    LATER,
    amended,
    claims,
    delivered,
    given_by_us,
    given_to_us,
    in_act,
    received,
    screened,
    talking,
)
from rule_cases import SCREENED
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.exchange.models import Handle, Incoming, Outgoing
from stonebridge.identification.region.kept_back import decide_kept_back, kept_back
from stonebridge.identification.region.told import acknowledge, waiting
from stonebridge.identification.services import withdraw_link
from stonebridge.remedies.services import record_origin
from stonebridge.rights.models import Ground
from stonebridge.rights.services import ask_for_erasure, confirm_erasure
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.models import HistoryEntry
from stonebridge.safeguards.policy import Claim, Fact

OVERSIGHT = BASIS[Purpose.DATA_PROTECTION]
LATEST = LATER + timedelta(minutes=5)


@pytest.fixture
def lira():
    return actor(Role.DATA_PROTECTION_OFFICER, "Lira")


def corrections(**named: object) -> list[Outgoing]:
    found = in_act(Outgoing, profile="correction", **named)
    return sorted(found, key=lambda each: each.body["revision"])


def correction(of: object, revision: int = 1, **changes: object):
    """What Serbia says of an answer that it gave."""
    body = {"of": str(of), "revision": revision, "kind": "amended", "identities": [{"birth": "1994-03-08"}],
            "changed": ["birth"]}  # fmt: skip
    return question(body | changes.pop("body", {}), **{"profile": "correction", "version": 2} | changes)


def waiting_here() -> list[Incoming]:
    with gate.act(Purpose.IDENTIFICATION):
        return waiting(Purpose.IDENTIFICATION)


def acknowledged(row: Incoming, by, now=LATEST) -> bool:
    return acknowledge(row.id, "Her file is put right.", actor=by, now=now, **IDENTIFYING)


# What we gave


def test_what_was_given_and_is_amended_is_told_with_the_decision_and_only_in_the_fields_that_were_given(clerk, vera):
    person = screened(clerk, vera)
    talking()
    given = given_by_us(person, vera, wanted=("birth",))
    amended(person, clerk)
    (told,) = corrections()
    assert told.body == {
        "of": str(given.id), "revision": 1, "kind": "amended", "identities": [{"birth": "1994-03-08"}], "changed": ["birth"],
    }  # fmt: skip
    assert (told.purpose, told.basis, told.made_by, told.state) == (
        "identification", "public_task", clerk.reference, "waiting",
    )  # fmt: skip


def test_what_changes_nothing_of_what_was_given_tells_nobody(clerk, vera):
    person = screened(clerk, vera)
    talking()
    given_by_us(person, vera, wanted=("sex",))
    amended(person, clerk)
    assert corrections() == []


def test_a_partner_who_was_given_nothing_is_told_nothing(clerk, vera):
    person = screened(clerk, vera)
    talking()
    amended(person, clerk)
    assert corrections() == []


def test_an_amendment_that_is_rolled_back_tells_nobody(clerk, vera, jana):
    person = screened(clerk, vera)
    talking()
    given_by_us(person, vera)
    with pytest.raises(Refused):
        amended(person, jana)
    assert corrections() == []


def test_a_partner_of_the_version_before_is_told_in_its_version(clerk, vera):
    person = screened(clerk, vera)
    talking(correction=[1])
    given_by_us(person, vera)
    amended(person, clerk)
    (told,) = corrections()
    assert (told.version, set(told.body)) == (1, {"of", "revision", "kind", "identities"})


def test_each_recipient_shows_as_sent_then_received_then_acknowledged(clerk, vera):
    person = screened(clerk, vera)
    with answering(Node(received)) as node:
        talking(node.address)
        given_by_us(person, vera)
        delivered()
        amended(person, clerk)
        node.now = lambda: LATER
        delivered(LATER)
    (told,) = corrections(state="received")
    ack = question({"of": str(told.id)}, profile="acknowledgement")
    assert said(signed(ack))["answer"] == "received"
    assert [each.person_id for each in in_act(Incoming, profile="acknowledgement")] == [person.id]
    said(signed(question({"of": str(told.id)}, profile="acknowledgement")))
    assert len(in_act(Incoming, profile="acknowledgement")) == 1


def test_nobody_acknowledges_what_was_never_said_to_them(clerk, vera):
    talking()
    ack = question({"of": str(uuid4())}, profile="acknowledgement")
    assert said(signed(ack))["answer"] == "received"
    assert in_act(Incoming, profile="acknowledgement") == []


# What keeps it back


@pytest.mark.parametrize("claim", [each for each in Claim if each is not Claim.NONE])
def test_a_correction_for_a_state_of_origin_becomes_a_task_of_data_protection_and_holds_nothing(clerk, vera, claim):
    person = screened(clerk, vera, origin=Fact.YES)
    talking()
    given = given_by_us(person, vera)
    claims(person, clerk, claim)
    amended(person, clerk)
    (task,) = corrections()
    assert (task.state, task.trouble, task.to_state, task.person_id) == ("kept_back", "gate", "SRB", person.id)
    assert task.body == {"of": str(given.id), "revision": 1, "kind": "amended", "identities": [], "changed": []}
    assert not task.made_by.startswith("clock")


def test_a_second_change_makes_no_second_task(clerk, vera):
    person = screened(clerk, vera, origin=Fact.YES)
    talking()
    given_by_us(person, vera)
    claims(person, clerk)
    amended(person, clerk)
    amended(person, clerk, birth="09.03.1994")
    assert len(corrections()) == 1


def kept(clerk, vera):
    person = screened(clerk, vera, origin=Fact.YES)
    talking()
    given_by_us(person, vera)
    claims(person, clerk)
    amended(person, clerk)
    (task,) = in_act(Outgoing, Purpose.DATA_PROTECTION, profile="correction")
    return person, task


def decided(task: Outgoing, send: bool, by, now=LATEST) -> None:
    decide_kept_back(task.id, send, "As the facts are now.", actor=by, basis=OVERSIGHT, now=now)


def tasks() -> list[Outgoing]:
    with gate.act(Purpose.DATA_PROTECTION):
        return kept_back()


def test_while_the_facts_stand_nobody_lets_it_go(clerk, vera, lira):
    _, task = kept(clerk, vera)
    with pytest.raises(Refused):
        decided(task, True, lira)
    assert [each.id for each in tasks()] == [task.id]


def test_once_the_facts_changed_it_is_written_anew_and_leaves(clerk, vera, lira):
    person, task = kept(clerk, vera)
    claims(person, clerk, Claim.NONE, now=LATER + timedelta(minutes=1))
    decided(task, True, lira)
    settled, told = corrections()
    assert (settled.state, settled.settled_by, settled.settled_at) == ("kept_back", lira.reference, LATEST)
    assert (told.state, told.body["revision"], told.body["identities"][0]["birth"]) == ("waiting", 2, "1994-03-08")
    assert tasks() == []


def test_it_can_be_left_untold_with_a_reason(clerk, vera, lira):
    _, task = kept(clerk, vera)
    decided(task, False, lira)
    assert tasks() == []
    assert [each.settled_reason for each in corrections()] == ["As the facts are now."]
    with pytest.raises(NotFound):
        decided(task, False, lira)


def test_a_decision_has_a_reason_and_is_no_supervisors(clerk, vera, lira):
    _, task = kept(clerk, vera)
    with pytest.raises(BadInput):
        decide_kept_back(task.id, False, " ", actor=lira, basis=OVERSIGHT, now=LATEST)
    with pytest.raises(Refused):
        decided(task, False, vera)


def test_a_claim_made_while_a_correction_waits_keeps_it_back_before_it_leaves(clerk, vera):
    person = screened(clerk, vera, origin=Fact.YES)
    with answering(Node(received)) as node:
        talking(node.address)
        given_by_us(person, vera)
        delivered()
        amended(person, clerk)
        claims(person, clerk)
        node.now = lambda: LATER
        delivered(LATER)
    assert [each.profile for each in node.heard] == ["follow_up_answer"]
    assert [each.state for each in corrections()] == ["kept_back"]


def test_an_answer_that_was_kept_back_goes_as_it_was_once_the_facts_changed(clerk, vera, lira):
    person = screened(clerk, vera, origin=Fact.YES)
    with answering(Node(received)) as node:
        talking(node.address)
        answer = given_by_us(person, vera)
        claims(person, clerk)
        delivered(LATER)
        claims(person, clerk, Claim.NONE, now=LATER + timedelta(minutes=1))
        decided(answer, True, lira)
        node.now = lambda: LATEST
        delivered(LATEST)
    assert [each.id for each in node.heard] == [answer.id]


def test_a_partner_who_understands_no_corrections_is_a_task_too(clerk, vera):
    person = screened(clerk, vera)
    talking(correction=[])
    given_by_us(person, vera)
    amended(person, clerk)
    assert [(each.state, each.trouble) for each in corrections()] == [("kept_back", "no_version")]


# What is erased


def erased(person, lira):
    mila = actor(Role.DATA_PROTECTION_OFFICER, "Mila")
    ask_for_erasure(person.reference, Ground.UNLAWFUL, "She asked.", actor=lira, basis=OVERSIGHT, now=LATER)
    return confirm_erasure(person.reference, actor=mila, basis=OVERSIGHT, now=LATER)


def test_who_was_given_data_is_told_that_it_is_erased_and_nothing_of_whom_stays(clerk, vera, lira):
    person = screened(clerk, vera)
    with answering(Node(received)) as node:
        talking(node.address)
        given = given_by_us(person, vera)
        delivered()
        done = erased(person, lira)
        node.now = lambda: LATER
        delivered(LATER)
    assert done.partners == ["rs"]
    assert node.heard[-1].body == {
        "of": str(given.id), "revision": 1, "kind": "erased", "identities": [], "changed": [],
    }  # fmt: skip
    assert [each.person_id for each in in_act(Outgoing)] == [None]
    ack = question({"of": str(node.heard[-1].id)}, profile="acknowledgement")
    assert said(signed(ack))["answer"] == "received"


def test_what_never_left_is_erased_without_a_word(clerk, vera, lira):
    person = screened(clerk, vera)
    talking()
    given_by_us(person, vera)
    assert erased(person, lira).partners == []
    assert in_act(Outgoing) == []


def test_word_of_an_erasure_that_the_rule_keeps_back_can_only_be_left_untold(clerk, vera, lira):
    person = screened(clerk, vera, origin=Fact.YES)
    with answering(Node(received)) as node:
        talking(node.address)
        given_by_us(person, vera)
        delivered()
    claims(person, clerk, Claim.GRANTED)
    assert erased(person, lira).partners == []
    (task,) = tasks()
    with pytest.raises(WrongState, match="erased"):
        decided(task, True, lira)
    decided(task, False, lira)


# What we were given


def test_a_correction_of_what_a_partner_gave_is_work_until_an_officer_acknowledges_it(clerk, vera, jana):
    person = screened(clerk, vera)
    talking()
    given = given_to_us(person)
    assert said(signed(correction(given.message)))["answer"] == "received"
    (row,) = waiting_here()
    assert (row.person_id, row.body["changed"]) == (person.id, ["birth"])
    assert acknowledged(row, jana)
    assert waiting_here() == []
    (ack,) = in_act(Outgoing, profile="acknowledgement")
    assert ack.body == {"of": str(row.message)}
    with gate.act(Purpose.IDENTIFICATION):
        assert HistoryEntry.objects.filter(person_id=person.id, event="correction_noted").count() == 1


def test_the_version_before_is_understood_and_the_one_after_is_not(clerk, vera):
    talking()
    given = given_to_us(screened(clerk, vera))
    first = correction(given.message, version=1)
    del first.body["changed"]
    assert said(signed(first))["answer"] == "received"
    assert said(signed(correction(given.message, 2, version=3))) == {"answer": "refused", "why": "profile"}


@pytest.mark.parametrize(
    "body",
    [
        {"identities": [{"claim": "pending"}]}, {"identities": "all"}, {"kind": "told"},
        {"changed": ["claim"]}, {"changed": "birth"}, {"revision": 0}, {"revision": True}, {"of": "x"}, {"of": 1},
        {"kind": "erased"}, {"claim": "pending"},
    ],
)  # fmt: skip
def test_a_correction_says_nothing_that_was_not_asked_for(clerk, vera, body):
    talking()
    given = given_to_us(screened(clerk, vera))
    assert said(signed(correction(given.message, body=body)))["why"].startswith("not_understood")
    assert waiting_here() == []


def test_a_correction_of_a_field_that_was_not_asked_for_is_no_work(clerk, vera):
    talking()
    given = given_to_us(screened(clerk, vera))
    assert said(signed(correction(given.message, body={"identities": [{"sex": "f"}]})))["answer"] == "received"
    assert waiting_here() == []


def test_a_forged_correction_about_somebody_of_whom_the_partner_said_nothing_is_no_work(clerk, vera):
    person = screened(clerk, vera)
    talking()
    ours = given_by_us(person, vera)
    for of in (uuid4(), person.id, ours.id):
        assert said(signed(correction(of)))["answer"] == "received"
    assert waiting_here() == []


def test_the_same_correction_twice_is_one_and_another_under_its_revision_is_no_work(clerk, vera):
    talking()
    given = given_to_us(screened(clerk, vera))
    told = correction(given.message)
    assert said(signed(told)) == said(signed(told))
    said(signed(correction(given.message, body={"identities": []})))
    assert [each.body["identities"] for each in waiting_here()] == [told.body["identities"]]


def test_the_newest_correction_counts_whichever_came_first(clerk, vera, jana):
    talking()
    given = given_to_us(screened(clerk, vera))
    for revision in (2, 1):
        said(signed(correction(given.message, revision)))
    (row,) = waiting_here()
    assert row.body["revision"] == 2
    (older,) = [each for each in in_act(Incoming, profile="correction") if each.body["revision"] == 1]
    with pytest.raises(WrongState, match="newer"):
        acknowledged(older, jana)
    acknowledged(row, jana)
    assert waiting_here() == []
    assert len(in_act(Outgoing, profile="acknowledgement")) == 2


def test_whoever_lacks_the_purpose_or_the_role_acknowledges_nothing(clerk, vera):
    talking()
    given = given_to_us(screened(clerk, vera))
    said(signed(correction(given.message)))
    (row,) = waiting_here()
    guard = actor(Role.BORDER_OFFICER)
    with pytest.raises(Refused):
        acknowledge(row.id, "Seen.", actor=guard, now=LATEST, **IDENTIFYING)
    with pytest.raises(NotFound):
        acknowledge(row.id, "Seen.", actor=guard, purpose=Purpose.BORDER_CHECK, basis="border_check", now=LATEST)
    with pytest.raises(Refused):
        acknowledged(row, clerk)
    assert len(waiting_here()) == 1


def test_it_is_acknowledged_once(clerk, vera, jana):
    talking()
    given = given_to_us(screened(clerk, vera))
    said(signed(correction(given.message)))
    (row,) = waiting_here()
    acknowledged(row, jana)
    with pytest.raises(WrongState):
        acknowledged(row, vera)


def test_an_acknowledgement_that_would_tell_a_state_of_origin_stays_here(clerk, vera, jana):
    person = screened(clerk, vera, origin=Fact.YES)
    talking()
    given = given_to_us(person)
    said(signed(correction(given.message)))
    claims(person, clerk)
    (row,) = waiting_here()
    assert not acknowledged(row, jana)
    assert waiting_here() == []
    assert in_act(Outgoing, profile="acknowledgement") == []


# A link that rested on it


def test_a_withdrawn_link_tells_the_partner_on_whose_data_it_rested_that_it_no_longer_holds(
    matcher, clerk, jana, petar, vera
):
    claimless = {"needs": SCREENED, "claim": "none", "claim_asked_on": TODAY}
    one, other, task = found_pair(matcher, clerk, claimless, claimless)
    for person in (one, other):
        record_origin(person.id, "SRB", Fact.NO, reason="Never there.", actor=vera, now=NOW, **IDENTIFYING)
    talking()
    given = given_to_us(one)
    judge(task, jana, "yes")
    judge(task, petar, "yes")
    withdraw_link(link_of(one.id, other.id).reference, "They are two.", actor=vera, basis="public_task", now=LATER)
    (told,) = in_act(Outgoing, profile="link_withdrawn")
    assert told.body == {"of": str(given.message), "revision": 1}


def test_word_of_a_withdrawn_link_is_taken_only_about_what_we_gave(clerk, vera):
    person = screened(clerk, vera)
    talking()
    ours = given_by_us(person, vera)
    theirs = given_to_us(person)
    word = question({"of": str(ours.id), "revision": 1}, profile="link_withdrawn")
    assert said(signed(word))["answer"] == "received"
    assert [each.person_id for each in waiting_here()] == [person.id]
    forged = question({"of": str(theirs.message), "revision": 1}, profile="link_withdrawn")
    assert said(signed(forged))["answer"] == "received"
    assert len(waiting_here()) == 1


# What a partner, or the list of partners, could make of what waits


def test_a_correction_never_overtakes_the_answer_that_it_corrects(clerk, vera):
    person = screened(clerk, vera)
    with answering(Node(received, now=lambda: LATEST)) as node:
        talking(node.address)
        given = given_by_us(person, vera)
        with gate.act(Purpose.IDENTIFICATION):  # one try of the answer found nobody
            Outgoing.objects.filter(id=given.id).update(try_after=LATEST)
        amended(person, clerk)
        delivered(LATER)
        assert node.heard == []
        delivered(LATEST)
    assert [each.profile for each in node.heard] == ["follow_up_answer", "correction"]


def test_what_waits_for_one_state_does_not_leave_for_another_under_the_same_code(clerk, vera):
    person = screened(clerk, vera)
    with answering(Node(received, now=lambda: LATER)) as node:
        talking(node.address)
        given = given_by_us(person, vera)
        talking(node.address, state="BGR")
        delivered(LATER)
        assert node.heard == []
    assert [each.state for each in in_act(Outgoing, id=given.id)] == ["kept_back"]


def test_a_second_request_in_one_conversation_closes_no_way_to_correct_and_shows_nobody(clerk, vera):
    person, other = screened(clerk, vera), screened(clerk, vera)
    talking()
    given = given_by_us(person, vera)
    with gate.act(Purpose.IDENTIFICATION):
        handle = Handle.objects.create(
            partner="rs", question=uuid4(), person_id=other.id, to_state="SRB", purpose=Purpose.IDENTIFICATION, made_at=NOW,
            expires_at=datetime.now(UTC) + timedelta(days=1),
        )  # fmt: skip
    body = {"handle": str(handle.id), "wanted": ["names"], "reason": "To tell who she is."}
    again = question(body, profile="follow_up", conversation=given.conversation, sequence=2)
    assert said(signed(again))["answer"] == "received"
    assert [each.person_id for each in in_act(Incoming, profile="follow_up")] == [person.id]
    amended(person, clerk)
    assert len(corrections()) == 1
