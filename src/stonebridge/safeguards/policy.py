"""The rules that stand between an actor and a person's data. Pure; evaluated only by the gate.

A rule answers *permitted* or *refused* for what was asked, given the facts of the
whole identity. Facts have three values, and unknown opens nothing. Every rule is
in ``RULES`` once, with what else in the node enforces it: a second wall in the
database, or the reason why the gate stands alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from stonebridge.domain.actor import Actor, ActorKind, Purpose, Role
from stonebridge.domain.cite import cites


class Fact(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Claim(StrEnum):
    """A claim for international protection. ``NONE`` means: asked, and answered no, on a date."""

    NONE = "none"
    PENDING = "pending"
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    FINALLY_REJECTED = "finally_rejected"
    UNKNOWN = "unknown"


class Action(StrEnum):
    """Everything that can be done to, or learnt of, a person."""

    REGISTER = "register"
    READ = "read"
    SEARCH = "search"
    AMEND = "amend"
    TAKE_BIOMETRICS = "take_biometrics"
    READ_BIOMETRICS = "read_biometrics"
    COMPARE_BIOMETRICS = "compare_biometrics"
    JUDGE = "judge"
    JUSTIFY = "justify"
    LINK = "link"
    WITHDRAW_LINK = "withdraw_link"
    READ_QUALITY = "read_quality"
    RECORD_CLAIM = "record_claim"
    RECORD_ORIGIN = "record_origin"
    DISCLOSE = "disclose"
    READMISSION_MESSAGE = "readmission_message"
    RESTRICT = "restrict"
    ASSIGN_HOLD = "assign_hold"
    OPEN_REFERRAL = "open_referral"
    READ_REFERRAL = "read_referral"
    CLOSE_REFERRAL = "close_referral"
    READ_LOG = "read_log"
    ERASE = "erase"
    POST = "post"
    ASK_PARTNER = "ask_partner"
    ASK_AGAIN = "ask_again"
    ANSWER_PARTNER = "answer_partner"
    CORRECT = "correct"
    MANAGE_PARTNERS = "manage_partners"
    WORK_CASE = "work_case"
    RECORD_REMEDY = "record_remedy"
    END_REMEDY = "end_remedy"


_REGISTRY_READERS = frozenset(Role) - {Role.ANALYST, Role.ADMINISTRATOR, Role.SOCIAL_WORKER}
ROLES_FOR: Mapping[Action, frozenset[Role]] = {
    Action.REGISTER: frozenset({Role.REGISTRATION_CLERK, Role.SUPERVISOR}),
    Action.READ: _REGISTRY_READERS,
    Action.SEARCH: _REGISTRY_READERS,
    Action.AMEND: frozenset({Role.REGISTRATION_CLERK, Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER}),
    Action.TAKE_BIOMETRICS: frozenset({Role.REGISTRATION_CLERK, Role.SUPERVISOR}),
    Action.READ_BIOMETRICS: frozenset({Role.REGISTRATION_CLERK, Role.EXAMINER, Role.SUPERVISOR}),
    Action.COMPARE_BIOMETRICS: frozenset(),
    Action.JUDGE: frozenset({Role.EXAMINER, Role.SUPERVISOR}),
    Action.JUSTIFY: frozenset({Role.SUPERVISOR}),
    Action.LINK: frozenset({Role.EXAMINER, Role.SUPERVISOR}),
    Action.WITHDRAW_LINK: frozenset({Role.SUPERVISOR}),
    Action.READ_QUALITY: frozenset({Role.SUPERVISOR}),
    Action.RECORD_CLAIM: frozenset({Role.REGISTRATION_CLERK, Role.PROTECTION_OFFICER, Role.SUPERVISOR}),
    Action.RECORD_ORIGIN: frozenset({Role.SUPERVISOR}),
    Action.DISCLOSE: frozenset({Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER}),
    Action.READMISSION_MESSAGE: frozenset({Role.CASE_WORKER}),
    Action.RESTRICT: frozenset({Role.DATA_PROTECTION_OFFICER}),
    Action.ASSIGN_HOLD: frozenset({Role.SUPERVISOR}),
    Action.OPEN_REFERRAL: frozenset(
        {Role.REGISTRATION_CLERK, Role.SUPERVISOR, Role.PROTECTION_OFFICER, Role.SOCIAL_WORKER}
    ),
    Action.READ_REFERRAL: frozenset({Role.PROTECTION_OFFICER, Role.SOCIAL_WORKER}),
    Action.CLOSE_REFERRAL: frozenset({Role.PROTECTION_OFFICER}),
    Action.READ_LOG: frozenset({Role.DATA_PROTECTION_OFFICER}),
    Action.ERASE: frozenset({Role.DATA_PROTECTION_OFFICER}),
    Action.POST: frozenset({Role.ADMINISTRATOR}),
    Action.ASK_PARTNER: frozenset({Role.EXAMINER, Role.SUPERVISOR, Role.CASE_WORKER, Role.BORDER_OFFICER}),
    Action.ASK_AGAIN: frozenset(),
    Action.ANSWER_PARTNER: frozenset(),
    Action.CORRECT: frozenset({Role.REGISTRATION_CLERK, Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER}),
    Action.MANAGE_PARTNERS: frozenset({Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER}),
    Action.WORK_CASE: frozenset(
        {
            Role.CASE_WORKER,
            Role.SOCIAL_WORKER,
            Role.SUPERVISOR,
            Role.BORDER_OFFICER,
            Role.EXAMINER,
            Role.PROTECTION_OFFICER,
        }
    ),
    Action.RECORD_REMEDY: frozenset(
        {Role.CASE_WORKER, Role.REGISTRATION_CLERK, Role.PROTECTION_OFFICER, Role.SUPERVISOR}
    ),
    Action.END_REMEDY: frozenset({Role.SUPERVISOR}),
}
OF_THE_CLOCK = frozenset({Action.SEARCH, Action.COMPARE_BIOMETRICS, Action.LINK, Action.ASK_AGAIN})
REFERRAL_ACTIONS = frozenset({Action.OPEN_REFERRAL, Action.READ_REFERRAL, Action.CLOSE_REFERRAL})
OUTWARD = frozenset(
    {Action.DISCLOSE, Action.READMISSION_MESSAGE, Action.ASK_PARTNER, Action.ASK_AGAIN, Action.ANSWER_PARTNER,
     Action.CORRECT}
)  # fmt: skip
BREAKABLE_BY_EMERGENCY = frozenset({Action.READ, Action.SEARCH, Action.READ_BIOMETRICS})


@dataclass(frozen=True, slots=True)
class Emergency:
    """An emergency that an officer has declared: it needs a reason and ends by itself."""

    reason: str
    declared_by: str
    is_running: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to do.

    ``persons`` are the records meant; the gate widens them to whole identities.
    ``to_state`` is the ICAO code of the state that would learn something, if any.
    ``opinions_by`` are the references of officers who have already given an opinion
    on the same task. ``joins`` says that the act would make two identities one, and
    ``agreeing`` are the officers whose opinions carry it.
    """

    actor: Actor
    action: Action
    purpose: Purpose
    basis: str
    persons: frozenset[UUID] = frozenset()
    to_state: str | None = None
    article: str = ""
    joins: bool = False
    agreeing: frozenset[str] = frozenset()
    opinions_by: frozenset[str] = frozenset()
    under_minimum_age: Fact = Fact.NO
    emergency: Emergency | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a whole identity. Whatever no room has provided is unknown.

    ``unassigned_hold``: what a withdrawn link left stands, because nobody has assigned it yet or because it was found
    to belong to this person.
    """

    claim: Claim = Claim.UNKNOWN
    origins: Mapping[str, Fact] = field(default_factory=dict)
    referral_open: Fact = Fact.UNKNOWN
    restricted: Fact = Fact.UNKNOWN
    unassigned_hold: Fact = Fact.UNKNOWN
    basis_is_listed: Fact = Fact.UNKNOWN

    def origin(self, state: str) -> Fact:
        """Whether ``state`` is a state of origin."""
        return self.origins.get(state, Fact.UNKNOWN)


class Answer(StrEnum):
    PERMITTED = "permitted"
    REFUSED = "refused"


def _permit_if(condition: bool) -> Answer:
    return Answer.PERMITTED if condition else Answer.REFUSED


@cites("eu-2016-680", "25")
def an_actor_is_named(asked: Asked, facts: Facts) -> Answer:
    """Somebody by name stands behind every act; the clock may only search, note, and repeat an officer's question."""
    if asked.actor.kind is ActorKind.CLOCK:
        return _permit_if(asked.action in OF_THE_CLOCK and not asked.joins)
    return _permit_if(bool(asked.actor.reference and asked.actor.name))


