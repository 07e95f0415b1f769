"""What is known of somebody who is looked for: any field alone will do."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.errors import BadInput
from stonebridge.domain.partial_date import PartialDate, parse_birth_date
from stonebridge.identification.labels import SEXES
from stonebridge.registry import lists
from stonebridge.registry.by_fields import Known
from stonebridge.registry.forms.base import RecordForm, choice_field, text_field

NAMES = ("given", "family", "father", "mother")


class FindForm(RecordForm):
    """Every field may stay empty. ``today`` is the day on which an age was said."""

    given = text_field(lists.PARTS["given"])  # type: ignore[index]  # the parts are texts
    family = text_field(lists.PARTS["family"])  # type: ignore[index]  # as above
    father = text_field(lists.PARTS["father"])  # type: ignore[index]  # as above
    mother = text_field(lists.PARTS["mother"])  # type: ignore[index]  # as above
    birth = text_field(_("Date of birth, or age"), longest=80, hint=_("7.3.1994, 3.1994, 1994 or “about 30”"))
    birth_place = text_field(_("Place of birth"))
    document = text_field(_("Number of a document"), longest=60)
    sex = choice_field(_("Sex"), [("", _("Not known")), *((code, SEXES[code]) for code in ("f", "m", "x"))])
    nationality = choice_field(_("Nationality"), lists.nationalities)
    page = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.TextInput) and not field.widget.is_hidden:
                field.widget.attrs["data-typed"] = name

    def clean_birth(self) -> PartialDate | None:
        """The date as the domain reads it."""
        text = self.cleaned_data["birth"]
        if not text:
            return None
        try:
            return parse_birth_date(text, today=self.today, field="birth")
        except BadInput as error:
            self.take(error)
            return None

    def clean(self) -> dict[str, Any]:
        """Ask for something to go by."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and self.known().is_empty:
            raise ValidationError(_("Give at least one thing that is known: a name, a date, a number."))
        return cleaned

    def known(self) -> Known:
        """What was given, once it was cleaned. While it is typed, what cannot be read yet is left out."""
        given = self.cleaned_data
        return Known(**{name: given.get(name) or "" for name in (*NAMES, "sex", "nationality", "document", "birth_place")},
                     birth=given.get("birth"))  # fmt: skip
