"""From a sign-in to an actor: roles and purposes of the postings in force today."""

from datetime import date

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from stonebridge.accounts.models import Mandate, Officer, OrganisationKind, Posting, in_force
from stonebridge.domain.actor import Actor, ActorKind, Purpose, Role
from stonebridge.domain.errors import NotFound

_CASES = frozenset({Purpose.READMISSION, Purpose.RETURN})
PURPOSES_OF_ROLE: dict[Role, frozenset[Purpose]] = {
    Role.REGISTRATION_CLERK: frozenset({Purpose.REGISTRATION, Purpose.IDENTIFICATION}),
    Role.EXAMINER: frozenset({Purpose.IDENTIFICATION, Purpose.READMISSION}),
    Role.SUPERVISOR: frozenset({Purpose.REGISTRATION, Purpose.IDENTIFICATION, Purpose.PROTECTION_CLAIM}) | _CASES,
    Role.PROTECTION_OFFICER: frozenset({Purpose.PROTECTION_CLAIM, Purpose.REFERRAL, Purpose.REGISTRATION}) | _CASES,
    Role.CASE_WORKER: _CASES,
    Role.BORDER_OFFICER: frozenset({Purpose.BORDER_CHECK}) | _CASES,
    Role.ANALYST: frozenset({Purpose.STATISTICS}),
    Role.DATA_PROTECTION_OFFICER: frozenset({Purpose.DATA_PROTECTION}),
    Role.ADMINISTRATOR: frozenset({Purpose.ADMINISTRATION}),
    Role.SOCIAL_WORKER: frozenset({Purpose.REFERRAL, Purpose.PATHWAYS}) | _CASES,
}


def actor_for(officer: Officer, *, today: date, second_factor: bool) -> Actor:
    """The actor that ``officer`` is today.

    A worker of an organisation other than the authority acts only for purposes of
    the role that a mandate in force covers as well.
    """
    postings = list(Posting.objects.filter(in_force(today), officer=officer).select_related("organisation"))
    roles = frozenset(Role(posting.role) for posting in postings) if officer.is_active else frozenset()
    purposes: set[Purpose] = set()
    worker = bool(postings)
    for posting in postings:
        may = PURPOSES_OF_ROLE[Role(posting.role)]
        if posting.organisation.kind == OrganisationKind.AUTHORITY:
            worker = False
            purposes |= may
        else:
            mandates = Mandate.objects.filter(in_force(today), organisation=posting.organisation)
            purposes |= may & {Purpose(mandate.purpose) for mandate in mandates}
    return Actor(
        kind=ActorKind.WORKER if worker else ActorKind.OFFICER,
        reference=str(officer.id),
        name=officer.full_name,
        roles=roles,
        purposes=frozenset(purposes) if officer.is_active else frozenset(),
        unit=postings[0].unit if postings else "",
        second_factor=second_factor,
        officer_id=officer.id,
    )


def second_factor_of(request: HttpRequest) -> bool:
    """Whether this very sign-in was confirmed by a second factor that the officer still has."""
    shown = [
        record.get("id") for record in get_authentication_records(request, request.user) if record["method"] == "mfa"
    ]
    return bool(shown) and Authenticator.objects.filter(pk__in=shown, user_id=request.user.pk).exists()


def actor_of(request: HttpRequest, *, today: date) -> Actor:
    """The actor behind a request.

    Raises:
        NotFound: nobody is signed in.
    """
    if not isinstance(request.user, Officer):
        raise NotFound("sign-in", "for this request")
    return actor_for(request.user, today=today, second_factor=second_factor_of(request))
