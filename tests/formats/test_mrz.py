"""Zones as printed, as misread, and as the region's documents spell names.

Vectors are the specimens of ICAO Doc 9303 and of public registers of documents, besides zones of our own making.
"""

import json
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_data import reference
from stonebridge.domain.partial_date import Precision
from stonebridge.formats import mrz
from stonebridge.formats.malformed import Malformed
from stonebridge.formats.mrz_layouts import Layout

TODAY = date(2026, 11, 24)
PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
CARD = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
LONG_CARD = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
BELGIAN = "IDBEL000590240<6013<<<<<<<<<<<\n8512017F1311048BEL851201002007\nREINARTZ<<ULRIKE<KATIA<E<<<<<<"
SMALL = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
GERMAN = "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<\nC01X0006H1D<<6408125F1710319<<<<<<<<<<<<<<<0"
VISA_A = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<"
VISA_B = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<"


def passport(
    names: str = "ERIKSSON<<ANNA",
    *,
    nationality: str = "UTO",
    birth: str = "740812",
    sex: str = "F",
    number: str = "L898902C3",
) -> str:
    """A passport of our own making whose check digits hold."""
    first = f"P<{nationality:<<3}{names:<<39}"
    digit = mrz.check_digit
    birth_and_expiry = f"{birth}{digit(birth)}{sex}120415{digit('120415')}"
    second = f"{number:<<9}{digit(f'{number:<<9}')}{nationality:<<3}{birth_and_expiry}{'<' * 14}<"
    return f"{first}\n{second}{digit(second[:10] + second[13:20] + second[21:43])}"


def changed(zone: str, line: int, column: int, char: str) -> str:
    """The zone as a machine misreads it, at a line and column from 1."""
    lines = zone.splitlines()
    lines[line - 1] = lines[line - 1][: column - 1] + char + lines[line - 1][column:]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("zone", "layout"),
    [(PASSPORT, Layout.TD3), (CARD, Layout.TD1), (SMALL, Layout.TD2), (VISA_A, Layout.MRV_A), (VISA_B, Layout.MRV_B)],
)
def test_each_layout_of_the_standard_is_read(zone: str, layout: Layout):
    read = mrz.read(zone)
    assert (read.layout, read.surname, read.given_names, read.agrees) == (layout, "ERIKSSON", "ANNA MARIA", True)


def test_every_field_of_the_specimen_passport_is_read():
    read = mrz.read(PASSPORT)
    assert (read.document_code, read.issuing_state, read.document_number, read.nationality) == (
        "P",
        "UTO",
        "L898902C3",
        "UTO",
    )
    assert (read.birth.text, read.sex, read.expiry.text, read.optional) == ("740812", "f", "120415", ("ZE184226B",))


def test_the_check_digit_of_the_standard_is_reckoned():
    """Doc 9303-3, 4.9: 520727 gives 5*7 + 2*3 + 0*1 + 7*7 + 2*3 + 7*1 = 103, and 103 mod 10 = 3."""
    assert mrz.check_digit("520727") == "3"


@pytest.mark.parametrize("case", range(13))
def test_public_specimens_read_and_those_that_peers_accept_agree(case: int):
    specimen = json.loads(reference("standards/data/mrz/cheminfo-mrz-cases.json").read_text())[case]
    read = mrz.read("\n".join(specimen["lines"]))
    assert read.layout == specimen["format"]
    assert read.agrees or not specimen["peer_valid"]


def test_a_number_too_long_for_its_place_goes_on_in_the_optional_data():
    read = mrz.read(LONG_CARD)
    assert (read.document_number, read.optional[0], read.agrees) == ("D23145890734", "", True)


def test_a_long_number_whose_check_digit_counts_the_filler_agrees_too():
    assert (mrz.read(BELGIAN).document_number, mrz.read(BELGIAN).agrees) == ("000590240601", True)


def test_a_wrong_check_digit_of_a_long_number_is_found():
    assert [each.field for each in mrz.read(changed(LONG_CARD, 1, 19, "8")).findings] == ["document_number", "zone"]


def test_a_filler_may_stand_for_the_check_digit_of_empty_optional_data():
    assert mrz.read(GERMAN).agrees


def test_a_state_keeps_the_code_that_is_printed():
    assert (mrz.read(GERMAN).issuing_state, mrz.read(GERMAN).nationality) == ("D", "D")


