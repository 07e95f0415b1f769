"""Referring somebody for protection, and ending a referral."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stonebridge.ui.posted import Form

KINDS = {
    "child": _("A child alone, or separated from the family"),
    "trafficking": _("Signs of trafficking or exploitation"),
    "medical": _("A medical need"),
    "fear": _("Fear of somebody here"),
    "other": _("Another need of protection"),
}


class ReferralForm(Form):
    """Who is to be referred, and what worries the officer."""

    about = forms.CharField(
        label=_("Reference of the person"), max_length=20, help_text=_("It stands on the receipt."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("What is it about?"), choices=list(KINDS.items()), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("What worries you?"),
        help_text=_("What you saw and what was said, each with its source. No indicator decides by itself."),
        widget=forms.Textarea(attrs={"rows": 4}), max_length=4000,
    )  # fmt: skip


class ClosingForm(Form):
    """Why a referral ends."""

    reason = forms.CharField(
        label=_("What was done, and why does the referral end?"),
        help_text=_("From then on it no longer keeps the person here."),
        widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
    )  # fmt: skip
