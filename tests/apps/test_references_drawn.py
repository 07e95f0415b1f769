"""A reference that is taken is drawn again; any other fault of a row is told."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from people import NOW, amira
from stonebridge.domain.actor import Purpose
from stonebridge.domain.references import new_reference
from stonebridge.exchange.models import Question
from stonebridge.identification.models import Link, Search, Task
from stonebridge.registry.models import FamilyGroup, Person
from stonebridge.safeguards import gate
from stonebridge.safeguards.references import TRIES, with_new_reference


def drawing(*references: str) -> Callable[[str], str]:
    left = iter(references)
    return lambda node: next(left)


def group(reference: str) -> FamilyGroup:
    return FamilyGroup.objects.create(reference=reference, formed_at=NOW)


def test_a_reference_that_is_taken_is_drawn_again_and_what_was_done_before_stays(clerk):
    taken, before, free = (new_reference("mk") for _ in range(3))
    with transaction.atomic():
        group(taken)
    with transaction.atomic():
        group(before)
        made = with_new_reference(group, draw=drawing(taken, taken, free))
    assert made.reference == free
    assert set(FamilyGroup.objects.values_list("reference", flat=True)) == {taken, before, free}


def test_a_reference_of_a_person_is_known_for_taken_too(clerk):
    person = amira(clerk)
    free = new_reference("mk")

    def keep(reference: str) -> Person:
        return Person.objects.create(
            reference=reference, collected_for="registration", basis=person.basis, registered_at=NOW,
            registered_by=clerk.reference, unit="",
        )  # fmt: skip

    with gate.act(Purpose.REGISTRATION):
        assert with_new_reference(keep, draw=drawing(person.reference, free)).reference == free


@pytest.mark.parametrize("model", [Search, Task, Link, Question])
def test_a_taken_reference_of_what_is_asked_judged_and_linked_is_known_by_the_name_of_its_key(model):
    with connection.cursor() as cursor:
        keys = connection.introspection.get_constraints(cursor, model._meta.db_table)
    of_references = [name for name, key in keys.items() if key["unique"] and key["columns"] == ["reference"]]
    assert of_references
    assert all("_reference_" in name for name in of_references)


def test_when_every_draw_is_taken_it_fails_and_does_not_go_on():
    taken = new_reference("mk")
    with transaction.atomic():
        group(taken)
    with pytest.raises(IntegrityError), transaction.atomic():
        with_new_reference(group, draw=drawing(*[taken] * TRIES))


def test_another_fault_of_the_row_is_told_at_once():
    with pytest.raises(IntegrityError, match="formed_at"), transaction.atomic():
        with_new_reference(
            lambda reference: FamilyGroup.objects.create(reference=reference, formed_at=None),
            draw=drawing(new_reference("mk")),
        )
