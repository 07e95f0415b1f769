"""Data protection reads the access log, checks it, and hands out what it says about a person."""

import json
from itertools import islice

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from stonebridge.accounts.doors import Desk, door
from stonebridge.accounts.labels import ACTIONS, PURPOSES
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import Unavailable
from stonebridge.law.load import legal_bases_for
from stonebridge.safeguards import gate, oversight
from stonebridge.safeguards.forms import FIRST_LOOK, MOMENT, LogFilterForm, said_at_reference
from stonebridge.safeguards.log.commands import MOST_SHOWN
from stonebridge.safeguards.log.store import STORES
from stonebridge.safeguards.log.verify import verify
from stonebridge.safeguards.oversight import Line
from stonebridge.safeguards.policy import Action
from stonebridge.safeguards.sentences import machine_in_words, rules_in_words, subject_in_words
from stonebridge.ui.posted import takes

OTHER_ACTIONS = {"declare_emergency": _("Declare an emergency"), "erase_log_entries": _("Erase entries of the log")}
data_protection = door(Purpose.DATA_PROTECTION)


@data_protection
@require_GET
def log(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Entries of a time, of an officer, or about a person."""
    form = LogFilterForm(request.GET or None)
    given = form if form.is_bound and form.is_valid() else None
    rows: list[dict[str, object]] = []
    looked = None
    if given or not form.is_bound:
        cleaned = given.cleaned_data if given else {}
        if not given:
            form = LogFilterForm({"since": (timezone.localtime(desk.now) - FIRST_LOOK).strftime(MOMENT)})
            form.is_valid()
        since, until = form.between(desk.now)
        with said_at_reference(form):
            looked = oversight.look(
                since=since, until=until, officer=cleaned.get("officer", ""), reference=cleaned.get("about", ""),
                actor=desk.actor, basis=desk.basis, now=desk.now,
            )  # fmt: skip
            rows = [_row(line) for line in looked.lines if _fits(line, cleaned)]
    context = {
        "form": form, "rows": rows, "looked": looked, "state": oversight.state(),
        "about": form.cleaned_data.get("about", "") if looked else "",
    }  # fmt: skip
    return render(request, "safeguards/log.html", context)


@data_protection
@require_POST
@takes()
def check(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Recompute both logs from their entries and compare them with all that was signed."""
    with gate.act(Purpose.DATA_PROTECTION):
        gate.permit(
            desk.actor, Action.READ_LOG, purpose=Purpose.DATA_PROTECTION, basis=desk.basis, now=desk.now,
            subject="verification",
        )  # fmt: skip
    try:
        found = [(store.name, *verify(store)) for store in STORES]
    except DatabaseError as error:
        raise Unavailable(
            "the reader of the logs", "Check them at the terminal of the node: stonebridge log verify."
        ) from error
    results = [
        {"name": gettext("Access log") if name == "access" else gettext("Protection log"), "size": size,
         "wrong": len(findings), "findings": [str(each) for each in islice(findings, MOST_SHOWN)]}
        for name, size, findings in found
    ]  # fmt: skip
    return render(request, "safeguards/log_checked.html", {"results": results, "state": oversight.state()})


@data_protection
@require_POST
@takes("about")
def export(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What the log says about a person, as a file for an access request."""
    about = request.POST.get("about", "")
    told = oversight.export_about(about, actor=desk.actor, basis=desk.basis, now=desk.now)
    answer = HttpResponse(json.dumps(told, ensure_ascii=False, indent=2), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="access-to-{told["about"]}.json"'
    return answer


def _fits(line: Line, cleaned: dict[str, str]) -> bool:
    outcome, action = cleaned.get("outcome", ""), cleaned.get("action", "")
    right_outcome = "emergency" in line.detail if outcome == "emergency" else outcome in ("", line.outcome)
    return right_outcome and action in ("", line.action)


def _row(line: Line) -> dict[str, object]:
    words: dict[str, object] = {**ACTIONS, **OTHER_ACTIONS}
    return {
        "line": line,
        "who": machine_in_words(line.actor) if line.actor == line.officer else line.actor,
        "what": words.get(line.action, line.action),
        "purpose": PURPOSES[Purpose(line.purpose)] if line.purpose in set(Purpose) else line.purpose,
        "basis": _basis(line),
        "is_erased": not line.action,
        "emergency": line.detail.get("emergency", ""),
        "rules": rules_in_words(line.detail.get("rules", "")),
        "subject": subject_in_words(line.detail.get("subject", "")),
        "rolled_back": "rolled_back" in line.detail,
    }


def _basis(line: Line) -> str:
    """The title of the legal basis where the law on file still lists it; else what was named."""
    if line.purpose not in set(Purpose):
        return line.basis
    listed = legal_bases_for(Purpose(line.purpose), settings.NODE.folder / "law")
    return next((each.title(get_language() or "en") for each in listed if each.id == line.basis), line.basis)
