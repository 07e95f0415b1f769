from itertools import product

import pytest

from stonebridge.domain.errors import NoRuleMatched
from stonebridge.domain.links import (
    ROWS,
    Biometrics,
    Colour,
    Colouring,
    Evidence,
    IdentityData,
    Justified,
    SamePerson,
    TravelDocument,
    colour,
)

B = {"=": Biometrics.SAME, "≠": Biometrics.DIFFERENT, "∅": Biometrics.ABSENT}
I = {"=": IdentityData.SAME, "~": IdentityData.SIMILAR, "≠": IdentityData.DIFFERENT}  # noqa: E741 - the sheet's notation
D = {"=": TravelDocument.SAME, "≠": TravelDocument.DIFFERENT, "∅": TravelDocument.ABSENT}

EVERY_EVIDENCE = [Evidence(b, i, d) for b, i, d in product(Biometrics, IdentityData, TravelDocument)]
EVERY_CASE = [
    (evidence, answer, justified)
    for evidence, answer, justified in product(EVERY_EVIDENCE, [None, *SamePerson], Justified)
]


def seen(signs: str) -> Evidence:
    """``"B= I~ D∅"`` as evidence."""
    b, i, d = (part[1] for part in signs.split())
    return Evidence(B[b], I[i], D[d])


def judged(signs: str, answer: SamePerson | None, justified: Justified = Justified.NOT_ASSESSED) -> Colouring:
    return colour(seen(signs), answer, justified, automatic=False)


def outcome(evidence: Evidence, answer: SamePerson | None, justified: Justified) -> Colouring | None:
    try:
        return colour(evidence, answer, justified, automatic=False)
    except NoRuleMatched:
        return None


@pytest.mark.parametrize(
    ("signs", "article"),
    [
        ("B= I≠ D=", "30(1)(a)"),
        ("B= I≠ D≠", "30(1)(a)"),
        ("B= I≠ D∅", "30(1)(a)"),
        ("B∅ I≠ D=", "30(1)(b)"),
        ("B≠ I= D=", "30(1)(c)"),
        ("B≠ I= D≠", "30(1)(c)"),
        ("B≠ I= D∅", "30(1)(c)"),
        ("B≠ I~ D=", "30(1)(d)"),
        ("B≠ I≠ D=", "30(1)(d)"),
    ],
)
def test_yellow_while_nobody_has_judged(signs: str, article: str):
    assert judged(signs, None) == Colouring(Colour.YELLOW, f"30.{article[-2]}", article, False, "recalled")


@pytest.mark.parametrize(
    ("signs", "article"),
    [
        ("B≠ I= D=", "31(1)(a)"),
        ("B≠ I= D≠", "31(1)(a)"),
        ("B≠ I= D∅", "31(1)(a)"),
        ("B≠ I~ D=", "31(1)(b)"),
        ("B≠ I≠ D=", "31(1)(b)"),
        ("B∅ I≠ D=", "31(1)(c)"),
    ],
)
def test_green_when_an_officer_says_two_persons(signs: str, article: str):
    assert judged(signs, SamePerson.NO) == Colouring(Colour.GREEN, f"31.{article[-2]}", article, False, "recalled")


@pytest.mark.parametrize(
    ("signs", "answer", "article"),
    [
        ("B= I~ D=", SamePerson.YES, "32(1)(a)"),
        ("B= I~ D≠", SamePerson.YES, "32(1)(a)"),
        ("B= I≠ D∅", SamePerson.YES, "32(1)(a)"),
        ("B≠ I= D=", SamePerson.NO, "32(1)(b)"),
        ("B≠ I~ D=", SamePerson.NO, "32(1)(b)"),
        ("B≠ I≠ D=", SamePerson.NO, "32(1)(b)"),
        ("B≠ I= D≠", SamePerson.NO, "32(1)(c)"),
        ("B≠ I= D∅", SamePerson.NO, "32(1)(c)"),
        ("B∅ I≠ D=", SamePerson.YES, "32(1)(d)"),
    ],
)
def test_red_when_it_is_found_unjustified(signs: str, answer: SamePerson, article: str):
    found = judged(signs, answer, Justified.NO)
    assert found == Colouring(Colour.RED, f"32.{article[-2]}", article, False, "secondary")


@pytest.mark.parametrize(
    ("signs", "justified", "article"),
    [
        ("B= I= D=", Justified.NOT_ASSESSED, "33(1)(a)"),
        ("B= I= D≠", Justified.NOT_ASSESSED, "33(1)(a)"),
        ("B= I= D∅", Justified.YES, "33(1)(a)"),
        ("B= I~ D≠", Justified.NOT_ASSESSED, "33(1)(a)"),
        ("B= I~ D∅", Justified.NOT_ASSESSED, "33(1)(a)"),
        ("B∅ I= D=", Justified.NOT_ASSESSED, "33(1)(b)"),
        ("B∅ I~ D=", Justified.YES, "33(1)(b)"),
        ("B= I~ D=", Justified.NOT_ASSESSED, "33(1)(c)"),
        ("B= I~ D∅", Justified.YES, "33(1)(d)"),
        ("B= I≠ D=", Justified.YES, "33(1)(d)"),
    ],
)
def test_white_when_an_officer_says_one_person(signs: str, justified: Justified, article: str):
    found = judged(signs, SamePerson.YES, justified)
    assert found == Colouring(Colour.WHITE, f"33.{article[-2]}", article, False, "secondary")


