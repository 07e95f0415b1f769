"""What data protection and supervisors fill in."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stonebridge.accounts.labels import ACTIONS
from stonebridge.accounts.models import Officer

MOMENT = "%Y-%m-%dT%H:%M"
FIRST_LOOK = timedelta(days=7)


class LogFilterForm(forms.Form):
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
    officer = forms.ChoiceField(label=_("By"), required=False)
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
