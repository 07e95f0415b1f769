"""Everything that happens to a case: opened, worked on, found out about, moved on. Each one transaction and one entry.

Before a guarded exit the guards are asked here, for good messages, and once more by the database in the moment of
leaving, with every record of the identity locked.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from stonebridge.casework.declared import process as declared
from stonebridge.casework.gates import NOT_APPLICABLE_TO, Asked, Found, Gate, Opening, gates
from stonebridge.casework.models import Case, Finding, Step, Work
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.domain.errors import BadInput, NotFound, StonebridgeError, WrongState
from stonebridge.domain.process import Process, Stage
from stonebridge.registry.submissions import identifier
from stonebridge.safeguards import gate
from stonebridge.safeguards.facts import registered
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.history import record
from stonebridge.safeguards.policy import Action
from stonebridge.safeguards.references import with_new_reference

LONGEST_NOTE = 2000


class GateIsShut(StonebridgeError):
    """A case may not leave its stage: ``gates`` are those that are not open, each with its reason."""

    code = "gate_is_shut"

    def __init__(self, gates: tuple[Gate, ...]) -> None:
        named = "; ".join(f"{each.guard.title}: {each.opening}" for each in gates)
        super().__init__(f"the case stays where it is. {named}. Find out what is unknown, and wait for what is shut")
        self.gates = gates


class Unfinished(WrongState):
    """A case may not leave its stage while ``tasks``, by their titles, are not done."""

    def __init__(self, stage: Stage, tasks: list[str]) -> None:
        super().__init__(f"the stage {stage.title}", f"unfinished: {', '.join(tasks)}", "these tasks done")
        self.tasks = tasks


def open_case(
    person: UUID, process: str, *, agreement: str = "", counterpart: str = "", actor: Actor, basis: str, now: datetime
) -> str:
    """Open a case for a person, and answer its reference.

    Raises:
        Refused: the gate says no.
        BadInput: no such process.
        WrongState: such a case of this identity runs already.
    """
    chosen, purpose = declared(process)
    with gate.act(purpose):
        permit = _permit(actor, purpose, basis, now, person)
        running = Case.objects.filter(process=process, person_id__in=permit.persons, ended_at__isnull=True).first()
        if running is not None:
            raise WrongState(f"case {running.reference}", "running for this person", "its end, or work on that case")
        case = with_new_reference(lambda reference: Case.objects.create(
            reference=reference, person_id=person, process=process, version=chosen.version,
            purpose=purpose, stage=chosen.stages[0].id, agreement=agreement, counterpart=counterpart, opened_at=now,
            opened_by=actor.reference,
        ))  # fmt: skip
        Step.objects.create(case=case, sequence=1, stage=case.stage, entered_at=now, entered_by=actor.reference)
        _note(permit, case, "case_opened", {"process": process})
        return case.reference


def do_task(reference: str, task: str, note: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> None:
    """Record that a task of the present stage is done, and what came of it.

    Raises:
        NotFound: no such case for this purpose.
        Refused: the gate says no.
        BadInput: the stage has no such task, or the note is empty.
        WrongState: the task is done, or is the work of another role.
    """
    with gate.act(purpose):
        permit, case = _opened(reference, actor, purpose, basis, now)
        stage, step = _stage(case), _step(case)
        chosen = next((each for each in stage.tasks if each.id == task), None)
        if chosen is None:
            raise BadInput(
                "task", task, f"Tasks of {stage.id}: {', '.join(each.id for each in stage.tasks) or 'none'}."
            )
        _require_role(permit, chosen.role)
        if Work.objects.filter(case=case, step=step, task=task).exists():
            raise WrongState(f"the task {task}", "done", "a task that is not")
        Work.objects.create(
            case=case, step=step, task=task, note=_text("note", note), done_at=now, done_by=actor.reference
        )
        _note(permit, case, "task_done", {"task": task})


def second_task(reference: str, task: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> None:
    """Put one's own hand to what a colleague did.

    Raises:
        NotFound, Refused: as for ``do_task``.
        WrongState: it is not done, needs no second hand or has one, or the colleague is oneself.
    """
    with gate.act(purpose):
        permit, case = _opened(reference, actor, purpose, basis, now)
        chosen = next((each for each in _stage(case).tasks if each.id == task and each.second), None)
        done = Work.objects.filter(case=case, step=_step(case), task=task).first()
        if chosen is None or done is None:
            raise WrongState(f"the task {task}", "not one that waits for a second hand", "a task that is done and does")
        _require_role(permit, chosen.role)
        if done.seconded_at is not None:
            raise WrongState(f"the task {task}", "seconded", "nothing more")
        if done.done_by == actor.reference:
            raise WrongState(f"the task {task}", "your own work", "another officer's hand")
        Work.objects.filter(id=done.id, seconded_at__isnull=True).update(seconded_at=now, seconded_by=actor.reference)
        _note(permit, case, "task_seconded", {"task": task})


def find(
    reference: str, guard: str, answer: Found, evidence: str, *, expires_on: date | None = None, actor: Actor,
    purpose: Purpose, basis: str, now: datetime, submission: UUID | None = None,
) -> None:  # fmt: skip
    """Record what was found on a guard of the case, and on which evidence; of one ``submission``, the page's number, once.

    Raises:
        NotFound, Refused: as for ``do_task``.
        BadInput: no such guard, no evidence, *not applicable* where that cannot be, or an opening answer without a day
            on which it ends, or with one that is past.
    """
    with gate.act(purpose):
        permit, case = _opened(reference, actor, purpose, basis, now)
        chosen = _process(case).guard(guard)
        opens = answer in {Found.NO_OBSTACLE, Found.NOT_APPLICABLE}
        if answer is Found.NOT_APPLICABLE and guard not in NOT_APPLICABLE_TO:
            raise BadInput("answer", answer.value, "This applies to everybody. Find out whether it stands in the way.")
        if opens and (expires_on is None or expires_on < permit.at.date()):
            raise BadInput(
                "expires_on", expires_on, "Name the day on which this must be found out anew, from today on."
            )
        id = identifier(submission, case.person_id, guard, answer, evidence, expires_on, permit=permit)
        if submission and Finding.objects.filter(id=id).exists():
            return
        Finding.objects.create(
            id=id, case=case, guard=guard, answer=answer, evidence=_text("evidence", evidence), basis=str(chosen.basis[0]),
            expires_on=expires_on if opens else None, found_at=now, found_by=actor.reference,
        )  # fmt: skip
        _note(permit, case, "gate_found", {"guard": guard, "answer": answer.value})


def leave_stage(
    reference: str, outcome: str, reason: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime
) -> str:
    """Take an exit of the present stage, and answer the stage that the case has come to.

    Raises:
        NotFound, Refused: as for ``do_task``.
        BadInput: the stage has no such exit, or no reason is given.
        Unfinished: work of the stage is undone.
        WrongState: another role must decide.
        GateIsShut: a guard is not open.
    """
    with gate.act(purpose):
        permit, case = _opened(reference, actor, purpose, basis, now)
        chosen, stage = _process(case), _stage(case)
        way = chosen.exit(stage.id, outcome)
        _require_role(permit, *(each.role for each in stage.tasks))
        if not way.early and (undone := _undone(case, stage)):
            raise Unfinished(stage, undone)
        shut = tuple(
            each for each in gates(permit, _asked(case, permit), chosen, way) if each.opening is not Opening.OPEN
        )
        if way.guards and shut:
            raise GateIsShut(shut)
        Step.objects.create(
            case=case, sequence=_step(case) + 1, stage=way.to, outcome=outcome, reason=_text("reason", reason),
            entered_at=now, entered_by=actor.reference,
        )  # fmt: skip
        Case.objects.filter(id=case.id).update(stage=way.to, ended_at=now if chosen.stage(way.to).is_end else None)
        _note(permit, case, "case_moved", {"outcome": outcome, "stage": way.to})
        return way.to


def standing(case: Case, permit: Permit) -> tuple[Gate, ...]:
    """Every gate of a case as it stands, for a page."""
    return gates(permit, _asked(case, permit), _process(case))


def _permit(actor: Actor, purpose: Purpose, basis: str, now: datetime, person: UUID, subject: str = "") -> Permit:
    return gate.permit(
        actor, Action.WORK_CASE, purpose=purpose, basis=basis, now=now, persons=[person], subject=subject
    )


def _opened(reference: str, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> tuple[Permit, Case]:
    """A permit to work on the case, and the case, locked after the records of its person."""
    found = Case.objects.filter(reference=reference).first()
    if found is None:
        raise NotFound("case", reference)
    permit = _permit(actor, purpose, basis, now, found.person_id, f"case:{reference}")
    case = Case.objects.select_for_update().get(id=found.id)
    if case.ended_at is not None:
        raise WrongState(f"case {reference}", "ended", "a case that runs")
    return permit, case


def _asked(case: Case, permit: Permit) -> Asked:
    return Asked(case, permit.persons, registered().yellow_neighbours(permit.persons), permit.at.date())


def _process(case: Case) -> Process:
    chosen, _ = declared(case.process)
    if chosen.version != case.version:
        raise WrongState(
            f"case {case.reference}", f"of version {case.version}", f"version {chosen.version}: migrate it"
        )
    return chosen


def _stage(case: Case) -> Stage:
    return _process(case).stage(case.stage)


def _step(case: Case) -> int:
    last: int = Step.objects.filter(case=case).aggregate(last=Max("sequence"))["last"]
    return last


def _undone(case: Case, stage: Stage) -> list[str]:
    done = {each.task: each for each in Work.objects.filter(case=case, step=_step(case))}
    missing = [each.title for each in stage.tasks if not each.optional and each.id not in done]
    alone = [
        f"{each.title} (a second officer)"
        for each in stage.tasks
        if each.second and each.id in done and done[each.id].seconded_at is None
    ]
    return missing + alone


def _require_role(permit: Permit, *roles: Role) -> None:
    """A task is done by whom the process names, or by a supervisor."""
    if roles and not permit.actor.roles & {*roles, Role.SUPERVISOR}:
        named = ", ".join(sorted({each.value.replace("_", " ") for each in roles}))
        raise WrongState("this", f"the work of: {named}", "an officer posted as such, or a supervisor")


def _text(field: str, text: str) -> str:
    if not text.strip() or len(text) > LONGEST_NOTE:
        raise BadInput(
            field, text, f"Write a sentence that somebody else can judge, at most {LONGEST_NOTE} characters."
        )
    return text.strip()


def _note(permit: Permit, case: Case, event: str, detail: dict[str, Any]) -> None:
    record(event, f"case:{case.reference}", person=case.person_id, permit=permit, detail=detail)
