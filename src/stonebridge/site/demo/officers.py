"""The invented officers of a demo, with their organisations and mandates."""

from datetime import date, datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.contrib.auth.hashers import make_password
from django.db import transaction

from stonebridge.accounts.models import Mandate, Officer, Organisation, OrganisationKind, Posting
from stonebridge.domain.actor import Purpose
from stonebridge.site.demo.sign_ins import AUTHORITY, OPEN_DOOR, PASSWORD, SIGN_INS, SignIn, secret_of

IN_POST_SINCE = date(2026, 1, 1)


def add_officers(now: datetime) -> int:
    """Add the organisations, mandates and officers that are not there yet; how many officers that were."""
    with transaction.atomic():
        authority, _ = Organisation.objects.get_or_create(name=AUTHORITY, defaults={"kind": OrganisationKind.AUTHORITY})
        helper, _ = Organisation.objects.get_or_create(name=OPEN_DOOR, defaults={"kind": OrganisationKind.NGO})
        if not helper.mandates.exists():
            for purpose in (Purpose.REFERRAL, Purpose.PATHWAYS):
                Mandate.objects.create(
                    organisation=helper, purpose=purpose, basis="Agreement 12/2026 (invented)", starts_on=IN_POST_SINCE
                )
        known = set(Officer.objects.values_list("email", flat=True))
        missing = [each for each in SIGN_INS if each.email not in known]
        password = make_password(PASSWORD) if missing else ""  # hashed once: the same words for all
        for each in missing:
            _add(each, authority if each.organisation == AUTHORITY else helper, password, now)
    return len(missing)


def _add(who: SignIn, organisation: Organisation, password: str, now: datetime) -> None:
    officer = Officer.objects.create(
        email=who.email, full_name=who.name, language=who.language, created_at=now, password=password
    )
    Posting.objects.create(
        officer=officer, organisation=organisation, unit=who.unit, role=who.role, starts_on=IN_POST_SINCE,
        appointed_by="demo",
    )  # fmt: skip
    Authenticator.objects.create(user=officer, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret_of(who))})
