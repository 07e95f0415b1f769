"""What is handed in about an appeal or a court order: that it was brought, and the decision that ends it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stonebridge.registry.forms.base import RecordForm, choice_field, number_of_page, radio_field, text_field
from stonebridge.remedies.labels import BRINGERS, KINDS, OUTCOMES
from stonebridge.safeguards.policy import Fact
from stonebridge.ui.forms import WholeDateField


def _sentence(label: Any, hint: Any, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=1000, required=required, help_text=hint,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Name the decision with its date and number, so that somebody can check it.")},
    )  # fmt: skip


def _day(label: Any) -> WholeDateField:
    return WholeDateField(label=label, error_messages={"required": _("Enter day, month and year.")})


def _named(label: Any, longest: int, hint: Any) -> forms.CharField:
    return text_field(
        label, longest=longest, hint=hint, required=True,
        error_messages={"required": _("Write it so that somebody else can find it.")},
    )  # fmt: skip


class LodgeForm(RecordForm):
    """An appeal or a court order as it was handed in. Nothing is chosen beforehand, least of all its effect."""

    submission = number_of_page()
    kind = radio_field(_("What was handed in"), list(KINDS.items()))
    brought_by = choice_field(
        _("Brought by"), [("", "–"), *BRINGERS.items()], required=True,
        error_messages={"required": _("Choose who brought it.")},
    )  # fmt: skip
    against = _named(_("Against"), 400, _("The decision or act, with its date and number."))
    before = _named(_("Before"), 200, _("The court or authority that decides."))
    number = text_field(_("Number there"), longest=80)
    lodged_on = _day(_("Lodged on"))
    suspends = radio_field(
        _("Does it suspend the transfer or the return?"),
        [(Fact.YES.value, _("Yes")), (Fact.NO.value, _("No")), (Fact.UNKNOWN.value, _("Not known"))],
        hint=_("While nobody knows, nothing is carried out."),
    )
    why = _sentence(_("On what this rests"), _("A “no” needs the rule or the decision by which it does not suspend."),
                    required=False)  # fmt: skip

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        lodged: date | None = cleaned.get("lodged_on")
        if lodged and lodged > self.today:
            self.add_error("lodged_on", _("This day has not come yet."))
        if cleaned.get("suspends") == Fact.NO and not cleaned.get("why"):
            self.add_error("why", _("Say by which rule or decision it does not suspend."))
        return cleaned


class EndForm(RecordForm):
    """The decision that ends an appeal or a court order that was lodged on ``since``."""

    submission = number_of_page()
    outcome = radio_field(_("How it ended"), list(OUTCOMES.items()))
    ending = _sentence(_("The decision"), _("With its date and number, so that somebody else can check it."),
                       required=True)  # fmt: skip
    ended_on = _day(_("Ended on"))

    def __init__(self, *args: Any, since: date, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.since, self.today = since, today

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        ended: date | None = cleaned.get("ended_on")
        if ended and ended > self.today:
            self.add_error("ended_on", _("This day has not come yet."))
        if ended and ended < self.since:
            self.add_error("ended_on", _("It cannot end before it was lodged."))
        return cleaned
