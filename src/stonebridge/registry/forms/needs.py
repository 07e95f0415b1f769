"""What they need at once, whether they claim protection, and what is taken of them."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stonebridge.registry.forms.base import radio_field
from stonebridge.registry.forms.captures import CapturesForm
from stonebridge.ui.forms import WholeDateField

ASKED = {"yes": _("Yes"), "no": _("No"), "not_asked": _("Not asked")}
NEEDS = {
    "alone": _("A child without an adult who is responsible for them?"),
    "injured": _("Injured or ill?"),
    "afraid": _("Afraid of somebody, or of being sent back?"),
    "pregnant": _("Pregnant?"),
}
CLAIMS = {
    "none": _("Asked: claims no protection"),
    "pending": _("Claims protection"),
    "unknown": _("Not asked yet"),
}


class NeedsForm(CapturesForm):
    """The fourth page: what is needed at once, whether protection is claimed, portrait and fingerprints."""

    claim = radio_field(
        _("Claim for international protection"), list(CLAIMS.items()),
        hint=_("Until the person has been asked, nothing about them goes to a state of origin."),
    )  # fmt: skip
    claim_asked_on = WholeDateField(label=_("Asked on"), required=False)

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now
        for need, question in NEEDS.items():
            self.fields[f"need_{need}"] = radio_field(question, list(ASKED.items()))

    @property
    def questions(self) -> list[Any]:
        return [self[f"need_{need}"] for need in NEEDS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        asked: date | None = cleaned.get("claim_asked_on")
        if asked and asked > timezone.localdate(self.now):
            self.add_error("claim_asked_on", _("This day has not come yet."))
        elif cleaned.get("claim") == "none" and not asked and "claim_asked_on" not in self.errors:
            self.add_error("claim_asked_on", _("Say on which day the person was asked and claimed no protection."))
        elif cleaned.get("claim") == "unknown" and asked:
            self.add_error("claim_asked_on", _("Whoever was not asked has no day of asking. Choose the answer given."))
        return cleaned

    def needs(self) -> dict[str, str]:
        """The answers about needs, once the form is valid."""
        return {need: self.cleaned_data[f"need_{need}"] for need in NEEDS}
