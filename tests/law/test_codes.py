from pathlib import Path

import pytest

from stonebridge.domain.codes import StateKind
from stonebridge.domain.errors import BadInput
from stonebridge.domain.names import Script
from stonebridge.law.codes import crossing_points, document_types, languages, sexes, states

NODES = Path(__file__).parents[2] / "nodes"


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("D", "D"),
        ("D<<", "D"),
        ("DEU", "D"),
        ("RKS", "RKS"),
        ("XKX", "RKS"),
        ("XXK", "RKS"),
        ("mkd", "MKD"),
        ("UNK", "UNK"),
    ],
)
def test_a_printed_code_finds_its_entry(printed: str, code: str):
    assert states().canonical(printed).code == code


@pytest.mark.parametrize("code", ["XXA", "XXB", "XXC", "XXX"])
def test_statelessness_and_refugee_status_are_statuses_not_countries(code: str):
    assert states().canonical(code).kind is StateKind.STATUS


def test_kosovo_keeps_its_footnote():
    kosovo = states().canonical("RKS")
    assert kosovo.name("en") == "Kosovo*"
    assert "UNSCR 1244" in kosovo.footnote


def test_a_code_that_nobody_prints_is_refused():
    with pytest.raises(BadInput, match="Choose from the list") as refused:
        states().canonical("QQQ", field="nationality")
    assert refused.value.field == "nationality"


def test_no_code_means_two_entries():
    codes = [code for entry in states().entries for code in (entry.code, *entry.also)]
    assert len(codes) == len(set(codes))


def test_the_states_of_the_route_have_their_names_in_both_languages_of_the_staff():
    named = {code: states().canonical(code).name("mk") for code in ["AFG", "SYR", "MKD", "BDI", "PSE"]}
    assert named == {
        "AFG": "Авганистан",
        "SYR": "Сирија",
        "MKD": "Северна Македонија",
        "BDI": "Бурунди",
        "PSE": "Палестина",
    }


def test_sexes_are_those_that_documents_print():
    assert [sex.code for sex in sexes()] == ["F", "M", "X"]


@pytest.mark.parametrize("language", languages(), ids=lambda each: each.code)
def test_every_language_has_the_name_its_speakers_give_it_and_a_known_script(language):
    assert language.native
    assert Script(language.script).is_right_to_left is language.right_to_left


def test_a_document_that_an_authority_checked_is_told_from_one_that_it_did_not():
    proves = {each.code: each.proves_identity for each in document_types()}
    assert (proves["passport"], proves["copy"], proves["police_attestation"]) == (True, False, False)


@pytest.mark.parametrize(
    "point",
    [point for node in sorted(NODES.iterdir()) for point in crossing_points(node / "codes")],
    ids=lambda each: each.code,
)
def test_every_crossing_point_but_an_airport_names_a_known_neighbour(point):
    assert point.kind in {"road", "rail", "airport"}
    assert (point.neighbour == "") is (point.kind == "airport")
    assert point.kind == "airport" or states().canonical(point.neighbour)


def test_the_best_known_crossing_points_are_there_in_both_scripts():
    names = {point.code: point.name("mk") for point in crossing_points(NODES / "mk" / "codes")}
    assert names["bogorodica"] == "Богородица"
    assert names["kafasan"] == "Ќафасан"
    assert names["deve_bair"] == "Деве Баир"
