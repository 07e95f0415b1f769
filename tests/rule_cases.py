"""What each rule of the policy alone refuses and what it permits, at the innermost door: the call of a service.

The other doors stand in ``rule_doors.py``. ``WALLS`` holds, for each rule that the
database enforces too, SQL that the application's own role may try.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from uuid import UUID

from django.db import connection
from uuid_utils.compat import uuid7

from people import NOW, TODAY, actor, amira
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.domain.references import new_reference
from stonebridge.identification.models import Judgement, Link, Task
from stonebridge.protection.services import open_referral, referrals
from stonebridge.registry.registration import Capture
from stonebridge.registry.services import add_captures
from stonebridge.remedies.services import note_disclosure, record_claim, record_origin
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Action, Claim, Fact
from stonebridge.safeguards.services import restrict

SCREENED = {"alone": "no", "injured": "no", "afraid": "no", "pregnant": "no"}
NO_PRINTS = "image/png"


class World:
    """A node with officers in post, made as they are first asked for."""

    @cached_property
    def clerk(self) -> Actor:
        return actor(Role.REGISTRATION_CLERK)

    @cached_property
    def examiner(self) -> Actor:
        return actor(Role.EXAMINER)

    @cached_property
    def second_examiner(self) -> Actor:
        return actor(Role.EXAMINER, "Second Examiner")

    @cached_property
    def supervisor(self) -> Actor:
        return actor(Role.SUPERVISOR)

    @cached_property
    def protection(self) -> Actor:
        return actor(Role.PROTECTION_OFFICER)

    @cached_property
    def data_protection(self) -> Actor:
        return actor(Role.DATA_PROTECTION_OFFICER)

    @cached_property
    def person(self) -> UUID:
        """Amira: screened, no referral, asked, and claims no protection."""
        return amira(self.clerk, needs=SCREENED, claim="none", claim_asked_on=TODAY).id

    @cached_property
    def other(self) -> UUID:
        return amira(self.clerk, given="Amirah", needs=SCREENED, claim="none", claim_asked_on=TODAY).id

    @cached_property
    def task(self) -> Task:
        pair = {"probe_id": self.person, "candidate_id": self.other}
        with gate.act(Purpose.IDENTIFICATION):
            return Task.objects.create(
                reference=new_reference("mk"), why="review", made_at=NOW, due_at=NOW + timedelta(days=1), **pair
            )

    def ready(self) -> "World":
        """With everybody in post and both records made, before a transaction begins."""
        for name in ("supervisor", "examiner", "second_examiner", "person", "other", "task"):
            getattr(self, name)
        return self

    def claims(self, state: Claim) -> "World":
        record_claim(
            self.person, state, actor=self.clerk, purpose=Purpose.REGISTRATION, basis="public_task",
            now=NOW + timedelta(seconds=1), asked_on=TODAY,
        )  # fmt: skip
        return self

    def comes_from(self, state: str, fact: Fact = Fact.YES) -> "World":
        record_origin(
            self.person, state, fact, reason="By their own account.", actor=self.supervisor,
            purpose=Purpose.IDENTIFICATION, basis="public_task", now=NOW,
        )  # fmt: skip
        return self

    def restricted(self) -> "World":
        restrict(
            self.person, "They dispute what is on record.", actor=self.data_protection, basis="oversight_of_access",
            now=NOW,
        )  # fmt: skip
        return self

    def referred(self) -> "World":
        open_referral(
            self.person, "", "fear", "They are afraid.", actor=self.protection, purpose=Purpose.REFERRAL,
            basis="victim_identification", now=NOW,
        )  # fmt: skip
        return self


@dataclass(frozen=True, slots=True)
class Case:
    """The same act twice: as the rule alone refuses it, and as it is permitted."""

    refused: Callable[[World], object]
    permitted: Callable[[World], object]


# What services do, with what a rule looks at left open.


def _claim(world: World, by: Actor, purpose: Purpose = Purpose.REGISTRATION, basis: str = "public_task") -> None:
    record_claim(world.person, Claim.PENDING, actor=by, purpose=purpose, basis=basis, now=NOW)


def _disclose(world: World, state: str) -> None:
    world.ready()
    with gate.act(Purpose.IDENTIFICATION):
        permit = gate.permit(
            world.supervisor, Action.DISCLOSE, purpose=Purpose.IDENTIFICATION, basis="public_task", now=NOW,
            persons=[world.person], to_state=state,
        )  # fmt: skip
        note_disclosure(permit, world.person, b"file", form="pdf", recipient="An authority", to_state=state)


def opinion(world: World, by: Actor, ordinal: int) -> None:
    world.ready()
    with gate.act(Purpose.IDENTIFICATION):
        given = frozenset(world.task.judgements.values_list("officer_reference", flat=True))
        gate.permit(
            by, Action.JUDGE, purpose=Purpose.IDENTIFICATION, basis="public_task", now=NOW,
            persons=[world.person, world.other], opinions_by=given,
        )  # fmt: skip
        Judgement.objects.create(
            task=world.task, ordinal=ordinal, officer_reference=by.reference, officer_name=by.name, same_person="yes",
            given_at=NOW,
        )  # fmt: skip


def join(world: World, second: Actor) -> None:
    agreeing = frozenset({world.ready().examiner.reference, second.reference})
    with gate.act(Purpose.IDENTIFICATION):
        gate.permit(
            world.examiner, Action.LINK, purpose=Purpose.IDENTIFICATION, basis="public_task", now=NOW,
            persons=[world.person, world.other], joins=True, agreeing=agreeing,
        )  # fmt: skip
        make_link(world, second.reference, same_person="yes", colour="white")


def make_link(world: World, second: str = "", **changes: object) -> Link:
    """A row as the services write it, by the first examiner."""
    first, last = sorted((world.person, world.other))
    row: dict[str, object] = {
        "reference": new_reference("mk"), "first_id": first, "second_id": last, "task": world.task,
        "same_person": "open", "evidence_biometrics": "absent", "evidence_identity": "similar",
        "evidence_document": "absent", "colour": "yellow", "colour_rule": "test", "made_at": NOW,
        "made_by": world.examiner.reference, "officer_one": world.examiner.reference, "officer_two": second,
    }  # fmt: skip
    return Link.objects.create(**row | changes)


def _justify(world: World, article: str) -> None:
    world.ready()
    with gate.act(Purpose.IDENTIFICATION):
        gate.permit(
            world.supervisor, Action.JUSTIFY, purpose=Purpose.IDENTIFICATION, basis="public_task", now=NOW,
            persons=[world.person, world.other], article=article,
        )  # fmt: skip
        make_link(
            world, same_person="no", colour="red", justified="no", justified_article=article,
            justified_by=world.supervisor.reference,
        )  # fmt: skip


def _take_prints(world: World, person: UUID) -> None:
    captures = [Capture("finger", 1, NO_PRINTS, b"ridges", 1, 1)]
    add_captures(person, captures, actor=world.clerk, basis="public_task", now=NOW)


def _child(world: World) -> UUID:
    return amira(world.clerk, given="Lina", birth="07.03.2023").id


def both_opinions(world: World) -> World:
    opinion(world, world.examiner, 1)
    opinion(world, world.second_examiner, 2)
    return world


SERVICE: Mapping[str, Case] = {
    "an_actor_is_named": Case(
        lambda world: _claim(world, replace(world.clerk, name="")), lambda world: _claim(world, world.clerk)
    ),
    "a_second_factor_was_shown": Case(
        lambda world: _claim(world, replace(world.clerk, second_factor=False)), lambda world: _claim(world, world.clerk)
    ),
    "the_purpose_is_the_actors": Case(
        lambda world: _claim(world, world.clerk, Purpose.STATISTICS, "statistics"),
        lambda world: _claim(world, world.supervisor, Purpose.PROTECTION_CLAIM, "protection_claim"),
    ),
    "the_role_may_do_this": Case(
        lambda world: _claim(world, world.examiner, Purpose.IDENTIFICATION),
        lambda world: _claim(world, world.supervisor, Purpose.IDENTIFICATION),
    ),
    "a_legal_basis_is_named": Case(
        lambda world: _claim(world, world.clerk, basis=""), lambda world: _claim(world, world.clerk)
    ),
    "a_restricted_record_is_closed": Case(
        lambda world: _claim(world.restricted(), world.clerk), lambda world: _claim(world, world.clerk)
    ),
    "nothing_goes_to_a_state_of_origin": Case(
        lambda world: _disclose(world.comes_from("SYR").claims(Claim.PENDING), "SYR"),
        lambda world: _disclose(world.comes_from("DEU", Fact.NO).claims(Claim.PENDING), "DEU"),
    ),
    "an_open_referral_keeps_a_person_here": Case(
        lambda world: _disclose(world.comes_from("DEU", Fact.NO).referred(), "DEU"),
        lambda world: _disclose(world.comes_from("DEU", Fact.NO), "DEU"),
    ),
    "joining_takes_two_officers": Case(
        lambda world: join(both_opinions(world), world.examiner),
        lambda world: join(both_opinions(world), world.second_examiner),
    ),
    "nobody_judges_twice": Case(
        lambda world: opinion(both_opinions(world), world.examiner, 3),
        lambda world: opinion(both_opinions(world), world.supervisor, 3),
    ),
    "a_reproach_needs_an_article": Case(
        lambda world: _justify(world, ""), lambda world: _justify(world, "32(1)(a)")
    ),
    "small_children_give_no_fingerprints": Case(
        lambda world: _take_prints(world, _child(world)), lambda world: _take_prints(world, world.person)
    ),
    "the_protection_store_serves_protection": Case(
        lambda world: _claim(world, world.protection, Purpose.REFERRAL, "victim_identification"),
        lambda world: referrals(actor=world.protection, basis="victim_identification", now=NOW),
    ),
}  # fmt: skip

# What the application's role may try by SQL, within a transaction with a purpose.


def sql(statement: str, *parameters: object) -> list[tuple]:
    """Run it as the application's role."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return cursor.fetchall() if cursor.description else []


