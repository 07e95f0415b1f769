"""What an administrator fills in about officers, postings, organisations and mandates."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stonebridge.accounts.actors import PURPOSES_OF_ROLE
from stonebridge.accounts.labels import PURPOSES, ROLES
from stonebridge.accounts.models import OrganisationKind
from stonebridge.domain.actor import Purpose, Role
from stonebridge.safeguards.officers.queries import OrganisationSeen
from stonebridge.safeguards.officers.services import NewPosting
from stonebridge.ui.forms import WholeDateField
from stonebridge.ui.posted import Form

KINDS = {
    OrganisationKind.AUTHORITY: _("Authority of this node"),
    OrganisationKind.MUNICIPALITY: _("Municipality"),
    OrganisationKind.NGO: _("Non-governmental organisation"),
    OrganisationKind.INTERNATIONAL: _("International organisation"),
}


class PostingForm(Form):
    """A role in a unit of an organisation."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    unit = forms.CharField(label=_("Unit or place"), max_length=120)
    role = forms.ChoiceField(
        label=_("Role"),
        help_text=_("The role decides what may be done, and for which purposes; a worker’s mandate narrows it."),
    )
    starts_on = WholeDateField(label=_("First day"))
    ends_on = WholeDateField(label=_("Last day"), required=False)

    def __init__(self, *args: Any, organisations: Iterable[OrganisationSeen], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [(str(each.id), each.name) for each in organisations]  # type: ignore[attr-defined]  # a field of choices
        self.fields["role"].choices = [(role.value, _described(role)) for role in Role]  # type: ignore[attr-defined]  # a field of choices

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("Give a last day that is not before the first."))
        return cleaned

    def posting(self) -> NewPosting:
        """What was filled in."""
        cleaned = self.cleaned_data
        return NewPosting(
            cleaned["organisation"], cleaned["unit"], Role(cleaned["role"]), cleaned["starts_on"], cleaned["ends_on"]
        )


class OfficerForm(PostingForm):
    """An account with its first posting."""

    full_name = forms.CharField(label=_("Full name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"), help_text=_("The officer signs in with it."))
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)
    field_order = ("full_name", "email", "language", "organisation", "unit", "role", "starts_on", "ends_on")


class ReasonForm(Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)


class OrganisationForm(Form):
    """An organisation whose workers are to act here."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, label) for kind, label in KINDS.items() if kind != "authority"]
    )


class MandateForm(Form):
    """For which purpose an organisation may act, and on what ground."""

    mandate_for = forms.ChoiceField(
        label=_("Purpose"), choices=[(purpose.value, PURPOSES[purpose]) for purpose in Purpose]
    )
    agreement = forms.CharField(label=_("Agreement or act"), max_length=200, help_text=_("Its title, number and date."))
    starts_on = WholeDateField(label=_("First day"))
    ends_on = WholeDateField(label=_("Last day"), required=False)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("Give a last day that is not before the first."))
        return cleaned


def _described(role: Role) -> str:
    return f"{ROLES[role]}: {', '.join(str(PURPOSES[purpose]) for purpose in sorted(PURPOSES_OF_ROLE[role]))}"