@pytest.mark.parametrize("code", ["XXA", "XXB", "XXC", "XXX", "UNK", "RKS", "XXK", "XPO", "EUE", "UNO"])
def test_refugees_stateless_persons_and_special_codes_are_read_as_printed(code: str):
    read = mrz.read(passport(nationality=code))
    assert (read.nationality, read.agrees) == (code, True)


def test_a_single_name_leaves_the_given_names_empty():
    read = mrz.read(passport("AHMADZAI"))
    assert (read.surname, read.given_names, read.agrees) == ("AHMADZAI", "", True)


def test_a_name_without_a_surname_is_not_given_one():
    read = mrz.read(passport("<<SURYANTI"))
    assert (read.surname, read.given_names) == ("", "SURYANTI")


def test_names_that_fill_their_place_may_be_cut():
    assert mrz.read(passport("NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K")).names_may_be_cut
    assert not mrz.read(PASSPORT).names_may_be_cut


@pytest.mark.parametrize(("printed", "read"), [("M", "m"), ("F", "f"), ("X", "x"), ("<", "")])
def test_sex_may_be_unspecified(printed: str, read: str):
    assert (mrz.read(passport(sex=printed)).sex, mrz.read(passport(sex=printed)).agrees) == (read, True)


@pytest.mark.parametrize(
    ("printed", "precision", "shown"),
    [("<<<<<<", Precision.UNKNOWN, (None, None, None)), ("90<<<<", Precision.YEAR, (1990, None, None)),
     ("9003<<", Precision.MONTH, (1990, 3, None)), ("900307", Precision.DAY, (1990, 3, 7))],
)  # fmt: skip
def test_unknown_parts_of_a_birth_date_stay_unknown(printed: str, precision: Precision, shown: tuple[int | None, ...]):
    read = mrz.read(passport(birth=printed))
    born = read.birth.as_birth(TODAY)
    assert (read.agrees, born.precision, (born.year, born.month, born.day)) == (True, precision, shown)


def test_a_day_without_its_month_says_no_more_than_the_year():
    assert mrz.PrintedDate("90<<07").as_birth(TODAY).precision is Precision.YEAR


@pytest.mark.parametrize(("printed", "year"), [("261124", 2026), ("261125", 1926), ("000101", 2000), ("99<<<<", 1999)])
def test_a_birth_lies_in_the_latest_century_that_is_not_after_today(printed: str, year: int):
    assert mrz.PrintedDate(printed).as_birth(TODAY).year == year


@pytest.mark.parametrize(("printed", "year"), [("360101", 2036), ("990101", 1999), ("750101", 2075), ("770101", 1977)])
def test_an_expiry_lies_nearest_to_today(printed: str, year: int):
    assert mrz.PrintedDate(printed).as_expiry(TODAY).year == year


@pytest.mark.parametrize("printed", ["900231", "901301", "A00101"])
def test_a_date_that_no_calendar_has_keeps_its_text_and_refuses_nobody(printed: str):
    born = mrz.PrintedDate(printed).as_birth(TODAY)
    assert (born.precision, born.text) == (Precision.UNKNOWN, printed)


def test_letter_o_read_for_zero_in_a_birth_date_is_proposed_and_not_corrected():
    read = mrz.read(changed(passport(birth="740802"), 2, 18, "O"))
    assert read.birth.text == "7408O2"
    found = next(each for each in read.findings if each.field == "birth_date")
    assert found.proposals == ((mrz.Proposal(2, 18, "O", "0"),),)


def test_eight_read_for_b_in_a_number_is_proposed():
    read = mrz.read(changed(passport(number="AB1234567"), 2, 2, "8"))
    found = next(each for each in read.findings if each.field == "document_number")
    assert (mrz.Proposal(2, 2, "8", "B"),) in found.proposals


def test_two_confusions_in_a_date_are_proposed_together():
    read = mrz.read(changed(changed(passport(birth="740812"), 2, 16, "O"), 2, 18, "I"))
    found = next(each for each in read.findings if each.field == "birth_date")
    assert found.proposals == ((mrz.Proposal(2, 16, "O", "0"), mrz.Proposal(2, 18, "I", "1")),)