@pytest.mark.parametrize(
    ("signs", "article"),
    [
        ("B= I= D∅", "28(3), 33(1)(a)"),
        ("B= I~ D=", "28(3), 33(1)(a)"),
        ("B∅ I= D=", "28(3), 33(1)(b)"),
        ("B∅ I~ D=", "28(3), 33(1)(b)"),
    ],
)
def test_what_the_regulation_makes_white_by_machine_waits_yellow_for_an_officer(signs: str, article: str):
    found = colour(seen(signs), None, automatic=True)
    assert (found.colour, found.article, found.own_rule) == (Colour.YELLOW, article, True)


def test_similar_identity_data_with_the_same_biometrics_is_white_without_a_word_on_justification():
    assert judged("B= I~ D∅", SamePerson.YES).article == "33(1)(a)"


@pytest.mark.parametrize("evidence", EVERY_EVIDENCE, ids=str)
def test_a_machine_gets_yellow_or_nothing(evidence: Evidence):
    found = outcome(evidence, None, Justified.NOT_ASSESSED)
    assert found is None or found.colour is Colour.YELLOW


@pytest.mark.parametrize("signs", ["B≠ I~ D≠", "B≠ I≠ D∅", "B∅ I≠ D≠", "B∅ I≠ D∅"])
def test_a_machine_links_nothing_where_nothing_is_shared(signs: str):
    with pytest.raises(NoRuleMatched):
        colour(seen(signs), None, automatic=True)


@pytest.mark.parametrize("answer", SamePerson)
def test_a_machine_gives_no_answer(answer: SamePerson):
    with pytest.raises(NoRuleMatched, match="by a machine"):
        colour(seen("B= I= D="), answer, automatic=True)


@pytest.mark.parametrize("signs", ["B∅ I= D∅", "B∅ I~ D≠"])
def test_a_candidate_by_name_alone_is_yellow_by_our_own_rule(signs: str):
    found = colour(seen(signs), None, automatic=True)
    assert (found.colour, found.rule_id, found.own_rule) == (Colour.YELLOW, "own.candidate", True)


def test_one_person_under_different_data_stays_yellow_until_someone_says_whether_that_is_lawful():
    found = judged("B= I≠ D∅", SamePerson.YES)
    assert (found.colour, found.rule_id) == (Colour.YELLOW, "own.justification_open")


@pytest.mark.parametrize(
    ("signs", "answer"), [("B= I= D=", SamePerson.NO), ("B= I≠ D∅", SamePerson.NO), ("B≠ I= D=", SamePerson.YES)]
)
def test_an_answer_against_the_biometrics_leaves_the_link_yellow(signs: str, answer: SamePerson):
    found = judged(signs, answer)
    assert (found.colour, found.rule_id, found.own_rule) == (Colour.YELLOW, "own.contradiction", True)


def test_namesakes_without_biometrics_are_green_by_our_own_rule():
    found = judged("B∅ I= D∅", SamePerson.NO)
    assert (found.colour, found.own_rule) == (Colour.GREEN, True)


def test_the_same_identity_data_cannot_be_unjustified_in_one_person():
    with pytest.raises(NoRuleMatched, match="justified: no"):
        judged("B= I= D=", SamePerson.YES, Justified.NO)


@pytest.mark.parametrize("evidence", EVERY_EVIDENCE, ids=str)
@pytest.mark.parametrize("answer", SamePerson)
def test_every_answer_without_justification_has_a_colour(evidence: Evidence, answer: SamePerson):
    assert outcome(evidence, answer, Justified.NOT_ASSESSED) is not None


@pytest.mark.parametrize(("evidence", "answer", "justified"), EVERY_CASE)
def test_red_needs_a_person_who_said_unjustified(evidence: Evidence, answer: SamePerson | None, justified: Justified):
    found = outcome(evidence, answer, justified)
    assert (
        found is None
        or found.colour is not Colour.RED
        or (answer, justified)
        in [
            (SamePerson.YES, Justified.NO),
            (SamePerson.NO, Justified.NO),
        ]
    )


@pytest.mark.parametrize("answer", [None, SamePerson.UNSURE, SamePerson.INSUFFICIENT])
@pytest.mark.parametrize("justified", [Justified.YES, Justified.NO])
def test_nothing_is_justified_before_it_is_concluded(answer: SamePerson | None, justified: Justified):
    assert outcome(seen("B= I≠ D="), answer, justified) is None


def test_where_no_row_answers_is_known_and_small():
    silent = [case for case in EVERY_CASE if case[1] in [SamePerson.YES, SamePerson.NO] and outcome(*case) is None]
    assert [f"{evidence}; {answer}, {justified}" for evidence, answer, justified in silent] == [
        "biometrics same, identity data same, travel document same; yes, no",
        "biometrics same, identity data same, travel document different; yes, no",
        "biometrics same, identity data same, travel document absent; yes, no",
        "biometrics different, identity data similar, travel document different; no, no",
        "biometrics different, identity data similar, travel document absent; no, no",
        "biometrics different, identity data different, travel document different; no, no",
        "biometrics different, identity data different, travel document absent; no, no",
        "biometrics absent, identity data same, travel document same; yes, no",
        "biometrics absent, identity data same, travel document different; yes, no",
        "biometrics absent, identity data same, travel document absent; yes, no",
        "biometrics absent, identity data similar, travel document different; no, no",
        "biometrics absent, identity data similar, travel document absent; no, no",
        "biometrics absent, identity data different, travel document different; no, no",
        "biometrics absent, identity data different, travel document absent; no, no",
    ]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.rule_id}-{row.biometrics}{row.identity}{row.document}")
def test_every_row_answers_some_case(row):
    firsts = [next((r for r in ROWS if r.covers(*case)), None) for case in EVERY_CASE]
    assert row in firsts
