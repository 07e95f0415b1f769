"""Recording an appeal or a court order from the page of a case, and the decision that ends it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stonebridge.accounts.doors import Desk, door
from stonebridge.casework import shown
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.registry.forms.base import RecordForm
from stonebridge.registry.queries import person_of
from stonebridge.remedies.appeals import Brought, end_remedy, record_remedy
from stonebridge.remedies.case_forms import EndForm, LodgeForm
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Action, Fact
from stonebridge.ui.posted import posted


@door(Purpose.READMISSION, Purpose.RETURN)
@require_http_methods(["GET", "POST"])
def lodge(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Record what was brought; from then on the case stays where it is, unless it is known not to suspend."""
    context = shown.page(desk, reference)
    person = _may(desk, Action.RECORD_REMEDY, context["person"])
    form = LodgeForm(*posted(request), today=timezone.localdate(desk.now))
    if form.is_valid():
        given = dict(form.cleaned_data)
        submission = given.pop("submission")
        brought = Brought(**given | {"suspends": Fact(given["suspends"])})
        record_remedy(
            person,
            brought,
            actor=desk.actor,
            purpose=desk.purpose,
            basis=desk.basis,
            now=desk.now,
            submission=submission,
        )
        messages.success(request, _("The appeal or court order is recorded. See below what it suspends."))
        return redirect(_case(context))
    return _show(request, context, form, _("Record an appeal or a court order"))


@door(Purpose.READMISSION, Purpose.RETURN)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, desk: Desk, reference: str, remedy: str) -> HttpResponse:
    """Record the decision that ends it; a supervisor does."""
    context = shown.page(desk, reference)
    _may(desk, Action.END_REMEDY, context["person"])
    lists = (part.rows for template, part in context["parts"] if template == "remedies/_case.html")
    row = next((each for rows in lists for each in rows if each.reference == remedy), None)
    if row is None:
        raise NotFound("appeal or court order", remedy)
    form = EndForm(*posted(request), since=row.lodged_on, today=timezone.localdate(desk.now))
    if form.is_valid():
        given = form.cleaned_data
        end_remedy(
            remedy, given["outcome"], given["ending"], given["ended_on"], actor=desk.actor, purpose=desk.purpose,
            basis=desk.basis, now=desk.now,
        )  # fmt: skip
        messages.success(request, _("The decision is recorded."))
        return redirect(_case(context))
    return _show(request, context, form, _("Record the decision that ends it"), f"{row.kind} {remedy}: {row.against}")


def _may(desk: Desk, action: Action, person: str) -> UUID:
    """Ask the gate before the form is shown, so that nobody fills one in for nothing."""
    with gate.act(desk.purpose):
        id = person_of(person)
        gate.permit(desk.actor, action, purpose=desk.purpose, basis=desk.basis, now=desk.now, persons=[id])
    return id


def _case(context: dict[str, Any]) -> str:
    return f"{reverse('cases:one', args=[context['case']['reference']])}?purpose={context['purpose']}"


def _show(request: HttpRequest, context: dict[str, Any], form: RecordForm, title: str, said: str = "") -> HttpResponse:
    context = context | {"form": form, "title": title, "said": said, "back": _case(context)}
    context["back_text"] = context["case"]["reference"]
    return render(request, "casework/act.html", context, status=422 if form.errors else 200)
