"""Forms in the markup of GOV.UK Frontend.

``FORM_RENDERER = "stonebridge.ui.forms.Renderer"`` makes every Django form of the node speak it:
``{{ form }}``, ``{{ form.given_name.as_field_group }}`` and ``{{ form.given_name }}`` alike. A width or
a variant is a class on the widget: ``TextInput(attrs={"class": "govuk-input--width-10"})``,
``RadioSelect(attrs={"class": "govuk-radios--inline"})``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.errors import BadInput
from stonebridge.domain.partial_date import PartialDate, parse_partial_date, partial_date

# Widget type, as Django names it, to the class that carries its look.
CLASSES = {
    "text": "govuk-input",
    "number": "govuk-input",
    "email": "govuk-input",
    "url": "govuk-input",
    "date": "govuk-input",
    "datetime": "govuk-input",
    "time": "govuk-input",
    "search": "govuk-input",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "nullbooleanselect": "govuk-select",
    "selectmultiple": "govuk-select",
    "file": "govuk-file-upload",
    "clearablefile": "govuk-file-upload",
    "checkbox": "govuk-checkboxes__input",
}
ERROR_CLASSES = {"govuk-textarea", "govuk-select", "govuk-file-upload"}

# Django's widget templates that ours take the place of.
WIDGETS = {
    f"django/forms/widgets/{name}.html": f"ui/forms/{name}.html"
    for name in ("radio", "checkbox", "checkbox_select", "number", "password", "textarea")
}


@dataclass(frozen=True, slots=True)
class WithHint:
    """A choice's label with a hint below it, for radios and checkboxes."""

    text: str | Promise
    hint: str | Promise

    def __str__(self) -> str:
        return str(self.text)