@cites("eu-2016-679", "32")
def a_second_factor_was_shown(asked: Asked, facts: Facts) -> Answer:
    """An officer or worker has confirmed this sign-in with a second factor."""
    if asked.actor.kind in {ActorKind.OFFICER, ActorKind.WORKER}:
        return _permit_if(asked.actor.second_factor)
    return Answer.PERMITTED


@cites("eu-2016-679", "5(1)(b)")
def the_purpose_is_the_actors(asked: Asked, facts: Facts) -> Answer:
    """An actor works for the purposes of postings and mandates in force, and for no other."""
    if asked.actor.kind is ActorKind.CLOCK:
        return _permit_if(asked.purpose is Purpose.IDENTIFICATION or asked.action is Action.ASK_AGAIN)
    return _permit_if(asked.purpose in asked.actor.purposes)


@cites("eu-2016-679", "5(1)(c)", "25(2)")
def the_role_may_do_this(asked: Asked, facts: Facts) -> Answer:
    """The act belongs to a role that the actor holds today; a partner's system may be answered, and nothing else."""
    if asked.actor.kind is ActorKind.CLOCK:
        return Answer.PERMITTED
    if asked.actor.kind is ActorKind.PARTNER:
        return _permit_if(asked.action is Action.ANSWER_PARTNER)
    return _permit_if(bool(ROLES_FOR[asked.action] & asked.actor.roles))


