"""A case in plain values for a page: complete under its permit before anything is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stonebridge.accounts.doors import DEFAULT_BASIS, Desk
from stonebridge.accounts.labels import ROLES
from stonebridge.accounts.queues import Queue
from stonebridge.casework import clocks
from stonebridge.casework.declared import process
from stonebridge.casework.gates import Gate, Opening
from stonebridge.casework.models import Case, Step, Work
from stonebridge.casework.parts import parts
from stonebridge.casework.services import standing
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import NoRuleMatched, NotFound
from stonebridge.domain.parameters import Status
from stonebridge.domain.process import OF_THE_CASE, OF_THE_NODE, Basis
from stonebridge.formats.diagrams.svg import svg
from stonebridge.law import codes
from stonebridge.law.agreements import agreement
from stonebridge.law.load import instruments
from stonebridge.registry import shown
from stonebridge.registry.models import Person
from stonebridge.registry.queries import officers
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import ROLES_FOR, Action

OPENINGS = {
    Opening.OPEN: (_("Open"), "green"),
    Opening.SHUT: (_("Shut"), "red"),
    Opening.UNKNOWN: (_("Unknown"), "yellow"),
}
STATUSES = {
    "verified": _("Read in the official text"), "secondary": _("Read elsewhere, not in the official text"),
    "recalled": _("From memory, not checked against a text"), "placeholder": _("Not known yet"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseRow:
    reference: str
    process: str
    stage: str
    opened_at: datetime
    act_by: date | None
    mine: bool
    purpose: str


def listed(desk: Desk) -> list[CaseRow]:
    """Running cases of the desk's purpose: what this role has work in first, then by the day to act by.

    Raises:
        Refused: the gate says no.
    """
    with gate.act(desk.purpose):
        gate.permit(desk.actor, Action.WORK_CASE, purpose=desk.purpose, basis=desk.basis, now=desk.now)
        rows = [_row(each, desk) for each in Case.objects.filter(purpose=desk.purpose, ended_at=None)]
    return sorted(rows, key=lambda row: (not row.mine, row.act_by is None, row.act_by or date.max, row.opened_at))


def _row(case: Case, desk: Desk) -> CaseRow:
    chosen, _purpose = process(case.process)
    stage = chosen.stage(case.stage)
    roles = {each.role for each in stage.tasks} | ({Role.SUPERVISOR} if not stage.tasks else set())
    try:
        limit = clocks.running(case)
    except NoRuleMatched:
        limit = None
    return CaseRow(case.reference, gettext(chosen.title), gettext(stage.title), case.opened_at,
                   limit[1].act_by if limit else None, bool(roles & desk.actor.roles), case.purpose)  # fmt: skip


def waiting_at(desk: Desk) -> list[Queue]:
    """Cases in which the desk's roles have work, by purpose."""
    if not desk.actor.roles & ROLES_FOR[Action.WORK_CASE]:
        return []
    queues = []
    for purpose, label in ((Purpose.READMISSION, _("Cases of readmission")), (Purpose.RETURN, _("Cases of return"))):
        if purpose in desk.actor.purposes:
            mine = [row for row in listed(Desk(desk.actor, purpose, DEFAULT_BASIS[purpose], desk.now)) if row.mine]
            queues.append(Queue(label, _("Running cases at a stage with work of your role."),
                                f"{reverse('cases:listed')}?purpose={purpose}", len(mine), _("Open the cases")))  # fmt: skip
    return queues


def page(desk: Desk, reference: str) -> dict[str, Any]:
    """Everything of one case.

    Raises:
        NotFound: none of this reference that the purpose opens.
        Refused: the gate says no.
    """
    with gate.act(desk.purpose):
        case = Case.objects.filter(reference=reference).first()
        if case is None:
            raise NotFound("case", reference)
        permit = gate.permit(
            desk.actor, Action.WORK_CASE, purpose=desk.purpose, basis=desk.basis, now=desk.now,
            persons=[case.person_id], subject=f"case:{reference}",
        )  # fmt: skip
        return _page(case, permit, desk)


