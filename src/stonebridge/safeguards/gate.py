"""The one gate. Nothing happens to a person, and nothing is learnt of one, except through a permit.

``act`` opens a transaction and sets its purpose; ``permit`` locks the whole
identity, gathers its facts, asks every rule and answers a ``Permit``, or raises
``Refused`` with every reason. A permit is good for its transaction alone. Every
answer of the gate, yes or no, is an entry in the access log, also when what it
permitted was taken back; when the entry cannot be written, the answer is no.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import InitVar, dataclass, field, replace
from datetime import datetime
from typing import ClassVar, NamedTuple
from uuid import UUID, uuid4

from django.db import DatabaseError, connections, transaction
from uuid_utils.compat import uuid7

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import StonebridgeError, Unavailable
from stonebridge.safeguards import policy, uniting
from stonebridge.safeguards.facts import registered
from stonebridge.safeguards.log.append import append
from stonebridge.safeguards.log.entry import Event, Outcome
from stonebridge.safeguards.models import EmergencyAccess
from stonebridge.safeguards.policy import OUTWARD, Action, Asked, Emergency, Fact, Facts, Rule

_SEAL = object()
_RESTRICTED = "SELECT is_restricted(%s::uuid[])"
_HELD = "SELECT hold_stands(%s::uuid[])"


class Refused(StonebridgeError):
    """The gate said no. Carries every rule that refused, and what was asked.

    Its text names the rules that the actor may learn of. Where one tells of protection, they hear of *a safeguard of
    this node*, in the same words for a referral, a hold, a claim and what nobody knows; the access log has the rule.
    """

    code: ClassVar[str] = "refused"
    SAFEGUARD: ClassVar[str] = (
        "A safeguard of this node keeps this back. Ask the data protection officer or a protection officer."
    )

    def __init__(self, asked: Asked, reasons: tuple[Rule, ...], at: datetime) -> None:
        learns_all = bool(policy.ROLES_FOR[Action.READ_REFERRAL] & asked.actor.roles)
        self.told = tuple(rule for rule in reasons if learns_all or not rule.tells_of_protection)
        """The rules that the actor may learn of; where they are fewer than ``reasons``, a safeguard stands beside them."""
        self.asked, self.reasons, self.at = asked, reasons, at
        sentences = [f"{rule.sentence} ({rule.name})" for rule in self.told]
        if self.told != reasons:
            sentences.append(self.SAFEGUARD)
        super().__init__(f"{asked.action} for {asked.purpose} is refused: {' '.join(sentences)}")


class NotPermitted(StonebridgeError):
    """A permit was used for something that it does not cover: a fault in the program, never an officer's."""

    code: ClassVar[str] = "not_permitted"


class _Given(NamedTuple):
    """An answer that the gate gave."""

    asked: Asked
    outcome: Outcome
    detail: dict[str, str]
    at: datetime


@dataclass(eq=False, slots=True)
class _Transaction:
    """A transaction that ``act`` opened: its alias, its purpose, and the answers given in it."""

    alias: str
    purpose: Purpose
    open: bool = True
    given: list[_Given] = field(default_factory=list)

    def answer(self, asked: Asked, outcome: Outcome, detail: dict[str, str], at: datetime) -> None:
        """Log a yes at once; keep a no until the end, when it is known whether this transaction stays."""
        answer = _Given(asked, outcome, detail, at)
        if outcome is Outcome.PERMITTED:
            _log(answer, using=self.alias)
        self.given.append(answer)

    def log_refusals(self) -> None:
        """Those that the transaction went on after."""
        for answer in self.given:
            if answer.outcome is Outcome.REFUSED:
                _log(answer, using=self.alias)

    def log_anew(self) -> None:
        """Every answer, after the entries were rolled back together with everything else."""
        if not self.given:
            return
        try:
            with transaction.atomic(using=self.alias, durable=True):
                for answer in self.given:
                    undone = {"rolled_back": "yes"} if answer.outcome is Outcome.PERMITTED else {}
                    _log(answer._replace(detail=answer.detail | undone), using=self.alias)
        except DatabaseError as error:
            raise _log_is_unavailable() from error


_current: ContextVar[_Transaction | None] = ContextVar("stonebridge_transaction", default=None)


