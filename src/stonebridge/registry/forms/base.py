"""What every form of the register has: it refuses what it does not know, and shows what it refuses."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.errors import BadInput
from stonebridge.ui.forms import DateParts
from stonebridge.ui.wording import beside_field

ALWAYS = frozenset({"csrfmiddlewaretoken", "purpose", "basis"})
INLINE = {"class": "govuk-radios--small govuk-radios--inline"}
LONGEST = 1000
"""Characters of any one value; longer is a paste by mistake."""
_BAD_ENCODING = "\ufffd"


class RecordForm(forms.Form):
    """A form whose fields are mostly optional: what is not known stays empty."""

    mark_optional = False

    def refuse_unknown(self, files: Iterable[str] = ()) -> None:
        """Check what was handed in before anything is kept.

        Raises:
            BadInput: a field that this page does not have, text in a wrong encoding, or a value of absurd length.
        """
        known = set(self._names())
        data = self.data
        for name in (*data, *self.files, *files):
            if name not in known | ALWAYS:
                raise BadInput(
                    str(name)[:80], str(data.get(name, ""))[:80], now_("This page has no such field. Load it again.")
                )
            if name in data:
                for value in values_of(data, name):
                    _check_text(name, value)

    def kept(self) -> dict[str, list[str]]:
        """The values of this page's own fields as they were typed, for the draft."""
        return {name: values_of(self.data, name) for name in self._names() if name in self.data}

    def _names(self) -> Iterable[str]:
        """Names in the data, of every box of every field."""
        for bound in self:
            widget = bound.field.widget
            if isinstance(widget, DateParts):
                yield from (f"{bound.html_name}_{part}" for part in DateParts.PARTS)
            else:
                yield bound.html_name

    def take(self, error: BadInput, field: str | None = None) -> None:
        """Show an error of the domain at its field, or above the form where it has none here."""
        name = field or error.field
        self.add_error(name if name in self.fields else None, ValidationError(beside_field(error)))


def values_of(data: Any, name: str) -> list[str]:
    """Every value of a name in posted data or in a plain mapping."""
    if isinstance(data, QueryDict):
        return [str(value) for value in data.getlist(name)]
    value = data[name]
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def data_of(kept: dict[str, list[str]]) -> QueryDict:
    """A draft's page as if it were posted again."""
    data = QueryDict(mutable=True)
    for name, values in kept.items():
        data.setlist(name, values)
    return data


def _check_text(name: str, value: str) -> None:
    if len(value) > LONGEST:
        raise BadInput(name, f"{value[:40]}…", now_("The text is far too long. Check what was pasted."))
    if _BAD_ENCODING in value:
        raise BadInput(name, value, now_("The text came in a wrong encoding. Type it again, in UTF-8."))


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
