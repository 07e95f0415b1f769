"""Filling the register of a demo through the services that officers use, so that every rule, log and history holds.

Begun again after an interruption, it goes on with the record that is missing; done, it does nothing.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from stonebridge.accounts.actors import actor_for
from stonebridge.accounts.models import Officer
from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import Unavailable, WrongState
from stonebridge.identification.models import Search
from stonebridge.registry.services import register_person
from stonebridge.safeguards import gate
from stonebridge.safeguards.models import HistoryEntry, Restriction
from stonebridge.safeguards.services import restrict
from stonebridge.site.demo.officers import add_officers
from stonebridge.site.demo.people import Invented, invent
from stonebridge.site.demo.sign_ins import SIGN_INS, sign_in

BASIS = "public_task"
SHOWN_EVERY = 50


def seed(now: datetime, say: Callable[[str], None], ordinary: int | None = None) -> int:
    """Add the officers and people that are not there yet; how many people that were.

    Raises:
        WrongState: this node is no demo.
    """
    if settings.MODE == "production":
        raise WrongState("this node", "in production", "a demo: invented people never stand beside real ones")
    add_officers(now)
    people = invent(now, ordinary)
    known = registered()
    missing = people[len(known) :]
    if missing:
        say(f"registering {len(missing)} invented people; none of them exists")
    for number, invented in enumerate(missing, start=len(known)):
        known.append(_register(invented, known))
        if (number + 1) % SHOWN_EVERY == 0:
            say(f"{number + 1} of {len(people)}")
    _restrict(zip(people, known, strict=False))
    return len(missing)


def settle(say: Callable[[str], None], within: float = 120.0) -> None:
    """Return when no search is due any more; the worker and the matcher answer them.

    Raises:
        Unavailable: they do not, within ``within`` seconds.
    """
    deadline, told, asked = time.monotonic() + within, 0, waiting_searches()
    if asked:
        say(f"searching for {asked} people among all others")
    while left := waiting_searches():
        if asked - left >= told + SHOWN_EVERY:
            told = asked - left
            say(f"{told} of {asked}")
        if time.monotonic() > deadline:
            raise Unavailable("the worker or the matcher", f"{left} searches still wait; see their logs.")
        time.sleep(0.2)


def waiting_searches() -> int:
    """Searches that have not been tried yet."""
    with gate.act(Purpose.IDENTIFICATION):
        return Search.objects.filter(state="waiting", attempts=0).count()


def actor(key: str, on: datetime) -> Actor:
    """The actor that an invented officer is."""
    officer = Officer.objects.get(email=sign_in(key).email)
    return actor_for(officer, today=timezone.localdate(on), second_factor=True)


def registered() -> list[UUID]:
    """The records that the clerks of the demo have made, in their order."""
    emails = [each.email for each in SIGN_INS]
    references = [str(id) for id in Officer.objects.filter(email__in=emails).values_list("id", flat=True)]
    with gate.act(Purpose.DATA_PROTECTION):
        made = HistoryEntry.objects.filter(event="registered", actor_reference__in=references).order_by("id")
        return [person for person in made.values_list("person_id", flat=True) if person is not None]


def _register(invented: Invented, known: list[UUID]) -> UUID:
    relative = None if invented.family_of is None else known[invented.family_of]
    captures = invented.hands.taken() if invented.hands else ()
    registration = replace(invented.registration, family_of=relative, captures=captures)
    person = register_person(registration, actor=actor(invented.clerk, invented.at), basis=BASIS, now=invented.at)
    return person.id


def _is_restricted(person: UUID) -> bool:
    with gate.act(Purpose.DATA_PROTECTION):
        return Restriction.objects.filter(person_id=person).exists()


def _restrict(people: Iterable[tuple[Invented, UUID]]) -> None:
    for invented, person in people:
        if invented.restricted and not _is_restricted(person):
            restrict(person, invented.restricted, actor=actor("liridona", invented.at), basis="oversight_of_access",
                     now=invented.at)  # fmt: skip
