"""Registering a person: four pages kept as they are typed, then read back and handed in once."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from uuid_utils.compat import uuid7

from stonebridge.accounts.doors import Desk, door
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput, NotFound
from stonebridge.registry import shown
from stonebridge.registry.age import under_minimum_age
from stonebridge.registry.drafts import (
    OpenDraft,
    discard,
    drop_captures,
    keep_captures,
    keep_page,
    open_draft,
    own_drafts,
)
from stonebridge.registry.forms.base import RecordForm, data_of
from stonebridge.registry.forms.captures import CapturesForm, refuse_too_large
from stonebridge.registry.forms.documents import CarryingForm
from stonebridge.registry.forms.read_back import ReadBackForm
from stonebridge.registry.models import Person
from stonebridge.registry.queries import person_of
from stonebridge.registry.read_back import read_back_sections
from stonebridge.registry.registration import Capture
from stonebridge.registry.services import register_person
from stonebridge.registry.wizard import BY_NAME, PAGES, Assembled, Page, after, assemble, form_of
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Action, Fact
from stonebridge.ui.posted import posted, takes


@door(Purpose.REGISTRATION)
@require_GET
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The officer's drafts to resume or discard, or straight to a new registration where there are none."""
    drafts = own_drafts(actor=desk.actor, basis=desk.basis, now=desk.now)
    begin = reverse("registry:page", args=[uuid7(), PAGES[0].name])
    if not drafts:
        return redirect(begin)
    return render(
        request, "registry/drafts.html",
        {"drafts": [_draft_row(draft) for draft in drafts], "begin": begin, "under": shown.under(desk)},
    )  # fmt: skip


@door(Purpose.REGISTRATION)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, desk: Desk, draft: UUID, name: str) -> HttpResponse:
    """One page: shown as it was kept; kept as it was typed; left once it has no fault."""
    page = _page(name)
    if request.method == "POST":
        form = form_of(name, request.POST, desk.now, request.FILES)
        form.refuse_unknown()
        read = form.read(timezone.localdate(desk.now)) if isinstance(form, CarryingForm) else None
        form = read or form
        try:
            keep_page(draft, name, form.kept(), actor=desk.actor, basis=desk.basis, now=desk.now)
            _take_captures(request, desk, draft, form)
        except NotFound:
            return _registered_or_gone(desk, draft)
        if read is not None:
            return _show(request, desk, draft, page, read, status=422 if read.errors else 200)
        if "stay" in request.GET:
            messages.success(request, _("Draft saved."))
            return redirect("registry:page", draft, name)
        if form.is_valid():
            following = after(page)
            if following is None or "return" in request.GET:
                return redirect("registry:read_back", draft)
            return redirect("registry:page", draft, following.name)
        opened = _opened(desk, draft, begins=False)
        return _show(request, desk, draft, page, form, status=422, captures=opened.captures)
    opened = _opened(desk, draft, begins=page is PAGES[0])
    kept = opened.pages.get(name)
    form = form_of(name, data_of(kept) if kept is not None else None, desk.now)
    if "check" not in request.GET and kept is not None:
        form.full_clean()
        form.errors.clear()
    return _show(request, desk, draft, page, form, captures=opened.captures, begun=opened.saved_at is not None)


@door(Purpose.REGISTRATION)
@require_POST
def keep(request: HttpRequest, desk: Desk, draft: UUID, name: str) -> HttpResponse:
    """Keep what is typed on a page; for the script that saves while somebody types."""
    _page(name)
    form = form_of(name, request.POST, desk.now, request.FILES)
    form.refuse_unknown()
    keep_page(draft, name, form.kept(), actor=desk.actor, basis=desk.basis, now=desk.now)
    return HttpResponse(status=204)


@door(Purpose.REGISTRATION)
@require_POST
@takes()
def throw_away(request: HttpRequest, desk: Desk, draft: UUID) -> HttpResponse:
    """Discard a draft."""
    discard(draft, actor=desk.actor, basis=desk.basis, now=desk.now)
    messages.success(request, _("The draft is discarded."))
    return redirect("registry:new")


@door(Purpose.REGISTRATION)
@require_POST
@takes()
def throw_captures_away(request: HttpRequest, desk: Desk, draft: UUID) -> HttpResponse:
    """Take portrait and fingerprints out of a draft."""
    drop_captures(draft, actor=desk.actor, basis=desk.basis, now=desk.now)
    messages.success(request, _("Portrait and fingerprints are taken out of the draft."))
    return redirect("registry:page", draft, "needs")


