"""What a partner gave becomes a record of ours: apart, judged by two, linked and un-linked, and told to nobody else."""

from dataclasses import replace
from uuid import uuid4

import pytest

from identification_bench import MatcherHere, answered, judge, link_of
from people import NOW, actor, amira, on_record
from region_bench import SERBIA, Node, answering, joined, knows_her, question, said, signed
from rule_cases import SCREENED
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.domain.errors import BadInput, NotFound
from stonebridge.exchange.models import Incoming, Question
from stonebridge.identification.facts import identity_of
from stonebridge.identification.models import Task
from stonebridge.identification.region.follow_up import ask_for_more
from stonebridge.identification.region.keeping import Given, given_by_partner, keep, kept_as
from stonebridge.identification.region.services import ask_partners
from stonebridge.identification.region.shown import STATES, questions_about
from stonebridge.identification.region.told_shown import lines_about
from stonebridge.identification.services import withdraw_link
from stonebridge.registry.models import IdentityStatement, Person
from stonebridge.remedies.services import record_claim, record_origin
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.policy import Action, Claim, Fact

pytestmark = pytest.mark.usefixtures("nothing_is_drawn")
IDENTIFYING = {"purpose": Purpose.IDENTIFICATION, "basis": "public_task", "now": NOW}
REGISTERING = {"purpose": Purpose.REGISTRATION, "basis": "public_task"}
THEIRS = {
    "given": "Ameera", "family": "Hadad", "father": "Khalil", "birth": "1994-01-01", "sex": "f", "nationalities": ["SYR"],
    "documents": ["SYR:N00418263"],
}  # fmt: skip
TALKING = replace(
    SERBIA, profiles={"person_query": [1], "follow_up": [1], "follow_up_answer": [1]}, quota=100
)  # fmt: skip


def hers(clerk: Actor, vera: Actor) -> Person:
    """Amira, about whom rs may be asked."""
    person = amira(clerk, needs=SCREENED)
    record_claim(person.id, Claim.NONE, asked_on=NOW.date(), actor=clerk, now=NOW, **REGISTERING)
    record_origin(person.id, "SRB", Fact.NO, reason="She says so.", actor=vera, now=NOW, **REGISTERING)
    return person


def state_of(person: Person) -> str:
    with gate.act(Purpose.IDENTIFICATION):
        return questions_about(person.id)[0].text


def given_about(person: Person, jana: Actor, answer: dict[str, object], states: list[str] | None = None) -> Given:
    """Ask rs about her, be told of a hit, ask for more, and be given this."""
    with answering(Node(knows_her(uuid4()))) as node:
        joined(replace(TALKING, address=node.address), actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER))
        ask_partners(person.reference, ["rs"], actor=jana, **IDENTIFYING)
    asked = on_record(Question).get()
    seen = [state_of(person)]
    ask_for_more(asked.reference, ["names", "birth"], "To tell who she is.", actor=jana, **IDENTIFYING)
    seen.append(state_of(person))
    said(signed(question(answer, profile="follow_up_answer", conversation=asked.conversation)))
    seen.append(state_of(person))
    if states is not None:
        states += seen
    with gate.act(Purpose.IDENTIFICATION):
        permit = gate.permit(jana, Action.READ, persons=[person.id], **IDENTIFYING)
        return given_by_partner(permit, asked.reference)


def kept(given: Given, officer: Actor) -> Person:
    return keep(given, actor=officer, basis="public_task", now=NOW)


def test_the_list_of_questions_says_how_far_each_conversation_has_come(clerk, vera, jana):
    states: list[str] = []
    given_about(hers(clerk, vera), jana, {"answer": "given", "identities": [THEIRS]}, states)
    assert states == [STATES["hit"], STATES["more_asked"], STATES["given"]]


def test_what_was_given_is_judged_by_two_linked_and_un_linked(matcher: MatcherHere, clerk, vera, jana, petar):
    person = hers(clerk, vera)
    record = kept(given_about(person, jana, {"answer": "given", "identities": [THEIRS]}), vera)
    answered(matcher)
    task = on_record(Task).between(person.id, record.id).get(state="open")
    judge(task, jana, "yes")
    with gate.act(Purpose.IDENTIFICATION):
        assert identity_of(person.id) == {person.id}
    judge(task, petar, "yes")
    with gate.act(Purpose.IDENTIFICATION):
        assert identity_of(person.id) == {person.id, record.id}
    withdraw_link(link_of(person.id, record.id).reference, "Another woman.", actor=vera, basis="public_task", now=NOW)
    with gate.act(Purpose.IDENTIFICATION):
        assert identity_of(person.id) == {person.id}


def test_what_was_given_is_kept_once_and_says_where_it_is_from(clerk, vera, jana):
    given = given_about(hers(clerk, vera), jana, {"answer": "given", "identities": [THEIRS]})
    first, second = kept(given, vera), kept(given, vera)
    assert first.id == second.id
    with gate.act(Purpose.IDENTIFICATION):
        assert kept_as(given.number) == first.reference
    statement = on_record(IdentityStatement).get(person_id=first.id)
    assert given.question in statement.reason
    assert (statement.birth_text, statement.sex) == ("1994-01-01", "f")


def test_nothing_of_what_a_partner_gave_goes_to_another(clerk, vera, jana):
    record = kept(given_about(hers(clerk, vera), jana, {"answer": "given", "identities": [THEIRS]}), vera)
    with pytest.raises(Refused):
        ask_partners(record.reference, ["rs"], actor=jana, **IDENTIFYING)


def test_an_examiner_keeps_nothing(clerk, vera, jana):
    given = given_about(hers(clerk, vera), jana, {"answer": "given", "identities": [THEIRS]})
    with pytest.raises(Refused):
        kept(given, jana)


def test_a_postponed_answer_leaves_nothing_to_keep(clerk, vera, jana):
    with pytest.raises(NotFound):
        given_about(hers(clerk, vera), jana, {"answer": "postponed", "identities": []})


def test_without_a_name_there_is_nothing_to_compare(clerk, vera, jana):
    given = given_about(hers(clerk, vera), jana, {"answer": "given", "identities": [{"birth": "1994-01-01"}]})
    with pytest.raises(BadInput, match="Ask for the names"):
        kept(given, vera)


def test_the_record_that_was_kept_says_that_its_partner_has_corrected_it(clerk, vera, jana):
    person = hers(clerk, vera)
    given = given_about(person, jana, {"answer": "given", "identities": [THEIRS]})
    record = kept(given, vera)
    assert lines_of(record) == []
    (answer,) = on_record(Incoming).filter(profile="follow_up_answer")
    body = {"of": str(answer.message), "revision": 1, "kind": "amended", "changed": ["birth"],
            "identities": [{"given": "Ameera", "family": "Hadad", "birth": "1993"}]}  # fmt: skip
    joined(replace(TALKING, profiles=TALKING.profiles | {"correction": [2]}), actor(Role.ADMINISTRATOR, "Ana"),
           actor(Role.DATA_PROTECTION_OFFICER, "Dora"))  # fmt: skip
    assert said(signed(question(body, profile="correction", version=2)))["answer"] == "received"
    assert lines_of(record) == lines_of(person) == ["What it gave is corrected"]


def lines_of(person: Person) -> list[str]:
    with gate.act(Purpose.IDENTIFICATION):
        return [str(each.text) for each in lines_about(person.id)]
