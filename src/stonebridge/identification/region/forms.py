"""The forms by which partners are asked and answered."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.actor import Purpose
from stonebridge.exchange.partners import Partner
from stonebridge.identification.region.blind_tables import QUERY as BLINDLY
from stonebridge.identification.region.follow_up import FIELDS_FOR, LONGEST_REASON
from stonebridge.identification.region.messages import PROFILE as OPENLY
from stonebridge.identification.region.timeline import WANTED
from stonebridge.ui.forms import WithHint
from stonebridge.ui.posted import Form


class AskForm(Form):
    """Which partners are asked, and on which legal basis."""

    mark_optional = False
    partners = forms.MultipleChoiceField(
        label=_("Which partners do you ask?"),
        help_text=_("Each is asked by itself; a partner whom the law closes is not asked."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one partner.")},
    )
    way = forms.ChoiceField(
        label=_("How do you ask?"),
        required=False,
        initial=OPENLY,
        choices=[
            (
                OPENLY,
                WithHint(
                    _("Openly, by name and birth"),
                    _("Finds other spellings too. The partner reads the question, and keeps nothing of it."),
                ),
            ),
            (
                BLINDLY,
                WithHint(
                    _("Blindly, by document number"),
                    _(
                        "The partner learns neither the number nor whether it was found. Finds exactly the same number and issuer, and nothing else."
                    ),
                ),
            ),
        ],
        widget=forms.RadioSelect,
    )
    basis = forms.ChoiceField(
        label=_("Legal basis"),
        help_text=_("It stands in the question and in the log of both nodes."),
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
        error_messages={"required": _("Choose the legal basis.")},
    )

    def __init__(self, *given: Any, partners: tuple[Partner, ...], bases: list[tuple[str, str]], basis: str) -> None:
        super().__init__(*given)
        self.initial = {"basis": basis, "way": OPENLY}
        language = get_language() or "en"
        self.fields["partners"].choices = [(each.code, each.name(language)) for each in partners]  # type: ignore[attr-defined]  # a choice field
        self.fields["basis"].choices = bases  # type: ignore[attr-defined]  # a choice field


class MoreForm(Form):
    """What is asked for after a hit, and what it is needed for."""

    mark_optional = False
    wanted = forms.MultipleChoiceField(
        label=_("What do you ask for?"),
        help_text=_("Only what you need. An officer of the partner decides."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what you need.")},
    )
    reason = forms.CharField(
        label=_("What is it needed for?"),
        max_length=LONGEST_REASON,
        help_text=_("The partner reads this. Say nothing here about a claim for protection, health or family."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what it is needed for.")},
    )

    def __init__(self, *given: Any, purpose: Purpose) -> None:
        super().__init__(*given)
        allowed = FIELDS_FOR.get(purpose, frozenset())
        self.fields["wanted"].choices = [(name, text) for name, text in WANTED.items() if name in allowed]  # type: ignore[attr-defined]  # a choice field


class DecisionForm(Form):
    """Whether a partner is given what it asks for, and why."""

    mark_optional = False
    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[
            ("give", WithHint(_("Give what is asked for"), _("The gate judges once more, and again when it is sent."))),
            ("postpone", WithHint(_("Postpone"), _("The partner learns no reason, whatever it is."))),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        help_text=_("A sentence that somebody else can judge. It stays on record with your name."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, in a sentence that somebody else can judge.")},
    )


class NoteForm(Form):
    """What follows from what a partner has said."""

    mark_optional = False
    note = forms.CharField(
        label=_("What follows from it"),
        max_length=2000,
        help_text=_(
            "What you put right or looked at again. It stays here with your name; the partner learns only that you saw it."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what follows from it, even if nothing does.")},
    )


class KeptBackForm(Form):
    """What becomes of a message that was kept back, and why."""

    mark_optional = False
    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        help_text=_("A sentence that somebody else can judge. It stays on record with your name."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, in a sentence that somebody else can judge.")},
    )

    def __init__(self, *given: Any, may_be_sent: bool) -> None:
        super().__init__(*given)
        send = ("send", WithHint(_("Send it now"), _("The gate judges by the facts of today; it may refuse again.")))
        leave = ("leave", WithHint(_("Leave the partner untold"), _("From here. Say if it is told by other means.")))
        self.fields["decision"].choices = [send, leave] if may_be_sent else [leave]  # type: ignore[attr-defined]  # a choice field