def _history(**changes: object) -> list[tuple]:
    row = {"actor_reference": "x", "actor_name": "X", "basis": "public_task"} | changes
    return sql(
        "INSERT INTO safeguards_historyentry (id, event, subject, happened_at, recorded_at, actor_kind, actor_reference,"
        " actor_name, purpose, basis, detail) VALUES (%s, 'read', 'x', now(), now(), 'officer', %s, %s, 'registration', %s, '{}')"
        " RETURNING id",
        uuid7(), row["actor_reference"], row["actor_name"], row["basis"],
    )  # fmt: skip


def _disclosed(world: World, state: str) -> list[tuple]:
    return sql(
        "INSERT INTO remedies_disclosure (id, person_id, recipient, to_state, purpose, basis, form, digest, disclosed_at,"
        " disclosed_by) VALUES (%s, %s, 'Embassy', %s, 'identification', 'public_task', 'pdf', '', now(), 'x') RETURNING id",
        uuid7(), world.person, state,
    )  # fmt: skip


def _judged_again(world: World) -> object:
    return Judgement.objects.create(
        task=world.task, ordinal=3, officer_reference=world.examiner.reference, officer_name="X", same_person="no",
        given_at=NOW,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SqlCase:
    """What the application's role tries under ``purpose``; ``message`` is what the database says, '' for no rows.

    ``without`` takes the wall away, as the tables' owner: the same attempt then succeeds.
    """

    prepare: Callable[[World], object]
    attempt: Callable[[World], object]
    message: str
    without: str
    purpose: Purpose = Purpose.IDENTIFICATION


WALLS: Mapping[str, SqlCase] = {
    "history_names_its_actor": SqlCase(
        lambda world: None, lambda world: _history(actor_name=""), "history_names_its_actor",
        "ALTER TABLE safeguards_historyentry DROP CONSTRAINT history_names_its_actor",
    ),
    "purpose_opens_person": SqlCase(
        lambda world: world.person, lambda world: sql("SELECT id FROM registry_person"), "",
        "ALTER TABLE registry_person DISABLE ROW LEVEL SECURITY", Purpose.STATISTICS,
    ),
    "history_names_its_basis": SqlCase(
        lambda world: None, lambda world: _history(basis=""), "history_names_its_basis",
        "ALTER TABLE safeguards_historyentry DROP CONSTRAINT history_names_its_basis",
    ),
    "restriction_closes_person": SqlCase(
        lambda world: world.restricted(), lambda world: sql("SELECT id FROM registry_person"), "",
        "DROP POLICY restriction_closes_person ON registry_person",
    ),
    "disclosure_spares_origin": SqlCase(
        lambda world: world.comes_from("SYR").claims(Claim.PENDING), lambda world: _disclosed(world, "SYR"),
        "disclosure_spares_origin", "DROP TRIGGER disclosure_is_open ON remedies_disclosure",
    ),
    "disclosure_awaits_referral": SqlCase(
        lambda world: world.comes_from("DEU", Fact.NO).referred(), lambda world: _disclosed(world, "DEU"),
        "disclosure_awaits_referral", "DROP TRIGGER disclosure_is_open ON remedies_disclosure",
    ),
    "link_has_two_officers": SqlCase(
        lambda world: opinion(world, world.examiner, 1),
        lambda world: make_link(world, world.second_examiner.reference, same_person="yes", colour="white"),
        "link_has_two_officers", "DROP TRIGGER link_rests_on_judgements ON identification_link",
    ),
    "one_opinion_an_officer": SqlCase(
        lambda world: opinion(world, world.examiner, 1), _judged_again, "one_opinion_an_officer",
        "ALTER TABLE identification_judgement DROP CONSTRAINT one_opinion_an_officer",
    ),
    "justification_has_article": SqlCase(
        lambda world: world.task,
        lambda world: make_link(
            world, same_person="no", colour="red", justified="no", justified_by=world.supervisor.reference
        ),
        "justification_has_article", "ALTER TABLE identification_link DROP CONSTRAINT justification_has_article",
    ),
    "protection_schema_grants": SqlCase(
        lambda world: world.referred(), lambda world: sql("SELECT person_id FROM protection.referral"),
        "permission denied", "GRANT SELECT ON protection.referral TO app",
    ),
}  # fmt: skip
