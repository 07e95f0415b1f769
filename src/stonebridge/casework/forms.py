"""What is handed in about a case: opening it, work, findings, and the way out of a stage."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stonebridge.casework.gates import NOT_APPLICABLE_TO, Found
from stonebridge.casework.services import LONGEST_NOTE
from stonebridge.domain.process import Process
from stonebridge.registry.forms.base import RecordForm, choice_field, number_of_page
from stonebridge.ui.forms import WholeDateField

FOUND = {
    Found.NO_OBSTACLE: _("Nothing stands in the way"),
    Found.OBSTACLE: _("It stands in the way"),
    Found.NOT_APPLICABLE: _("Does not apply to this person"),
    Found.UNKNOWN: _("Not known"),
}


def _note(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=min(LONGEST_NOTE, 1000), help_text=hint,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Write a sentence that somebody else can judge.")},
    )  # fmt: skip


class OpenForm(RecordForm):
    """Which process for the person, and with which state."""

    process = choice_field(_("Process"), (), required=True)
    counterpart = choice_field(_("The other state"), (), hint=_("For a readmission. The agreement follows from it."))

    def __init__(self, *args: Any, processes: tuple[Process, ...], states: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["process"].choices = [(each.id, gettext(each.title)) for each in processes]  # type: ignore[attr-defined]  # a field of choices
        self.fields["counterpart"].choices = [("", "–"), *states]  # type: ignore[attr-defined]  # a field of choices


class NoteForm(RecordForm):
    """What came of a task."""

    submission = number_of_page()
    note = _note(_("What was done, and what came of it"))


class SecondForm(RecordForm):
    """Nothing but the number of the page: the hand itself is what counts."""

    submission = number_of_page()


class ReasonForm(RecordForm):
    """Why a case leaves its stage."""

    submission = number_of_page()
    reason = _note(_("Reason"))


class FindingForm(RecordForm):
    """What was found on a guard, on which evidence, and until when it holds."""

    submission = number_of_page()
    answer = choice_field(_("What was found"), (), required=True)
    evidence = _note(_("Evidence"), _("On what it rests, so that somebody else can check it."))
    expires_on = WholeDateField(
        label=_("Last day"), required=False, help_text=_("The day after which this must be found out anew.")
    )

    def __init__(self, *args: Any, guard: str, **more: Any) -> None:
        super().__init__(*args, **more)
        answers = [(each.value, words) for each, words in FOUND.items()
                   if each is not Found.NOT_APPLICABLE or guard in NOT_APPLICABLE_TO]  # fmt: skip
        self.fields["answer"].choices = [("", "–"), *answers]  # type: ignore[attr-defined]  # a field of choices