@dataclass(frozen=True, slots=True)
class Permit:
    """A yes of the gate: this actor may do this to these records, for this purpose, in this transaction.

    ``to_state`` is the state that may learn something by it; None: no other state may. The seal is not kept, so
    that ``dataclasses.replace`` makes no wider permit of this one.
    """

    id: UUID
    actor: Actor
    action: Action
    persons: frozenset[UUID]
    purpose: Purpose
    basis: str
    at: datetime
    by_emergency: bool
    to_state: str | None
    transaction: _Transaction = field(repr=False)
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise NotPermitted("only the gate makes permits")

    def require(self, *actions: Action, person: UUID | None = None, to_state: str = "") -> None:
        """Check that this permit covers one of ``actions``, ``person`` and ``to_state`` if given, in the transaction now.

        Raises:
            NotPermitted: it does not.
        """
        if self.transaction is not _current.get() or not self.transaction.open:
            raise NotPermitted(f"a permit to {self.action} was used outside its transaction")
        if self.action not in actions:
            raise NotPermitted(f"a permit to {self.action} was used to {' or '.join(actions)}")
        if person is not None and person not in self.persons:
            raise NotPermitted(f"a permit to {self.action} was used for a person whom it does not cover")
        if to_state and to_state != self.to_state:
            raise NotPermitted(f"a permit to {self.action} was used towards a state that it does not name")

    def for_somebody_new(self) -> "Permit":
        """This permit to register, covering somebody who is brought into being by it; logged for them too.

        Their identifier is the one in ``persons``: it is made here, so that nobody on record can be meant.

        Raises:
            NotPermitted: it is no permit to register, or it covers somebody already.
        """
        self.require(Action.REGISTER)
        if self.persons:
            raise NotPermitted("a permit to register covers one new person")
        new = frozenset({uuid7()})
        asked = Asked(actor=self.actor, action=self.action, purpose=self.purpose, basis=self.basis, persons=new)
        self.transaction.answer(asked, Outcome.PERMITTED, {}, self.at)
        return replace(self, id=uuid7(), persons=new, seal=_SEAL)


@contextmanager
def act(purpose: Purpose, *, using: str = "default") -> Iterator[None]:
    """Open the one transaction of a service or a read, with its purpose set before anything else.

    When it is rolled back, for a refusal or anything else, what the gate answered is logged in a transaction of its own.
    """
    mine = _Transaction(using, purpose)
    token = _current.set(mine)
    stays = False
    try:
        with transaction.atomic(using=using, durable=True):
            with connections[using].cursor() as cursor:
                cursor.execute("select set_config('stonebridge.purpose', %s, true)", [purpose.value])
            yield
            mine.log_refusals()
            undone = transaction.get_rollback(using)
        stays = not undone
    finally:
        mine.open = False
        _current.reset(token)
        if not stays:
            mine.log_anew()


@contextmanager
def whatever_is_restricted() -> Iterator[None]:
    """Inside an act, rows of restricted persons stand open too: to put a partner's message where it belongs, nothing else."""
    mine = _current.get()
    if mine is None:
        raise NotPermitted("restricted rows were to be opened outside a transaction of the gate")
    with connections[mine.alias].cursor() as cursor:
        cursor.execute("select set_config('stonebridge.purpose', %s, true)", [Purpose.DATA_PROTECTION.value])
        yield
        cursor.execute("select set_config('stonebridge.purpose', %s, true)", [mine.purpose.value])


def permit(
    actor: Actor,
    action: Action,
    *,
    purpose: Purpose,
    basis: str,
    now: datetime,
    persons: Iterable[UUID] = (),
    to_state: str | None = None,
    article: str = "",
    joins: bool = False,
    agreeing: frozenset[str] = frozenset(),
    opinions_by: frozenset[str] = frozenset(),
    under_minimum_age: Fact = Fact.NO,
    subject: str = "",
) -> Permit:
    """Ask whether ``actor`` may do ``action`` to ``persons`` and everybody linked with them as the same person.

    The protection store, on its own connection, knows no links: there the persons named are the ones meant.

    Raises:
        Refused: with every rule that refuses.
        NotPermitted: no transaction with this purpose runs, or a savepoint could take the entry back alone.
        Unavailable: the access log cannot be written.
    """
    running, identity = _running(purpose), frozenset(persons)
    if running.alias == "default":
        identity = _locked(identity)
    asked = Asked(
        actor=actor, action=action, purpose=purpose, basis=basis, persons=identity, to_state=to_state, article=article,
        joins=joins, agreeing=agreeing, opinions_by=opinions_by, under_minimum_age=under_minimum_age,
        emergency=_emergency(actor, now),
    )  # fmt: skip
    facts = gather(identity, purpose=purpose, basis=basis, outward=action in OUTWARD)
    reasons = policy.reasons_to_refuse(asked, facts)
    if reasons:
        running.answer(asked, Outcome.REFUSED, {"rules": ",".join(rule.name for rule in reasons)}, now)
        raise Refused(asked, reasons, now)
    by_emergency = asked.emergency is not None and bool(policy.reasons_to_refuse(replace(asked, emergency=None), facts))
    detail = {"subject": subject} if subject else {}
    if by_emergency and asked.emergency is not None:
        detail["emergency"] = asked.emergency.reason
    running.answer(asked, Outcome.PERMITTED, detail, now)
    return Permit(
        id=uuid7(), actor=actor, action=action, persons=identity, purpose=purpose, basis=basis, at=now,
        by_emergency=by_emergency, to_state=to_state, transaction=running, seal=_SEAL,
    )  # fmt: skip


