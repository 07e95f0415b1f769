"""The forms of the bench: an opinion, a withdrawal, an assessment."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.adjudication import reasons_for
from stonebridge.domain.links import Justified, SamePerson
from stonebridge.identification.labels import ANSWERS, JUSTIFIED, REASONS
from stonebridge.ui.posted import Form

REASON_FIELDS = {
    SamePerson.YES: "reasons_yes",
    SamePerson.NO: "reasons_no",
    SamePerson.UNSURE: "reasons_open",
    SamePerson.INSUFFICIENT: "reasons_open",
}


def _reasons(answer: SamePerson, label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=[(code.value, REASONS[code.value]) for code in reasons_for(answer)],
        widget=forms.CheckboxSelectMultiple,
    )


class JudgementForm(Form):
    """One officer's opinion. The reasons that count are those of the answer given."""

    mark_optional = False
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    same_person = forms.ChoiceField(
        label=_("Are they one person or two?"),
        choices=[(answer.value, label) for answer, label in ANSWERS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    reasons_yes = _reasons(SamePerson.YES, _("Why one person"))
    reasons_no = _reasons(SamePerson.NO, _("Why two persons"))
    reasons_open = _reasons(SamePerson.UNSURE, _("Why it stays open"))
    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=2000,
        help_text=_("Needed when you say that they are one person, and for another reason."),
        widget=forms.Textarea(attrs={"rows": 2, "data-shortcut": "remark"}),
    )
    justified = forms.ChoiceField(
        label=_("Is it justified?"),
        required=False,
        initial=Justified.NOT_ASSESSED.value,
        choices=[(each.value, label) for each, label in JUSTIFIED.items()],
        help_text=_("A question of its own: whether what differs or is shared is lawful. It changes no identity."),
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--small govuk-radios--inline"}),
    )
    article = forms.CharField(
        label=_("Article"),
        required=False,
        max_length=120,
        help_text=_("The article of law on which this rests."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )

    def __init__(self, *args: Any, assesses: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not assesses:
            del self.fields["justified"], self.fields["article"]

    def clean(self) -> dict[str, Any]:
        """Take the reasons of the answer given, and ask for what it needs."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "same_person" not in cleaned:
            return cleaned
        answer = SamePerson(cleaned["same_person"])
        field = REASON_FIELDS[answer]
        reasons = cleaned.get(field) or []
        if not reasons and field not in self.errors:
            self.add_error(field, ValidationError(_("Choose at least one reason for your answer.")))
        if not cleaned.get("remark", "").strip() and (answer is SamePerson.YES or "other" in reasons):
            self.add_error("remark", ValidationError(_("Say in a sentence what convinces you.")))
        justified = cleaned.get("justified") or Justified.NOT_ASSESSED.value
        if justified != Justified.NOT_ASSESSED and not cleaned.get("article", "").strip():
            self.add_error("article", ValidationError(_("Name the article on which this rests.")))
        if justified != Justified.NOT_ASSESSED and answer not in {SamePerson.YES, SamePerson.NO}:
            self.add_error("justified", ValidationError(_("Say first whether they are one person or two.")))
        return cleaned | {"reasons": tuple(reasons), "justified": Justified(justified)}


class WithdrawalForm(Form):
    """Why a link is withdrawn."""

    reason = forms.CharField(
        label=_("Why do you withdraw this link?"),
        max_length=2000,
        help_text=_("A sentence that somebody else can judge. It stays on record with your name."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, in a sentence that somebody else can judge.")},
    )


class AssessmentForm(Form):
    """Whether what a link shows is lawful, on which article, and why."""

    justified = forms.ChoiceField(
        label=_("Is what differs or is shared justified?"),
        choices=[(each.value, JUSTIFIED[each]) for each in (Justified.YES, Justified.NO)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    article = forms.CharField(
        label=_("Article"),
        max_length=120,
        help_text=_("For example: Regulation (EU) 2019/818, Article 33(1)(d)."),
        error_messages={"required": _("Name the article on which this rests.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, in a sentence that somebody else can judge.")},
    )
