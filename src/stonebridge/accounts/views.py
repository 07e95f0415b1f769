"""One's own account: the first password, the second factor, what one works for now."""

from uuid import UUID

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stonebridge.accounts.doors import DEFAULT_BASIS, Desk, at_own_desk, public
from stonebridge.accounts.forms import WelcomeForm, WorkForm
from stonebridge.accounts.labels import PURPOSES, ROLES
from stonebridge.accounts.models import Officer, in_force
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.legal_basis import LegalBasis
from stonebridge.law.load import legal_bases_for
from stonebridge.ui.posted import posted, takes


class Enrol(ActivateTOTPView):  # type: ignore[misc]  # allauth ships no types
    """Setting up the authenticator app. Who has just shown its code has shown the second factor."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).exists():
            return redirect("mfa_index")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def form_valid(self, form: object) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        own = Authenticator.objects.get(user_id=self.request.user.pk, type=Authenticator.Type.TOTP)
        post_authentication(self.request, own, reauthenticated=True)
        self.request.session.cycle_key()  # what the session opens has grown
        return answer


enrol = Enrol.as_view()


@at_own_desk
@require_GET
def account(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The officer's account: postings in force, second factor, sessions."""
    officer = _officer(request)
    own = {auth.type: auth.wrap() for auth in Authenticator.objects.filter(user=officer)}
    if Authenticator.Type.TOTP not in own:
        return redirect("mfa_activate_totp")
    codes = own.get(Authenticator.Type.RECOVERY_CODES)
    postings = officer.postings.filter(in_force(timezone.localdate(desk.now))).select_related("organisation")
    return render(
        request,
        "accounts/account.html",
        {
            "officer": officer,
            "postings": [
                {
                    "role": ROLES[Role(posting.role)],
                    "unit": posting.unit,
                    "organisation": posting.organisation.name,
                    "ends_on": posting.ends_on,
                }
                for posting in postings.order_by("starts_on")
            ],
            "codes_left": len(codes.get_unused_codes()) if codes else 0,
            "purpose": PURPOSES[desk.purpose],
            "basis": _title(desk.purpose, desk.basis),
        },
    )


@at_own_desk
@require_http_methods(["GET", "POST"])
def work(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Choose the purpose and the legal basis under which one works now; remembered for this session."""
    bases = _bases(desk)
    if len(bases) <= 1 and request.method == "GET" and "change" not in request.GET:
        return redirect("dashboard")
    present = {"purpose": desk.purpose} | {
        f"basis-{purpose}": request.session.get(f"basis-{purpose}", DEFAULT_BASIS[purpose]) for purpose in bases
    }
    language = get_language() or settings.LANGUAGE_CODE
    form = WorkForm(*posted(request), bases=bases, language=language, initial=present)
    if form.is_valid():
        purpose, basis = form.chosen()
        request.session["purpose"] = purpose.value
        request.session[f"basis-{purpose}"] = basis or DEFAULT_BASIS[purpose]
        return redirect("dashboard")
    return render(request, "accounts/work.html", {"form": form, "has_purposes": bool(bases)})


def _title(purpose: Purpose, basis: str) -> str:
    listed = legal_bases_for(purpose, settings.NODE.folder / "law")
    return next((each.title(get_language() or "en") for each in listed if each.id == basis), basis)


def _bases(desk: Desk) -> dict[Purpose, list[LegalBasis]]:
    """The bases that the law on file lists for each purpose of the actor, the usual one first."""
    folder = settings.NODE.folder / "law"
    return {
        purpose: sorted(legal_bases_for(purpose, folder), key=lambda basis: basis.id != DEFAULT_BASIS[purpose])
        for purpose in Purpose
        if purpose in desk.actor.purposes
    }


@at_own_desk
@require_POST
@takes()
def end_sessions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """End every session of this officer, in all browsers and at all terminals, this one included."""
    Officer.objects.filter(pk=_officer(request).pk).update(signed_out_at=desk.now)
    logout(request)
    return redirect("account_login")


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, officer_id: UUID, token: str) -> HttpResponse:
    """The first password of an account, or a new one, by the link that an administrator handed over."""
    officer = Officer.objects.filter(pk=officer_id, is_active=True).first()
    if officer is None or not default_token_generator.check_token(officer, token):
        return render(request, "accounts/welcome_over.html", status=410)
    form = WelcomeForm(officer, *posted(request))
    if form.is_valid():
        form.save()
        messages.success(request, gettext("Your password is set. Sign in with it now."))
        return redirect(reverse("account_login"))
    return render(request, "accounts/welcome.html", {"form": form, "officer": officer})


def _officer(request: HttpRequest) -> Officer:
    officer = request.user
    if not isinstance(officer, Officer):
        raise TypeError("a view of one's own account asks for a sign-in first")
    return officer
