"""The rules of the house that no tool checks: addresses, rooms, names, comments, migrations, heavy imports."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from node_under_test import set_up_django

set_up_django()

from django.apps import apps  # noqa: E402 after the set-up
from django.db import models  # noqa: E402
from django.db.migrations.operations import DeleteModel, RemoveField, RenameField, RenameModel  # noqa: E402
from django.urls import URLPattern, URLResolver, get_resolver  # noqa: E402

from stonebridge.safeguards import retention  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "stonebridge"
MODULES = sorted(SOURCE.rglob("*.py"))
WRITTEN = [path for path in MODULES if "migrations" not in path.parts]
OURS = [model for model in apps.get_models() if model.__module__.startswith("stonebridge.")]

OF_PACKAGES = {
    "account_login", "account_logout", "account_inactive", "account_reauthenticate", "account_change_password",
    "mfa_authenticate", "mfa_reauthenticate", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_activate_totp", "set_language",
}  # fmt: skip
"""Views of allauth and Django, reviewed: each is about the own sign-in, or about nobody."""
ABOUT_NOBODY = {"keyboard", "style_guide", "style_guide_refusal"}
"""Views of ``ui``, which may not know the doors of its neighbour: they show keys and invented specimens."""
LONG_ROOMS = {
    "matching/biographic/searching.py": "kernels of one search, which numba compiles together as one unit",
    "matching/names/vocabulary.py": "kernels of one look-up, which numba compiles together as one unit",
}
"""At most five files longer than 400 lines, each with its reason."""
HEAVY = ("numba", "llvmlite", "onnxruntime", "cv2")
DESTROYING = (DeleteModel, RemoveField, RenameField, RenameModel)
DESTRUCTION_NOTED: dict[str, str] = {
    "exchange.0007_marks": "the plain digest of a place becomes its mark, by which the message is known again as before",
}
"""Migrations that take something away, each with the note that says what becomes of what was kept."""


def addresses(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern)
        else:
            yield pattern


def test_every_address_says_for_which_purposes_it_is_opened():
    silent = [p.name for p in addresses() if not hasattr(p.callback, "purposes")]
    assert sorted(set(silent) - OF_PACKAGES - ABOUT_NOBODY) == []


def test_every_address_of_a_package_on_the_reviewed_list_is_there():
    assert {p.name for p in addresses()} >= OF_PACKAGES


def test_there_is_no_administration_site():
    assert not apps.is_installed("django.contrib.admin")


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_table_says_what_it_holds(model: type[models.Model]):
    assert len(model._meta.db_table_comment or "") > 10


def tables_of_persons() -> set[str]:
    """Tables that name a person, and those that hang on them, however far."""
    found = {"registry.Draft", "access_log.Entry", "access_log.ProtectionEntry", "registry.Person"}
    found |= {m._meta.label for m in OURS if any(field.name == "person_id" for field in m._meta.fields)}
    while further := {m._meta.label for m in OURS if hangs_on(m, found)} - found:
        found |= further
    return found


def hangs_on(model: type[models.Model], found: set[str]) -> bool:
    return any(
        field.related_model is not None and field.related_model._meta.label in found for field in model._meta.fields
    )


def test_every_table_that_holds_a_person_is_in_the_retention_schedule():
    assert sorted(tables_of_persons() ^ set(retention.SCHEDULE)) == []


def test_the_retention_schedule_names_tables_that_exist_and_says_why():
    assert set(retention.SCHEDULE) <= {model._meta.label for model in OURS}
    assert retention.SCHEDULE["registry.Draft"].is_enforced
    assert [label for label, kept in retention.SCHEDULE.items() if len(kept.until) < 15] == []


def test_no_room_is_a_drawer_for_anything():
    drawers = {"utils", "helpers", "common", "mixins", "signals", "misc", "util", "helper"}
    assert [path for path in MODULES if drawers & {path.stem, *path.parts}] == []


def test_no_file_of_a_room_is_longer_than_400_lines_without_a_reason():
    long = [str(p.relative_to(SOURCE)) for p in WRITTEN if len(p.read_text("utf-8").splitlines()) > 400]
    assert sorted(set(long) - set(LONG_ROOMS)) == []
    assert len(LONG_ROOMS) <= 5


def test_nobody_asks_for_a_superuser():
    asked = re.compile(r"\.is_(superuser|staff)\b")
    assert [path for path in WRITTEN if asked.search(path.read_text("utf-8"))] == []


def test_nothing_sends_or_receives_signals():
    signals = re.compile(r"^\s*(from|import) .*\bsignals\b|@receiver\b", re.MULTILINE)
    assert [path.name for path in WRITTEN if signals.search(path.read_text("utf-8"))] == []


def test_no_model_saves_in_its_own_way():
    own = [m.__name__ for m in OURS if "save" in vars(m) or "delete" in vars(m)]
    assert own == []


def public_functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


@pytest.mark.parametrize("room", ["domain", "safeguards"])
def test_every_public_function_of_a_rule_says_what_it_means(room: str):
    silent = [
        f"{path.relative_to(SOURCE)}:{function.name}"
        for path in WRITTEN
        if path.is_relative_to(SOURCE / room) and "views" not in path.parts
        for function in public_functions(path)
        if not ast.get_docstring(function)
    ]
    assert silent == []


def test_every_module_says_what_is_true():
    silent = [
        str(p.relative_to(SOURCE))
        for p in WRITTEN
        if p.stat().st_size and not ast.get_docstring(ast.parse(p.read_text("utf-8")))
    ]
    assert silent == []


def test_a_web_process_and_a_worker_load_no_matching_engine():
    loading = (
        "import sys, stonebridge.site.wsgi, stonebridge.site.worker, stonebridge.site.urls;"
        f"print(*[name for name in {HEAVY} if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", loading], env=os.environ | {"STONEBRIDGE_MODE": "test"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout.strip()) == (0, ""), ran.stderr


def test_the_models_and_the_migrations_say_the_same():
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(None)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(loader.graph)
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("stonebridge.")}
    assert {label: found for label, found in changes.items() if label in ours} == {}


def test_no_migration_takes_anything_away_without_a_note():
    from django.db.migrations.loader import MigrationLoader

    destroying = [
        f"{label}.{name}"
        for (label, name), migration in MigrationLoader(None).disk_migrations.items()
        if type(migration).__module__.startswith("stonebridge.")
        and any(isinstance(operation, DESTROYING) for operation in migration.operations)
    ]
    assert sorted(set(destroying) - set(DESTRUCTION_NOTED)) == []
