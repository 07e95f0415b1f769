"""Whose days are over is listed for data protection, and nobody is erased by the clock."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import override_settings

from people import BASIS, NOW, actor, amira, on_record
from stonebridge.accounts.models import Notice
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import BadInput
from stonebridge.registry.models import Person
from stonebridge.rights.due import list_due, tell_of_due
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.services import restrict
from stonebridge.site.node import load_node
from stonebridge.site.notice_words import said

OVERSIGHT = BASIS[Purpose.DATA_PROTECTION]
OVER = NOW + timedelta(days=30)


@pytest.fixture(autouse=True)
def kept_for_thirty_days():
    with override_settings(NODE=replace(settings.NODE, retention={Purpose.REGISTRATION: 30})):
        yield


def test_a_record_is_due_on_the_day_its_days_are_over_and_not_before(clerk):
    person, guard = amira(clerk), actor(Role.DATA_PROTECTION_OFFICER)
    assert list_due(actor=guard, basis=OVERSIGHT, now=OVER - timedelta(seconds=1)) == []
    (due,) = list_due(actor=guard, basis=OVERSIGHT, now=OVER)
    assert (due.reference, due.due_at, due.is_kept) == (person.reference, OVER, False)


def test_what_a_restriction_keeps_is_listed_as_kept(clerk):
    person, guard = amira(clerk), actor(Role.DATA_PROTECTION_OFFICER)
    restrict(person.id, "They need it for a claim.", ground="18(1)(c)", actor=guard, basis=OVERSIGHT, now=NOW)
    assert [due.is_kept for due in list_due(actor=guard, basis=OVERSIGHT, now=OVER)] == [True]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DATA_PROTECTION_OFFICER}))
def test_nobody_else_is_told_whose_days_are_over(clerk, role):
    amira(clerk)
    with pytest.raises(Refused, match="the_role_may_do_this"):
        list_due(actor=actor(role, "Somebody"), basis=OVERSIGHT, now=OVER)


def test_the_worker_tells_once_how_many_are_due_and_erases_nobody(clerk):
    amira(clerk)
    for _ in range(2):
        tell_of_due(OVER)
    notice = Notice.objects.get()
    assert (notice.role, "over: 1." in said(notice)) == ("data_protection_officer", True)
    assert on_record(Person).count() == 1


def test_the_worker_tells_nothing_while_nobody_is_due(clerk):
    amira(clerk)
    tell_of_due(NOW)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("line", ["registration = 0", "registration = true", 'registration = "5"', "leisure = 5"])
def test_a_node_does_not_start_with_days_that_mean_nothing(tmp_path, line):
    text = (settings.NODE.folder / "node.toml").read_text(encoding="utf-8").split("[retention]")[0]
    (tmp_path / "node.toml").write_text(f"{text}[retention]\n{line}\n", encoding="utf-8")
    with pytest.raises(BadInput, match="retention"):
        load_node(tmp_path)
