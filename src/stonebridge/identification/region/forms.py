"""The form by which partners are asked."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stonebridge.exchange.partners import Partner


class AskForm(forms.Form):
    """Which partners are asked, and on which legal basis."""

    mark_optional = False
    partners = forms.MultipleChoiceField(
        label=_("Which partners do you ask?"),
        help_text=_("Each is asked by itself; a partner whom the law closes is not asked."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one partner.")},
    )
    basis = forms.ChoiceField(
        label=_("Legal basis"),
        help_text=_("It stands in the question and in the log of both nodes."),
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
        error_messages={"required": _("Choose the legal basis.")},
    )

    def __init__(
        self, data: Any = None, *, partners: tuple[Partner, ...], bases: list[tuple[str, str]], basis: str
    ) -> None:
        super().__init__(data, initial={"basis": basis})
        language = get_language() or "en"
        self.fields["partners"].choices = [(each.code, each.name(language)) for each in partners]  # type: ignore[attr-defined]  # a choice field
        self.fields["basis"].choices = bases  # type: ignore[attr-defined]  # a choice field
