"""What an officer fills in about the own account, in our words."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from stonebridge.accounts.labels import PURPOSES
from stonebridge.domain.actor import Purpose
from stonebridge.domain.legal_basis import LegalBasis
from stonebridge.ui.posted import Form, Strict

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


def _word(form: forms.Form, name: str, label: "StrPromise", hint: "StrPromise | str" = "") -> None:
    """Give a field of the package our label, no placeholder, and a box no wider than what goes in."""
    field = form.fields[name]
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    if name == "code":
        field.widget.attrs |= {"class": "govuk-input--width-10", "inputmode": "text", "spellcheck": "false"}


class SignInForm(Strict, LoginForm):  # type: ignore[misc]  # allauth ships no types
    mark_optional = False
    beside = frozenset({"next"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "login", _("E-mail address"))
        _word(self, "password", _("Password"))
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "spellcheck": "false"}
        self.fields["login"].initial = self.request.GET.get("as", "")


class CodeForm(Strict, AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "code", _("Code"))


class CodeAgainForm(Strict, ReauthenticateByCodeForm):  # type: ignore[misc]  # allauth ships no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "code", _("Code"))


class PasswordAgainForm(Strict, ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "password", _("Password"))


class EnrolForm(Strict, ActivateTOTPForm):  # type: ignore[misc]  # allauth ships no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "code", _("Code that the app shows now"))


class NewPasswordForm(Strict, ChangePasswordForm):  # type: ignore[misc]  # allauth ships no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "oldpassword", _("Present password"))
        _word(self, "password1", _("New password"), _("At least 12 characters. Three or four words that only you connect are easy to keep."))  # fmt: skip
        _word(self, "password2", _("New password again"))


class WelcomeForm(Strict, SetPasswordForm):  # type: ignore[type-arg]  # of our own officers
    """The first password of an account, or a new one in place of a lost one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "new_password1", _("New password"), _("At least 12 characters. Three or four words that only you connect are easy to keep."))  # fmt: skip
        _word(self, "new_password2", _("New password again"))


class WorkForm(Form):
    """For which purpose an officer works now, and on which legal basis; the first basis of a purpose is the usual one."""

    purpose = forms.ChoiceField(
        label=_("I work for"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you work for now."), "invalid_choice": _("Choose from the list.")},
    )

    def __init__(self, *args: Any, bases: Mapping[Purpose, Sequence[LegalBasis]], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [(purpose.value, PURPOSES[purpose]) for purpose in bases]  # type: ignore[attr-defined]  # a field of choices
        for purpose, listed in bases.items():
            self.fields[f"basis-{purpose}"] = forms.ChoiceField(
                label=PURPOSES[purpose],
                choices=[(basis.id, basis.title(language)) for basis in listed],
                required=False,
                error_messages={"invalid_choice": _("Choose a legal basis from the list.")},
            )

    def bases(self) -> list[BoundField]:
        """The fields for the legal basis, one a purpose."""
        return [self[name] for name in self.fields if name.startswith("basis-")]

    def chosen(self) -> tuple[Purpose, str]:
        """The purpose, and the identifier of its basis; empty for the usual one."""
        purpose = Purpose(self.cleaned_data["purpose"])
        return purpose, self.cleaned_data[f"basis-{purpose}"]
