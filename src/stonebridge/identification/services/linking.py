"""Links: statements about two records, each superseding the former, none ever changed.

Withdrawing one gives back what was before it: the identities, and the open yellow link if
there was one. What held the joined identity stays with each record that it no longer holds
by itself, until an officer has assigned it anew.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from stonebridge.domain import links
from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput, NoRuleMatched, NotFound, WrongState
from stonebridge.domain.links import Biometrics, Evidence, IdentityData, Justified, SamePerson, TravelDocument
from stonebridge.identification import thresholds
from stonebridge.identification.evidence import evidence
from stonebridge.identification.facts import identity_of
from stonebridge.identification.models import Judgement, Link, Task
from stonebridge.identification.region.corrections import tell_link_withdrawn
from stonebridge.identification.services.turns import lock_identities, note
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import Action
from stonebridge.safeguards.references import with_new_reference
from stonebridge.safeguards.services import leave_hold
from stonebridge.safeguards.uniting import opens_more

PURPOSE = Purpose.IDENTIFICATION
FORMER_IDENTITY = "former_identity"
"""The name of every hold that a withdrawn link leaves: it does not say what held, because that may be secret."""


def link_in_force(first: UUID, second: UUID) -> Link | None:
    """The link between two records, given in the order of their identifiers."""
    return Link.objects.filter(first_id=first, second_id=second, ended_at__isnull=True).first()


def evidence_of(link: Link) -> Evidence:
    """What the two records have in common, as it was when the link was made."""
    return Evidence(
        Biometrics(link.evidence_biometrics), IdentityData(link.evidence_identity),
        TravelDocument(link.evidence_document),
    )  # fmt: skip


def contradicted(identity: frozenset[UUID], *, besides: tuple[UUID, UUID]) -> bool:
    """Whether a link in force says that two records of ``identity`` are two persons; the pair itself is left out."""
    apart = Link.objects.filter(
        ended_at__isnull=True, same_person="no", first_id__in=identity, second_id__in=identity
    ).exclude(first_id=besides[0], second_id=besides[1])
    return apart.exists()


def replace_link(
    task: Task,
    answer: SamePerson,
    agreeing: Sequence[Judgement],
    *,
    permit: Permit,
    assessed_in: Judgement | None = None,
    former: Link | None = None,
) -> Link:
    """Make the link that follows from the opinions on a task, in place of the open one.

    Raises:
        WrongState: the pair is judged already.
    """
    permit.require(Action.LINK, person=task.probe_id)
    if former is not None:
        if former.same_person != "open":
            raise WrongState("this pair", "judged already", "a withdrawal of the link before another judgement")
        _end(former, "superseded by a judgement", permit)
    found = evidence(task.comparisons)
    justified = Justified(assessed_in.justified) if assessed_in else Justified.NOT_ASSESSED
    shown = links.colour(found, answer, justified, automatic=False)
    officers = [*dict.fromkeys(each.officer_reference for each in agreeing), "", ""]
    return _make(
        sorted((task.probe_id, task.candidate_id)), found, shown.colour, shown.rule_id, permit, task=task, supersedes=former,
        same_person=answer if answer in {SamePerson.YES, SamePerson.NO} else "open",
        officer_one=officers[0], officer_two=officers[1], justified=justified,
        justified_article=assessed_in.justified_article if assessed_in else "",
        justified_by=assessed_in.officer_reference if assessed_in else "",
    )  # fmt: skip


def assess_justification(
    reference: str, justified: Justified, article: str, *, reason: str, actor: Actor, basis: str, now: datetime
) -> Link:
    """Say, as a supervisor, whether what a judged link shows is lawful. The identity does not change by it.

    Raises:
        Refused: the gate says no; only a supervisor assesses, and names the article.
        BadInput: no reason, no answer, or nothing there that could be unlawful in that way.
        NotFound: no such link in force.
        WrongState: nobody has concluded yet whether the two are one person.
    """
    _require_reason(reason)
    if justified is Justified.NOT_ASSESSED:
        raise BadInput("justified", justified.value, "Say whether it is justified: yes or no.")
    with gate.act(PURPOSE):
        former = _locked(reference)
        permit = gate.permit(
            actor, Action.JUSTIFY, purpose=PURPOSE, basis=basis, now=now, persons=[former.first_id, former.second_id],
            article=article,
        )  # fmt: skip
        if former.same_person == "open":
            raise WrongState("this link", "open", "a judgement on whether the two are one person")
        found = evidence_of(former)
        try:
            shown = links.colour(found, SamePerson(former.same_person), justified, automatic=False)
        except NoRuleMatched:
            raise BadInput(
                "justified", justified.value, "What the two records share or differ in gives no ground for that."
            ) from None
        _end(former, f"superseded by an assessment: {reason.strip()}", permit)
        return _make(
            [former.first_id, former.second_id], found, shown.colour, shown.rule_id, permit, task=former.task, supersedes=former,
            same_person=former.same_person, officer_one=former.officer_one, officer_two=former.officer_two,
            justified=justified, justified_article=article.strip(), justified_by=actor.reference,
        )  # fmt: skip


def withdraw_link(reference: str, reason: str, *, actor: Actor, basis: str, now: datetime) -> None:
    """Withdraw a link. The identities fall back to what they were, and nothing that held a person is lifted by it.

    Raises:
        Refused: the gate says no.
        BadInput: no reason.
        NotFound: no such link in force.
    """
    _require_reason(reason)
    with gate.act(PURPOSE):
        link = _locked(reference)
        permit = gate.permit(
            actor, Action.WITHDRAW_LINK, purpose=PURPOSE, basis=basis, now=now,
            persons=[link.first_id, link.second_id],
        )  # fmt: skip
        whole = gate.gather(permit.persons, purpose=PURPOSE, basis=basis)
        _end(link, reason.strip(), permit)
        if link.same_person == "yes":
            for part in {identity_of(link.first_id), identity_of(link.second_id)}:
                if opens_more(gate.gather(part, purpose=PURPOSE, basis=basis), whole):
                    for person in sorted(part):
                        leave_hold(person, FORMER_IDENTITY, link.reference, permit=permit)
        note("link_withdrawn", f"link:{link.reference}", sorted((link.first_id, link.second_id)), permit,
             {"same_person": link.same_person})  # fmt: skip
        if link.same_person == "yes":
            tell_link_withdrawn(permit, (link.first_id, link.second_id))
        _drop_tasks(link, permit)
        began = _beginning(link)
        if began is not None and began.id != link.id:
            _reopen(began, permit)


def _locked(reference: str) -> Link:
    found = Link.objects.filter(reference=reference).first()
    if found is None:
        raise NotFound("link", reference)
    lock_identities(found.first_id, found.second_id)
    locked = Link.objects.select_for_update().filter(id=found.id, ended_at__isnull=True).first()
    if locked is None:
        raise NotFound("link in force", reference)
    return locked


def _make(
    pair: Sequence[UUID], found: Evidence, colour: str, rule: str, permit: Permit, *, task: Task | None,
    supersedes: Link | None, same_person: str, officer_one: str = "", officer_two: str = "",
    justified: Justified = Justified.NOT_ASSESSED, justified_article: str = "", justified_by: str = "",
) -> Link:  # fmt: skip
    link = with_new_reference(lambda reference: Link.objects.create(
        reference=reference, first_id=pair[0], second_id=pair[1], task=task,
        same_person=same_person, evidence_biometrics=found.biometrics, evidence_identity=found.identity,
        evidence_document=found.document, colour=colour, colour_rule=rule, justified=justified,
        justified_article=justified_article, justified_by=justified_by, made_at=permit.at,
        made_by=permit.actor.reference, officer_one=officer_one, officer_two=officer_two, supersedes=supersedes,
    ))  # fmt: skip
    note("link_made", f"link:{link.reference}", pair, permit,
         {"colour": colour, "rule": rule, "same_person": same_person})  # fmt: skip
    return link


def _end(link: Link, reason: str, permit: Permit) -> None:
    link.ended_at, link.ended_by, link.ended_reason = permit.at, permit.actor.reference, reason
    link.save(update_fields=["ended_at", "ended_by", "ended_reason"])


def _beginning(link: Link) -> Link | None:
    """The open link with which this one's line of statements began; none where it began with a judgement."""
    while link.supersedes is not None:
        link = link.supersedes
    return link if link.same_person == "open" else None


def _drop_tasks(link: Link, permit: Permit) -> None:
    """Nobody is asked any longer about a pair whose link is withdrawn; a known pair is known no more."""
    Task.objects.between(link.first_id, link.second_id).filter(state="open").update(
        state="undecided", outcome="replaced", settled_at=permit.at
    )


def _reopen(began: Link, permit: Permit) -> None:
    """The open link as it was, and officers asked again."""
    before = began.task
    asked = None
    if before is not None:
        asked = with_new_reference(lambda reference: Task.objects.create(
            reference=reference, probe_id=before.probe_id, candidate_id=before.candidate_id, search=before.search,
            why="review", score=before.score, comparisons=before.comparisons, matcher_version=before.matcher_version,
            made_at=permit.at, due_at=permit.at + thresholds.REVIEW_AFTER,
        ))  # fmt: skip
    _make(
        [began.first_id, began.second_id], evidence_of(began), began.colour, began.colour_rule, permit, task=asked,
        supersedes=None, same_person="open",
    )  # fmt: skip


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise BadInput("reason", reason, "Say why, in a sentence that somebody else can judge.")
