"""Screens of the administrator: officers, postings, organisations and mandates."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stonebridge.accounts.doors import Desk, door
from stonebridge.accounts.labels import PURPOSES, ROLES
from stonebridge.accounts.models import OrganisationKind
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import BadInput
from stonebridge.safeguards.officers import queries, services
from stonebridge.safeguards.officers.forms import (
    KINDS,
    MandateForm,
    OfficerForm,
    OrganisationForm,
    PostingForm,
    ReasonForm,
)  # fmt: skip
from stonebridge.ui.posted import posted, takes

EVENTS = {
    "officer_added": _("Account made"),
    "posted": _("Posting made"),
    "posting_ended": _("Posting ended"),
    "account_closed": _("Account closed"),
    "password_link_made": _("Link for a new password made"),
    "reset_asked": _("Asked to take the second factor away"),
    "reset_done": _("Second factor taken away"),
    "reset_declined": _("Second factor left in place"),
}
WRONG = {
    "email": _("Somebody signs in with this address already. Open that account instead."),
    "starts_on": _("The same posting from that day on is there already."),
    "name": _("An organisation of this name is there already."),
}
administration = door(Purpose.ADMINISTRATION)


@administration
@require_GET
def officers(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everybody who signs in here."""
    text, closed = request.GET.get("q", "").strip(), "closed" in request.GET
    found = queries.officers(text, closed=closed, actor=desk.actor, basis=desk.basis, now=desk.now)
    resets = queries.open_resets(actor=desk.actor, basis=desk.basis, now=desk.now)
    rows = [(each, [ROLES[Role(posting.role)] for posting in each.postings]) for each in found]
    return render(request, "officers/officers.html", {"rows": rows, "resets": resets, "text": text, "closed": closed})