def rehearse(actor: Actor, action: Action, *, purpose: Purpose, basis: str, now: datetime, to_state: str) -> None:
    """Do the work of ``permit`` about somebody of whom nothing may be said, and log it, for nobody at all.

    Whoever waits for the answer cannot tell by its time that there is no record.
    """
    running, nobody = _running(purpose), _locked(frozenset({uuid4()}))
    asked = Asked(
        actor=actor, action=action, purpose=purpose, basis=basis, persons=nobody, to_state=to_state,
        emergency=_emergency(actor, now),
    )  # fmt: skip
    facts = gather(nobody, purpose=purpose, basis=basis, outward=action in OUTWARD)
    reasons = policy.reasons_to_refuse(asked, facts)
    asked = replace(asked, persons=frozenset())
    running.answer(asked, Outcome.REFUSED, {"rules": ",".join(rule.name for rule in reasons)}, now)


def _running(purpose: Purpose) -> _Transaction:
    running = _current.get()
    if running is None or running.purpose is not purpose:
        raise NotPermitted(f"no transaction for {purpose} runs; open one with act()")
    if connections[running.alias].savepoint_ids:
        raise NotPermitted("the gate is asked outside savepoints: rolling one back would take the entry with it")
    return running


def _locked(persons: frozenset[UUID]) -> frozenset[UUID]:
    """Everybody linked as the same person, with their records locked."""
    providers = registered()
    identity = persons.union(*(providers.identity_of(person) for person in persons))
    providers.lock(identity)
    return identity.union(*(providers.identity_of(person) for person in identity))


def gather(identity: frozenset[UUID], *, purpose: Purpose, basis: str, outward: bool = True) -> Facts:
    """The facts of an identity, united over its records.

    An open yellow link to a record with a suspending fact makes that fact unknown
    here; to a restricted record, whose facts the purpose hides, it counts as one that
    may hold. Facts that only outward acts need are asked for those alone.
    """
    providers = registered()
    records = sorted(identity)
    listed = providers.basis_is_listed(purpose, basis)
    restricted = Fact.YES if _answered(_RESTRICTED, records) else Fact.NO
    if not outward:
        return Facts(basis_is_listed=listed, restricted=restricted)
    claim = uniting.unite_claims([providers.claim(record) for record in records])
    referral = uniting.unite_facts([providers.referral_open(record) for record in records])
    neighbours = sorted(providers.yellow_neighbours(identity))
    claim = uniting.claim_in_doubt(claim, [providers.claim(record) for record in neighbours])
    if referral is Fact.NO and any(providers.referral_open(record) is not Fact.NO for record in neighbours):
        referral = Fact.UNKNOWN
    states: dict[str, list[Fact]] = {}
    each = [providers.origins(record) for record in records]
    for state in {state for origins in each for state in origins}:
        states[state] = [origins.get(state, Fact.UNKNOWN) for origins in each]
    for state in {
        state for record in neighbours for state, told in providers.origins(record).items() if told is Fact.YES
    }:
        states.setdefault(state, []).append(Fact.UNKNOWN)
    held = Fact.YES if _answered(_HELD, records) else Fact.NO
    hidden = purpose is not Purpose.DATA_PROTECTION and _answered(_RESTRICTED, neighbours)
    if held is Fact.NO and (hidden or _answered(_HELD, neighbours)):
        held = Fact.UNKNOWN
    return Facts(
        claim=claim,
        origins={state: uniting.unite_facts(facts) for state, facts in states.items()},
        referral_open=referral,
        restricted=restricted,
        unassigned_hold=held,
        basis_is_listed=listed,
    )


def _answered(question: str, records: Sequence[UUID]) -> bool:
    """What the database answers about these records whatever the purpose: a row that it hides must still close."""
    with connections["default"].cursor() as cursor:
        cursor.execute(question, [list(records)])
        answer: tuple[bool] | None = cursor.fetchone()
    return answer is None or answer[0]


def _emergency(actor: Actor, now: datetime) -> Emergency | None:
    declared = (
        EmergencyAccess.objects.filter(officer_reference=actor.reference, declared_at__lte=now, ends_at__gt=now)
        .order_by("-ends_at")
        .first()
    )
    if declared is None:
        return None
    return Emergency(reason=declared.reason, declared_by=declared.officer_reference, is_running=True)


def _log(answer: _Given, *, using: str) -> None:
    """One entry a record touched; one without a person when the act touches none."""
    asked = answer.asked
    try:
        touched: list[UUID | None] = [*sorted(asked.persons)]
        for person in touched or [None]:
            append(
                Event.of(
                    asked.actor, action=asked.action, purpose=asked.purpose, basis=asked.basis, person=person,
                    outcome=answer.outcome, detail=answer.detail, at=answer.at,
                ),
                using=using,
            )  # fmt: skip
    except DatabaseError as error:
        raise _log_is_unavailable() from error


def _log_is_unavailable() -> Unavailable:
    return Unavailable("the access log", "Nothing is shown or changed until it can be written again.")
