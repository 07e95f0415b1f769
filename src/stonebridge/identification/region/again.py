"""Questions that found no answer are asked again by the clock, at growing intervals, until an end.

The question is the officer's, so somebody must still be in post behind it, and the gate is asked each time: facts
change while a partner is down. At the end, or where the gate refuses, those of the officer's role are told.
"""

from datetime import datetime

from stonebridge.accounts.actors import actor_for
from stonebridge.accounts.models import Notice, Officer
from stonebridge.domain.actor import Purpose, Role, clock
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.exchange import asking
from stonebridge.exchange.models import Question
from stonebridge.exchange.partners import partner
from stonebridge.identification.region.services import ASKED_FOR, answer_to, said_of
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import NotPermitted, Refused
from stonebridge.safeguards.policy import ROLES_FOR, Action

CLOCK = clock("asking")
AT_ONCE = 20
"""Questions asked again in one call, of one purpose."""
STOPPED = "question_stopped"
NO_ANSWER, CHANGED = "no_answer", "changed"
"""Why the clock asks no more: none came in all its time, or something is otherwise than when the question was put."""


def ask_due(now: datetime) -> bool:
    """Ask again what is due; False, so that a partner that is down holds nobody up."""
    for purpose in ASKED_FOR:
        with gate.act(purpose):
            due = Question.objects.filter(state="waiting", ask_after__lte=now, purpose=purpose).order_by("ask_after")
            references = list(due.values_list("reference", flat=True)[:AT_ONCE])
        for reference in references:
            _ask_again(reference, purpose, now)
    return False


def _ask_again(reference: str, purpose: Purpose, now: datetime) -> None:
    try:
        with gate.act(purpose):
            question = Question.objects.select_for_update(skip_locked=True).filter(
                reference=reference, state="waiting", ask_after__lte=now
            ).first()  # fmt: skip
            if question is None:
                return
            if not _somebody_stands_behind(question, now):
                _stop(question, "nobody_in_post", now)
                return
            permit = gate.permit(
                CLOCK, Action.ASK_AGAIN, purpose=purpose, basis=question.basis, now=now, persons=[question.person_id],
                to_state=partner(question.partner).state, subject=f"question:{reference}",
            )  # fmt: skip
            asking.require_waiting(permit, question)
            Question.objects.filter(id=question.id).update(ask_after=asking.next_try(question, now))
            said = said_of(question.person_id, question.profile)
    except (Refused, NotFound, NotPermitted, WrongState, BadInput) as error:
        with gate.act(purpose):
            _stop(
                Question.objects.get(reference=reference),
                "kept_back" if isinstance(error, Refused) else "no_partner",
                now,
            )
        return
    answer = answer_to(question, said, now)
    with gate.act(purpose):
        permit = gate.permit(
            CLOCK, Action.ASK_AGAIN, purpose=purpose, basis=question.basis, now=now, persons=[question.person_id],
            subject=f"question:{reference}",
        )  # fmt: skip
        asking.settle(permit, reference, answer)
        settled = Question.objects.get(reference=reference)
        if settled.state == "waiting" and settled.ask_after is None:
            _tell(settled, NO_ANSWER, now)


def _somebody_stands_behind(question: Question, now: datetime) -> bool:
    officer = Officer.objects.filter(id=question.asked_by).first()
    if officer is None:
        return False
    today = actor_for(officer, today=now.date(), second_factor=False)
    return bool(today.roles & ROLES_FOR[Action.ASK_PARTNER]) and question.purpose in today.purposes


def _stop(question: Question, why: str, now: datetime) -> None:
    Question.objects.filter(id=question.id, state="waiting").update(ask_after=None, trouble=why)
    _tell(question, CHANGED, now)


def _tell(question: Question, why: str, now: datetime) -> None:
    role = Role(question.role) if question.role in set(Role) else Role.SUPERVISOR
    named = {"question": question.reference, "partner": question.partner, "why": why}
    Notice.objects.create(role=role, kind=STOPPED, named=named, made_at=now)
