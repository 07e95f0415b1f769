"""Recording a claim for protection and states of origin, from a person's page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stonebridge.accounts.doors import Desk, door
from stonebridge.domain.actor import Purpose
from stonebridge.registry import shown
from stonebridge.registry.forms.base import RecordForm
from stonebridge.registry.queries import PersonRead
from stonebridge.registry.views.person import open_record, reading
from stonebridge.remedies.forms import ClaimForm, OriginForm
from stonebridge.remedies.services import record_claim, record_origin
from stonebridge.safeguards.policy import Action, Claim, Fact
from stonebridge.ui.posted import posted


@door(Purpose.PROTECTION_CLAIM, Purpose.REGISTRATION)
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Record the state of the claim from now on; the former states stay readable."""
    record, _panels = open_record(desk, reference, reading(desk, Action.RECORD_CLAIM))
    form = ClaimForm(*posted(request), today=timezone.localdate(desk.now))
    if form.is_valid():
        cleaned = form.cleaned_data
        record_claim(
            record.id, Claim(cleaned["state"]), asked_on=cleaned["asked_on"], reason=cleaned["reason"],
            actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now, submission=cleaned["submission"],
        )  # fmt: skip
        messages.success(request, _("The state of the claim is recorded."))
        return redirect("registry:person", record.reference)
    return _show(request, desk, record, form, "remedies/claim.html")


@door(Purpose.PROTECTION_CLAIM, Purpose.REGISTRATION)
@require_http_methods(["GET", "POST"])
def origin(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Record whether a state is one of origin; a no needs a supervisor and a reason."""
    record, _panels = open_record(desk, reference, reading(desk, Action.RECORD_ORIGIN))
    form = OriginForm(*posted(request))
    if form.is_valid():
        cleaned = form.cleaned_data
        record_origin(
            record.id, cleaned["state"], Fact(cleaned["is_origin"]), reason=cleaned["reason"].strip(),
            actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now, submission=cleaned["submission"],
        )  # fmt: skip
        messages.success(request, _("It is recorded."))
        return redirect("registry:person", record.reference)
    return _show(request, desk, record, form, "remedies/origin.html")


def _show(request: HttpRequest, desk: Desk, record: PersonRead, form: RecordForm, template: str) -> HttpResponse:
    context = {"form": form, "person": record, "bar": shown.bar(record), "under": shown.under(desk)}
    return render(request, template, context, status=422 if form.errors else 200)
