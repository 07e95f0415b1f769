"""The library's examples say what it answers: those beside its functions, and the quick start of the documentation."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import stonebridge.matching

PAGE = Path(__file__).parents[2] / "docs" / "developers" / "matching-names.md"
MODULES = sorted(
    each.name
    for each in pkgutil.walk_packages(stonebridge.matching.__path__, "stonebridge.matching.")
    if ".fingerprint" not in each.name
)


def test_every_example_beside_a_function_is_true():
    results = {name: doctest.testmod(importlib.import_module(name)) for name in MODULES}
    assert {name: found.failed for name, found in results.items() if found.failed} == {}
    assert sum(found.attempted for found in results.values()) >= 10


def test_the_quick_start_of_the_documentation_runs_as_it_stands(capsys: pytest.CaptureFixture[str]):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[:1]
    exec(compile(code, str(PAGE), "exec"), {})  # noqa: S102  # the page's own example
    assert capsys.readouterr().out.startswith("A1 ")
