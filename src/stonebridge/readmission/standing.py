"""When the other side's silence, or the end of a time limit, may move a case: on verified values alone."""

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stonebridge.casework.gates import Asked, Opening, Source
from stonebridge.casework.models import Step
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


def _clocks(asked: Asked) -> Clocks:
    """Raises ``NoRuleMatched`` for a case under no agreement."""
    if not asked.case.agreement:
        raise NoRuleMatched("time limits", "a case under no agreement")
    chosen = agreement(asked.case.agreement)
    years = range(asked.case.opened_at.year, asked.case.opened_at.year + _SPAN)
    states = (chosen.partner, asked.case.counterpart)
    sides = tuple(holidays_of(state, years) for state in states if state)
    return Clocks(chosen, asked.case.counterpart or None, parameters(), sides)


def _began(asked: Asked, *stages: str) -> Step | None:
    return Step.objects.filter(case=asked.case, stage__in=stages).order_by("sequence").first()


def _silence(asked: Asked) -> tuple[Opening, Promise]:
    received = _began(asked, "received", "submitted")
    if received is None:
        return Opening.UNKNOWN, _("No application was received, so that no time runs.")
    try:
        limit = _clocks(asked).reply(timezone.localdate(received.entered_at))
    except NoRuleMatched:
        return Opening.UNKNOWN, _("No agreement on file says what silence means.")
    return _over(limit, limit.silence(asked.today) is Silence.DEEMED_AGREED)


def _expiry(asked: Asked) -> tuple[Opening, Promise]:
    agreed = _began(asked, "preparation")
    if agreed is None:
        return Opening.UNKNOWN, _("Nothing was agreed yet, so that no time runs.")
    try:
        limit = _clocks(asked).transfer([timezone.localdate(agreed.entered_at)])
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
