"""The forms by which partners are proposed, joined and revoked, and alarms of witnesses settled."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stonebridge.accounts.labels import PURPOSES
from stonebridge.domain.actor import Purpose
from stonebridge.exchange.partners import BY_LETTER, LETTER, NODE, QUOTA, Partner, Why
from stonebridge.exchange.profiles import profiles
from stonebridge.ui.forms import WithHint
from stonebridge.ui.posted import Form

WHY = {
    Why.KEY_COMPROMISED: _("its key may be in other hands"), Why.MISUSE: _("it was misused"),
    Why.AGREEMENT_ENDED: _("the agreement ended"), Why.TECHNICAL: _("a technical reason"), Why.OTHER: _("another reason"),
}  # fmt: skip
"""Why a partner was revoked, in the words in which the others read it."""
AGREED_FOR = (
    Purpose.IDENTIFICATION, Purpose.BORDER_CHECK, Purpose.READMISSION, Purpose.RETURN, Purpose.PROTECTION_CLAIM,
    Purpose.INCIDENT, Purpose.PATHWAYS,
)  # fmt: skip
LARGEST_ENTRY = 64 * 1024  # bytes


class ProposalForm(Form):
    """A partner's entry: the file that it sent, or the same typed in."""

    mark_optional = False
    entry = forms.FileField(
        label=_("The partner’s entry as a file"), required=False,
        help_text=_("JSON, as the partner’s node writes it. Leave the fields below empty then."),
    )  # fmt: skip
    by = forms.ChoiceField(
        label=_("How is it reached?"), required=False, initial=NODE, widget=forms.RadioSelect,
        choices=[
            (NODE, WithHint(_("By its node"), _("It answers questions at once."))),
            (LETTER, WithHint(_("By letter"), _("By post or e-mail. It has no node and no key; officers carry the letters."))),
        ],
    )  # fmt: skip
    code = forms.CharField(
        label=_("Code of the partner"), required=False, max_length=16, help_text=_("For example rs."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
    )  # fmt: skip
    state = forms.CharField(
        label=_("State, three letters"), required=False, max_length=3, help_text=_("As travel documents have it: SRB."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3"}),
    )  # fmt: skip
    name = forms.CharField(label=_("Name in English"), required=False, max_length=80)
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=300,
        help_text=_("Of a node it begins with https:// By letter it is the postal or the e-mail address."),
    )
    key = forms.CharField(
        label=_("Its public key"),
        required=False,
        max_length=64,
        help_text=_("64 digits and letters from a to f. Empty for a partner by letter."),
    )
    purposes = forms.MultipleChoiceField(
        label=_("Purposes agreed"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(each.value, PURPOSES[each]) for each in AGREED_FOR],
        help_text=_("Messages pass for these purposes and for no other."),
    )  # fmt: skip
    quota = forms.IntegerField(
        label=_("Messages an hour and purpose"), required=False, min_value=1, initial=QUOTA,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}),
    )  # fmt: skip

    def clean_entry(self) -> Partner | None:
        """The entry of the file, if one was chosen."""
        file = self.cleaned_data["entry"]
        if file is None:
            return None
        if file.size > LARGEST_ENTRY:
            raise ValidationError(_("This file is too large for an entry."))
        try:
            return Partner(**json.loads(file.read()))
        except (ValueError, TypeError, RecursionError):
            raise ValidationError(_("This file is no entry of a partner. Ask the partner for it again.")) from None

    def clean(self) -> dict[str, Any] | None:
        """Without a file, what an entry cannot be without."""
        cleaned = super().clean()
        if "entry" not in self.errors and self.cleaned_data.get("entry") is None:
            needed = ("code", "state", "name", "address", "purposes")
            for name in needed if self.cleaned_data.get("by") == LETTER else (*needed, "key"):
                if name not in self.errors and not self.cleaned_data.get(name):
                    self.add_error(name, _("Fill this in, or choose the partner’s file."))
        return cleaned

    def partner(self) -> Partner:
        """What was handed in."""
        given = self.cleaned_data
        if given["entry"] is not None:
            read: Partner = given["entry"]
            return read
        by = given["by"] or NODE
        said = {
            name: each for name, each in profiles().items() if (name in BY_LETTER or by == NODE) and not each.of_nodes
        }
        return Partner(
            code=given["code"], state=given["state"], names={"en": given["name"]}, address=given["address"],
            key=given["key"], purposes=given["purposes"], quota=given["quota"] or QUOTA,
            profiles={name: list(each.versions) for name, each in said.items()}, by=by,
        )  # fmt: skip


class JoinForm(Form):
    """The fingerprint as the partner read it out."""

    mark_optional = False
    fingerprint = forms.CharField(
        label=_("Fingerprint that the partner has read to you"), max_length=80,
        help_text=_("Call the partner at a number that you know, or meet it. Type what you hear, ten groups of four."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Type the fingerprint.")},
    )  # fmt: skip

    def compared(self, _entry: Partner) -> str:
        """The fingerprint as typed."""
        typed: str = self.cleaned_data["fingerprint"]
        return typed


class JoinByLetterForm(Form):
    """The address as a partner without a node has told it."""

    mark_optional = False
    address = forms.CharField(
        label=_("Address that the partner has told you"), max_length=300,
        help_text=_("Call the partner at a number that you know, or meet it. Type the whole address as you hear it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Type the address.")},
    )  # fmt: skip

    def compared(self, entry: Partner) -> str:
        """The fingerprint of what was typed; spaces and capitals make no other address."""
        typed, proposed = (" ".join(each.split()).casefold() for each in (self.cleaned_data["address"], entry.address))
        return entry.mark if typed == proposed else ""


class ReasonForm(Form):
    """A sentence that somebody else can judge."""

    mark_optional = False
    reason = forms.CharField(
        label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A sentence that somebody else can judge. It stays on record with your name."),
        error_messages={"required": _("Say why, in a sentence that somebody else can judge.")},
    )  # fmt: skip


class RevokeForm(ReasonForm):
    """Why nothing may come from a partner any more, and how much of it the other partners are told."""

    why = forms.ChoiceField(
        label=_("What are the other partners told?"), choices=[(each.value, text) for each, text in WHY.items()],
        initial=Why.OTHER.value, required=False, widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
        help_text=_("Each learns whom this node revoked, when, and this in a word; your sentence stays here."),
    )  # fmt: skip