@cites("eu-2016-679", "6(1)", "9(2)")
def a_legal_basis_is_named(asked: Asked, facts: Facts) -> Answer:
    """Every access names a legal basis from the list for its purpose."""
    return _permit_if(bool(asked.basis) and facts.basis_is_listed is Fact.YES)


@cites("eu-2016-679", "18(2)")
def a_restricted_record_is_closed(asked: Asked, facts: Facts) -> Answer:
    """While processing is restricted, only data protection may touch the record; protection keeps its own store."""
    if asked.purpose is Purpose.DATA_PROTECTION or asked.action in REFERRAL_ACTIONS:
        return Answer.PERMITTED
    return _permit_if(not asked.persons or facts.restricted is Fact.NO)


@cites("eu-2013-32", "30(a)")
@cites("un-1951-refugees", "33")
def nothing_goes_to_a_state_of_origin(asked: Asked, facts: Facts) -> Answer:
    """Nothing about a person goes to a state of origin unless they were asked and claim no protection."""
    if asked.action not in OUTWARD or asked.to_state is None:
        return Answer.PERMITTED
    if facts.unassigned_hold is not Fact.NO:
        return Answer.REFUSED
    if facts.origin(asked.to_state) is Fact.NO:
        return Answer.PERMITTED
    if facts.origin(asked.to_state) is Fact.UNKNOWN:
        return Answer.REFUSED
    if facts.claim is Claim.NONE:
        return Answer.PERMITTED
    return _permit_if(facts.claim is Claim.FINALLY_REJECTED and asked.action is Action.READMISSION_MESSAGE)


@cites("coe-197-2005", "10", "13")
def an_open_referral_keeps_a_person_here(asked: Asked, facts: Facts) -> Answer:
    """While a protection referral is open, or nobody knows, nothing about the person goes to another state."""
    if asked.action not in OUTWARD or asked.to_state is None:
        return Answer.PERMITTED
    return _permit_if(facts.referral_open is Fact.NO)


@cites("eu-2016-679", "22")
def joining_takes_two_officers(asked: Asked, facts: Facts) -> Answer:
    """Two identities become one only on the agreeing opinions of two different officers."""
    return _permit_if(not asked.joins or len(asked.agreeing - {""}) >= 2)


@cites("eu-2016-679", "22")
def nobody_judges_twice(asked: Asked, facts: Facts) -> Answer:
    """Whoever has given an opinion on a pair gives no second one on it."""
    return _permit_if(asked.action is not Action.JUDGE or asked.actor.reference not in asked.opinions_by)


@cites("eu-2019-818", "32")
def a_reproach_needs_an_article(asked: Asked, facts: Facts) -> Answer:
    """Whether several identities are justified is for a supervisor to say, who names the article."""
    return _permit_if(asked.action is not Action.JUSTIFY or bool(asked.article.strip()))