class Field(BoundField):
    """A field of a form, with what its group's template asks for."""

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}-error"

    @property
    def aria_describedby(self) -> str | None:
        """The ids of hint and error, in the order in which they are read."""
        named = [self.hint_id] if self.help_text else []
        named += [self.error_id] if self.errors else []
        return " ".join(named) or None

    @property
    def error_target(self) -> str:
        """The id that the error summary links to: the first control that must change."""
        if isinstance(self.field.widget, DateParts):
            return f"{self.auto_id}-{self.wrong_parts[0]}"
        return self.auto_id

    @property
    def wrong_parts(self) -> Sequence[str]:
        """Which of day, month and year an error speaks of; all three unless it says so by its code."""
        codes = {each.code for each in self.form.errors.as_data().get(self.name, ())}
        return [part for part in DateParts.PARTS if part in codes] or DateParts.PARTS

    @property
    def is_optional(self) -> bool:
        """Whether the label says "optional". A form with few required fields sets ``mark_optional = False``."""
        return not self.field.required and getattr(self.form, "mark_optional", True)

    def build_widget_attrs(self, attrs: Mapping[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Add the look and the description. What is required, the server says: a browser's bubble is no message."""
        shown = widget or self.field.widget
        built: dict[str, Any] = super().build_widget_attrs(dict(attrs), widget)
        built.pop("required", None)
        built.pop("aria-invalid", None)
        if isinstance(shown, DateParts) and self.errors:
            built["wrong"] = self.wrong_parts
        base = CLASSES.get(self.widget_type)
        if base == "govuk-checkboxes__input":
            built["class"] = base
        elif base:
            error = f"{base if base in ERROR_CLASSES else 'govuk-input'}--error" if self.errors else ""
            own = str(shown.attrs.get("class", ""))
            built["class"] = " ".join(part for part in (base, own, error) if part)
        return built


class Renderer(DjangoTemplates):
    """Draws forms from our templates, and from Django's own where we have none."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = Field

    def get_template(self, template_name: str) -> Any:
        return super().get_template(WIDGETS.get(template_name, template_name))


class DateParts(forms.MultiWidget):
    """Day, month and year as three short boxes, in the order that people of the region say them."""

    PARTS: ClassVar[Sequence[str]] = ("day", "month", "year")
    LABELS: ClassVar[Mapping[str, Promise]] = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
    template_name = "ui/forms/date_parts.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(dict.fromkeys(self.PARTS, forms.TextInput), attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add to each part its label and whether it is at fault."""
        given = dict(attrs or {})
        wrong = given.pop("wrong", ())
        context: dict[str, Any] = super().get_context(name, value, given)
        for part, box in zip(self.PARTS, context["widget"]["subwidgets"], strict=True):
            box.update(part=part, label=self.LABELS[part], is_wrong=part in wrong)
        return context

    def decompress(self, value: Any) -> list[int | None]:
        """The parts of a date or of a partial date."""
        if isinstance(value, (date, PartialDate)):
            return [value.day, value.month, value.year]
        return [None, None, None]


class PartialDateField(forms.MultiValueField):
    """A date by its parts, no more precise than what is known: a ``PartialDate``, or ``None`` if left empty."""

    widget = DateParts
    default_error_messages = {
        "year": _("Enter a year with four digits, for example 1990."),
        "month": _("Enter a month from 1 to 12."),
        "day": _("Enter a day that this month has."),
        "month_missing": _("Enter the month, or leave the day empty."),
    }

    def __init__(self, **arguments: Any) -> None:
        parts = tuple(forms.CharField(required=False, max_length=4) for _part in DateParts.PARTS)
        super().__init__(parts, require_all_fields=False, **arguments)

    def compress(self, data_list: Sequence[str]) -> PartialDate | None:
        """Turn the three texts into a date. Raises ValidationError, its code naming the part at fault."""
        if not any(data_list):
            return None
        day, month, year = (self._number(text, part) for text, part in zip(data_list, DateParts.PARTS, strict=True))
        if year is None or year < 1000:
            raise ValidationError(self.error_messages["year"], code="year")
        if day is not None and month is None:
            raise ValidationError(self.error_messages["month_missing"], code="month")
        if month is not None and not 1 <= month <= 12:
            raise ValidationError(self.error_messages["month"], code="month")
        try:
            return partial_date(year, month, day, text=".".join(text for text in data_list if text))
        except BadInput as error:
            raise ValidationError(self.error_messages["day"], code="day") from error

    def _number(self, text: str, part: str) -> int | None:
        if not text:
            return None
        if not text.isdecimal():
            raise ValidationError(self.error_messages[part], code=part)
        return int(text)


class WholeDateField(PartialDateField):
    """A date of which day, month and year are all known: a ``date``."""

    default_error_messages = {"whole": _("Enter day, month and year.")}

    def compress(self, data_list: Sequence[str]) -> date | None:  # type: ignore[override]  # a whole date, not a partial one
        """Turn the three texts into a day. Raises ValidationError where one is missing or impossible."""
        parsed = super().compress(data_list)
        if parsed is None:
            return None
        missing = [part for part, text in zip(DateParts.PARTS, data_list, strict=True) if not text]
        if missing:
            raise ValidationError(self.error_messages["whole"], code=missing[0])
        return parsed.earliest


class DateTextField(forms.CharField):
    """A date as one text, read the way people write it: a ``PartialDate``, or ``None`` if left empty."""

    default_error_messages = {
        "unreadable": _(
            "“%(value)s” is not a date that can be read. Write a year (1990), "
            "month and year (3.1990), or day, month and year (7.3.1990)."
        )
    }

    def clean(self, value: Any) -> PartialDate | None:
        """Read the text. Raises ValidationError that shows it."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_partial_date(text, field=str(self.label or "date"))
        except BadInput as error:
            raise ValidationError(self.error_messages["unreadable"], "unreadable", {"value": text}) from error

    def prepare_value(self, value: Any) -> Any:
        return value.text if isinstance(value, PartialDate) else value
