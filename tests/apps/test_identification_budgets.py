"""How sure a desk must be follows from how many wrong persons it accepts, and from the size of the register."""

from datetime import date
from pathlib import Path

import pytest

from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput
from stonebridge.identification.finding.views import odds
from stonebridge.identification.thresholds import bits_from
from stonebridge.site.node import Node, load_node

NODE = """code = "mk"
state = "MKD"
name = {en = "North Macedonia"}
authority = {en = "Ministry"}
languages = {staff = ["en"], default = "en"}
"""


def node(folder: Path, desks: str) -> Node:
    (folder / "node.toml").write_text(NODE + desks, "utf-8")
    return load_node(folder)


def test_a_desk_that_accepts_ten_times_fewer_wrong_persons_asks_for_ten_times_the_evidence():
    assert bits_from(50_000, 2) - bits_from(50_000, 20) == pytest.approx(3.32, abs=0.01)


def test_a_register_ten_times_as_large_asks_for_ten_times_the_evidence():
    assert bits_from(1_000_000, 20) - bits_from(100_000, 20) == pytest.approx(3.32, abs=0.01)


def test_each_desk_has_a_budget_of_its_own_from_its_day_on_and_the_former_stays_known(tmp_path):
    made = node(tmp_path, "[[false_candidates]]\nsince = 2026-01-01\nborder_check = 10\nregistration = 20\n"
                          "[[false_candidates]]\nsince = 2026-06-01\nborder_check = 5\n")  # fmt: skip
    asked = [(Purpose.BORDER_CHECK, date(2026, 5, 31)), (Purpose.BORDER_CHECK, date(2026, 6, 1)),
             (Purpose.REGISTRATION, date(2026, 6, 1)), (Purpose.READMISSION, date(2026, 6, 1)),
             (Purpose.BORDER_CHECK, date(2025, 12, 31))]  # fmt: skip
    assert [made.false_candidates(purpose, on, 33) for purpose, on in asked] == [10, 5, 20, 33, 33]


@pytest.mark.parametrize("desks", [
    "false_candidates = 3\n",
    "[[false_candidates]]\nregistration = 20\n",
    "[[false_candidates]]\nsince = 2026-01-01\nsmuggling = 20\n",
    "[[false_candidates]]\nsince = 2026-01-01\nregistration = 0\n",
    "[[false_candidates]]\nsince = 2026-01-01\nregistration = 600\n",
    "[[false_candidates]]\nsince = 2026-01-01\nregistration = true\n",
    "[[false_candidates]]\nsince = 2026-01-01\nregistration = 20\n[[false_candidates]]\nsince = 2026-01-01\n",
])  # fmt: skip
def test_a_budget_that_cannot_be_meant_is_refused_when_the_node_starts(tmp_path, desks):
    with pytest.raises(BadInput, match="false_candidates"):
        node(tmp_path, desks)


def test_the_budget_is_said_in_words():
    assert [odds(20), odds(10), odds(0.5)] == [
        f"About 1 in {n} such searches calls somebody wrong likely." for n in ("50", "100", "2,000")
    ]
