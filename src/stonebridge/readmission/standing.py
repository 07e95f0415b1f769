"""When the other side's silence, or the end of a time limit, may move a case: on verified values alone."""

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stonebridge.casework.gates import Asked, Opening, Source
from stonebridge.casework.models import Case, Step
from stonebridge.domain.agreements import Clocks
from stonebridge.domain.deadlines import Deadline, Silence
from stonebridge.domain.errors import NoRuleMatched
from stonebridge.law.agreements import agreement
from stonebridge.law.holidays import holidays_of
from stonebridge.law.load import parameters

_SPAN = 3  # years for which holidays are looked up
_UNFOUNDED = _(
    "No value of this agreement is verified for it, so that nothing may rest on it. Confirm it against the text."
)


def running(case: Case) -> tuple[Promise, Deadline] | None:
    """The time limit that runs at the stage of a case, with what it is for; None where none runs.

    Raises:
        NoRuleMatched: no agreement, or none of its values answers.
    """
    if case.stage in {"drafting", "completed", "taken_back", "refused", "lapsed", "withdrawn"}:
        return None
    for stage in ("after_transfer", "preparation", "received", "submitted"):
        step = _began(case, stage)
        if step is not None:
            day = timezone.localdate(step.entered_at)
            if stage == "after_transfer":
                return _("To find a readmission in error"), _clocks(case).error(day)
            if stage == "preparation":
                return _("To hand the person over"), _clocks(case).transfer([day])
            return _("To answer the application"), _clocks(case).reply(day)
    return None


def _clocks(case: Case) -> Clocks:
    """Raises ``NoRuleMatched`` for a case under no agreement."""
    if not case.agreement:
        raise NoRuleMatched("time limits", "a case under no agreement")
    chosen = agreement(case.agreement)
    years = range(case.opened_at.year, case.opened_at.year + _SPAN)
    states = (chosen.partner, case.counterpart)
    sides = tuple(holidays_of(state, years) for state in states if state)
    return Clocks(chosen, case.counterpart or None, parameters(), sides)


def _began(case: Case, *stages: str) -> Step | None:
    return Step.objects.filter(case=case, stage__in=stages).order_by("sequence").first()


def _silence(asked: Asked) -> tuple[Opening, Promise]:
    received = _began(asked.case, "received", "submitted")
    if received is None:
        return Opening.UNKNOWN, _("No application was received, so that no time runs.")
    try:
        limit = _clocks(asked.case).reply(timezone.localdate(received.entered_at))
    except NoRuleMatched:
        return Opening.UNKNOWN, _("No agreement on file says what silence means.")
    return _over(limit, limit.silence(asked.today) is Silence.DEEMED_AGREED)


def _expiry(asked: Asked) -> tuple[Opening, Promise]:
    agreed = _began(asked.case, "preparation")
    if agreed is None:
        return Opening.UNKNOWN, _("Nothing was agreed yet, so that no time runs.")
    try:
        limit = _clocks(asked.case).transfer([timezone.localdate(agreed.entered_at)])
    except NoRuleMatched:
        return Opening.UNKNOWN, _("No agreement on file says how long an agreement to a transfer holds.")
    return _over(limit, limit.is_late(asked.today))


def _over(limit: Deadline, passed: bool) -> tuple[Opening, Promise]:
    if not limit.is_founded:
        return Opening.UNKNOWN, _UNFOUNDED
    if passed:
        return Opening.OPEN, _("The time has passed under every reading of the text.")
    return Opening.SHUT, _("The time has not passed under every reading of the text.")


SILENCE = Source(_silence)
EXPIRY = Source(_expiry)
