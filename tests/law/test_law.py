import importlib
import pkgutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import stonebridge.domain
import stonebridge.formats
import stonebridge.safeguards
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput, NoRuleMatched
from stonebridge.domain.eurodac import Category, category_rule
from stonebridge.domain.legal_basis import require_basis
from stonebridge.domain.parameters import Status, Unit
from stonebridge.law.check import not_yet_in_force, open_items, unknown_citations
from stonebridge.law.codes import states
from stonebridge.law.load import instruments, legal_bases, legal_bases_for, parameters
from stonebridge.site.node import load_node

NODES = Path(__file__).parents[2] / "nodes"
MK = NODES / "mk" / "law"
TODAY = date(2026, 11, 24)
ROOMS = [stonebridge.domain, stonebridge.formats, stonebridge.safeguards]


@pytest.mark.parametrize("parameter", parameters(MK).values(), ids=lambda each: each.id)
def test_every_value_cites_an_article_of_a_known_instrument_and_says_where_it_was_read(parameter):
    assert all(value.article and value.source and value.instrument in instruments(MK) for value in parameter.values)


@pytest.mark.parametrize("room", ROOMS, ids=lambda each: each.__name__)
def test_every_citation_is_of_a_known_instrument(room):
    names = [each.name for each in pkgutil.iter_modules(room.__path__, f"{room.__name__}.")]
    pure = [name for name in names if room is not stonebridge.safeguards or name.endswith(".policy")]
    assert [importlib.import_module(name) for name in pure]
    assert unknown_citations(MK) == ()


def test_every_value_is_in_force_today():
    assert not_yet_in_force(TODAY, MK) == ()


def test_what_is_not_verified_is_listed_with_its_source():
    listed = {item.id for item in open_items(MK)}
    assert {"eurodac.applicant.retention", "data_subject.answer_within", "public_task"} <= listed
    assert all(item.source for item in open_items(MK))


def test_placeholders_of_the_node_are_listed_first():
    assert open_items(MK)[0].status is Status.PLACEHOLDER


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_has_a_legal_basis_to_name(purpose: Purpose):
    assert legal_bases_for(purpose, MK)


@pytest.mark.parametrize("node", sorted(NODES.iterdir()), ids=lambda each: each.name)
def test_the_nodes_own_law_is_offered_first(node: Path):
    own = f"{node.name.replace('-', '_')}_foreigners"
    assert legal_bases_for(Purpose.REGISTRATION, node / "law")[0].id == own


@pytest.mark.parametrize("node", sorted(NODES.iterdir()), ids=lambda each: each.name)
def test_every_node_has_names_of_its_own_in_english_and_macedonian_and_knows_its_instruments(node: Path):
    read = load_node(node)
    assert {"en", "mk"} <= set(read.names) & set(read.authority)
    assert states().canonical(read.state).code == read.state
    assert unknown_citations(node / "law") == ()


def test_references_begin_with_two_letters_whatever_the_code_of_the_node_is():
    assert load_node(NODES / "eu-ms").references == "FR"
    assert load_node(NODES / "mk").references == "MK"


def test_the_node_of_kosovo_keeps_its_asterisk_in_every_language():
    assert all(name.endswith("*") for name in load_node(NODES / "xk").names.values())


def test_a_basis_for_another_purpose_may_not_be_named():
    with pytest.raises(BadInput, match="choose one of: ") as refused:
        require_basis("statistics", Purpose.REGISTRATION, legal_bases(MK))
    assert refused.value.field == "legal_basis"


def test_a_basis_for_the_purpose_is_found_with_its_title_in_macedonian():
    basis = require_basis("screening_form", Purpose.REGISTRATION, legal_bases(MK))
    assert basis.title("mk").startswith("Скрининг")
    assert basis.title("sq") == basis.title("en")


@pytest.mark.parametrize("category", Category)
def test_every_eurodac_category_takes_biometrics_from_six_years(category: Category):
    rule = category_rule(category, parameters(), TODAY)
    assert (rule.minimum_age.value, rule.minimum_age.unit) == (6, Unit.YEARS_OF_AGE)


@pytest.mark.parametrize(
    ("category", "years"),
    [
        (Category.APPLICANT, 10),
        (Category.ADMISSION_CANDIDATE, 0),
        (Category.ADMITTED_RESETTLEMENT, 5),
        (Category.ADMISSION_REFUSED, 3),
        (Category.NATIONAL_RESETTLEMENT, 5),
        (Category.IRREGULAR_CROSSING, 5),
        (Category.ILLEGAL_STAY, 5),
        (Category.DISEMBARKED, 5),
        (Category.TEMPORARY_PROTECTION, 1),
    ],
)
def test_each_category_is_kept_its_own_number_of_years(category: Category, years: int):
    assert category_rule(category, parameters(), TODAY).retention.value == years


def test_retention_counts_from_the_day_of_transmission():
    assert category_rule(Category.APPLICANT, parameters(), TODAY).keep_until(date(2028, 2, 29)) == date(2038, 2, 28)


def test_a_candidate_for_admission_is_compared_but_not_stored():
    assert not category_rule(Category.ADMISSION_CANDIDATE, parameters(), TODAY).is_stored


def test_an_applicant_is_transmitted_within_72_hours():
    rule = category_rule(Category.APPLICANT, parameters(), TODAY)
    assert rule.transmit_by(datetime(2026, 11, 24, 9, tzinfo=UTC)) == datetime(2026, 11, 27, 9, tzinfo=UTC)


def test_temporary_protection_is_transmitted_within_ten_days():
    rule = category_rule(Category.TEMPORARY_PROTECTION, parameters(), TODAY)
    assert rule.transmit_by(datetime(2026, 11, 24, 9, tzinfo=UTC)) == datetime(2026, 12, 4, 9, tzinfo=UTC)


def test_no_time_to_transmit_is_invented_where_none_is_known():
    rule = category_rule(Category.ADMITTED_RESETTLEMENT, parameters(), TODAY)
    assert rule.transmit_by(datetime(2026, 11, 24, tzinfo=UTC)) is None
    assert len(rule.values) == 2


def test_before_the_regulation_applies_no_rule_answers():
    with pytest.raises(NoRuleMatched, match=r"eurodac\.applicant\.minimum_age"):
        category_rule(Category.APPLICANT, parameters(), date(2026, 6, 11))


def test_a_request_of_the_person_is_answered_within_one_month():
    value = parameters()["data_subject.answer_within"].on(TODAY)
    assert (value.value, value.unit, value.status) == (1, Unit.MONTHS, Status.RECALLED)
