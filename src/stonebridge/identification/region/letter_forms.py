"""The forms for partners without a node: writing, sending, and entering what came by post."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.actor import Purpose
from stonebridge.exchange.letters import LONGEST_REFERENCE
from stonebridge.exchange.partners import Partner
from stonebridge.identification.region.forms import MoreForm
from stonebridge.matching.record import Identity
from stonebridge.ui.forms import WithHint
from stonebridge.ui.posted import Form

_DAY = {"required": _("Give the day."), "invalid": _("Give the day as year-month-day, for example 2026-11-24.")}


class LetterForm(MoreForm):
    """To whom a letter goes, what it asks for and why."""

    partner = forms.ChoiceField(
        label=_("Partner"), widget=forms.RadioSelect, error_messages={"required": _("Choose a partner.")}
    )
    field_order = ("partner", "wanted", "reason", "case")

    def __init__(self, *given: Any, purpose: Purpose, partners: list[Partner]) -> None:
        super().__init__(*given, purpose=purpose)
        language = get_language() or "en"
        self.fields["partner"].choices = [(each.code, each.name(language)) for each in partners]  # type: ignore[attr-defined]  # a choice field


class CameForm(LetterForm):
    """What a partner asks in a letter of its own."""

    prefix = "came"
    case = forms.CharField(
        label=_("Reference on the partner’s letter"), max_length=40, error_messages={"required": _("Give it.")}
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        wanted, reason = self.fields["wanted"], self.fields["reason"]
        wanted.label, wanted.help_text = (
            _("What does the partner ask for?"),
            _("As its letter says. A supervisor decides."),
        )
        reason.label, reason.help_text = _("What does the partner need it for?"), _("In the words of its letter.")


class SentForm(Form):
    """When a letter was sent."""

    mark_optional = False
    sent_on = forms.DateField(
        label=_("Sent on"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages=_DAY,
        input_formats=["%Y-%m-%d"],
    )


class ReceiptForm(Form):
    """When the partner had a letter, and what proves it."""

    received_on = forms.DateField(
        label=_("Received on"),
        help_text=_("As the receipt has it."),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages=_DAY,
        input_formats=["%Y-%m-%d"],
    )
    reference = forms.CharField(
        label=_("Reference of the receipt"),
        max_length=LONGEST_REFERENCE,
        error_messages={"required": _("Give the reference of the partner or of the carrier.")},
    )
    scan = forms.FileField(
        label=_("Scan of the receipt"),
        help_text=_("JPEG, PNG or WebP."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class AnswerForm(Form):
    """What a partner answered by letter."""

    outcome = forms.ChoiceField(
        label=_("What does the partner answer?"),
        choices=[
            ("given", WithHint(_("It has this person on record"), _("Enter what the letter says, as it says it."))),
            ("postponed", WithHint(_("It gives nothing"), _("For whatever reason."))),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    case = forms.CharField(
        label=_("Reference on the partner’s letter"), max_length=40, error_messages={"required": _("Give it.")}
    )
    given = forms.CharField(label=_("Given names"), max_length=120, required=False)
    family = forms.CharField(label=_("Family name"), max_length=120, required=False)
    birth = forms.RegexField(
        r"\A\d{4}(-\d\d){0,2}\Z",
        label=_("Date of birth"),
        help_text=_("Year, or year-month, or year-month-day, for example 1994-03-07."),
        required=False,
        error_messages={"invalid": _("Write 1994, 1994-03 or 1994-03-07.")},
    )
    document = forms.CharField(label=_("Number of a document"), max_length=40, required=False)

    def identity(self) -> Identity | None:
        """What was entered; None where the partner gives nothing."""
        said = self.cleaned_data
        if said["outcome"] == "postponed":
            return None
        documents = (said["document"],) if said["document"] else ()
        return Identity(given=said["given"], family=said["family"], birth=said["birth"], documents=documents)
