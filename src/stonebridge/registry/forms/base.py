"""What every form of the register has: it refuses what it does not know, and shows what it refuses."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from stonebridge.domain.errors import BadInput
from stonebridge.ui.posted import Form, values_of
from stonebridge.ui.wording import beside_field

INLINE = {"class": "govuk-radios--small govuk-radios--inline"}
LONGEST = 1000
"""Characters of any one value; longer is a paste by mistake."""


class RecordForm(Form):
    """A form whose fields are mostly optional: what is not known stays empty."""

    mark_optional = False

    def refuse_unknown(self) -> None:
        """Check what was handed in before anything is kept; a draft was checked when it was kept.

        Raises:
            BadInput: a field that this page does not have, or a text that cannot be read or is of absurd length.
        """
        if isinstance(self.data, Kept):
            return
        super().refuse_unknown()
        for name in self.data:
            for value in values_of(self.data, name):
                if len(value) > LONGEST:
                    raise BadInput(name, f"{value[:40]}…", now_("The text is far too long. Check what was pasted."))

    def kept(self) -> dict[str, list[str]]:
        """The values of this page's own fields as they were typed, for the draft."""
        return {name: values_of(self.data, name) for name in self.names() if name in self.data}

    def take(self, error: BadInput, field: str | None = None) -> None:
        """Show an error of the domain at its field, or above the form where it has none here."""
        name = field or error.field
        self.add_error(name if name in self.fields else None, ValidationError(beside_field(error)))


class Kept(QueryDict):
    """A page of a draft, as if it were posted again."""


def data_of(kept: dict[str, list[str]]) -> Kept:
    """A draft's page as if it were posted again."""
    data = Kept(mutable=True)
    for name, values in kept.items():
        data.setlist(name, values)
    return data


def number_of_page() -> forms.UUIDField:
    """The hidden number of a page, by which the same handed in twice makes one change."""
    return forms.UUIDField(
        label=_("Number of the page"), required=False, widget=forms.HiddenInput, initial=uuid7,
        error_messages={"invalid": _("This is no number of a page. Load the page again.")},
    )  # fmt: skip


def text_field(label: Any, *, longest: int = 120, width: int = 0, hint: Any = "", **more: Any) -> forms.CharField:
    """A short optional text that follows the direction of what is typed."""
    attrs = {"dir": "auto", "autocomplete": "off", "spellcheck": "false"}
    if width:
        attrs["class"] = f"govuk-input--width-{width}"
    return forms.CharField(
        label=label, max_length=longest, required=more.pop("required", False), help_text=hint,
        widget=forms.TextInput(attrs=attrs), **more,
    )  # fmt: skip


def choice_field(label: Any, choices: Any, *, hint: Any = "", required: bool = False, **more: Any) -> forms.ChoiceField:
    """A list to choose from."""
    return forms.ChoiceField(label=label, choices=choices, required=required, help_text=hint, **more)


def radio_field(label: Any, choices: Any, *, required: bool = True, hint: Any = "", **more: Any) -> forms.ChoiceField:
    """A few choices on one line."""
    return forms.ChoiceField(
        label=label, choices=choices, required=required, help_text=hint, widget=forms.RadioSelect(attrs=dict(INLINE)),
        error_messages={"required": _("Choose one of the answers.")}, **more,
    )  # fmt: skip
