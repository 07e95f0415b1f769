"""How sign-in behaves here: accounts are made by an administrator, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.http import HttpRequest

from stonebridge.accounts.models import Officer


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def reauthenticate(self, user: Officer, password: str) -> bool:
        """Whether ``password`` is the officer's; an attempt like any other."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and bool(found.pk == user.pk)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """Attempts on an account are counted together, by whatever host name and from whatever place they come."""
        return str(credentials["email"]).casefold()
