"""Who can sign in to a demo: an officer of every role, with a second factor whose code can be asked for.

The secret of each second factor is derived from the node's own secret key, so that no two
demos share one and ``stonebridge demo code NAME`` needs no database.
"""

import base64
import hmac
import struct
from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from stonebridge.accounts.models import Mandate, Officer, Organisation, OrganisationKind, Posting
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import BadInput

PASSWORD = "humane and orderly"  # noqa: S105 of invented officers, printed at every start
CODE_LASTS = 30
"""Seconds for which a code is shown by an authenticator (RFC 6238)."""
IN_POST_SINCE = date(2026, 1, 1)
AUTHORITY = "Ministry of Interior (demonstration)"
OPEN_DOOR = "Open Door (invented organisation)"


@dataclass(frozen=True, slots=True)
class SignIn:
    """An invented officer or worker. ``key`` is what the terminal calls them."""

    key: str
    name: str
    role: Role
    unit: str
    organisation: str = AUTHORITY
    language: str = "en"

    @property
    def email(self) -> str:
        return f"{self.key}@{settings.NODE.code}.example"


SIGN_INS = (
    SignIn("vesna", "Vesna Ilievska", Role.REGISTRATION_CLERK, "Northern border"),
    SignIn("goran", "Goran Stojanov", Role.REGISTRATION_CLERK, "Southern border"),
    SignIn("elena", "Elena Petrovska", Role.EXAMINER, "Identification"),
    SignIn("bekim", "Bekim Ademi", Role.EXAMINER, "Identification"),
    SignIn("marija", "Marija Trajkovska", Role.SUPERVISOR, "Identification"),
    SignIn("ana", "Ana Dimitrova", Role.PROTECTION_OFFICER, "Protection"),
    SignIn("nikola", "Nikola Hristov", Role.CASE_WORKER, "Readmission"),
    SignIn("dejan", "Dejan Risteski", Role.BORDER_OFFICER, "Southern border"),
    SignIn("ivana", "Ivana Kostova", Role.ANALYST, "Analysis"),
    SignIn("liridona", "Liridona Salihu", Role.DATA_PROTECTION_OFFICER, "Data protection"),
    SignIn("stefan", "Stefan Nikolovski", Role.ADMINISTRATOR, "Administration"),
    SignIn("hristina", "Hristina Angelova", Role.SOCIAL_WORKER, "Southern border", OPEN_DOOR),
)


def sign_in(key: str) -> SignIn:
    """The officer called ``key``.

    Raises:
        BadInput: there is none.
    """
    found = next((each for each in SIGN_INS if each.key == key.lower()), None)
    if found is None:
        raise BadInput("NAME", key, f"Name one of: {', '.join(each.key for each in SIGN_INS)}.")
    return found


def secret_of(who: SignIn) -> str:
    """The secret of their second factor, in base 32 as authenticators want it."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"demo second factor {who.key}".encode(), "sha256")
    return base64.b32encode(digest[:20]).decode()


def code_of(who: SignIn, now: datetime) -> str:
    """The six digits that their authenticator shows at ``now`` (RFC 4226, RFC 6238). Each signs in once."""
    counter = struct.pack(">Q", int(now.timestamp()) // CODE_LASTS)
    digest = hmac.digest(base64.b32decode(secret_of(who)), counter, "sha1")
    start = digest[-1] & 0x0F
    (number,) = struct.unpack(">I", digest[start : start + 4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"


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
