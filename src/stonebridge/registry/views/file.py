"""Handing out a person's file, and the receipt that the person keeps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from stonebridge.accounts.doors import Desk, door
from stonebridge.domain.actor import Purpose
from stonebridge.registry import shown
from stonebridge.registry.forms.file import FileForm
from stonebridge.registry.handing_out import hand_out
from stonebridge.registry.papers import receipt
from stonebridge.registry.views.person import RECEIPT_FOR, canonical, open_record, reading
from stonebridge.safeguards.policy import Action
from stonebridge.ui.posted import posted

DISCLOSING = (Purpose.DATA_PROTECTION, Purpose.REGISTRATION, Purpose.PROTECTION_CLAIM, Purpose.IDENTIFICATION)


@door(*DISCLOSING)
@require_http_methods(["GET", "POST"])
def hand_out_file(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Ask who receives the file, then hand it out and note it; the gate judges towards whom."""
    form = FileForm(*posted(request))
    if form.is_valid():
        file = hand_out(
            canonical(reference), form.cleaned_data["form_of_file"], form.receiver(canonical(reference)),
            actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now,
        )  # fmt: skip
        disposition = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return HttpResponse(file.content, content_type=file.media, headers=disposition)
    record, _panels = open_record(desk, reference, reading(desk, Action.DISCLOSE))
    context = {"form": form, "person": record, "bar": shown.bar(record), "under": shown.under(desk)}
    return render(request, "registry/file.html", context, status=422 if form.errors else 200)


@door(*RECEIPT_FOR)
@require_GET
def print_receipt(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The slip for the person: in the language of the screen and, as far as there is one, in theirs."""
    record, _panels = open_record(desk, reference, Action.READ)
    content = receipt(record, printed_by=desk.actor.name, at=desk.now)
    disposition = {"Content-Disposition": f'inline; filename="{record.reference}-receipt.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=disposition)
