"""What must hold for all persons and queries, looked for among many that nobody thought of."""

import dataclasses
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stonebridge.matching.biographic.engine import Biographic, BiographicEngine
from stonebridge.matching.names.comparison import name_likeness
from stonebridge.matching.record import Identity, Record

GIVEN = (
    "Mohammad",
    "محمد",
    "Мухаммад",
    "Amira",
    "أميرة",
    "Ђорђе",
    "Đorđe",
    "Fatima",
    "Yusuf",
    "Abd al-Rahman",
    "Zana",
    "Ali",
)
FAMILY = ("Karimi", "کریمی", "Petrović", "Петровић", "Hoxha", "Hodža", "Haddad", "al-Halabi", "Kelmendi", "Singh", "")
names = st.lists(st.sampled_from(GIVEN), min_size=1, max_size=3).map(" ".join)
births = st.one_of(
    st.just(""), st.integers(1930, 2015).map(str),
    st.dates(min_value=date(1930, 1, 1), max_value=date(2015, 12, 31)).map(str),
)  # fmt: skip
identities = st.builds(
    Identity, given=names, family=st.sampled_from(FAMILY), father=st.sampled_from(("", "Reza", "رضا", "Samir")),
    mother=st.sampled_from(("", "Layla", "ليلى")), birth=births, sex=st.sampled_from(("", "f", "m")),
    nationalities=st.sampled_from(((), ("AFG",), ("SYR", "IRQ"))), birth_place=st.sampled_from(("", "Kabul", "Homs")),
    documents=st.sampled_from(((), ("P1234567",), ("AFG:P1234567",), ("N0071234",))),
)  # fmt: skip
quick = settings(max_examples=60, deadline=None)


def record(number: int, identity: Identity) -> Record:
    return Record(UUID(int=number), 1, (identity,))


@pytest.fixture(scope="module")
def tables() -> bytes:
    """What is counted of a register in which everybody of the lists above stands."""
    people = [Identity(given=one, family=other, birth=f"19{50 + at}-03-07", sex="fm"[at % 2], nationalities=("AFG",))
              for at, (one, other) in enumerate((one, other) for one in GIVEN for other in FAMILY[:4])]  # fmt: skip
    return Biographic().learn([record(at, each) for at, each in enumerate(people)])


def engine(tables: bytes, *held: Identity) -> BiographicEngine:
    made = Biographic().start(tables)
    for number, identity in enumerate(held):
        made.add(record(number, identity))
    return made


@quick
@given(probe=identities, candidate=identities)
def test_an_explanation_sums_to_its_score(tables, probe, candidate):
    hit = engine(tables).explain(probe, record(1, candidate))
    assert hit.score == pytest.approx(sum(each.score for each in hit.comparisons), abs=1e-6)


@quick
@given(probe=identities, candidate=identities)
def test_an_explanation_made_anew_from_the_stored_tables_is_the_same(tables, probe, candidate):
    one, other = engine(tables), engine(bytes(tables))
    assert one.version == other.version
    assert one.explain(probe, record(1, candidate)) == other.explain(probe, record(1, candidate))


@quick
@given(probe=identities, candidate=identities, other=identities)
def test_under_one_table_version_somebody_added_changes_no_score_of_another_pair(tables, probe, candidate, other):
    alone, together = engine(tables, candidate), engine(tables, candidate, other)
    found = {hit.id: hit for hit in together.search(probe, 1, 10, 5.0).hits}
    for hit in alone.search(probe, 1, 10, 5.0).hits:
        if hit.id in found:
            assert found[hit.id] == hit
    assert alone.explain(probe, record(0, candidate)) == together.explain(probe, record(0, candidate))


@quick
@given(probe=identities, candidate=identities)
def test_a_search_says_of_whom_it_finds_what_an_explanation_says(tables, probe, candidate):
    made = engine(tables, candidate)
    for hit in made.search(probe, 1, 10, 5.0).hits:
        assert hit == made.explain(probe, record(0, candidate))


@quick
@given(candidate=identities, parts=st.permutations(["Mohammad", "Reza", "Ali"]))
def test_the_order_of_given_names_does_not_matter(tables, candidate, parts):
    made = engine(tables)
    sorted_, as_given = (Identity(given=" ".join(each), family="Karimi") for each in (sorted(parts), parts))
    target = record(1, dataclasses.replace(candidate, documents=()))
    assert made.explain(as_given, target).score == pytest.approx(made.explain(sorted_, target).score, abs=0.02)


@quick
@given(one=st.lists(st.sampled_from([name for name in GIVEN if " " not in name]), min_size=1, max_size=3, unique=True),
       other=st.lists(st.sampled_from([name for name in FAMILY if name]), min_size=1, max_size=2, unique=True), data=st.data())  # fmt: skip
def test_the_order_of_names_makes_nobody_likelier_to_be_one_person(one, other, data):
    """Neighbours that might be one part, written apart, move what is unlike anyway; nothing that speaks for one name."""
    mixed = data.draw(st.permutations(one))
    assert max(name_likeness(" ".join(mixed), " ".join(other)), 0) == pytest.approx(
        max(name_likeness(" ".join(one), " ".join(other)), 0), abs=0.1
    )


@quick
@given(one=st.text(max_size=30), other=st.text(max_size=30))
def test_names_alone_are_as_like_whichever_comes_first_and_no_text_breaks_it(one, other):
    assert name_likeness(one, other) == pytest.approx(name_likeness(other, one), abs=1e-6)


@quick
@given(texts=st.lists(st.text(max_size=40), min_size=6, max_size=6))
def test_no_text_breaks_a_comparison(tables, texts):
    probe = Identity(
        given=texts[0], family=texts[1], father=texts[2], birth=texts[3], birth_place=texts[4], documents=(texts[5],)
    )
    hit = engine(tables).explain(probe, record(1, probe))
    assert hit.score == hit.score  # is a number


@pytest.mark.parametrize(("latin", "native"), [
    ("Mohammad Karimi", "محمد کریمی"), ("Đorđe Petrović", "Ђорђе Петровић"), ("Yusuf Halabi", "يوسف حلبي"),
])  # fmt: skip
def test_the_same_name_in_another_script_is_found_and_scores_well_above_a_strangers(tables, latin, native):
    given_name, family = native.split()
    made = engine(tables)
    asked = Identity(given=latin.split()[0], family=latin.split()[1], birth="1994-03-07")
    same = made.explain(asked, record(1, Identity(given=given_name, family=family, birth="1994-03-07")))
    stranger = made.explain(asked, record(2, Identity(given="Zana", family="Kelmendi", birth="1994-03-07")))
    assert same.score > stranger.score + 8
