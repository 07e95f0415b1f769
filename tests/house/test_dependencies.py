"""Every dependency has its reason, and the lock names no registry."""

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DECLARED = sorted(
    {
        re.split(r"[\[<>=~! ;]", requirement)[0]
        for requirement in [*PROJECT["dependencies"], *chain(*PROJECT["optional-dependencies"].values())]
    }
)
REASONS = dict(
    re.findall(r"^\| ([\w.-]+) \| (.+) \|$", (ROOT / "docs/decisions/0002-dependencies.md").read_text("utf-8"), re.M)
)
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DECLARED)
def test_every_dependency_has_a_reason(name: str):
    assert len(REASONS.get(name, "")) > 15


@pytest.mark.parametrize("name", DECLARED)
def test_every_dependency_is_locked(name: str):
    assert re.search(rf"^{name}==", LOCK, re.M)


def test_no_reason_outlives_its_dependency():
    assert [name for name in REASONS if name not in DECLARED and name != "Package"] == []


def test_every_locked_package_has_a_hash():
    entries = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.M)[1:]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_names_no_registry():
    assert re.findall(r"https?:|file:|--index|--find-links|--trusted-host", LOCK) == []


def test_the_front_end_lock_names_no_registry():
    assert "resolved" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