def _page(case: Case, permit: Permit, desk: Desk) -> dict[str, Any]:
    chosen, _purpose = process(case.process)
    stage = chosen.stage(case.stage)
    steps = list(Step.objects.filter(case=case))
    work = list(Work.objects.filter(case=case))
    names = officers({each.entered_by for each in steps} | {each.done_by for each in work}
                     | {each.seconded_by for each in work if each.seconded_by})  # fmt: skip
    done = {each.task: each for each in work if each.step == steps[-1].sequence}
    return {
        "case": {
            "reference": case.reference, "process": gettext(chosen.title), "stage": gettext(stage.title),
            "agreement": case.agreement, "counterpart": case.counterpart, "ended_at": case.ended_at,
            "readmission": case.purpose == Purpose.READMISSION, "opened_at": case.opened_at,
        },
        "person": Person.objects.values_list("reference", flat=True).get(id=case.person_id),
        "purpose": case.purpose, "under": shown.under(desk),
        "drawing": drawing(case), "clock": clock(case),
        "tasks": [
            {
                "id": each.id, "title": gettext(each.title), "role": ROLES[each.role], "basis": bases([each.basis], case),
                "optional": each.optional, "second": each.second, "done": done.get(each.id),
                "by": names.get(done[each.id].done_by, "") if each.id in done else "",
                "second_by": names.get(done[each.id].seconded_by, "") if each.id in done else "",
                "mine": bool(desk.actor.roles & {each.role, Role.SUPERVISOR}),
                "waits": each.second and each.id in done and done[each.id].seconded_at is None
                and done[each.id].done_by != desk.actor.reference,
            }
            for each in stage.tasks
        ],
        "gates": [gate_shown(each, case) for each in standing(case, permit)], "parts": parts(permit, case),
        "exits": [
            {"outcome": each.outcome, "title": gettext(each.title), "to": gettext(chosen.stage(each.to).title)}
            for each in stage.exits
        ],
        "history": _history(case, steps, work, names),
    }  # fmt: skip


def _history(case: Case, steps: list[Step], work: list[Work], names: Any) -> list[dict[str, Any]]:
    chosen, _purpose = process(case.process)
    titles = {task.id: task.title for _stage, task in chosen.tasks}
    items = [{"title": gettext(chosen.stage(each.stage).title), "at": each.entered_at,
              "by": names.get(each.entered_by, each.entered_by), "text": each.reason} for each in steps]  # fmt: skip
    items += [{"title": gettext(titles[each.task]), "at": each.done_at, "by": names.get(each.done_by, each.done_by),
               "text": each.note} for each in work]  # fmt: skip
    return sorted(items, key=lambda item: item["at"], reverse=True)


def gate_shown(each: Gate, case: Case) -> dict[str, Any]:
    """One guard as it stands, in words."""
    words, colour = OPENINGS[each.opening]
    found = each.finding
    return {
        "id": each.guard.id, "title": gettext(each.guard.title), "words": words, "colour": colour, "why": each.why,
        "open": each.opening is Opening.OPEN, "basis": bases(each.guard.basis, case),
        "evidence": found.evidence if found else "", "expires_on": found.expires_on if found else None,
    }  # fmt: skip


def bases(of: Iterable[Basis], case: Case) -> str:
    """Each instrument by its short name with its articles; and whether one was not read in an official text."""
    texts, is_read = [], True
    for each in of:
        if each.instrument == OF_THE_NODE:
            texts.append(gettext("Law of this state: no rule on file"))
            continue
        id = each.instrument
        if id == OF_THE_CASE:
            id = agreement(case.agreement).instrument if case.agreement else ""
        known = instruments().get(id)
        is_read = is_read and known is not None and known.status is Status.VERIFIED
        name = known.short if known else gettext("no agreement on file")
        articles = {"instrument": name, "articles": ", ".join(each.articles)}
        texts.append(gettext("%(instrument)s, Article %(articles)s") % articles)
    return "; ".join(texts) + ("" if is_read else gettext(" (not read in the official text)"))


def drawing(case: Case) -> SafeString:
    """The process with the stage marked; every text in it is escaped where it is drawn."""
    chosen, _purpose = process(case.process)
    return mark_safe(svg(chosen, here=case.stage, say=gettext))  # noqa: S308 - declared titles, escaped by svg


def clock(case: Case) -> dict[str, Any]:
    """The time limit that runs: its days, arithmetic, articles, and how far each value was checked; never silent."""
    try:
        found = clocks.running(case)
    except NoRuleMatched:
        return {"none": gettext("No rule on file says how long. A supervisor must decide, and record why.")}
    if found is None:
        return {"none": gettext("No time limit on file runs at this stage.")}
    title, limit = found
    sums: dict[date, str] = {}
    for reading in limit.readings:
        sums.setdefault(reading.last_day, reading.arithmetic)
    return {
        "title": title, "act_by": limit.act_by, "rely_on": limit.rely_on_from, "founded": limit.is_founded,
        "sums": [sums[each] for each in sorted(sums)], "silence": limit.on_silence,
        "values": [
            {"article": f"{each.instrument}, {each.article}", "status": STATUSES[each.status]} for each in limit.values
        ],
    }  # fmt: skip


def here() -> str:
    """This node's state in two letters, as agreements name it."""
    return codes.states().canonical(settings.NODE.state).iso