def test_the_fewest_changes_are_proposed():
    read = mrz.read(changed(passport(number="O01234567"), 2, 1, "0"))
    found = next(each for each in read.findings if each.field == "document_number")
    assert {len(each) for each in found.proposals} == {1}


def test_a_digit_in_a_name_is_found_with_the_letters_it_may_be():
    read = mrz.read(changed(PASSPORT, 1, 11, "0"))
    assert [each.field for each in read.findings] == ["names"]
    assert (mrz.Proposal(1, 11, "0", "O"),) in read.findings[0].proposals


def test_a_change_that_no_confusion_explains_is_proposed_nothing():
    read = mrz.read(changed(PASSPORT, 2, 14, "9"))
    assert [(each.field, each.proposals) for each in read.findings] == [("birth_date", ()), ("zone", ())]


@given(st.integers(0, 8), st.sampled_from("0123456789"))
def test_every_wrong_digit_in_a_number_is_found(place: int, digit: str):
    number = "123456789"
    wrong = number[:place] + digit + number[place + 1 :]
    read = mrz.read(passport(number=number).replace(number, wrong))
    assert read.agrees == (wrong == number)


@pytest.mark.parametrize(
    "typed", [PASSPORT.lower(), PASSPORT.replace("\n", ""), f"\r\n{PASSPORT}\r\n", PASSPORT.replace("<<", "« ")]
)
def test_lines_are_read_as_readers_and_keyboards_type_them(typed: str):
    assert mrz.read(typed).agrees


@pytest.mark.parametrize("text", ["", "P<UTO", PASSPORT[:-1], PASSPORT + "\n" + "<" * 44, "<" * 45])
def test_what_is_no_zone_is_refused_with_the_lengths_there_are(text: str):
    with pytest.raises(Malformed, match="3 lines of 30 characters"):
        mrz.read(text)


def test_a_character_that_no_zone_holds_is_named_with_its_place():
    with pytest.raises(Malformed) as error:
        mrz.read(changed(PASSPORT, 1, 9, "Š"))
    assert (error.value.place, error.value.value) == ("line 1, column 9", "Š")


@given(st.text(max_size=140))
def test_any_text_is_read_or_refused(text: str):
    with suppress(Malformed):
        mrz.read(text)


@given(st.lists(st.text("ABIO0158<", min_size=44, max_size=44), min_size=2, max_size=2))
def test_any_letters_in_the_shape_of_a_passport_are_read(lines: list[str]):
    assert mrz.read("\n".join(lines)).lines == tuple(lines)


@pytest.mark.parametrize(
    ("zone_names", "surname", "given"),
    [("GJORGJIEVSKA<<MIRJANA", "Ѓорѓиевска", "Мирјана"), ("KJOSEVA<<ZHIVKA", "Ќосева", "Живка"),
     ("CIRIC<<ZELJKO", "Ћирић", "Жељко"), ("CIRIC<<ZELJKO", "Ćirić", "Željko"), ("DJORDJEVIC<<GORAN", "Đorđević", "Goran"),
     ("DORDEVIC<<GORAN", "Ђорђевић", "Горан"), ("SCHULZE<<JOERG", "Schulze", "Jörg"), ("OZTURK<<GULSUM", "Öztürk", "Gülsüm"),
     ("HOXHA<<BESARTE", "Hoxha", "Besartë")],
)  # fmt: skip
def test_the_regions_spellings_of_one_name_are_recognised(zone_names: str, surname: str, given: str):
    assert mrz.prints(mrz.read(passport(zone_names)), surname, given)


def test_the_serbian_and_the_macedonian_form_of_one_name_both_fit():
    assert mrz.prints(mrz.read(passport("ZIVKOVIC<<SASA")), "Живковић", "Саша")
    assert mrz.prints(mrz.read(passport("ZHIVKOVIKJ<<SASHA")), "Живковиќ", "Саша")


def test_a_cut_name_fits_its_beginning_and_no_other():
    zone = mrz.read(passport("WOLFESCHLEGELSTEINHAUSENBERGER<<MARIANNE"[:39]))
    assert mrz.prints(zone, "Wolfeschlegelsteinhausenberger", "Marianne")
    assert not mrz.prints(zone, "Wolfeschlegelsteinhausenberger", "Johanna")


def test_another_name_does_not_fit():
    assert not mrz.prints(mrz.read(PASSPORT), "Erikson", "Anna Maria")