@administration
@require_http_methods(["GET", "POST"])
def new_officer(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Make an account with its first posting."""
    listed = queries.organisations(actor=desk.actor, basis=desk.basis, now=desk.now)
    form = OfficerForm(*posted(request), organisations=listed, initial={"starts_on": desk.now.date()})
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            made = services.add_officer(
                cleaned["email"], cleaned["full_name"], form.posting(), language=cleaned["language"], actor=desk.actor,
                basis=desk.basis, now=desk.now,
            )  # fmt: skip
        except BadInput as error:
            form.add_error(error.field, WRONG[error.field])
            return _form(request, form, _("Add an officer"), _("Add the officer"), reverse("accounts:officers"))
        token = services.password_link(made.id, actor=desk.actor, basis=desk.basis, now=desk.now)
        return _link(request, made.full_name, made.id, token)
    return _form(request, form, _("Add an officer"), _("Add the officer"), reverse("accounts:officers"))


@administration
@require_GET
def officer(request: HttpRequest, desk: Desk, officer_id: UUID) -> HttpResponse:
    """One officer: postings, second factor, what administrators did."""
    found, events, reset = queries.officer(officer_id, actor=desk.actor, basis=desk.basis, now=desk.now)
    history = [
        {"title": EVENTS.get(each.event, each.event), "by": each.by, "at": each.at, "text": _told(each.detail)}
        for each in events
    ]
    postings = [(posting, ROLES[Role(posting.role)]) for posting in found.postings]
    context = {"officer": found, "postings": postings, "history": history, "reset": reset, "own": found.id == desk.actor.officer_id}  # fmt: skip
    return render(request, "officers/officer.html", context)


def _told(detail: dict[str, str]) -> str:
    role = detail.get("role")
    words = [str(ROLES[Role(role)])] if role else []
    return " · ".join([*words, *(detail[name] for name in ("unit", "from", "email", "reason") if detail.get(name))])


@administration
@require_http_methods(["GET", "POST"])
def new_posting(request: HttpRequest, desk: Desk, officer_id: UUID) -> HttpResponse:
    """Give an officer a further role."""
    listed = queries.organisations(actor=desk.actor, basis=desk.basis, now=desk.now)
    form = PostingForm(*posted(request), organisations=listed, initial={"starts_on": desk.now.date()})
    back = reverse("accounts:officer", args=[officer_id])
    if form.is_valid():
        try:
            services.add_posting(officer_id, form.posting(), actor=desk.actor, basis=desk.basis, now=desk.now)
        except BadInput as error:
            if error.field not in WRONG:
                raise
            form.add_error(error.field, WRONG[error.field])
        else:
            return redirect(back)
    return _form(request, form, _("Add a posting"), _("Add the posting"), back)


def _form(request: HttpRequest, form: Form, heading: Promise, send: Promise, back: str) -> HttpResponse:
    return render(request, "officers/form.html", {"form": form, "heading": heading, "send": send, "back": back})


@administration
@require_POST
@takes()
def password_link(request: HttpRequest, desk: Desk, officer_id: UUID) -> HttpResponse:
    """Show, once, the link with which an officer sets a password."""
    found, _events, _reset = queries.officer(officer_id, actor=desk.actor, basis=desk.basis, now=desk.now)
    token = services.password_link(officer_id, actor=desk.actor, basis=desk.basis, now=desk.now)
    return _link(request, found.name, officer_id, token)


def _link(request: HttpRequest, name: str, officer_id: UUID, token: str) -> HttpResponse:
    link = request.build_absolute_uri(reverse("account_welcome", args=[officer_id, token]))
    answer = render(request, "officers/link.html", {"name": name, "link": link, "officer_id": officer_id})
    answer["Cache-Control"] = "no-store"
    return answer


def _with_reason(
    request: HttpRequest, *, heading: Promise, send: Promise, back: str, warning: Promise, act: Callable[[str], object]
) -> HttpResponse:
    """Ask for the reason on a page of its own, then act and go back."""
    form: Form = ReasonForm(*posted(request))
    if form.is_valid():
        act(form.cleaned_data["reason"])
        return redirect(back)
    context = {"form": form, "heading": heading, "send": send, "back": back, "warning": warning, "dangerous": True}
    return render(request, "officers/form.html", context)


@administration
@require_http_methods(["GET", "POST"])
def end_posting(request: HttpRequest, desk: Desk, posting_id: UUID) -> HttpResponse:
    """End a posting at once, with a reason."""
    return _with_reason(
        request, heading=_("End this posting"), send=_("End the posting"), back=reverse("accounts:officers"),
        warning=_("It ends at once, in the middle of whatever the officer does."),
        act=lambda reason: services.end_posting(
            posting_id, reason, actor=desk.actor, basis=desk.basis, now=desk.now
        ),
    )  # fmt: skip


@administration
@require_http_methods(["GET", "POST"])
def close_account(request: HttpRequest, desk: Desk, officer_id: UUID) -> HttpResponse:
    """Close an account, with a reason."""
    return _with_reason(
        request, heading=_("Close this account"), send=_("Close the account"),
        back=reverse("accounts:officer", args=[officer_id]),
        warning=_("Every posting and session ends. What the officer did stays in the history under their name."),
        act=lambda reason: services.close_account(
            officer_id, reason, actor=desk.actor, basis=desk.basis, now=desk.now
        ),
    )  # fmt: skip


@administration
@require_http_methods(["GET", "POST"])
def ask_reset(request: HttpRequest, desk: Desk, officer_id: UUID) -> HttpResponse:
    """Ask another administrator to take an officer's second factor away."""
    return _with_reason(
        request, heading=_("Take the second factor away"), send=_("Ask for it"),
        back=reverse("accounts:officer", args=[officer_id]),
        warning=_("You ask, and another administrator does it. Make sure that it is the officer who has asked you: with a new password and a new phone anybody could work under this name."),
        act=lambda reason: services.ask_reset(officer_id, reason, actor=desk.actor, basis=desk.basis, now=desk.now),
    )  # fmt: skip


@administration
@require_POST
@takes("answer")
def settle_reset(request: HttpRequest, desk: Desk, reset_id: UUID) -> HttpResponse:
    """Do what another administrator has asked, or decline."""
    done = request.POST.get("answer") == "do"
    services.settle_reset(reset_id, done=done, actor=desk.actor, basis=desk.basis, now=desk.now)
    text = gettext("The second factor is taken away.") if done else gettext("The second factor stays.")
    messages.success(request, text)
    return redirect("accounts:officers")


@administration
@require_http_methods(["GET", "POST"])
def organisations(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The organisations that work here, with mandates and workers."""
    form = OrganisationForm(*posted(request))
    if form.is_valid():
        kind = OrganisationKind(form.cleaned_data["kind"])
        try:
            services.add_organisation(form.cleaned_data["name"], kind, actor=desk.actor, basis=desk.basis, now=desk.now)
        except BadInput as error:
            form.add_error(error.field, WRONG[error.field])
        else:
            return redirect("accounts:organisations")
    found = queries.organisations(actor=desk.actor, basis=desk.basis, now=desk.now)
    shown = [
        {
            "seen": each,
            "kind": KINDS[OrganisationKind(each.kind)],
            "mandates": [(mandate, PURPOSES[Purpose(mandate.purpose)]) for mandate in each.mandates],
            "workers": [(id, name, ROLES[Role(role)]) for id, name, role in each.workers],
        }
        for each in found
    ]
    return render(request, "officers/organisations.html", {"organisations": shown, "form": form})


@administration
@require_http_methods(["GET", "POST"])
def new_mandate(request: HttpRequest, desk: Desk, organisation_id: UUID) -> HttpResponse:
    """Give an organisation a mandate."""
    form = MandateForm(*posted(request), initial={"starts_on": desk.now.date()})
    back = reverse("accounts:organisations")
    if form.is_valid():
        cleaned = form.cleaned_data
        services.add_mandate(
            organisation_id, Purpose(cleaned["mandate_for"]), cleaned["agreement"], starts_on=cleaned["starts_on"],
            ends_on=cleaned["ends_on"], actor=desk.actor, basis=desk.basis, now=desk.now,
        )  # fmt: skip
        return redirect(back)
    return _form(request, form, _("Give a mandate"), _("Give the mandate"), back)


@administration
@require_http_methods(["GET", "POST"])
def end_mandate(request: HttpRequest, desk: Desk, mandate_id: UUID) -> HttpResponse:
    """End a mandate at once, with a reason."""
    return _with_reason(
        request, heading=_("End this mandate"), send=_("End the mandate"), back=reverse("accounts:organisations"),
        warning=_("Workers of the organisation lose this purpose at once."),
        act=lambda reason: services.end_mandate(
            mandate_id, reason, actor=desk.actor, basis=desk.basis, now=desk.now
        ),
    )  # fmt: skip
