"""What they carry, or why they carry nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stonebridge.registry import lists
from stonebridge.registry.forms.base import RecordForm, choice_field, number_of_page, radio_field, text_field
from stonebridge.registry.registration import StatedDocument
from stonebridge.ui.forms import WholeDateField

ROWS = 3


def _fields(place: str) -> dict[str, forms.Field]:
    return {
        f"{place}kind": choice_field(_("Kind of document"), lists.document_types),
        f"{place}number": text_field(_("Number"), longest=40, width=20),
        f"{place}issuer": choice_field(_("Issued by"), lists.issuers),
        f"{place}expires": WholeDateField(label=_("Valid until"), required=False),
        f"{place}seen": radio_field(_("How it was seen"), list(lists.SEEN.items()), required=False),
    }


class _Row:
    """One document of a form; empty where nothing of it is filled in."""

    def __init__(self, form: RecordForm, place: str) -> None:
        self.form, self.place = form, place

    def __getattr__(self, part: str) -> Any:
        return self.form[f"{self.place}{part}"]

    @property
    def is_filled(self) -> bool:
        return any(self.form[f"{self.place}{part}"].value() for part in ("kind", "number", "issuer"))

    def check(self) -> None:
        """A document has a kind and a number, and was seen somehow."""
        cleaned = self.form.cleaned_data
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


class DocumentsForm(RecordForm):
    """The second page."""

    no_documents = choice_field(
        _("No documents"), [("", "–"), *lists.NO_DOCUMENTS.items()],
        hint=_("Why there is none to show, in the person’s own account. To have none is no fault."),
    )  # fmt: skip
    no_documents_account = text_field(_("What the person says about it"), longest=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for place in range(1, ROWS + 1):
            self.fields.update(_fields(f"document{place}_"))

    @property
    def rows(self) -> list[_Row]:
        return [_Row(self, f"document{place}_") for place in range(1, ROWS + 1)]

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


class DocumentForm(RecordForm):
    """One more document of a person."""

    submission = number_of_page()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields.update(_fields(""))

    @property
    def row(self) -> _Row:
        return _Row(self, "")

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        self.row.check()
        if not cleaned.get("kind"):
            self.add_error("kind", _("Choose the kind of document."))
        return cleaned
