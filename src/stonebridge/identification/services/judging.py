"""Officers judge a pair: each alone, blind to the others, until their opinions decide.

The identity follows from the first answer alone: are they the same person. Whether what
differs or is shared is lawful is another question, which a supervisor answers with an
article. Two identities become one only when two different officers have said so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from stonebridge.accounts.models import Posting, in_force
from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.adjudication import Opinion, Outcome, Step, reasons_for, verdict
from stonebridge.domain.errors import BadInput, NoRuleMatched, NotFound, WrongState
from stonebridge.domain.links import Justified, SamePerson, colour
from stonebridge.identification import sampling, thresholds
from stonebridge.identification.evidence import evidence
from stonebridge.identification.facts import identity_of, pair_of
from stonebridge.identification.models import Judgement, Task
from stonebridge.identification.seen import mark_of
from stonebridge.identification.services.linking import contradicted, link_in_force, replace_link
from stonebridge.identification.services.turns import lock_identities, note
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import ROLES_FOR, Action
from stonebridge.safeguards.references import with_new_reference

PURPOSE = Purpose.IDENTIFICATION


@dataclass(frozen=True, slots=True)
class Answer:
    """What an officer hands in. ``seen`` is the mark of the page that they looked at.

    ``reasons`` are codes of ``domain.adjudication``. ``justified`` and its ``article`` are a supervisor's to give.
    """

    same_person: SamePerson
    reasons: tuple[str, ...]
    seen: str
    remark: str = ""
    justified: Justified = Justified.NOT_ASSESSED
    article: str = ""


def give_judgement(reference: str, answer: Answer, *, actor: Actor, basis: str, now: datetime) -> None:
    """Give an opinion on a pair. What follows from it, if it decides, is done in the same transaction.

    Nothing is answered: whether others have judged the pair, or still must, is not for this officer to learn.

    Raises:
        Refused: the gate says no; among other things because this officer has judged the pair before.
        BadInput: reasons are missing or do not fit the answer, or no link is unlawful in the way that was said.
        NotFound: no such pair.
        WrongState: the pair is settled, or one of the records has changed since this officer looked.
    """
    _check(answer)
    with gate.act(PURPOSE):
        pair = pair_of(reference)
        lock_identities(*pair)
        task = Task.objects.select_for_update().filter(reference=reference).first()
        permit = gate.permit(
            actor, Action.JUDGE, purpose=PURPOSE, basis=basis, now=now, persons=pair,
            opinions_by=_have_judged(task) if task else frozenset(),
        )  # fmt: skip
        if task is None:
            raise NotFound("pair", reference)
        if answer.justified is not Justified.NOT_ASSESSED:
            gate.permit(
                actor, Action.JUSTIFY, purpose=PURPOSE, basis=basis, now=now, persons=pair, article=answer.article
            )
            _require_colour(task, answer)
        if task.state != "open":
            raise WrongState("this pair", "settled already", "a pair that is open; go on with the next one")
        if answer.seen != mark_of(task):
            raise WrongState("one of the two records", "changed since you looked", "another look before you judge")
        given = list(task.judgements.all())
        given.append(_keep(task, answer, permit, ordinal=len(given) + 1))
        note("judgement_given", f"task:{task.reference}", pair, permit, {})
        outcome = verdict(_opinions(given), second_always=is_judged_twice(task))
        if outcome.step is Step.DECIDED:
            _settle(task, given, outcome, permit)
        else:
            task.needed = 2 if outcome.step is Step.NEEDS_SECOND else 3
            task.save(update_fields=["needed"])


def is_judged_twice(task: Task) -> bool:
    """Whether two opinions are needed whatever the first says, so that being asked second says nothing."""
    return task.why != "search" or sampling.gets_second_look(task.id)


def _check(answer: Answer) -> None:
    allowed = {code.value for code in reasons_for(answer.same_person)}
    if not answer.reasons:
        raise BadInput("reasons", "", "Choose at least one reason for your answer.")
    for reason in answer.reasons:
        if reason not in allowed:
            raise BadInput("reasons", reason, f"With this answer choose among: {', '.join(sorted(allowed))}.")
    if not answer.remark.strip() and (answer.same_person is SamePerson.YES or "other" in answer.reasons):
        raise BadInput("remark", answer.remark, "Say in a sentence what convinces you; somebody else will judge it.")
    concludes = answer.same_person in {SamePerson.YES, SamePerson.NO}
    if answer.justified is not Justified.NOT_ASSESSED and not concludes:
        raise BadInput("justified", answer.justified.value, "Say first whether they are one person or two.")


def _have_judged(task: Task) -> frozenset[str]:
    """Whoever may not judge this task: those who did, and for a known pair those who made it known."""
    about = Task.objects.between(task.probe_id, task.candidate_id) if task.why == "planted" else [task]
    return frozenset(Judgement.objects.filter(task__in=about).values_list("officer_reference", flat=True))


def _require_colour(task: Task, answer: Answer) -> None:
    try:
        colour(evidence(task.comparisons), answer.same_person, answer.justified, automatic=False)
    except NoRuleMatched:
        raise BadInput(
            "justified", answer.justified.value,
            "What these two records share or differ in gives no ground for that. Leave it unassessed.",
        ) from None  # fmt: skip


def _keep(task: Task, answer: Answer, permit: Permit, ordinal: int) -> Judgement:
    officer = permit.actor
    pairs = Task.objects.between(task.probe_id, task.candidate_id)
    return Judgement.objects.create(
        task=task, ordinal=ordinal, officer_reference=officer.reference, officer_name=officer.name,
        same_person=answer.same_person, justified=answer.justified, justified_article=answer.article.strip(),
        reasons=list(answer.reasons), remark=answer.remark.strip(), matcher_version=task.matcher_version,
        explanation_shown=task.comparisons, given_at=permit.at,
        score_seen=Judgement.objects.filter(task__in=pairs, officer_reference=officer.reference).exists(),
    )  # fmt: skip


def _opinions(given: Sequence[Judgement]) -> list[Opinion]:
    return [Opinion(each.officer_reference, SamePerson(each.same_person)) for each in given]


def _settle(task: Task, given: Sequence[Judgement], outcome: Outcome, permit: Permit) -> None:
    answer = outcome.same_person or SamePerson.UNSURE
    if task.why != "planted":
        if outcome.concludes and not _say(task, given, answer, permit):
            _close(task, "undecided", "contradicted", permit)
            ask_again(task, permit)
            return
        if not outcome.concludes:
            _leave_open(task, given, answer, permit)
            _close(task, "undecided", answer, permit)
            ask_again(task, permit)
            return
    _close(task, "settled" if outcome.concludes else "undecided", answer, permit)
    agreeing = [each for each in given if each.same_person == answer]
    if task.why == "search" and outcome.concludes and len(agreeing) == len(given) >= 2 and sampling.comes_back(task.id):
        _plant(task, answer, given, permit)


def _close(task: Task, state: str, outcome: str, permit: Permit) -> None:
    task.state, task.outcome, task.settled_at = state, outcome, permit.at
    task.save(update_fields=["state", "outcome", "settled_at"])


def _say(task: Task, given: Sequence[Judgement], answer: SamePerson, permit: Permit) -> bool:
    """Make the link that says yes or no; whether that could be done.

    It cannot be where one identity would hold two records of which a link in force says that they are two persons.
    """
    first, second = sorted((task.probe_id, task.candidate_id))
    agreeing = [each for each in given if each.same_person == answer]
    joins = answer is SamePerson.YES
    if joins and contradicted(identity_of(first) | identity_of(second), besides=(first, second)):
        return False
    linking = gate.permit(
        permit.actor, Action.LINK, purpose=PURPOSE, basis=permit.basis, now=permit.at, persons=[first, second],
        joins=joins, agreeing=frozenset(each.officer_reference for each in agreeing),
    )  # fmt: skip
    assessed = [each for each in agreeing if each.justified != Justified.NOT_ASSESSED]
    replace_link(
        task, answer, agreeing, permit=linking,
        assessed_in=assessed[-1] if assessed else None, former=link_in_force(first, second),
    )  # fmt: skip
    return True


def _leave_open(task: Task, given: Sequence[Judgement], answer: SamePerson, permit: Permit) -> None:
    """What does not conclude stays yellow: an open link already there stays, and otherwise one is made."""
    first, second = sorted((task.probe_id, task.candidate_id))
    if link_in_force(first, second) is None:
        linking = gate.permit(
            permit.actor, Action.LINK, purpose=PURPOSE, basis=permit.basis, now=permit.at, persons=[first, second]
        )
        replace_link(task, answer, given, permit=linking)


def ask_again(task: Task, permit: Permit) -> Task:
    """Put a pair to officers again, due in some days."""
    asked = with_new_reference(lambda reference: Task.objects.create(
        reference=reference, probe_id=task.probe_id, candidate_id=task.candidate_id, search=task.search, why="review",
        score=task.score, comparisons=task.comparisons, matcher_version=task.matcher_version, made_at=permit.at,
        due_at=permit.at + thresholds.REVIEW_AFTER,
    ))  # fmt: skip
    note("pair_put_to_judgement", f"task:{asked.reference}", [task.probe_id, task.candidate_id], permit, {})
    return asked


def _plant(task: Task, truth: SamePerson, given: Sequence[Judgement], permit: Permit) -> None:
    """Let the pair come back to others as if it had just been found; what they say changes no link.

    Where fewer than two others are in post who may judge, nothing comes back: it would wait for ever.
    """
    others = Posting.objects.filter(
        in_force(permit.at.date()), role__in=ROLES_FOR[Action.JUDGE], officer__is_active=True
    ).exclude(officer_id__in=[each.officer_reference for each in given])
    if others.values("officer_id").distinct().count() < 2:
        return
    with_new_reference(lambda reference: Task.objects.create(
        reference=reference, probe_id=task.probe_id, candidate_id=task.candidate_id, search=task.search, why="planted",
        planted_truth=truth, score=task.score, comparisons=task.comparisons, matcher_version=task.matcher_version,
        made_at=permit.at, due_at=permit.at + thresholds.JUDGE_WITHIN,
    ))  # fmt: skip
