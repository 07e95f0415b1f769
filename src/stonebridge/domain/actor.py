"""Who acts, in which role, and for which purpose.

Nothing happens without a named actor: an officer, a worker of an organisation
with a mandate, the person concerned, a partner's system, or the clock.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Purpose(StrEnum):
    """The closed list of purposes for which personal data may be touched."""

    REGISTRATION = "registration"
    IDENTIFICATION = "identification"
    BORDER_CHECK = "border_check"
    PROTECTION_CLAIM = "protection_claim"
    READMISSION = "readmission"
    RETURN = "return"
    REFERRAL = "referral"
    INCIDENT = "incident"
    PATHWAYS = "pathways"
    STATISTICS = "statistics"
    DATA_PROTECTION = "data_protection"
    ADMINISTRATION = "administration"


class Role(StrEnum):
    """What an officer or a worker is posted as."""

    REGISTRATION_CLERK = "registration_clerk"
    EXAMINER = "examiner"
    SUPERVISOR = "supervisor"
    PROTECTION_OFFICER = "protection_officer"
    CASE_WORKER = "case_worker"
    BORDER_OFFICER = "border_officer"
    ANALYST = "analyst"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    ADMINISTRATOR = "administrator"
    SOCIAL_WORKER = "social_worker"


class ActorKind(StrEnum):
    OFFICER = "officer"
    WORKER = "worker"
    PERSON = "person"
    PARTNER = "partner"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts.

    ``reference`` is stable and is what history and log keep: a UUID for officers
    and workers, a public reference for the person concerned, a node code for a
    partner, a job's name for the clock. ``second_factor`` is true only when this
    sign-in was confirmed by a second factor; machines never have one.
    """

    kind: ActorKind
    reference: str
    name: str
    roles: frozenset[Role] = frozenset()
    purposes: frozenset[Purpose] = frozenset()
    unit: str = ""
    second_factor: bool = False
    officer_id: UUID | None = None

    @property
    def is_human(self) -> bool:
        return self.kind in {ActorKind.OFFICER, ActorKind.WORKER, ActorKind.PERSON}


def clock(job: str) -> Actor:
    """The actor of work that runs by itself, named after the job."""
    return Actor(ActorKind.CLOCK, f"clock:{job}", job)
