import pytest

from stonebridge.matching.names.letters import words
from stonebridge.matching.names.tokens import tokens


def letters(text: str) -> list[str]:
    return [token.letters for token in tokens(text)]


@pytest.mark.parametrize("text", ["Abd al-Rahman", "Abdul Rahman", "abdulrahman", "Abdurrahman", "ABD UR RAHMAN"])
def test_abd_and_an_attribute_are_one_part_however_they_are_joined(text):
    assert letters(text) == ["abdrahman"]


@pytest.mark.parametrize("text", ["عبد الرحمن", "عبدالرحمن"])
def test_abd_and_an_attribute_are_one_part_in_arabic_too(text):
    assert letters(text) == ["عبدرحمن"]


@pytest.mark.parametrize("text", ["Nimat Ullah", "Nimatullah", "Nimat-ollah"])
def test_ullah_belongs_to_the_name_before_it(text):
    assert letters(text) == ["nimatullah"]


@pytest.mark.parametrize("text", ["Nur ud-Din", "Nuruddin", "Nureddine", "nur al din"])
def test_din_belongs_to_the_name_before_it(text):
    assert letters(text) == ["nuruddin"]


@pytest.mark.parametrize("text", ["Mohd.", "Muhammed", "محمد", "Мухаммед", "MD", "মোহাম্মদ"])
def test_the_commonest_name_is_one_part_in_every_spelling(text):
    assert letters(text) == ["muhammad"]


@pytest.mark.parametrize("text", ["FNU", ".", "XXX", "", "  ", "unknown"])
def test_a_placeholder_is_no_name(text):
    assert letters(text) == []


def test_articles_and_particles_are_no_parts():
    assert letters("Ali bin Hasan al-Halabi") == ["ali", "hasan", "halabi"]
    assert letters("علي بن حسن الحلبي") == ["علي", "حسن", "حلبي"]


def test_a_name_that_is_only_a_particle_is_kept():
    assert letters("Al") == ["al"]


def test_a_tribe_s_ending_may_stand_apart():
    assert letters("Ahmad Zai") == letters("Ahmadzai")


def test_every_script_has_a_latin_reading():
    read = {text: words(text)[0].latin for text in ("Ђорђе", "Γιώργος", "अमित", "አበበ", "יוסף", "Şahin")}
    assert read == {
        "Ђорђе": "djordje", "Γιώργος": "giorgos", "अमित": "amit", "አበበ": "abebe", "יוסף": "yusp", "Şahin": "sahin",
    }  # fmt: skip


def test_accents_do_not_part_words():
    assert letters("Đorđe Müller Čović") == ["djordje", "muller", "covic"]