@cites("eu-2024-1358", "14", "15")
def small_children_give_no_fingerprints(asked: Asked, facts: Facts) -> Answer:
    """No biometrics are taken of a child under the minimum age; in doubt the child counts as younger."""
    return _permit_if(asked.action is not Action.TAKE_BIOMETRICS or asked.under_minimum_age is Fact.NO)


@cites("coe-197-2005", "11")
def the_protection_store_serves_protection(asked: Asked, facts: Facts) -> Answer:
    """What the protection store holds is read for a referral, and for nothing else."""
    if asked.action not in REFERRAL_ACTIONS:
        return _permit_if(asked.purpose is not Purpose.REFERRAL)
    if asked.action is Action.OPEN_REFERRAL:
        return _permit_if(asked.purpose in {Purpose.REFERRAL, Purpose.REGISTRATION})
    return _permit_if(asked.purpose is Purpose.REFERRAL)


@dataclass(frozen=True, slots=True)
class Wall:
    """The database enforces the rule as well; ``where`` names the object that does."""

    where: str


@dataclass(frozen=True, slots=True)
class GateAlone:
    """The database cannot know; ``because`` says why."""

    because: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the gate lists it.

    ``opened_by_emergency``: a running, reasoned emergency opens this rule for reading.
    ``changed_by``: which role can change the facts, for the refusal page.
    ``tells_of_protection``: that it refuses lets one guess at a referral, a claim or a hold, so only protection learns it.
    """

    judge: Callable[[Asked, Facts], Answer]
    second_wall: Wall | GateAlone
    changed_by: Role
    opened_by_emergency: bool = False
    tells_of_protection: bool = False

    @property
    def name(self) -> str:
        return self.judge.__name__

    @property
    def sentence(self) -> str:
        return (self.judge.__doc__ or "").strip()


RULES: tuple[Rule, ...] = (
    Rule(an_actor_is_named, Wall("history_names_its_actor"), Role.ADMINISTRATOR),
    Rule(a_second_factor_was_shown, GateAlone("how somebody signed in is known to the session"), Role.ADMINISTRATOR),
    Rule(the_purpose_is_the_actors, Wall("purpose_opens_person"), Role.ADMINISTRATOR, opened_by_emergency=True),
    Rule(
        the_role_may_do_this,
        GateAlone("the database sees one application role for all officers; who acts is known to the gate"),
        Role.ADMINISTRATOR,
        opened_by_emergency=True,
    ),
    Rule(a_legal_basis_is_named, Wall("history_names_its_basis"), Role.SUPERVISOR),
    Rule(a_restricted_record_is_closed, Wall("restriction_closes_person"), Role.DATA_PROTECTION_OFFICER),
    Rule(
        nothing_goes_to_a_state_of_origin, Wall("disclosure_spares_origin"), Role.SUPERVISOR, tells_of_protection=True
    ),
    Rule(
        an_open_referral_keeps_a_person_here,
        Wall("disclosure_awaits_referral"),
        Role.PROTECTION_OFFICER,
        tells_of_protection=True,
    ),
    Rule(joining_takes_two_officers, Wall("link_has_two_officers"), Role.SUPERVISOR),
    Rule(nobody_judges_twice, Wall("one_opinion_an_officer"), Role.SUPERVISOR),
    Rule(a_reproach_needs_an_article, Wall("justification_has_article"), Role.SUPERVISOR),
    Rule(small_children_give_no_fingerprints, GateAlone("age is a range, reckoned once in domain"), Role.SUPERVISOR),
    Rule(the_protection_store_serves_protection, Wall("protection_schema_grants"), Role.PROTECTION_OFFICER),
)


def reasons_to_refuse(asked: Asked, facts: Facts, rules: tuple[Rule, ...] = RULES) -> tuple[Rule, ...]:
    """Every rule that refuses; empty when the act is permitted.

    A running emergency with a reason opens the rules about purpose and role, for an
    officer in post and for reading alone; it opens no other rule.
    """
    emergency = (
        asked.emergency is not None
        and asked.emergency.is_running
        and bool(asked.emergency.reason.strip())
        and asked.emergency.declared_by == asked.actor.reference
        and asked.action in BREAKABLE_BY_EMERGENCY
        and asked.actor.kind is ActorKind.OFFICER
        and bool(asked.actor.roles)
    )
    refusing = (rule for rule in rules if rule.judge(asked, facts) is Answer.REFUSED)
    return tuple(rule for rule in refusing if not (emergency and rule.opened_by_emergency))
