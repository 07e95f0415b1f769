"""Names that are one name must meet; names that are not must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stonebridge.matching.plain.fold import fold_name


def skeletons(name: str) -> list[str]:
    return [part.skeleton for part in fold_name(name)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammad", "Muhammed"),
        ("Mohamed", "Мухамед"),
        ("Mohammad", "محمد"),
        ("Đorđe", "Djordje"),
        ("Đorđe", "Ђорђе"),
        ("Đorđe", "Gjorgji"),
        ("Ѓорѓи", "Gjorgji"),
        ("Ќосев", "Kjosev"),
        ("Petrović", "Петровић"),
        ("Petrović", "Petrovikj"),
        ("Petrovič", "Petrovich"),
        ("Xhemal", "Џемал"),
        ("Džemal", "جمال"),
        ("Youssef", "Јусуф"),
        ("Yusuf", "يوسف"),
        ("Abdul Rahman", "Abdulrahman"),
        ("Abdurrahman", "عبد الرحمن"),
        ("Abdullah", "عبدالله"),
        ("Al-Haddad", "Haddad"),
        ("Khaled", "Halid"),
        ("Ahmet", "أحمد"),
        ("Ljubica", "Љубица"),
    ],
)
def test_spellings_of_one_name_share_a_skeleton(one: str, other: str):
    assert skeletons(one) == skeletons(other)


@pytest.mark.parametrize(("one", "other"), [("Marko", "Mirko Jovan"), ("Ali", "Omar"), ("Fatima", "Fahima")])
def test_different_names_do_not_share_a_skeleton(one: str, other: str):
    assert skeletons(one) != skeletons(other)


def test_a_composed_and_a_decomposed_letter_are_the_same():
    assert fold_name("Ѓорѓи Šabić") == fold_name("Ѓорѓи Šabić")


def test_a_placeholder_is_no_name():
    assert fold_name("FNU") == ()


def test_a_script_that_is_not_folded_is_kept_as_given():
    assert skeletons("አበበ") == ["አበበ"]


@given(st.text(max_size=40))
def test_any_text_can_be_folded(text: str):
    assert all(part.skeleton == part.skeleton.strip() for part in fold_name(text))


@given(
    st.sampled_from(["Ђорђе", "Љубица Његош", "Šćepan Đukić", "Ümit Yıldız"]), st.sampled_from([str.upper, str.lower])
)
def test_case_does_not_matter(name, case):
    assert skeletons(case(name)) == skeletons(name)
