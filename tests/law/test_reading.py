from datetime import date
from pathlib import Path

import pytest

from stonebridge.domain.errors import BadInput, NoRuleMatched
from stonebridge.law.load import parameters

INSTRUMENT = """
id = "some-law"
title = "Some law"
short = "Some law"
published = "Gazette 1"
status = "recalled"
"""
PARAMETER = """
[[parameter]]
id = "some.limit"
title = "Some limit"
unit = "months"
"""
VALUE = """
[[parameter.value]]
article = "1"
in_force = 2020-01-01
value = 3
status = "recalled"
source = "own knowledge"
"""


@pytest.fixture
def law(tmp_path: Path) -> Path:
    (tmp_path / "instruments").mkdir()
    return tmp_path


def write(law: Path, text: str, name: str = "some-law") -> None:
    (law / "instruments" / f"{name}.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (INSTRUMENT.replace("short", "shrot"), "some-law.toml: short"),
        (INSTRUMENT.replace("recalled", "checked"), "status.*Use one of: verified"),
        (INSTRUMENT.replace("some-law", "other-law"), "Name the file after"),
        (INSTRUMENT + "colour = 1", "Nobody reads this key"),
        (INSTRUMENT + PARAMETER, "at least one"),
        (INSTRUMENT + PARAMETER.replace("months", "moons") + VALUE, "unit.*Use one of: hours"),
        (INSTRUMENT + PARAMETER + VALUE.replace("= 3", '= "3"'), "parameter 1: value 1: value"),
        (INSTRUMENT + PARAMETER + VALUE.replace("= 3", "= true"), "whole number"),
        (INSTRUMENT + PARAMETER + VALUE.replace("2020-01-01", '"2020"'), "in_force.*Write a date"),
        (INSTRUMENT + PARAMETER + VALUE.replace('"own knowledge"', '""'), "source.*may not be empty"),
        (INSTRUMENT + PARAMETER + VALUE + 'recalled = ["value"]', "Only these can be named here"),
        ("id = ", "must be TOML"),
    ],
)
def test_a_mistake_in_a_file_of_law_is_named(law: Path, text: str, named: str):
    write(law, text)
    with pytest.raises(BadInput, match=f"(?s){named}"):
        parameters(law)


def test_a_later_value_replaces_the_earlier_one_from_its_day_on(law: Path):
    write(law, INSTRUMENT + PARAMETER + VALUE + VALUE.replace("2020-01-01", "2025-01-01").replace("= 3", "= 6"))
    limit = parameters(law)["some.limit"]
    assert [limit.on(date(2024, 12, 31)).value, limit.on(date(2025, 1, 1)).value] == [3, 6]


def test_values_of_several_instruments_are_not_mixed_up(law: Path):
    write(law, INSTRUMENT + PARAMETER + VALUE)
    write(law, (INSTRUMENT + PARAMETER + VALUE.replace("= 3", "= 9")).replace("some-law", "other-law"), "other-law")
    limit = parameters(law)["some.limit"]
    assert limit.on(date(2026, 1, 1), "other-law").value == 9
    with pytest.raises(NoRuleMatched, match="without naming the instrument"):
        limit.on(date(2026, 1, 1))
