"""What a demonstration tells whoever tries it: how to sign in, and what to try first."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stonebridge.accounts.labels import ROLES
from stonebridge.accounts.models import Officer
from stonebridge.domain.actor import Role
from stonebridge.site.demo.sign_ins import PASSWORD, SIGN_INS, code_of

TO_TRY: dict[Role, Promise] = {
    Role.REGISTRATION_CLERK: _(
        "Register somebody without documents, with names in two scripts. The node looks for earlier records while you go on."
    ),
    Role.EXAMINER: _(
        "Judge a pair of records before you see the score. A second examiner gets it without knowing what you said."
    ),
    Role.SUPERVISOR: _("Withdraw a link: both identities become what they were. Then assign what the link had held."),
    Role.PROTECTION_OFFICER: _("Read the referrals and close one. Nobody outside protection learns that it existed."),
    Role.CASE_WORKER: _("Look somebody up. What your purpose does not open, the gate refuses with its article."),
    Role.BORDER_OFFICER: _("Look a traveller up, and see which parts of a record your purpose leaves closed."),
    Role.ANALYST: _("Try to open a person’s record: the refusal names the rule and who can change it."),
    Role.DATA_PROTECTION_OFFICER: _("Read who looked at whom and why, check the log, and restrict a record."),
    Role.ADMINISTRATOR: _("Add an officer, end a posting, and see that you can read nobody’s record."),
    Role.SOCIAL_WORKER: _("Refer somebody for protection under your organisation’s mandate."),
}


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invented officer to sign in as."""

    name: str
    role: Promise
    unit: str
    email: str
    to_try: Promise
    code: str


def invitations(now: datetime) -> list[Invitation]:
    """The sign-ins of this demonstration, each with what its authenticator app shows now; none on a real node."""
    if settings.MODE != "demo":
        return []
    return [
        Invitation(each.name, ROLES[each.role], each.unit, each.email, TO_TRY[each.role], code_of(each, now))
        for each in SIGN_INS
    ]


def password() -> str:
    """The password of every invented officer; empty on a real node."""
    return PASSWORD if settings.MODE == "demo" else ""


def code_for(officer: Officer, now: datetime) -> str:
    """What the officer's app shows now, if this is a demonstration and they are invented; else empty."""
    return next((each.code for each in invitations(now) if each.email == officer.email), "")
