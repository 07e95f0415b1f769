"""What the style guide shows: one specimen of each component and state, about invented persons."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.utils.translation import gettext_lazy as _

from stonebridge.ui.forms import DateTextField, PartialDateField, WholeDateField, WithHint


class SpecimenForm(forms.Form):
    """Every kind of field."""

    given_name = forms.CharField(label=_("Given name"), help_text=_("As spoken, in the script in which it is given."))
    family_name = forms.CharField(label=_("Family name"), required=False)
    age = forms.IntegerField(
        label=_("Age"), required=False, widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"})
    )
    birth_date = PartialDateField(
        label=_("Date of birth"), required=False, help_text=_("Leave empty what the person does not know.")
    )
    arrived_on = WholeDateField(label=_("Date of arrival"))
    issued_on = DateTextField(
        label=_("Date of issue"), required=False, help_text=_("For example 7.3.1990, 3.1990 or 1990.")
    )
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=(("f", _("Female")), ("m", _("Male")), ("x", _("Other")), ("", _("Not stated"))),
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--small govuk-radios--inline"}),
    )
    answer = forms.ChoiceField(
        label=_("Is this the same person?"),
        choices=(
            (
                "yes",
                WithHint(_("Yes, the same person"), _("A second officer will be asked before anything is joined.")),
            ),
            ("no", _("No, different persons")),
            ("unsure", _("Unsure")),
        ),
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label=_("Immediate needs"),
        required=False,
        choices=(("injured", _("Injured")), ("alone", _("A child alone")), ("afraid", _("Afraid"))),
        widget=forms.CheckboxSelectMultiple,
    )
    informed = forms.BooleanField(label=_("The person was informed in a language they understand"))
    nationality = forms.ChoiceField(
        label=_("Nationality"), required=False, choices=(("", _("Unknown")), ("SYR", "SYR"), ("AFG", "AFG"))
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    portrait = forms.FileField(label=_("Portrait"), required=False, help_text=_("JPEG or PNG, up to 5 MB."))
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"class": "govuk-input--width-20"})
    )


def _page() -> Page[int]:
    return Paginator(range(60), 20).page(2)


def specimens() -> dict[str, Any]:
    """The data of the style guide, under the names that its template uses."""
    wrong = {"birth_date_day": "31", "birth_date_month": "2", "birth_date_year": "1990", "issued_on": "31-31-90"}
    return {
        "form": SpecimenForm(),
        "wrong_form": SpecimenForm(wrong, auto_id="wrong_%s"),
        "colours": ("yellow", "white", "green", "red"),
        "rows": (
            {"key": _("Name"), "value": {"text": "أميرة حداد", "lang": "ar"}, "actions": [_change(_("name"))]},
            {"key": _("Date of birth"), "value": {"text": "1990", "note": _("Year only, declared")}},
            {"key": _("Link"), "value": {"colour": "yellow"}},
        ),
        "card_actions": (_change(""),),
        "columns": ({"text": _("Reference")}, {"text": _("Name")}, {"text": _("Waiting, hours"), "numeric": True}),
        "queue": (
            (
                {"text": "B-7F2K-9Q", "url": "#"},
                {"text": "Ђорђе Петровић", "lang": "sr"},
                {"text": "2", "numeric": True},
            ),
            ({"text": "B-1M4T-3C", "url": "#"}, {"text": "Amira Haddad"}, {"text": "11", "numeric": True}),
        ),
        "comparison": _comparison(),
        "facts": (
            {"key": _("Date of birth"), "value": "1990"},
            {"key": _("Nationality"), "value": "SYR"},
            {"key": _("Registered"), "value": "24.11.2026"},
        ),
        "names": ({"text": "أميرة حداد", "lang": "ar"}, {"text": "Амира Хадад", "lang": "mk"}),
        "tags": ({"colour": "white"}, {"text": _("Claim pending"), "tag": "blue"}),
        "history": (
            {
                "title": _("Registered"),
                "by": "Elena Petrovska",
                "at": datetime(2026, 11, 24, 9, 12, tzinfo=UTC),
                "text": _("Identity as declared; no document was shown."),
            },
            {"title": _("Search finished"), "by": _("the matcher"), "at": datetime(2026, 11, 24, 9, 13, tzinfo=UTC)},
        ),
        "tasks": (
            {"title": _("Declared identity"), "url": "#", "status": _("Done")},
            {
                "title": _("Photograph"),
                "url": "#",
                "status": _("Not started"),
                "colour": "blue",
                "hint": _("One picture"),
            },
            {"title": _("Read back"), "status": _("Cannot start yet"), "waits": True},
        ),
        "sections": (
            {"text": _("Identity"), "url": "#", "current": True},
            {"text": _("Links"), "url": "#", "count": 2},
            {"text": _("History"), "url": "#"},
        ),
        "crumbs": ({"text": _("Register"), "url": "#"}, {"text": "B-7F2K-9Q", "url": "#"}, {"text": _("Links")}),
        "page": _page(),
        "empty": None,
    }


def refusal() -> dict[str, Any]:
    """A refusal as ``ui/refusal.html`` shows it."""
    return {
        "asked": _("Show the file of this person to an authority of another state."),
        "reasons": (
            {
                "sentence": _(
                    "Nothing about a person goes to a state of origin unless they were asked and claim no protection."
                ),
                "law": "Directive 2013/32/EU, Art. 30(a)",
                "missing": _("An answer to the question whether the person claims protection."),
                "who": _("The protection officer of this node."),
            },
        ),
        "back_url": "#",
    }


def _change(about: Any) -> dict[str, Any]:
    return {"text": _("Change"), "url": "#", "about": about}


def _comparison() -> tuple[dict[str, Any], ...]:
    return (
        {
            "feature": _("Name"),
            "probe": {"text": "Amira Haddad"},
            "candidate": {"text": "أميرة حداد", "lang": "ar"},
            "outcome": "same",
            "sentence": _("Both are written the same in Latin letters."),
        },
        {
            "feature": _("Date of birth"),
            "probe": {"text": "1990-03-07"},
            "candidate": {"text": "1990-07-03"},
            "outcome": "near",
            "sentence": _("Day and month are swapped."),
        },
        {
            "feature": _("Nationality"),
            "probe": {"text": "SYR"},
            "candidate": {"text": "LBN"},
            "outcome": "different",
            "sentence": _("Both are declared, not documented."),
        },
        {
            "feature": _("Place of birth"),
            "probe": {"text": _("Homs")},
            "candidate": {"text": "—"},
            "outcome": "unknown",
            "sentence": _("The candidate's record has none."),
        },
    )
