"""Who they say they are."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.calendars import Calendar
from stonebridge.domain.errors import BadInput
from stonebridge.domain.partial_date import PartialDate, parse_birth_date, unknown_date
from stonebridge.registry import lists
from stonebridge.registry.forms.base import RecordForm, choice_field, number_of_page, radio_field, text_field
from stonebridge.registry.models import NamePart, Standing
from stonebridge.registry.queries import StatementRead
from stonebridge.registry.registration import StatedIdentity, StatedNationality, names_as_given

MAIN_PARTS = (NamePart.GIVEN, NamePart.FAMILY, NamePart.FATHER, NamePart.GRANDFATHER, NamePart.MOTHER)
OTHER_PARTS = (NamePart.GIVEN, NamePart.FAMILY, NamePart.ALIAS, NamePart.BIRTH, NamePart.PATRONYMIC)
OTHERS = 4
_LATIN = _("In Latin letters")


class IdentityForm(RecordForm):
    """One statement of identity. ``today`` is the day on which it is made, ``language`` the one spoken."""

    given = text_field(lists.PARTS[NamePart.GIVEN], hint=_("A single name goes here. Do not invent a second."))
    given_latin = text_field(_LATIN, hint=_("Left empty, a spelling is suggested beside the original."))
    family = text_field(lists.PARTS[NamePart.FAMILY])
    family_latin = text_field(_LATIN)
    father = text_field(lists.PARTS[NamePart.FATHER])
    father_latin = text_field(_LATIN)
    grandfather = text_field(lists.PARTS[NamePart.GRANDFATHER])
    grandfather_latin = text_field(_LATIN)
    mother = text_field(lists.PARTS[NamePart.MOTHER])
    mother_latin = text_field(_LATIN)
    birth = text_field(
        _("Date of birth, or age"), longest=80, width=20,
        hint=_("As said: 7.3.1994, 3.1994, 1994, “about 30”. Never fill in 1 January for what is not known."),
    )  # fmt: skip
    birth_calendar = choice_field(_("Calendar"), list(lists.CALENDARS.items()), initial=Calendar.GREGORIAN.value)
    birth_day_confirmed = forms.BooleanField(
        label=_("Asked, and the very day is known"), required=False,
        help_text=_("Otherwise a first day of a year counts as the year alone."),
    )  # fmt: skip
    sex = radio_field(_("Sex"), list(lists.SEXES.items()), required=False)
    birth_place = text_field(_("Place of birth"))
    birth_state = choice_field(_("State of birth"), lists.birth_states)
    nationality = choice_field(_("Nationality"), lists.nationalities)
    nationality_known_by = choice_field(_("How it is known"), list(lists.KNOWN_BY.items()), initial="declared")
    nationality2 = choice_field(_("Second nationality"), lists.nationalities)
    nationality2_known_by = choice_field(_("How it is known"), list(lists.KNOWN_BY.items()), initial="declared")
    stateless = radio_field(_("Stateless"), list(lists.STATELESS.items()), required=False, initial="unknown")

    def __init__(self, *args: Any, today: date, language: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.today, self.spoken = today, language
        parts = [("", "–"), *((part.value, lists.PARTS[part]) for part in OTHER_PARTS)]
        for place in range(1, OTHERS + 1):
            self.fields[f"other{place}_part"] = choice_field(_("Part of the name"), parts)
            self.fields[f"other{place}_text"] = text_field(_("Further name, as given"))
            self.fields[f"other{place}_latin"] = text_field(_LATIN)

    @property
    def main_names(self) -> list[tuple[Any, Any]]:
        """Each part beside its Latin form."""
        return [(self[part.value], self[f"{part.value}_latin"]) for part in MAIN_PARTS]

    @property
    def other_names(self) -> list[tuple[Any, Any, Any]]:
        return [
            (self[f"other{place}_part"], self[f"other{place}_text"], self[f"other{place}_latin"])
            for place in range(1, OTHERS + 1)
        ]

    @property
    def has_other_names(self) -> bool:
        return any(bound.value() or bound.errors for row in self.other_names for bound in row)

    def clean(self) -> dict[str, Any]:
        """Read the names and the birth date as the domain reads them; each fault stands at its field."""
        cleaned = dict(super().clean() or {})
        for place in range(1, OTHERS + 1):
            if bool(cleaned.get(f"other{place}_part")) != bool(cleaned.get(f"other{place}_text")):
                missing = "text" if cleaned.get(f"other{place}_part") else "part"
                self.add_error(f"other{place}_{missing}", _("Give both the name and which part of a name it is."))
        try:
            cleaned["names"] = names_as_given(
                {part: cleaned.get(part.value, "") for part in MAIN_PARTS},
                {part: cleaned.get(f"{part.value}_latin", "") for part in MAIN_PARTS},
                cleaned.get("language", "") or self.spoken,
                [
                    (NamePart(cleaned[f"other{place}_part"]), cleaned[f"other{place}_text"],
                     cleaned.get(f"other{place}_latin", ""))
                    for place in range(1, OTHERS + 1)
                    if cleaned.get(f"other{place}_part") and cleaned.get(f"other{place}_text")
                ],
            )  # fmt: skip
        except BadInput as error:
            if not self.errors.get(error.field):
                self.take(error)
        cleaned["birth_date"] = self._birth(cleaned)
        if cleaned.get("nationality") and cleaned.get("nationality") == cleaned.get("nationality2"):
            self.add_error("nationality2", _("This nationality is given already."))
        return cleaned

    def _birth(self, cleaned: dict[str, Any]) -> PartialDate:
        text = cleaned.get("birth", "")
        if not text:
            return unknown_date()
        try:
            return parse_birth_date(
                text, today=self.today, calendar=Calendar(cleaned.get("birth_calendar") or Calendar.GREGORIAN),
                day_confirmed=bool(cleaned.get("birth_day_confirmed")), field="birth",
            )  # fmt: skip
        except BadInput as error:
            self.take(error)
            return unknown_date()

    def stated(self, standing: Standing = Standing.DECLARED, reason: str = "") -> StatedIdentity:
        """The statement, once the form is valid."""
        cleaned = self.cleaned_data
        return StatedIdentity(
            names=cleaned["names"], standing=standing, sex=cleaned["sex"], birth=cleaned["birth_date"],
            birth_place=cleaned["birth_place"], birth_state=cleaned["birth_state"],
            nationalities=tuple(
                StatedNationality(cleaned[name], cleaned[f"{name}_known_by"] or "declared")
                for name in ("nationality", "nationality2") if cleaned[name]
            ),
            stateless=cleaned["stateless"] or "unknown", reason=reason,
        )  # fmt: skip


def typed(statement: StatementRead) -> dict[str, Any]:
    """A statement as an officer would type it, to begin the next one from."""
    values: dict[str, Any] = {}
    others = 0
    for name in statement.names:
        if not name.position and name.part in MAIN_PARTS and name.part.value not in values:
            values |= {name.part.value: name.text, f"{name.part.value}_latin": name.latin}
        elif others < OTHERS:
            others += 1
            values |= {
                f"other{others}_part": name.part.value, f"other{others}_text": name.text,
                f"other{others}_latin": name.latin,
            }  # fmt: skip
    for field, (state, known_by, _printed) in zip(
        ("nationality", "nationality2"), statement.nationalities, strict=False
    ):
        values |= {field: state, f"{field}_known_by": known_by}
    return values | {
        "birth": statement.birth.text, "birth_calendar": statement.birth.calendar.value,
        "birth_day_confirmed": statement.birth.day_confirmed, "sex": statement.sex,
        "birth_place": statement.birth_place, "birth_state": statement.birth_state, "stateless": statement.stateless,
    }  # fmt: skip


class WhoForm(IdentityForm):
    """The first page: the talk and its language, then who they say they are."""

    field_order = ("language", "interpreter", "notice")
    language = choice_field(_("Language spoken"), lists.languages)
    interpreter = text_field(_("Interpreter"), hint=_("Name, or “none needed”."))
    notice = radio_field(
        _("The notice about this registration"), list(lists.NOTICES.items()),
        hint=_("What is recorded, why, and the person’s rights: in a language that they understand."),
    )  # fmt: skip


class AmendForm(IdentityForm):
    """A new statement beside those on record."""

    submission = number_of_page()
    standing = radio_field(_("How far it is borne out"), list(lists.STANDINGS.items()))
    supersedes = choice_field(_("Takes the place of"), [("", _("None: it stands beside them"))])
    reason = text_field(_("Why it is made"), longest=200, required=True)

    def __init__(self, *args: Any, statements: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["supersedes"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("None: it stands beside them")), *statements]

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"].strip()
        if not reason:
            raise ValidationError(_("Say why, in a sentence that somebody else can judge."))
        return reason
