"""Who can sign in to a demo: an officer of every role, with a second factor whose code can be asked for.

The secret of each second factor is derived from the node's own secret key, so that no two
demos share one and ``stonebridge demo code NAME`` needs no database.
"""

import base64
import hmac
import struct
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings

from stonebridge.domain.actor import Role
from stonebridge.domain.errors import BadInput

PASSWORD = "humane and orderly"  # noqa: S105 of invented officers, printed at every start
CODE_LASTS = 30
"""Seconds for which a code is shown by an authenticator (RFC 6238)."""
AUTHORITY = "Ministry of Interior (demonstration)"
OPEN_DOOR = "Open Door (invented organisation)"


@dataclass(frozen=True, slots=True)
class SignIn:
    """An invented officer or worker. ``key`` is what the terminal calls them, on every node; names differ by node."""

    key: str
    role: Role
    unit: str
    organisation: str = AUTHORITY
    language: str = "en"

    @property
    def name(self) -> str:
        return _names()[self.key]

    @property
    def email(self) -> str:
        return f"{self.key}@{settings.NODE.code}.example"


SIGN_INS = (
    SignIn("vesna", Role.REGISTRATION_CLERK, "Northern border"),
    SignIn("goran", Role.REGISTRATION_CLERK, "Southern border"),
    SignIn("elena", Role.EXAMINER, "Identification"),
    SignIn("bekim", Role.EXAMINER, "Identification"),
    SignIn("marija", Role.SUPERVISOR, "Identification"),
    SignIn("ana", Role.PROTECTION_OFFICER, "Protection"),
    SignIn("nikola", Role.CASE_WORKER, "Readmission"),
    SignIn("dejan", Role.BORDER_OFFICER, "Southern border"),
    SignIn("ivana", Role.ANALYST, "Analysis"),
    SignIn("liridona", Role.DATA_PROTECTION_OFFICER, "Data protection"),
    SignIn("stefan", Role.ADMINISTRATOR, "Administration"),
    SignIn("hristina", Role.SOCIAL_WORKER, "Southern border", OPEN_DOOR),
)


@cache
def _names() -> Mapping[str, str]:
    """What the officers of this node's demo are called, from its folder."""
    read: Mapping[str, str] = tomllib.loads((settings.NODE.folder / "demo.toml").read_text(encoding="utf-8"))[
        "officers"
    ]
    return read


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
