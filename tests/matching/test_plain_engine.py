"""Who scores as whom, and that every score brings its sentences."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.matched_people import AMIRA, HIDDEN, SHOWN, record
from stonebridge.matching.plain.engine import Plain
from stonebridge.matching.plain.tuning import SHOWN_FROM
from stonebridge.matching.record import Identity
from stonebridge.matching.sentences import SENTENCES, sentence

ENGINE = Plain().start(b"")
SAME_PERSON = 30.0  # bits; a full record of one person scores above, relatives below

PARTS = ["Amira", "Haddad", "Omar", "محمد", "Ђорђе", "Karimi", "Abdul", "Rahman"]
names = st.lists(st.sampled_from(PARTS), min_size=1, max_size=3)
dates = st.sampled_from(["", "1994", "1994-03", "1994-03-07", "1994-07-03", "1994-01-01", "1995-03-07", "1984-03-07"])
identities = st.builds(
    Identity,
    given=names.map(" ".join),
    family=names.map(" ".join),
    father=st.sampled_from(["", "Khaled", "خالد", "Omar"]),
    birth=dates,
    sex=st.sampled_from(["", "f", "m", "x"]),
    nationalities=st.sampled_from([(), ("SYR",), ("AFG", "IRN")]),
    documents=st.sampled_from([(), ("SYR:N00712345",), ("N00712345",), ("SYR:N00712346",), ("AFG:77",)]),
    birth_place=st.sampled_from(["", "Aleppo", "حلب", "Kabul"]),
)


def score(probe: Identity, candidate: Identity) -> float:
    return ENGINE.explain(probe, record(1, candidate)).score


def keys(probe: Identity, candidate: Identity) -> set[str]:
    return {each.detail.key for each in ENGINE.explain(probe, record(1, candidate)).comparisons}


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"given": "أميرة", "family": "حداد"}, "given_name.other_script"),
        ({"given": "Amirah"}, "given_name.other_spelling"),
        ({"given": "Haddad", "family": "Amira"}, "given_name.in_other_field"),
        ({"given": "", "family": "Amira Haddad"}, "given_name.in_other_field"),
        ({"given": "Haddad Amira", "family": ""}, "family_name.in_other_field"),
        ({"family": "Hadad"}, "family_name.other_spelling"),
        ({"family": "Haddat"}, "family_name.other_spelling"),
        ({"family": "Haddas"}, "family_name.similar"),
        ({"family": "Haddad Karimi"}, "family_name.partly"),
        ({"birth": "1994-07-03"}, "birth_date.day_and_month_swapped"),
        ({"birth": "1984-03-07"}, "birth_date.one_digit_differs"),
        ({"birth": "1995-03-07"}, "birth_date.year_off_by_one"),
        ({"birth": "1994"}, "birth_date.same_year"),
        ({"birth": "1994-03"}, "birth_date.same_month"),
        ({"birth": "1994-01-01"}, "birth_date.first_of_january"),
        ({"nationalities": ("IRQ",)}, "nationality.different"),
        ({"documents": ("N00712345",)}, "document.same_number"),
        ({"documents": ("SYR:N00712346",)}, "document.similar"),
    ],
)
def test_one_person_registered_otherwise_still_scores_as_one_person(changed, key):
    other = replace(AMIRA, **{"documents": ()} | changed)
    assert key in keys(AMIRA, other)
    assert score(AMIRA, other) > SAME_PERSON


@pytest.mark.parametrize(
    "changed",
    [
        {"given": "Leila"},
        {"given": "Leila", "documents": ("SYR:N00712346",)},
        {"given": "Omar", "sex": "m"},
        {"given": "Leila", "birth": "1996-11-20"},
        {"given": "Amir", "sex": "m", "birth": "1996-11-20"},
    ],
    ids=["twin", "twin with the next passport", "twin brother", "sister", "brother of a similar name"],
)
def test_siblings_and_twins_do_not_score_as_the_same_person(changed):
    assert score(AMIRA, replace(AMIRA, **{"documents": ()} | changed)) < SAME_PERSON / 2


def test_agreement_that_relatives_share_says_so():
    assert {"family_name.kin", "father_name.kin", "mother_name.kin"} <= keys(AMIRA, replace(AMIRA, given="Leila"))


def test_a_namesake_of_another_age_and_family_is_no_candidate():
    namesake = Identity(given="Amira", family="Haddad", father="Omar", birth="1961-10-22", nationalities=("IRQ",))
    assert score(AMIRA, namesake) < SHOWN_FROM


def test_the_first_of_january_counts_no_more_than_the_year():
    new_year = replace(AMIRA, birth="1994-01-01")
    assert score(new_year, new_year) < score(AMIRA, replace(AMIRA, birth="1994")) + 1


def test_a_difference_is_shown_and_counts_against():
    compared = ENGINE.explain(AMIRA, record(1, replace(AMIRA, sex="m"))).comparisons
    assert [each.score < 0 for each in compared if each.detail.key == "sex.different"] == [True]


def test_a_person_with_several_statements_is_compared_by_the_best():
    stated = replace(record(1), identities=(replace(AMIRA, given="Leila", family="Karimi"), AMIRA))
    assert ENGINE.explain(AMIRA, stated).score == score(AMIRA, AMIRA)


def test_one_letter_too_many_is_still_found():
    engine = Plain().start(b"")
    engine.add(record(1))
    assert [hit.id.int for hit in engine.search(Identity(given="Amiira", family="Hadrad"), SHOWN, 5, 1.0).hits] == [1]


def test_a_removed_record_is_found_no_more():
    engine = Plain().start(b"")
    engine.add(record(1))
    engine.remove(record(1).id)
    assert engine.search(AMIRA, SHOWN, 5, 1.0).hits == ()


def test_an_invisible_record_never_appears():
    engine = Plain().start(b"")
    engine.add(record(1, visible=HIDDEN))
    assert engine.search(AMIRA, SHOWN, 5, 1.0).hits == ()


def test_an_invisible_record_changes_no_answer_under_one_version():
    engine = Plain().start(b"")
    engine.add(record(1))
    before = engine.search(AMIRA, SHOWN, 5, 1.0)
    engine.add(record(2, visible=HIDDEN))
    assert engine.search(AMIRA, SHOWN, 5, 1.0) == before


def test_a_name_of_few_persons_is_not_in_the_rarity_table():
    few = [record(number, replace(AMIRA, family="Zyqqat")) for number in range(7)]
    assert b"ZKD" not in Plain().learn(few)


def test_a_common_name_counts_less_than_a_rare_one():
    common = [record(number, Identity(given="Amira")) for number in range(400)]
    rare = [record(1000 + number, Identity(given=f"Q{number}")) for number in range(400)]
    engine = Plain().start(Plain().learn([*common, *rare]))
    assert engine.explain(Identity(given="Amira"), record(1, Identity(given="Amira"))).score == pytest.approx(1.5)
    assert engine.explain(Identity(given="Zlata"), record(1, Identity(given="Zlata"))).score == 8.0


@given(identities, identities)
def test_the_score_is_the_sum_of_its_comparisons_and_each_has_a_sentence(probe: Identity, candidate: Identity):
    hit = ENGINE.explain(probe, record(1, candidate))
    assert hit.score == pytest.approx(sum(each.score for each in hit.comparisons))
    assert all(sentence(each.detail) for each in hit.comparisons)


@given(identities, identities)
def test_a_search_and_an_explanation_agree(probe: Identity, candidate: Identity):
    engine = Plain().start(b"")
    engine.add(record(1, candidate))
    assert all(hit == engine.explain(probe, record(1, candidate)) for hit in engine.search(probe, SHOWN, 5, 1.0).hits)


@given(names.filter(lambda parts: "Abdul" not in parts), st.randoms(use_true_random=False))
def test_the_order_of_the_parts_of_a_name_does_not_matter(parts: list[str], random):
    shuffled = random.sample(parts, len(parts))
    written = Identity(given=" ".join(sorted(parts)))
    assert score(Identity(given=" ".join(parts)), written) == score(Identity(given=" ".join(shuffled)), written)


@pytest.mark.parametrize(("latin", "cyrillic"), [("Đorđe", "Ђорђе"), ("Ljubica", "Љубица"), ("Muhamed", "Мухамед")])
@given(other=st.sampled_from(["Đorđe", "Ljubica", "Mohammad", "محمد", "Omar"]))
def test_latin_and_cyrillic_spellings_differ_from_others_alike(latin: str, cyrillic: str, other: str):
    one, two = (score(Identity(given=name), Identity(given=other)) for name in (latin, cyrillic))
    assert one == pytest.approx(two, rel=0.12)  # "same" weighs a tenth more than "one name in two scripts"


def test_every_sentence_shows_what_it_speaks_of():
    assert all("{candidate}" in text for text in SENTENCES.values())
