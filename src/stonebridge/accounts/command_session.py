"""Who works at a terminal: a sign-in with password and second factor, for commands.

The file in the user's state folder holds nothing but a key. What it opens lies in the
node's database, ends after a while without use and after a working day at most, and ends
at once when the officer signs out, is closed, changes the password or loses the second
factor. As a browser's cookie the key opens nothing.
"""

import contextlib
import json
import os
import stat
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import ClassVar

from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from stonebridge.accounts.actors import actor_for
from stonebridge.accounts.models import Officer
from stonebridge.domain.actor import Actor
from stonebridge.domain.errors import BadInput, StonebridgeError

LONGEST = timedelta(hours=9)
"""A sign-in ends after a working day, however much it is used."""

_TERMINAL = "127.0.0.1"  # attempts from terminals are counted together, as from one address


class NotSignedIn(StonebridgeError):
    """Nobody is signed in at this terminal, or not any more."""

    code: ClassVar[str] = "not_signed_in"

    def __init__(self, why: str) -> None:
        super().__init__(f"{why}. Sign in with: stonebridge sign-in")
        self.why = why


@dataclass(frozen=True, slots=True)
class CommandSession:
    """A sign-in at a terminal: who, and until when if it is not used."""

    actor: Actor
    ends_at: datetime


def sign_in(email: str, password: str, code: str, *, now: datetime) -> CommandSession:
    """Check password and second factor, and keep the key of a new session in the user's state folder.

    Attempts are counted and limited together with those in a browser.

    Raises:
        BadInput: address, password or code are wrong, there is no second factor yet, or there were too many attempts.
    """
    officer, authenticator = _authenticated(email, password, code)
    session = _store()
    session["command"] = {
        "officer": str(officer.pk),
        "password": officer.get_session_auth_hash(),
        "second_factor": authenticator.pk,
        "began": now.timestamp(),
        "used": now.timestamp(),
    }
    session.set_expiry(settings.SESSION_COOKIE_AGE)
    session.save(must_create=True)
    _forget()
    _keep(str(session.session_key))
    return _read(session, now)


def actor_from_session(now: datetime | None = None) -> Actor:
    """The actor at this terminal, with the roles and purposes of the postings in force now.

    Raises:
        NotSignedIn: nobody signed in, or the session has ended.
        BadInput: the session file can be read or changed by others.
    """
    return current(now or timezone.now()).actor


def current(now: datetime) -> CommandSession:
    """The sign-in at this terminal; it is used by this, and lasts on.

    Raises:
        NotSignedIn, BadInput: as ``actor_from_session``.
    """
    session = _store(_key())
    found = _read(session, now)
    session["command"] = session["command"] | {"used": now.timestamp()}
    session.set_expiry(settings.SESSION_COOKIE_AGE)
    session.save()
    return found


def sign_out() -> None:
    """End the session, here and in the node's database.

    Raises:
        NotSignedIn: nobody was signed in.
    """
    _store(_key()).flush()
    _forget()


def session_file() -> Path:
    """Where the key lies: below XDG_STATE_HOME, a file a node."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "stonebridge" / f"session-{settings.NODE.code}.json"


def _authenticated(email: str, password: str, code: str) -> tuple[Officer, Authenticator]:
    request = HttpRequest()
    request.method = "POST"
    request.META |= {"REMOTE_ADDR": _TERMINAL, "SERVER_NAME": _TERMINAL, "SERVER_PORT": "0"}
    request.session = _store()
    request.user = AnonymousUser()
    with request_context(request):
        try:
            officer = get_adapter().authenticate(request, email=email, password=password)
        except ValidationError as error:
            raise BadInput("sign-in", email, "Too many attempts failed. Wait five minutes, then try again.") from error
        if not isinstance(officer, Officer):
            raise BadInput("sign-in", email, "Address or password are wrong, or the account is closed.")
        if not Authenticator.objects.filter(user=officer, type=Authenticator.Type.TOTP).exists():
            raise BadInput("second factor", "none", "Sign in with a browser first and set up your authenticator app.")
        form = AuthenticateForm(user=officer, data={"code": code})
        if not form.is_valid():
            errors = {error.code for error in form.errors.as_data().get("code", [])}
            if "too_many_login_attempts" in errors:
                raise BadInput("code", code, "Too many attempts failed. Wait five minutes, then try again.")
            raise BadInput("code", code, "Give the six digits that your app shows now, or an unused recovery code.")
        form.authenticator.record_usage()
    return officer, form.authenticator


def _read(session: SessionBase, now: datetime) -> CommandSession:
    kept = session.get("command")
    if kept is None:
        raise NotSignedIn("Your session has ended")
    officer = Officer.objects.filter(pk=kept["officer"], is_active=True).first()
    if officer is None or not constant_time_compare(kept["password"], officer.get_session_auth_hash()):
        session.flush()
        raise NotSignedIn("The account was closed, or its password changed")
    if not Authenticator.objects.filter(pk=kept["second_factor"], user=officer).exists():
        session.flush()
        raise NotSignedIn("The second factor of this sign-in was taken away")
    zone = now.tzinfo
    idle_end = datetime.fromtimestamp(kept["used"], zone) + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    last_end = datetime.fromtimestamp(kept["began"], zone) + LONGEST
    if now >= min(idle_end, last_end):
        session.flush()
        raise NotSignedIn("Your session has ended")
    actor = actor_for(officer, today=timezone.localdate(now), second_factor=True)
    return CommandSession(actor, min(now + timedelta(seconds=settings.SESSION_COOKIE_AGE), last_end))


def _store(key: str | None = None) -> SessionBase:
    made: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return made


def _key() -> str:
    path = session_file()
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise NotSignedIn("Nobody is signed in at this terminal") from error
    with os.fdopen(handle, encoding="utf-8") as file:
        about = os.fstat(file.fileno())
        if about.st_uid != os.geteuid() or stat.S_IMODE(about.st_mode) & 0o077:
            raise BadInput("session file", str(path), "Others can use it. Delete it and sign in again.")
        try:
            return str(json.load(file)["session"])
        except (ValueError, KeyError, TypeError) as error:
            raise NotSignedIn(f"{path} is not a session file") from error


def _keep(key: str) -> None:
    path = session_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"session": key}, file)
    Path(fresh).replace(path)


def _forget() -> None:
    """End the session that the file names, if any, and take the file away."""
    with contextlib.suppress(NotSignedIn, BadInput):
        _store(_key()).flush()
    session_file().unlink(missing_ok=True)
