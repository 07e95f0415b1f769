import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from names_parts.making import make
from names_parts.measuring import quality

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
