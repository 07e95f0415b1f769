"""Recording a claim for protection, and whether a state is one of origin."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from stonebridge.registry import lists
from stonebridge.registry.forms.base import RecordForm, choice_field, number_of_page, radio_field, text_field
from stonebridge.remedies.labels import CLAIMS, ORIGINS
from stonebridge.safeguards.policy import Claim, Fact
from stonebridge.ui.forms import WholeDateField

EXPLAINED = frozenset({Claim.GRANTED, Claim.WITHDRAWN, Claim.FINALLY_REJECTED, Claim.UNKNOWN})
"""States that somebody must be able to check later: by which decision, or why nothing is known any more."""


class ClaimForm(RecordForm):
    """The state of a claim from now on."""

    submission = number_of_page()
    state = choice_field(
        _("State of the claim"), [("", "–"), *((claim.value, words) for claim, words in CLAIMS.items())], required=True,
        error_messages={"required": _("Choose a state.")},
    )  # fmt: skip
    asked_on = WholeDateField(
        label=_("Asked on"), required=False, help_text=_("The day on which the person was asked.")
    )
    reason = text_field(
        _("How it is known"), longest=200, hint=_("The decision with its date, or what the person said.")
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        asked: date | None = cleaned.get("asked_on")
        state = cleaned.get("state")
        if asked and asked > self.today:
            self.add_error("asked_on", _("This day has not come yet."))
        if state == Claim.NONE and not asked and "asked_on" not in self.errors:
            self.add_error("asked_on", _("Say on which day the person was asked and claimed no protection."))
        if state in EXPLAINED and not cleaned.get("reason"):
            self.add_error("reason", _("Say how it is known, so that somebody else can check it."))
        return cleaned


class OriginForm(RecordForm):
    """Whether a state is one from which the person fled or comes."""

    submission = number_of_page()
    state = choice_field(_("State"), lists.states, required=True, error_messages={"required": _("Choose a state.")})
    is_origin = radio_field(_("Is it a state of origin?"), [(fact.value, words) for fact, words in ORIGINS.items()])
    reason = text_field(
        _("Why"), longest=400, hint=_("A “no” opens the way to this state: say on what it rests.")
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        if cleaned.get("is_origin") == Fact.NO and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why this state is none from which the person fled or comes."))
        return cleaned
