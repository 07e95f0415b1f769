"""Stored comparisons, said in the terms of a link's colour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stonebridge.domain.links import Biometrics, Colour, Evidence, IdentityData, TravelDocument, colour
from stonebridge.identification.evidence import evidence
from stonebridge.identification.labels import FEATURES
from stonebridge.matching.sentences import SENTENCES

SAME = ("given_name.same", "family_name.same", "birth_date.same", "sex.same", "nationality.same")


def compared(*keys: str) -> list[dict[str, object]]:
    return [
        {"feature": key.partition(".")[0], "score": 1.0, "key": key, "probe": "a", "candidate": "b"} for key in keys
    ]


def test_names_and_birth_date_alike_are_the_same_identity_data():
    assert evidence(compared(*SAME)).identity is IdentityData.SAME


@pytest.mark.parametrize(
    "key",
    ["given_name.other_spelling", "family_name.kin", "birth_date.day_and_month_swapped", "birth_date.same_year",
     "nationality.different", "mother_name.different", "family_name.missing"],
)  # fmt: skip
def test_what_two_spellings_or_two_accounts_explain_is_similar(key: str):
    rest = [each for each in SAME if each.partition(".")[0] != key.partition(".")[0]]
    assert evidence(compared(key, *rest)).identity is IdentityData.SIMILAR


@pytest.mark.parametrize(
    "key", ["given_name.different", "family_name.different", "birth_date.different", "sex.different"]
)
def test_another_name_birth_date_or_sex_is_different(key: str):
    rest = [each for each in SAME if each.partition(".")[0] != key.partition(".")[0]]
    assert evidence(compared(key, *rest)).identity is IdentityData.DIFFERENT


@pytest.mark.parametrize("key", ["mother_name.missing", "father_name.missing", "relatives.shared", "document.missing"])
def test_what_only_one_of_the_two_states_takes_nothing_away(key: str):
    assert evidence(compared(*SAME, key)).identity is IdentityData.SAME


@pytest.mark.parametrize("key", ["birth_date.calendar_shift", "birth_date.other_day", "birth_date.close"])
def test_a_date_that_another_reading_explains_is_similar(key: str):
    rest = [each for each in SAME if not each.startswith("birth_date")]
    assert evidence(compared(key, *rest)).identity is IdentityData.SIMILAR


def test_every_feature_that_a_matcher_compares_has_a_name_on_the_page():
    assert {key.rpartition(".")[0] for key in SENTENCES} <= set(FEATURES)


def test_without_a_birth_date_nothing_is_called_the_same():
    assert evidence(compared("given_name.same", "family_name.same")).identity is IdentityData.SIMILAR


@pytest.mark.parametrize(
    ("key", "document"),
    [("document.same", TravelDocument.SAME), ("document.similar", TravelDocument.DIFFERENT),
     ("document.different", TravelDocument.DIFFERENT), ("document.same_number", TravelDocument.ABSENT)],
)  # fmt: skip
def test_a_document_is_the_same_only_with_issuer_and_number(key: str, document: TravelDocument):
    assert evidence(compared(*SAME, key)).document is document


def test_no_comparison_of_documents_means_that_one_is_missing():
    assert evidence(compared(*SAME)) == Evidence(Biometrics.ABSENT, IdentityData.SAME, TravelDocument.ABSENT)


@given(st.lists(st.sampled_from(sorted(SENTENCES)), unique_by=lambda key: key.partition(".")[0]))
def test_whatever_was_compared_a_machine_finds_yellow_or_nothing_and_a_join_always_has_a_colour(keys: list[str]):
    found = evidence(compared(*keys))
    assert colour(found, None, automatic=False).colour is Colour.YELLOW if _is_linked(found) else True


def _is_linked(found: Evidence) -> bool:
    if found.biometrics is Biometrics.DIFFERENT:
        return found.identity is IdentityData.SAME or found.document is TravelDocument.SAME
    return found.identity is not IdentityData.DIFFERENT or found.document is TravelDocument.SAME
