"""Portrait and fingerprints of a person on record: added to the vault, and the portrait shown."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from stonebridge.accounts.doors import Desk, door
from stonebridge.domain.actor import Purpose
from stonebridge.registry import shown
from stonebridge.registry.forms.captures import AddCapturesForm, refuse_too_large
from stonebridge.registry.queries import person_of
from stonebridge.registry.services import add_captures
from stonebridge.registry.vault import latest_portrait
from stonebridge.registry.views.person import canonical, open_record
from stonebridge.safeguards.policy import Action
from stonebridge.ui.posted import posted


@door(Purpose.REGISTRATION)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Take further portraits or fingerprints."""
    record, _panels = open_record(desk, reference, Action.AMEND)
    form = AddCapturesForm(*posted(request))
    if request.method == "POST":
        form.full_clean()
        refuse_too_large(request, form)
        if form.is_valid():
            add_captures(record.id, form.captures, actor=desk.actor, basis=desk.basis, now=desk.now,
                         submission=form.cleaned_data["submission"])  # fmt: skip
            messages.success(request, _("They are sealed and on record."))
            return redirect("registry:person", record.reference)
    context = {"form": form, "person": record, "bar": shown.bar(record), "under": shown.under(desk)}
    return render(request, "registry/add_captures.html", context, status=422 if form.errors else 200)


@door(Purpose.REGISTRATION, Purpose.IDENTIFICATION)
@require_GET
def portrait(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The latest portrait, as a picture."""
    picture = latest_portrait(
        person_of(canonical(reference)), actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now
    )
    return HttpResponse(picture.content, content_type=picture.media)
