"""What they carry, or why they carry nothing."""

from datetime import date
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.errors import BadInput
from stonebridge.registry import lists
from stonebridge.registry.forms.base import (
    RecordForm,
    choice_field,
    data_of,
    number_of_page,
    radio_field,
    text_field,
)
from stonebridge.registry.forms.zone import EXPIRES, Reading, Typed, read_zone
from stonebridge.registry.registration import StatedDocument
from stonebridge.ui.forms import WholeDateField
from stonebridge.ui.wording import beside_field

ROWS = 3
ZONE = forms.Textarea(attrs={"rows": 3, "dir": "ltr", "autocomplete": "off", "spellcheck": "false", "class": "sb-zone"})


def _fields(place: str) -> dict[str, forms.Field]:
    return {
        f"{place}zone": forms.CharField(
            label=_("Machine-readable zone"),
            required=False,
            max_length=200,
            widget=ZONE,
            help_text=_("Scan or paste the lines of letters, digits and <, then read them. What is typed below stays."),
        ),
        f"{place}kind": choice_field(_("Kind of document"), lists.document_types),
        f"{place}number": text_field(_("Number"), longest=40, width=20),
        f"{place}issuer": choice_field(_("Issued by"), lists.issuers),
        f"{place}expires": WholeDateField(label=_("Valid until"), required=False),
        f"{place}seen": radio_field(_("How it was seen"), list(lists.SEEN.items()), required=False),
    }


class _Row:
    """One document of a form; empty where nothing of it is filled in."""

    def __init__(self, form: "CarryingForm", place: str) -> None:
        self.form, self.place = form, place

    @property
    def ordinal(self) -> int:
        """Which document of the form it is, from 1: the value of its button."""
        return self.form.places.index(self.place) + 1

    @property
    def reading(self) -> Reading | None:
        """What its zone said, if it was read just now."""
        return self.form.readings.get(self.place)

    def __getattr__(self, part: str) -> Any:
        return self.form[f"{self.place}{part}"]

    @property
    def is_filled(self) -> bool:
        return any(self.form[f"{self.place}{part}"].value() for part in ("kind", "number", "issuer"))

    @property
    def is_open(self) -> bool:
        """Whether there is something to see: values, a zone, or a fault."""
        return self.is_filled or bool(self.form[f"{self.place}zone"].value())

    def check(self) -> None:
        """A document has a kind and a number, and was seen somehow."""
        cleaned = self.form.cleaned_data
        if cleaned.get(f"{self.place}zone") and not self.is_filled:
            self.form.add_error(f"{self.place}zone", _("This is not read yet. Choose “Read”, or empty the field."))
            return
        if not any(cleaned.get(f"{self.place}{part}") for part in ("kind", "number", "issuer", "expires", "seen")):
            return
        for part, sentence in (
            ("kind", _("Choose the kind of document.")),
            ("number", _("Write its number, or leave the whole document out.")),
            ("seen", _("Say whether the original, a copy or nothing was shown.")),
        ):
            name = f"{self.place}{part}"
            if not cleaned.get(name) and name not in self.form.errors:
                self.form.add_error(name, sentence)
        number = cleaned.get(f"{self.place}number", "")
        if number and not any(char.isalnum() for char in number):
            self.form.add_error(f"{self.place}number", _("A number has letters or digits."))

    def stated(self) -> StatedDocument | None:
        cleaned = self.form.cleaned_data
        if not cleaned[f"{self.place}kind"]:
            return None
        return StatedDocument(
            kind=cleaned[f"{self.place}kind"], number=" ".join(cleaned[f"{self.place}number"].split()),
            issuing_state=cleaned[f"{self.place}issuer"], expires_on=cleaned[f"{self.place}expires"],
            seen=cleaned[f"{self.place}seen"],
        )  # fmt: skip


class CarryingForm(RecordForm):
    """A form with documents, each of which its machine-readable zone may fill in."""

    beside: ClassVar = frozenset({"read"})
    places: tuple[str, ...] = ("",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.readings: dict[str, Reading] = {}
        for place in self.places:
            self.fields.update(_fields(place))

    @property
    def rows(self) -> list[_Row]:
        return [_Row(self, place) for place in self.places]

    def read(self, today: date) -> Self | None:
        """The form as the zone fills it in whose button was pressed; None where none was.

        Only empty fields are filled; a zone that cannot be read is at fault at its field.

        Raises:
            BadInput: no button of this page has this value.
        """
        pressed = self.data.get("read")
        if pressed is None:
            return None
        if pressed not in {str(row.ordinal) for row in self.rows}:
            raise BadInput("read", pressed[:40], now_("This page has no such document. Load it again."))
        place = self.places[int(pressed) - 1]
        text = self.data.get(f"{place}zone", "")
        kept = self.kept()
        try:
            reading = read_zone(text, self._typed(place), today) if text.strip() else None
        except BadInput as error:
            return self._shown(kept, place, beside_field(error))
        if reading is None:
            return self._shown(kept, place, now_("Scan or paste the lines first."))
        form = self._shown(kept | {f"{place}{part}": [value] for part, value in reading.filled.items()})
        form.readings[place] = reading
        return form

    def _shown(self, kept: dict[str, list[str]], place: str = "", fault: str = "") -> Self:
        """A form with these values and no fault but this one, at the zone."""
        form = type(self)(data_of(kept))
        form.full_clean()
        form.errors.clear()
        if fault:
            form.add_error(f"{place}zone", ValidationError(fault))
        return form

    def _typed(self, place: str) -> Typed:
        kind, number, issuer, *expires = (
            self.data.get(f"{place}{part}", "").strip() for part in ("kind", "number", "issuer", *EXPIRES)
        )
        return Typed(kind, number, issuer, (expires[0], expires[1], expires[2]))


class DocumentsForm(CarryingForm):
    """The second page."""

    places = tuple(f"document{place}_" for place in range(1, ROWS + 1))

    no_documents = choice_field(
        _("No documents"), [("", "–"), *lists.NO_DOCUMENTS.items()],
        hint=_("Why there is none to show, in the person’s own account. To have none is no fault."),
    )  # fmt: skip
    no_documents_account = text_field(_("What the person says about it"), longest=200)

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        for row in self.rows:
            row.check()
        shown = any(
            cleaned.get(f"document{place}_seen") in {"original", "copy"} for place in range(1, ROWS + 1)
        )  # fmt: skip
        if cleaned.get("no_documents") and shown:
            self.add_error("no_documents", _("A document is shown below. Leave this empty, or correct the document."))
        return cleaned

    def stated(self) -> tuple[StatedDocument, ...]:
        """The documents, once the form is valid."""
        return tuple(document for row in self.rows if (document := row.stated()) is not None)


class DocumentForm(CarryingForm):
    """One more document of a person."""

    submission = number_of_page()

    @property
    def row(self) -> _Row:
        return _Row(self, "")

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        self.row.check()
        if not cleaned.get("kind") and not {"kind", "zone"} & set(self.errors):
            self.add_error("kind", _("Choose the kind of document."))
        return cleaned
