"""Questions and answers in the words of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stonebridge.exchange.models import Incoming, Outgoing, Question
from stonebridge.exchange.partners import partners
from stonebridge.identification.region.conversation import Request, request_shown
from stonebridge.identification.region.follow_up import ANSWER, ASK
from stonebridge.identification.region.services import ASKED_FOR
from stonebridge.identification.region.told_shown import Line, lines_about
from stonebridge.registry.models import Person
from stonebridge.registry.panels import Panel
from stonebridge.registry.queries import officers
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import ROLES_FOR, Action

STATES = {
    "waiting": _("Asked, not answered"), "no_hit": _("No hit"), "hit": _("Hit: ask for more"),
    "more_asked": _("Hit: more asked for"), "kept_back": _("Hit: the request was kept back"),
    "given": _("Hit: data given"), "postponed": _("Hit: postponed by the partner"),
}  # fmt: skip
"""A question from its asking to the last answer of its conversation."""
COLOURS = {
    "waiting": "yellow", "no_hit": "grey", "hit": "green", "more_asked": "yellow", "kept_back": "red", "given": "green",
    "postponed": "orange",
}  # fmt: skip
TROUBLES = {
    "no_partner": _("It is no partner any more."),
    "not_reached": _("It could not be reached."),
    "not_understood": _("Its answer could not be read. Tell the administrator."),
    "quota": _("It has been asked too often in this hour."),
    "not_now": _("It cannot answer now."),
    "kept_back": _("A safeguard of this node keeps it back."),
    "nobody_in_post": _("Whoever asked is no longer in post. Ask again yourself."),
    "purpose": _("It does not answer for this purpose."),
    "not_for_this_purpose": _("It does not answer for this purpose or on this basis."),
    "another_key": _(
        "It answered by another key than it published. Tell the administrator: this is no mistake of typing."
    ),
    "profile": _("It does not take this kind of question."),
}
OTHER_TROUBLE = _("It did not take the question. Tell the administrator.")


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """A question to one partner and what is known of its answer."""

    reference: str
    partner: str
    state: str
    text: str | Promise
    colour: str
    trouble: str | Promise
    asked_at: datetime
    answered_at: datetime | None
    by: str
    tries: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Region:
    """What a person's page shows of partners."""

    reference: str
    questions: tuple[QuestionShown, ...]
    lines: tuple[Line, ...]
    may_ask: bool
    requests: tuple[Request, ...]


def questions_about(person: UUID) -> tuple[QuestionShown, ...]:
    """Every question about this person, latest first, inside the transaction of a permit."""
    found = list(Question.objects.filter(person_id=person))
    language = get_language() or "en"
    names = {each.code: each.name(language) for each in partners()}
    by = officers({each.asked_by for each in found})
    states = _states(found)
    return tuple(
        QuestionShown(
            reference=each.reference, partner=names.get(each.partner, each.partner), state=each.state,
            text=STATES[states[each.id]], colour=COLOURS[states[each.id]],
            trouble=TROUBLES.get(each.trouble, OTHER_TROUBLE) if each.trouble else "", asked_at=each.asked_at,
            answered_at=each.answered_at, by=by.get(each.asked_by, "–"), tries=each.tries, next_at=each.ask_after,
        )
        for each in found
    )  # fmt: skip


def _states(questions: Sequence[Question]) -> dict[UUID, str]:
    """How far the conversation that each question began has come."""
    about = [each.conversation for each in questions]
    asked = dict(Outgoing.objects.filter(conversation__in=about, profile=ASK).values_list("conversation", "state"))
    came = dict(
        Incoming.objects.filter(conversation__in=about, profile=ANSWER).values_list("conversation", "body__answer")
    )
    sent = {place: "kept_back" if state == "kept_back" else "more_asked" for place, state in asked.items()}
    return {each.id: came.get(each.conversation) or sent.get(each.conversation) or each.state for each in questions}


def _panel(permit: Permit, person: UUID) -> Region:
    permit.require(Action.READ, person=person)
    may_ask = bool(ROLES_FOR[Action.ASK_PARTNER] & permit.actor.roles) and permit.purpose in ASKED_FOR
    return Region(
        reference=Person.objects.values_list("reference", flat=True).get(id=person),
        questions=questions_about(person),
        lines=lines_about(person),
        may_ask=may_ask and bool(partners()),
        requests=tuple(map(request_shown, Incoming.objects.filter(person_id=person, profile=ASK))),
    )


PANEL = Panel("region", "identification/_partners.html", _panel)
