"""The pages on which administrators and data protection see what other nodes have revoked, and note what they looked at."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from stonebridge.accounts.doors import Desk, door
from stonebridge.accounts.queues import Queue
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.exchange import revocations
from stonebridge.exchange.desk.forms import WHY
from stonebridge.exchange.models import Incoming
from stonebridge.exchange.partners import Why, partners, permit_to_manage
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import ROLES_FOR, Action
from stonebridge.ui.posted import Form, posted


class NoteForm(Form):
    """What was looked at here."""

    mark_optional = False
    note = forms.CharField(
        label=_("What you looked at, and what you decided"),
        max_length=revocations.LONGEST_NOTE,
        help_text=_("For example: the fingerprint of its key compared anew by telephone; it stays a partner."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what you looked at, even if nothing changes.")},
    )


@door(Purpose.ADMINISTRATION, Purpose.DATA_PROTECTION)
@require_GET
def revoked(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What other nodes have revoked and nobody here has looked into."""
    with gate.act(desk.purpose):
        gate.permit(desk.actor, Action.MANAGE_PARTNERS, purpose=desk.purpose, basis=desk.basis, now=desk.now)
        rows = [_shown(each) for each in revocations.waiting()]
    return render(request, "exchange/revocations.html", {"rows": rows})


@door(Purpose.ADMINISTRATION, Purpose.DATA_PROTECTION)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, desk: Desk, id: UUID) -> HttpResponse:
    """One revocation of another node, and what was looked at here."""
    form = NoteForm(*posted(request))
    if form.is_valid():
        revocations.note(
            id, form.cleaned_data["note"], actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now
        )
        messages.success(request, say("What you looked at is recorded."))
        return redirect("exchange:revocations")
    with gate.act(desk.purpose):
        found = next((each for each in revocations.waiting() if each.id == id), None)
        if found is None:
            raise NotFound("message", id)
        permit_to_manage(desk.actor, desk.purpose, desk.basis, desk.now, found.body["partner"])
        row = _shown(found)
    context = {
        "row": row, "form": form,
        "rows": [
            {"key": _("Who revoked"), "value": row["by"]}, {"key": _("Whom"), "value": row["whom"]},
            {"key": _("Reason"), "value": row["why"]},
            {"key": _("On our own list"), "value": _("Yes") if row["is_ours"] else _("No")},
        ],
    }  # fmt: skip
    return render(request, "exchange/revocation.html", context, status=422 if form.errors else 200)


def waiting_at(desk: Desk) -> list[Queue]:
    """What other nodes have revoked, for those who see to partners."""
    if not desk.actor.roles & ROLES_FOR[Action.MANAGE_PARTNERS]:
        return []
    with gate.act(Purpose.ADMINISTRATION):
        count = len(revocations.waiting())
    return [
        Queue(
            _("Partners revoked elsewhere"),
            _("Another node revoked a partner. You look at our own list; nothing is revoked by itself."),
            reverse("exchange:revocations"),
            count,
            _("Look at the first revocation"),
        )
    ]


def _shown(row: Incoming) -> dict[str, Any]:
    names = {each.code: each.name(get_language() or "en") for each in partners()}
    code = row.body["partner"]
    return {
        "id": row.id, "by": names.get(row.sender, row.sender), "whom": names.get(code, code), "code": code, "is_ours": code in names,
        "why": WHY[Why(row.body["why"])], "at": row.received_at,
    }  # fmt: skip
