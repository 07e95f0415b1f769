"""Adding to a record: a new statement of identity, a document. What was there stays."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stonebridge.accounts.doors import Desk, door
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput
from stonebridge.registry import shown
from stonebridge.registry.forms.base import RecordForm
from stonebridge.registry.forms.documents import DocumentForm
from stonebridge.registry.forms.identity import AmendForm, typed
from stonebridge.registry.models import Standing
from stonebridge.registry.queries import PersonRead
from stonebridge.registry.services import add_document, amend_identity
from stonebridge.registry.views.person import open_record
from stonebridge.safeguards.policy import Action
from stonebridge.ui.posted import posted

AMENDING = (Purpose.REGISTRATION, Purpose.DATA_PROTECTION)


@door(*AMENDING)
@require_http_methods(["GET", "POST"])
def statement(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """State the identity anew, beside what was stated."""
    record, _panels = open_record(desk, reference, Action.AMEND)
    form_is_sent = request.method == "POST"  # by then the same, handed in first, may have taken a place
    form = AmendForm(
        *posted(request), today=timezone.localdate(desk.now),
        language=record.language, initial=typed(record.statement),
        statements=[(str(each.id), shown.statement_title(each)) for each in record.statements
                    if form_is_sent or not each.superseded],
    )  # fmt: skip
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            amend_identity(
                record.id, form.stated(Standing(cleaned["standing"]), cleaned["reason"]),
                supersedes=UUID(cleaned["supersedes"]) if cleaned["supersedes"] else None,
                actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now,
                submission=cleaned["submission"],
            )  # fmt: skip
        except BadInput as error:
            form.take(error)
        else:
            messages.success(request, _("The new statement is on record. The register is searched again."))
            return redirect("registry:person", record.reference)
    return _show(request, desk, record, form, "registry/amend.html")


@door(*AMENDING)
@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Record a document."""
    record, _panels = open_record(desk, reference, Action.AMEND)
    form = DocumentForm(*posted(request))
    if form.is_bound:
        form.refuse_unknown()
        if (read := form.read(timezone.localdate(desk.now))) is not None:
            return _show(request, desk, record, read, "registry/add_document.html")
    if form.is_valid() and (stated := form.row.stated()) is not None:
        add_document(
            record.id, stated, actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now,
            submission=form.cleaned_data["submission"],
        )  # fmt: skip
        messages.success(request, _("The document is on record. The register is searched again."))
        return redirect("registry:person", record.reference)
    return _show(request, desk, record, form, "registry/add_document.html")


def _show(request: HttpRequest, desk: Desk, record: PersonRead, form: RecordForm, template: str) -> HttpResponse:
    context = {"form": form, "person": record, "bar": shown.bar(record), "under": shown.under(desk)}
    return render(request, template, context, status=422 if form.errors else 200)
