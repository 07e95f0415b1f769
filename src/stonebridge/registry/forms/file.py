"""To whom a file is handed out, and as what."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from stonebridge.registry import lists
from stonebridge.registry.forms.base import RecordForm, choice_field, radio_field, text_field
from stonebridge.registry.handing_out import FORMS, Recipient

TO = {"person": _("The person themself"), "authority": _("An authority")}


class FileForm(RecordForm):
    """The recipient, and the form of the file."""

    to = radio_field(_("Who receives it"), list(TO.items()))
    recipient = text_field(_("Name of the authority"), longest=200)
    to_state = choice_field(_("State of the authority"), lists.states)
    form_of_file = radio_field(_("As"), list(FORMS.items()), initial="pdf")

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        if cleaned.get("to") == "authority":
            if not cleaned.get("recipient"):
                self.add_error("recipient", _("Name whoever receives the file."))
            if not cleaned.get("to_state"):
                self.add_error("to_state", _("Choose the state whose authority it is."))
        elif cleaned.get("to") == "person" and cleaned.get("to_state"):
            self.add_error("to_state", _("The person themself is no authority of a state. Leave this empty."))
        return cleaned

    def receiver(self, reference: str) -> Recipient:
        """Whoever receives it, once the form is valid. The person themself is named by their reference."""
        if self.cleaned_data["to"] == "person":
            return Recipient(f"person {reference}")
        return Recipient(self.cleaned_data["recipient"], self.cleaned_data["to_state"])
