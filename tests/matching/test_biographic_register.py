import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stonebridge.matching.biographic.birth import birth_level, read_birth
from stonebridge.matching.biographic.columns import packed_document
from stonebridge.matching.biographic.evidence import BIRTH
from stonebridge.matching.biographic.explanations import bits_of, explain
from stonebridge.matching.biographic.register import FIELDS, Query, Register, Texts
from stonebridge.matching.biographic.scoring import near_documents
from stonebridge.matching.probability import probabilities

GIVEN = ("Mohammad", "Ahmad", "Fatima", "Zahra", "Yusuf", "Đorđe", "Арсен", "عمر", "Hasan", "Maryam")
FAMILY = ("Karimi", "Haidari", "Petrović", "Rexhepi", "Halabi", "Demir", "Јовановски", "رحیمی", "Abdul Rahman", "Zana")


def register_of(rows: list[dict[str, str]]) -> Register:
    texts = Texts()
    texts.add([row["id"] for row in rows], {field: [row.get(field, "") for row in rows] for field in FIELDS})
    return Register(texts)


def cast() -> list[dict[str, str]]:
    return [
        {"id": f"{given}-{family}", "given": given, "family": family, "nationality": ("AFG", "SYR", "SRB")[place % 3],
         "birth": f"{1960 + place}-{1 + other:02}-{10 + other:02}", "sex": "m", "pob": "Kabul", "doc": f"P{place}{other}12345"}
        for place, given in enumerate(GIVEN) for other, family in enumerate(FAMILY)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def register() -> Register:
    return register_of(cast())


def best(register: Register, **fields: str) -> tuple[str, float]:
    answers = register.search([Query(**fields)], 5)
    return register.ids[register.order[answers.row[0, 0]]], float(answers.bits[0, 0])


def test_swapped_given_and_family_names_find_the_same_person(register):
    assert best(register, given="Karimi", family="Mohammad", birth="1960-01-10")[0] == "Mohammad-Karimi"


def test_another_script_finds_the_same_person(register):
    assert best(register, given="Ђорђе", family="Петровић", birth="1965")[0] == "Đorđe-Petrović"
    assert best(register, given="Omar", family="Rahimi", birth="1967-08-17")[0] == "عمر-رحیمی"


def test_a_document_finds_a_person_under_another_name(register):
    assert best(register, given="Nobody", family="Known", doc="P0012345")[0] == "Mohammad-Karimi"


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(GIVEN), st.sampled_from(FAMILY), st.sampled_from(["1962-03-12", "1962", "", "1962-12-03"]))
def test_the_reasons_of_every_candidate_add_up_to_its_score(given_name, family, birth):
    register = register_of(cast())
    answers = register.search([Query(given=given_name, family=family, birth=birth)], 5)
    found = answers.row[0] >= 0
    summed = answers.features[0].sum(1)[found]
    assert np.allclose(summed, answers.bits[0][found], atol=1e-3)
    blank = dict.fromkeys(FIELDS, "")
    reasons = explain(answers.features[0, 0].tolist(), answers.how[0, 0].tolist(), blank, blank)
    assert bits_of(reasons) == pytest.approx(float(answers.bits[0, 0]), abs=0.06)


def test_the_same_probe_gives_the_same_bits_whatever_else_is_asked(register):
    probe = Query(given="Hassan", family="Demir", birth="1968-06-15")
    alone = register.search([probe], 5)
    among = register.search([Query(given="Fatma"), probe, Query(family="Rexhepi")], 5)
    assert alone.bits[0].tolist() == among.bits[1].tolist()


def test_brothers_stay_apart():
    rows = [
        {"id": "one", "given": "Mohammad", "family": "Karimi", "father": "Reza", "birth": "1990-05-04", "pob": "Herat"},
        {"id": "twin", "given": "Ahmad", "family": "Karimi", "father": "Reza", "birth": "1990-05-04", "pob": "Herat"},
        *({**row, "birth": "1980-01-02"} for row in cast()),
    ]
    register = register_of(rows)
    answers = register.search(
        [Query(given="Mohammad", family="Karimi", father="Reza", birth="1990-05-04", pob="Herat")], 5
    )
    ids = [register.ids[register.order[row]] for row in answers.row[0] if row >= 0]
    bits = dict(zip(ids, answers.bits[0].tolist(), strict=False))
    assert ids[0] == "one"
    assert probabilities([bits["twin"]], len(register))[0] < 0.1


@pytest.mark.parametrize(
    ("probe", "kept", "level"),
    [
        ("1994-03-07", "1994-03-07", "same"),
        ("1994-03-07", "1994-07-03", "day_and_month_swapped"),
        ("1994-01-01", "1994-01-01", "first_of_january"),
        ("1994", "1994-01-01", "same_year"),
        ("1994-03-07", "1994-01-01", "first_of_january_once"),
        ("1994-03-07", "1994-03", "same_month"),
        ("1994-03-07", "1995-03-07", "year_off_by_one"),
        ("1994-03-07", "1984-03-07", "one_digit_differs"),
        ("1994-03-07", "1949-03-07", "one_digit_differs"),
        ("1994-03-07", "1990-03-07", "one_digit_differs"),
        ("1994-03-17", "1994-03-07", "calendar_shift"),
        ("1994-03-07", "1994-03-25", "other_day"),
        ("1994-03-07", "1994-11-07", "other_month"),
        ("1994", "1995-05-05", "vague_off_by_one"),
        ("1994-03-07", "1970-11-28", "different"),
        ("", "1994", ""),
    ],
)
def test_birth_dates_agree_at_a_level_that_can_be_named(probe, kept, level):
    assert BIRTH[birth_level(read_birth(probe), read_birth(kept))] == level


def test_a_document_with_one_wrong_digit_or_two_exchanged_is_near():
    number = np.uint64(packed_document("P1234567"))
    assert near_documents(number, np.uint64(packed_document("P1234568")))
    assert near_documents(number, np.uint64(packed_document("P1234657")))
    assert not near_documents(number, np.uint64(packed_document("P7654321")))
    assert not near_documents(number, number)


def test_an_empty_register_and_an_empty_query_answer_nothing():
    assert register_of([]).search([Query(given="Ali")], 3).row.tolist() == [[-1, -1, -1]]
    assert register_of(cast()).search([Query()], 2).row.tolist() == [[-1, -1]]
