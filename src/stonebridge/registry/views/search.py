"""The search box's answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from stonebridge.accounts.doors import Desk, door
from stonebridge.domain.errors import BadInput
from stonebridge.registry import lists, shown
from stonebridge.registry.models import NamePart
from stonebridge.registry.queries import NameRead
from stonebridge.registry.search import Answer, Found, How, search
from stonebridge.registry.views.person import READERS, may
from stonebridge.ui.wording import remedy_of

HOW = {
    How.REFERENCE: _("by its reference"),
    How.DOCUMENT: _("by the number of a document"),
    How.AS_TYPED: _("written as typed"),
    How.SPELLING: _("another spelling"),
    How.BEGINNING: _("begins like it"),
    How.SOUND: _("the same consonants"),
}
COLUMNS = (
    _("Name"), _("Also"), _("Born"), _("Sex"), _("Nationality"), _("Documents"), _("Registered"), _("Found"),
    _("Reference"),
)  # fmt: skip


@door(*READERS)
@require_GET
def results(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Whoever fits, with what differs from what was typed; a whole reference leads straight to the record."""
    text = request.GET.get("q", "")
    fault = ""
    try:
        answer = search(text, actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now)
    except BadInput as error:
        answer, fault = Answer(()), remedy_of(error)
    if len(answer.found) == 1 and answer.found[0].how is How.REFERENCE:
        return redirect("registry:person", answer.found[0].reference)
    context = {
        "text": text.strip() if not fault else "", "fault": fault or now_(answer.mistyped) if fault or answer.mistyped else "",
        "answer": answer, "columns": COLUMNS, "rows": [_row(each) for each in answer.found],
        "under": shown.under(desk), "may": may(desk.actor),
    }  # fmt: skip
    return render(request, "registry/search.html", context, status=400 if fault else 200)


_OWN = (NamePart.GIVEN, NamePart.FAMILY)


def _said(name: NameRead) -> str:
    """A name in the list; whose it is, where it is not the person's own."""
    return name.text if name.part in _OWN else f"{name.text} ({lists.PARTS[name.part]})"


def _row(found: Found) -> list[object]:
    statement = found.statement
    main = statement.main_name
    also = [_said(name) for name in found.name if name.text not in main]
    also += [name.latin for name in found.name if name.latin and name.latin != name.text and name.part in _OWN]
    states = "; ".join(lists.state_name(state) for state, *_rest in statement.nationalities)
    return [
        {"text": main, "lang": lists.language_tag(main, found.language),
         "url": reverse("registry:person", args=[found.reference])},
        {"text": " · ".join(dict.fromkeys(also)) or "–", "lang": "und"},
        statement.birth.text or _("Not known"), lists.SEXES[statement.sex], states or _("Not known"),
        {"text": ", ".join(found.documents) or "–", "lang": "und-Latn"},
        shown.moment(found.registered_at), HOW[found.how], {"text": found.reference, "lang": "und-Latn"},
    ]  # fmt: skip
