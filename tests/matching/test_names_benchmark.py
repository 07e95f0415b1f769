import csv
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from names_parts.alerts import make_list, measured_list
from names_parts.making import make
from names_parts.measuring import quality, wrong_at_budgets
from names_parts.sets import area
from names_parts.targets import compared

from stonebridge.matching.biographic.register import FIELDS, Query, Register, Texts

MADE = ("register.csv", "queries.jsonl", "doubles.csv")


def test_the_invented_people_are_the_same_on_every_machine(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        make(tmp_path / name, 300, queries=20)
    for name in MADE:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
    assert len((tmp_path / "one" / "doubles.csv").read_text("utf-8").splitlines()) == 1 + 300 + 9


def test_a_member_counts_only_above_what_strangers_reach():
    queries = [{"who": "member", "truth": "R1"}, {"who": "member", "truth": "R2"}, {"who": "stranger", "truth": ""}]
    answers = [[("R1", 30.0)], [("R2", 10.0)], [("R9", 20.0)]]
    found = quality(queries, answers)
    assert found["recall@1"] == 1.0
    assert found["tpir@fpir1%"] == 0.5


def test_a_list_of_alerts_is_loaded_and_found_in_by_the_same_engine(tmp_path):
    queries = make_list(tmp_path / "list.csv", 400, 40)
    measured = measured_list(tmp_path / "list.csv", queries)
    assert (measured["names"], measured["queries"]) == (400, 40)
    assert measured["recall@10"] > 0.9


def test_a_target_stands_beside_its_figure_and_what_was_not_measured_says_so():
    engines = [{"engine": "stonebridge (all fields)", "recall@10": 0.98, "tpir@fpir1%": 0.7, "siblings_above": 0.03}]
    rows = {row[0]: row[1:] for row in compared({"people": 1_000_000, "engines": engines})}
    assert rows["right person among ten, all fields"] == ("0.98", "≥ 0.97", "met")
    assert rows["right, and above what 1 % of strangers reach"] == ("0.7", "≥ 0.76", "missed")
    assert rows["absent brothers and sisters above that"] == ("0.03", "≤ 0.02", "missed")
    assert rows["FEBRL 3, pair F1"] == ("not measured in this run", "≥ 0.985", "")


def test_a_desk_gets_no_more_wrong_persons_than_it_accepts(tmp_path):
    make(tmp_path, 2000, queries=400)
    queries = [json.loads(line) for line in (tmp_path / "queries.jsonl").read_text("utf-8").splitlines()]
    with (tmp_path / "register.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    texts = Texts()
    texts.add([row["id"] for row in rows], {field: [row[field] for row in rows] for field in FIELDS})
    register = Register(texts)
    found = register.search([Query(**{field: query[field] for field in FIELDS}) for query in queries], 10)
    answers = [[("", float(bits)) for bits, row in zip(scores, places, strict=True) if row >= 0]
               for scores, places in zip(found.bits, found.row, strict=True)]  # fmt: skip
    wrong = wrong_at_budgets(queries, answers, len(rows))
    assert {budget: strangers <= float(budget) for budget, (strangers, _) in wrong.items()} == dict.fromkeys(
        wrong, True
    )


def test_the_area_under_the_curve_counts_ties_by_half():
    pairs = [("a", "", True), ("b", "", True), ("c", "", False), ("d", "", False)]
    assert area(pairs, lambda one, other: {"a": 3.0, "b": 1.0, "c": 1.0, "d": 0.0}[one]) == 0.875