@door(Purpose.REGISTRATION)
@require_http_methods(["GET", "POST"])
def read_back(request: HttpRequest, desk: Desk, draft: UUID) -> HttpResponse:
    """Read back to the person what will be recorded; hand it in once, whole or not at all."""
    try:
        opened = open_draft(draft, actor=desk.actor, basis=desk.basis, now=desk.now)
    except NotFound:
        return _registered_or_gone(desk, draft)
    together = assemble(opened, desk.now)
    if (faulty := together.faulty) is not None:
        messages.warning(request, _("Something is missing or cannot be used on this page. Nothing is registered yet."))
        return redirect(f"{reverse('registry:page', args=[draft, faulty.name])}?check=1")
    form = ReadBackForm(*posted(request))
    if form.is_valid():
        try:
            registration = together.registration(
                family_of=person_of(together.relative) if together.relative else None,
                read_back=form.cleaned_data["read_back"],
            )
            person = register_person(registration, actor=desk.actor, basis=desk.basis, now=desk.now, draft=draft)
        except NotFound:
            return _no_such_relative(request, desk, draft, together.arrival)
        messages.success(request, _("Registered. The register is searched for earlier records now."))
        return redirect("registry:person", person.reference)
    context = {
        "form": form, "draft": draft, "sections": read_back_sections(draft, together), "steps": _steps(draft, None),
        "under": shown.under(desk), "bases": shown.bases(desk.purpose), "basis": desk.basis,
        "captures": shown.captures(together.captures), "too_young": _may_be_too_young(together, desk),
    }  # fmt: skip
    return render(request, "registry/read_back.html", context, status=422 if form.errors else 200)


def _take_captures(request: HttpRequest, desk: Desk, draft: UUID, form: RecordForm) -> None:
    """Keep the images that came with a page, whatever else is wrong on it: nobody should have to choose them again."""
    if not isinstance(form, CapturesForm):
        return
    form.full_clean()
    refuse_too_large(request, form)
    if form.captures:
        keep_captures(draft, form.captures, actor=desk.actor, basis=desk.basis, now=desk.now)


def _page(name: str) -> Page:
    if name not in BY_NAME:
        raise NotFound("page", name)
    return BY_NAME[name]


def _opened(desk: Desk, draft: UUID, *, begins: bool) -> OpenDraft:
    """The draft, or an empty one on the page where a registration begins."""
    try:
        return open_draft(draft, actor=desk.actor, basis=desk.basis, now=desk.now)
    except NotFound:
        if begins:
            return OpenDraft(draft)
        raise


def _registered_or_gone(desk: Desk, draft: UUID) -> HttpResponse:
    """Handed in already: to the person. Anything else is a draft that nobody has."""
    with gate.act(desk.purpose):
        person = Person.objects.filter(draft=draft, registered_by=desk.actor.reference).first()
        if person is not None:
            gate.permit(
                desk.actor, Action.READ, purpose=desk.purpose, basis=desk.basis, now=desk.now, persons=[person.id]
            )
    if person is None:
        raise NotFound("draft", draft)
    return redirect("registry:person", person.reference)


def _no_such_relative(request: HttpRequest, desk: Desk, draft: UUID, form: RecordForm) -> HttpResponse:
    form.take(
        BadInput("family_of", form.cleaned_data["family_of"], _("Nobody is registered by this reference. Check it."))
    )
    return _show(request, desk, draft, BY_NAME["arrival"], form, status=422)


def _show(
    request: HttpRequest,
    desk: Desk,
    draft: UUID,
    page: Page,
    form: RecordForm,
    *,
    status: int = 200,
    captures: Iterable[Capture] = (),
    begun: bool = True,
) -> HttpResponse:
    if not form.errors and not (isinstance(form, CarryingForm) and form.readings):
        next(iter(form.fields.values())).widget.attrs["autofocus"] = True
    context = {
        "form": form, "page": page, "draft": draft, "steps": _steps(draft, page, begun=begun), "under": shown.under(desk),
        "last": after(page) is None, "captures": shown.captures(captures),
    }  # fmt: skip
    return render(request, page.template, context, status=status)


def _steps(draft: UUID, here: Page | None, *, begun: bool = True) -> list[dict[str, object]]:
    """The pages to go to; before anything is kept, the later ones are named and lead nowhere."""
    steps: list[dict[str, object]] = [
        {"text": each.heading, "url": reverse("registry:page", args=[draft, each.name]), "current": each is here}
        for each in PAGES
    ]
    steps.append({"text": _("Read back"), "url": reverse("registry:read_back", args=[draft]), "current": here is None})
    return [step if begun or step["current"] else step | {"url": ""} for step in steps]


def _may_be_too_young(together: Assembled, desk: Desk) -> bool:
    """Whether images are in the draft although the person may be under the minimum age; the gate refuses them."""
    age = under_minimum_age(
        together.who.stated().birth, together.arrival.cleaned_data["category"], desk.now.date()
    )  # fmt: skip
    return bool(together.captures) and age is not Fact.NO


def _draft_row(draft: OpenDraft) -> dict[str, object]:
    typed = draft.pages.get("who", {})
    name = " ".join(" ".join(typed.get(part, [])) for part in ("given", "family")).strip()
    return {
        "id": draft.id, "name": name, "saved_at": draft.saved_at, "expires_at": draft.expires_at,
        "pages": ", ".join(str(page.heading) for page in PAGES if page.name in draft.pages),
        "resume": reverse("registry:page", args=[draft.id, _first_open(draft).name]),
    }  # fmt: skip


def _first_open(draft: OpenDraft) -> Page:
    return next((page for page in PAGES if page.name not in draft.pages), PAGES[0])
