import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stonebridge.domain.errors import BadInput, NoRuleMatched
from stonebridge.domain.names import Name, NameWarning, Script, clean_name, is_placeholder, name_as_given, script_of
from stonebridge.domain.transliteration import icao_form, latin_suggestion


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Amira Haddad", Script.LATIN),
        ("Ѓорѓи Ќосев", Script.CYRILLIC),
        ("محمد رضایی", Script.ARABIC),
        ("Γιώργος", Script.GREEK),
        ("יוסף", Script.HEBREW),
        ("राम बहादुर", Script.DEVANAGARI),
        ("রহিম", Script.BENGALI),
        ("ሰላም", Script.ETHIOPIC),
        ("ხატია", Script.OTHER),
        ("Amira Хадад", Script.MIXED),
        ("...", Script.NONE),
    ],
)
def test_the_script_of_a_name_is_seen(text: str, script: Script):
    assert script_of(text) is script


def test_a_name_is_kept_composed_and_with_single_spaces():
    assert clean_name("  Šarić   Ana ", field="given") == "Šarić Ana"


def test_a_name_is_otherwise_kept_as_given():
    assert clean_name("o'NEILL-al  Maʿrūf (Ahmad)", field="given") == "o'NEILL-al Maʿrūf (Ahmad)"


def test_a_persian_name_keeps_its_joiner():
    assert clean_name("علی‌رضا", field="given") == "علی‌رضا"


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("", "as it was said"),
        ("   ", "as it was said"),
        ("Ana\x00", "invisible character"),
        ("Ana\u202etsil", "invisible character"),
        ("Ana\u2066", "invisible character"),
        ("Ana\ufeff", "invisible character"),
        ("Ana 😀", "no letter"),
        ("Ana <b>", "no letter"),
        ("Ana=1", "no letter"),
        ("Ana 2", "no digits"),
        ("Ana ٢", "no digits"),
        ("A" + "\u0301" * 9, "three accents"),
        ("A" * 201, "at most 200"),
        ("\udcff", "no letter"),
    ],
)
def test_what_no_name_contains_is_refused_with_field_and_remedy(text: str, remedy: str):
    with pytest.raises(BadInput, match=remedy) as refused:
        clean_name(text, field="family")
    assert refused.value.field == "family"


@pytest.mark.parametrize("text", ["FNU", "lnu", "XXX", "xxxxx", ".", "-", "N/A", "NA", "непознат", ""])
def test_what_stands_for_a_missing_name_is_seen(text: str):
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["Na Li", "Anna", "X", "Хасан"])
def test_a_real_name_is_no_placeholder(text: str):
    assert not is_placeholder(text)


def test_a_single_name_is_enough():
    assert name_as_given(given="Zahra") == Name(given="Zahra")


def test_a_single_family_name_is_enough():
    assert str(name_as_given(family="Suharto")) == "Suharto"


def test_no_name_at_all_is_refused_and_none_is_invented():
    with pytest.raises(BadInput, match="do not invent"):
        name_as_given(father="Ahmad")


def test_parts_are_cleaned_and_the_error_names_the_part():
    with pytest.raises(BadInput) as refused:
        name_as_given(given="Amira", mother="Lay1a")
    assert refused.value.field == "mother"


def test_a_placeholder_and_a_mixed_name_are_warned_about_not_refused():
    name = name_as_given(given="Amira", family="FNU", father="Ахмад")
    assert name.warnings == (NameWarning.MIXED_SCRIPT, NameWarning.PLACEHOLDER)


def test_a_cyrillic_letter_inside_a_latin_word_is_warned_about():
    assert name_as_given(given="Аmira").warnings == (NameWarning.MIXED_SCRIPT_IN_ONE_WORD,)


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=300)
def test_any_text_is_cleaned_or_refused(text: str):
    try:
        name = clean_name(text, field="given")
    except BadInput:
        return
    assert name == clean_name(name, field="given") == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("text", "language", "latin"),
    [
        ("Ѓорѓи Ќосев", "mk", "Gjorgji Kjosev"),
        ("Жарко Џамбазов", "mk", "Zharko Djambazov"),
        ("Шќурте Ѕвездова", "", "Shkjurte Dzvezdova"),
        ("Ђорђе Ћирић", "", "Đorđe Ćirić"),
        ("Жељко Џајић", "sr", "Željko Džajić"),
        ("ЖЕЉКО", "sr", "ŽELJKO"),
        ("Љубица", "bs", "Ljubica"),
        ("Ольга Щукина", "", "Olga Shchukina"),
        ("Юлія", "uk", "Iuliia"),
        ("Христо Ъглов", "bg", "Hristo Aglov"),
        ("محمد حسینی", "fa", "Mohammad Husseini"),
        ("عبدالغفور", "", "Abdulghafur"),
        ("الخطيب", "ar", "Al-Khatib"),
        ("وحید", "fa", "Vahid"),
        ("Amira", "", "Amira"),
        ("राम", "", ""),
    ],
)
def test_a_latin_spelling_is_suggested_by_language(text: str, language: str, latin: str):
    assert latin_suggestion(text, language) == latin


@pytest.mark.parametrize(
    ("text", "language", "zone"),
    [
        ("Ѓорѓи Ќосев", "mk", "GJORGJI<KJOSEV"),
        ("Жарко Џајиќ", "mk", "ZHARKO<DJAJIKJ"),
        ("Чеде Шоптрајанов", "mk", "CHEDE<SHOPTRAJANOV"),
        ("Ѕвезда", "mk", "DZVEZDA"),
        ("Ђорђе Ћирић", "sr", "DORDE<CIRIC"),
        ("Жарко Џајић", "sr", "ZARKO<DZAJIC"),
        ("Цеца Чолић", "sr", "CECA<COLIC"),
        ("Гордана Шарић", "sr", "GORDANA<SARIC"),
        ("Šarić-Đukić Ana", "", "SARIC<DUKIC<ANA"),
        ("O'Connor", "", "OCONNOR"),
        ("Çağlar Öztürk", "", "CAGLAR<OEZTUERK"),
        ("Çağlar Öztürk", "tr", "CAGLAR<OZTURK"),
        ("Weiß Müller", "", "WEISS<MUELLER"),
        ("Łukasz Þór", "", "LUKASZ<THOR"),
        ("Ilır", "", "ILIR"),
        ("Përparim Ëndërr", "sq", "PERPARIM<ENDERR"),
    ],
)
def test_the_form_of_the_machine_readable_zone_goes_by_language(text: str, language: str, zone: str):
    assert icao_form(text, language) == zone


def test_a_script_without_a_table_has_no_form_of_the_zone():
    with pytest.raises(NoRuleMatched, match="arabic"):
        icao_form("محمد")


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=300)
def test_a_suggestion_never_crashes(text: str):
    assert isinstance(latin_suggestion(text), str)
