"""The pages of a registration refuse at its field what cannot be, and keep what nobody knows empty."""

from datetime import UTC, date, datetime

import pytest

from stonebridge.domain.errors import BadInput
from stonebridge.registry.forms.arrival import ArrivalForm
from stonebridge.registry.forms.documents import DocumentsForm
from stonebridge.registry.forms.identity import WhoForm
from stonebridge.registry.forms.needs import NeedsForm

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
WHO = {"given": "Amira", "notice": "acknowledged"}
ARRIVAL = {
    "category": "irregular_crossing", "arrived_on_day": "20", "arrived_on_month": "11", "arrived_on_year": "2026",
    "met_on_day": "21", "met_on_month": "11", "met_on_year": "2026", "met_time": "14:05",
}  # fmt: skip
NEEDS = {"need_alone": "no", "need_injured": "no", "need_afraid": "not_asked", "need_pregnant": "no"}


def who(**changes: str) -> WhoForm:
    return WhoForm(WHO | changes, today=date(2026, 11, 23))


@pytest.mark.parametrize(
    "given",
    ["Ami\u202era", "Ami\u0000ra", "Ami\u2066ra", "\ufeffAmira", "Amira 2", "A" * 121, "🙂", "<b>Amira</b>", " ", "\n"],
)
def test_what_no_name_holds_is_refused_at_its_field(given):
    assert "given" in who(given=given).errors


def test_text_in_a_wrong_encoding_is_refused_before_anything_is_kept():
    with pytest.raises(BadInput, match="wrong encoding"):
        who(given="Ami\ufffdra").refuse_unknown()


@pytest.mark.parametrize(
    "birth", ["31.02.1994", "1.1.2031", "7.3.1890", "about 131", "13.13.1990", "30", "7.3.94", "yesterday", "0.0.1990"]
)
def test_a_birth_that_cannot_be_is_refused_at_its_field(birth):
    assert "birth" in who(birth=birth).errors


def test_a_day_that_its_month_does_not_have_is_refused_with_the_value_and_the_remedy():
    (error,) = who(birth="31.02.1994").errors["birth"]
    assert error.startswith("“31.02.1994”: Month 2 of 1994 (Gregorian) has 28 days.")


def test_a_first_of_january_that_nobody_confirmed_counts_as_the_year_alone():
    form = who(birth="1.1.1994")
    assert form.is_valid()
    assert form.stated().birth.stands_for_the_year


def test_a_first_of_january_that_was_confirmed_counts_as_the_day():
    form = who(birth="1.1.1994", birth_day_confirmed="on")
    assert form.is_valid()
    assert not form.stated().birth.stands_for_the_year


def test_a_jalali_date_keeps_its_calendar_and_its_text():
    form = who(birth="11.10.1378", birth_calendar="solar_hijri")
    assert form.is_valid()
    birth = form.stated().birth
    assert (birth.text, birth.calendar, birth.earliest) == ("11.10.1378", "solar_hijri", date(2000, 1, 1))


def test_names_in_two_scripts_both_stand_as_given():
    form = who(given="أميرة", other1_part="given", other1_text="Амира")
    assert form.is_valid()
    assert [(name.text, name.position) for name in form.stated().names] == [("أميرة", 0), ("Амира", 1)]


def test_a_further_name_without_its_part_is_refused_at_the_part():
    assert "other2_part" in who(other2_text="Mira").errors


def test_the_same_nationality_twice_is_refused():
    assert "nationality2" in who(nationality="SYR", nationality2="SYR").errors


def test_a_nationality_may_be_presumed_beside_one_that_is_declared():
    form = who(nationality="SYR", nationality2="TUR", nationality2_known_by="presumed")
    assert form.is_valid()
    assert [(each.state, each.known_by) for each in form.stated().nationalities] == [
        ("SYR", "declared"), ("TUR", "presumed"),
    ]  # fmt: skip


def test_statelessness_is_no_nationality():
    assert "nationality" in who(nationality="XXA").errors


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"met_on_day": "19"}, "met_on"), ({"arrived_on_year": "2031"}, "arrived_on"), ({"met_time": "25:00"}, "met_time"),
     ({"met_on_day": "31", "met_on_month": "2"}, "met_on"), ({"category": "tourist"}, "category"),
     ({"crossing_point": "narnia"}, "crossing_point"), ({"family_of": "MK-7F2K-93TE"}, "family_of"),
     ({"arrived_on_year": ""}, "arrived_on"), ({"arrived_on_year": "1026"}, "arrived_on"),
     ({"met_on_day": "23", "met_time": "23:59"}, "met_time")],
)  # fmt: skip
def test_an_arrival_that_cannot_be_is_refused_at_its_field(changes, field):
    assert field in ArrivalForm(ARRIVAL | changes, now=NOW).errors


@pytest.mark.parametrize(
    ("document", "field"),
    [({"document1_kind": "passport"}, "document1_number"), ({"document1_number": "N123"}, "document1_kind"),
     ({"document1_kind": "passport", "document1_number": "---", "document1_seen": "copy"}, "document1_number"),
     ({"document1_kind": "passport", "document1_number": "N1", "document1_seen": "original", "no_documents": "lost"},
      "no_documents"),
     ({"document1_kind": "passport", "document1_number": "N" * 41, "document1_seen": "copy"}, "document1_number"),
     ({"document1_kind": "passport", "document1_number": "N1", "document1_seen": "copy", "document1_expires_day": "31",
       "document1_expires_month": "2", "document1_expires_year": "2027"}, "document1_expires")],
)  # fmt: skip
def test_a_document_that_cannot_be_is_refused_at_its_field(document, field):
    assert field in DocumentsForm(document).errors


def test_a_claim_of_none_needs_the_day_of_asking():
    assert "claim_asked_on" in NeedsForm(NEEDS | {"claim": "none"}, now=NOW).errors


def test_whoever_was_not_asked_has_no_day_of_asking():
    asked = {"claim_asked_on_day": "21", "claim_asked_on_month": "11", "claim_asked_on_year": "2026"}
    assert "claim_asked_on" in NeedsForm(NEEDS | asked | {"claim": "unknown"}, now=NOW).errors


def test_a_question_about_needs_is_not_passed_over_in_silence():
    assert "need_afraid" in NeedsForm(NEEDS | {"need_afraid": "", "claim": "pending"}, now=NOW).errors
