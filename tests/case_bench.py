"""A case that is ready to be moved: everything done and found, for tests of what may still keep it."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from people import NOW, TODAY, actor, amira
from rule_cases import SCREENED, World
from stonebridge.casework import services
from stonebridge.casework.declared import process
from stonebridge.casework.gates import Found
from stonebridge.casework.models import Case
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.remedies.appeals import Brought, record_remedy
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Fact

BY_FINDING = ("non_refoulement", "remedy", "child", "family")
APPEAL = Brought("appeal", "counsel", "Administrative Court", "the return decision", TODAY, suspends=Fact.YES)


class CaseWorld(World):
    """A person about whom this node asks another state to take them over, and whoever works on it."""

    purpose = Purpose.READMISSION

    @cached_property
    def worker(self) -> Actor:
        return actor(Role.CASE_WORKER)

    @cached_property
    def colleague(self) -> Actor:
        return actor(Role.SUPERVISOR, "Second Supervisor")

    @cached_property
    def reference(self) -> str:
        return self.open(self.person)

    def open(self, person: UUID) -> str:
        return services.open_case(
            person, "readmission_requesting", agreement="EU-RS", counterpart="RS", actor=self.worker,
            basis="public_task", now=NOW,
        )  # fmt: skip

    def how(self, by: Actor | None = None, now: datetime = NOW) -> dict[str, Any]:
        return {"actor": by or self.worker, "purpose": self.purpose, "basis": "public_task", "now": now}

    def find(self, guard: str, answer: Found, now: datetime = NOW) -> "CaseWorld":
        expires = TODAY + timedelta(days=30)
        services.find(
            self.reference, guard, answer, "Heard with an interpreter.", expires_on=expires, **self.how(now=now)
        )
        return self

    def found_open(self) -> "CaseWorld":
        for guard in BY_FINDING:
            self.find(guard, Found.NOT_APPLICABLE if guard == "child" else Found.NO_OBSTACLE)
        return self

    def work(self) -> "CaseWorld":
        """Everything of the present stage done, by a supervisor, who may do the work of every role."""
        stage = process("readmission_requesting")[0].stage(self.case.stage)
        for task in stage.tasks:
            services.do_task(self.reference, task.id, "Done.", **self.how(self.supervisor))
            if task.second:
                services.second_task(self.reference, task.id, **self.how(self.colleague))
        return self

    def leave(self, outcome: str, now: datetime = NOW) -> str:
        return services.leave_stage(self.reference, outcome, "As agreed.", **self.how(self.supervisor, now))

    def before_transfer(self) -> "CaseWorld":
        """The case stands before the hand-over, with every gate open."""
        self.found_open()
        for outcome in ("submitted", "agreed", "depart"):
            self.work().leave(outcome)
        return self.work()

    def appeal(self, brought: Brought = APPEAL) -> str:
        return record_remedy(self.person, brought, **self.how())

    @property
    def case(self) -> Case:
        with gate.act(self.purpose):
            return Case.objects.get(reference=self.reference)


def somebody_else(world: CaseWorld) -> UUID:
    return amira(world.clerk, given="Samira", needs=SCREENED, claim="none", claim_asked_on=TODAY).id
