"""What data protection and supervisors fill in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stonebridge.accounts.labels import ACTIONS
from stonebridge.accounts.models import Officer
from stonebridge.domain.errors import BadInput, NotFound
from stonebridge.ui.posted import Form

MOMENT = "%Y-%m-%dT%H:%M"
FIRST_LOOK = timedelta(days=7)


@contextmanager
def said_at_reference(form: forms.Form) -> Iterator[None]:
    """Say it at the field ``about`` when what was typed is no reference, or nobody's that is known."""
    try:
        yield
    except BadInput:
        form.add_error("about", _("A reference looks like MK-7F2K-93TD. Check it against the receipt."))
    except NotFound:
        form.add_error("about", _("No record of this reference is known. Check it against the receipt."))


class LogFilterForm(Form):
    """Which entries of the log to read. Left empty, the last seven days."""

    mark_optional = False
    since = forms.DateTimeField(
        label=_("From"), required=False, input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )  # fmt: skip
    until = forms.DateTimeField(
        label=_("Until"), required=False, input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )  # fmt: skip
    about = forms.CharField(
        label=_("About the person"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "placeholder": ""}),
    )  # fmt: skip
    officer = forms.ChoiceField(label=pgettext_lazy("officer", "By"), required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"), required=False,
        choices=[("", _("All")), ("permitted", _("Permitted")), ("refused", _("Refused")), ("emergency", _("Emergency access"))],
    )  # fmt: skip
    action = forms.ChoiceField(label=_("What"), required=False, choices=[("", _("All")), *ACTIONS.items()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = [
            (str(id), name) for id, name in Officer.objects.order_by("full_name").values_list("id", "full_name")
        ]
        self.fields["officer"].choices = [("", _("Everybody")), *officers]  # type: ignore[attr-defined]  # a field of choices

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until <= since:
            self.add_error("until", _("Give a moment after the first."))
        return cleaned

    def between(self, now: datetime) -> tuple[datetime, datetime]:
        """The moments to read between."""
        until = self.cleaned_data.get("until") or now + timedelta(minutes=1)
        return self.cleaned_data.get("since") or timezone.localtime(now) - FIRST_LOOK, until


GROUNDS = {
    "18(1)(a)": _("The person contests that the data are right (Article 18(1)(a))"),
    "18(1)(b)": _("The processing is unlawful, and the person wants restriction instead of erasure (Article 18(1)(b))"),
    "18(1)(c)": _("The person needs the data for a legal claim (Article 18(1)(c))"),
    "18(1)(d)": _("The person has objected, and it is being weighed (Article 18(1)(d))"),
}
"""Regulation (EU) 2016/679, Article 18(1)."""


class RestrictionForm(Form):
    """Which record to restrict, on which ground, and why."""

    about = forms.CharField(
        label=_("Reference of the person"), max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )  # fmt: skip
    ground = forms.ChoiceField(label=_("Ground"), choices=list(GROUNDS.items()), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class ReasonForm(Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class HoldForm(Form):
    """Whether what a withdrawn link left is this person's."""

    belongs = forms.ChoiceField(
        label=_("Is it this person’s?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes, it is this person’s: it stays in the way")), ("no", _("No, it was the other’s: it ends for this person"))],
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class EmergencyForm(Form):
    """Why reading must be open now."""

    reason = forms.CharField(
        label=_("What is the emergency?"),
        help_text=_("Who is in danger, and what you must know. Data protection reads this now and reviews it afterwards."),
        widget=forms.Textarea(attrs={"rows": 3}), max_length=1000,
    )  # fmt: skip


class ReviewForm(Form):
    """What the review of an emergency found."""

    justified = forms.ChoiceField(
        label=_("Was the access justified?"), widget=forms.RadioSelect, choices=[("yes", _("Yes")), ("no", _("No"))]
    )
    review = forms.CharField(label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
