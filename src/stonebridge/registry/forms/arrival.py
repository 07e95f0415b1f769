"""When, where and as what they arrived, and with whom."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.errors import BadInput
from stonebridge.domain.eurodac import Category
from stonebridge.domain.references import parse_reference
from stonebridge.registry import lists
from stonebridge.registry.forms.base import RecordForm, choice_field, radio_field, text_field
from stonebridge.registry.registration import StatedArrival
from stonebridge.ui.forms import WholeDateField

OLDEST_ARRIVAL = 1990


class ArrivalForm(RecordForm):
    """The third page. ``now`` is the moment of typing."""

    category = choice_field(
        _("Category"), lists.categories, required=True, initial=Category.IRREGULAR_CROSSING.value,
        hint=_("In the shape of Regulation (EU) 2024/1358, as a model: it binds this node only where its own law says so."),
    )  # fmt: skip
    arrived_on = WholeDateField(label=_("Day of arrival in this state"))
    met_on = WholeDateField(label=_("Day of apprehension, disembarkation or claim"))
    met_time = forms.TimeField(
        label=_("Time"), input_formats=["%H:%M", "%H.%M", "%H%M"], help_text=_("24 hours, for example 14:05."),
        widget=forms.TimeInput(attrs={"class": "govuk-input--width-5", "autocomplete": "off"}, format="%H:%M"),
        error_messages={"invalid": _("Write hours and minutes, for example 14:05.")},
    )  # fmt: skip
    crossing_point = choice_field(_("Crossing point"), lists.crossing_points)
    place = text_field(_("Place"), hint=_("Where the person was met, if not at a crossing point."))
    company = radio_field(_("Came"), [*lists.COMPANY.items(), ("", _("Not known"))], required=False)
    family_of = text_field(
        _("Reference of a relative who is registered"), longest=20, width=10, hint=_("For example MK-7F2K-93TD.")
    )
    relation = choice_field(_("Place in the family"), [("", "–"), *lists.RELATIONS.items()])

    def __init__(self, data: Any = None, files: Any = None, *, now: datetime) -> None:
        local = timezone.localtime(now)
        super().__init__(
            data, files, initial={"arrived_on": local.date(), "met_on": local.date(), "met_time": local.time()}
        )
        self.now = now

    def clean_family_of(self) -> str:
        text: str = self.cleaned_data["family_of"]
        if not text:
            return ""
        try:
            return parse_reference(text, field="family_of")
        except BadInput as error:
            self.take(error)
            return ""

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        arrived: date | None = cleaned.get("arrived_on")
        met: date | None = cleaned.get("met_on")
        moment: time | None = cleaned.get("met_time")
        today = timezone.localdate(self.now)
        for name, day in (("arrived_on", arrived), ("met_on", met)):
            if day and day > today:
                self.add_error(name, _("This day has not come yet."))
            elif day and day.year < OLDEST_ARRIVAL:
                self.add_error(name, _("This lies too far back. Check the year."))
        if arrived and met and met < arrived:
            self.add_error("met_on", _("The person cannot have been met before they arrived."))
        if met and moment:
            cleaned["met_at"] = timezone.make_aware(datetime.combine(met, moment))
            if met == today and cleaned["met_at"] > self.now:
                self.add_error("met_time", _("This moment has not come yet."))
        if cleaned.get("family_of") and not cleaned.get("relation"):
            self.add_error("relation", _("Say which place this person has in the family."))
        return cleaned

    def stated(self) -> StatedArrival:
        """The arrival, once the form is valid."""
        cleaned = self.cleaned_data
        return StatedArrival(
            category=cleaned["category"], arrived_on=cleaned["arrived_on"], met_at=cleaned["met_at"],
            crossing_point=cleaned["crossing_point"], place=cleaned["place"], company=cleaned["company"],
        )  # fmt: skip
