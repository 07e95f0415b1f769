"""The list of what nobody has confirmed, as the terminal gives it."""

import pytest

from stonebridge.site.command import main


def test_the_law_has_no_loose_ends_and_says_what_is_open(capsys: pytest.CaptureFixture[str]):
    assert main(["law", "check"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-1].endswith("0 loose ends")
    assert any(line.startswith("placeholder") for line in said)


def test_the_quiet_list_counts_alone(capsys: pytest.CaptureFixture[str]):
    assert main(["law", "check", "--quiet"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
