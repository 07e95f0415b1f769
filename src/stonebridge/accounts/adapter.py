"""How sign-in behaves here: accounts are made by an administrator, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stonebridge.accounts.models import Officer

WORDS = {
    "account_inactive": _("This account is closed. Ask the administrator of this node."),
    "email_password_mismatch": _("Address or password are wrong, or the account is closed. Check both and try again."),
    "enter_current_password": _("This is not your present password. Type it again."),
    "incorrect_password": _("This is not your password. Type it again."),
    "incorrect_code": _(
        "This code is not right, or was used already. Wait for the next six digits, or use a recovery code."
    ),
    "too_many_login_attempts": _("Too many attempts failed. Wait five minutes, then try again."),
    "rate_limited": _("Too many attempts. Wait a minute, then try again."),
    "cannot_generate_recovery_codes": _("Set up your authenticator app first."),
}
"""Every message of sign-in that an officer can meet; the package's own are not in all our languages."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages = DefaultAccountAdapter.error_messages | WORDS

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Say nothing: the page that follows shows what happened."""

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Whoever has just signed in for the first time is not asked for the password twice."""
        if app == "allauth.mfa" and not Authenticator.objects.filter(user_id=context.request.user.pk).exists():
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def reauthenticate(self, user: Officer, password: str) -> bool:
        """Whether ``password`` is the officer's; an attempt like any other."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and bool(found.pk == user.pk)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """Attempts on an account are counted together, by whatever host name and from whatever place they come."""
        return str(credentials["email"]).casefold()
