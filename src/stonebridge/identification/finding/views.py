"""The page on which somebody is looked for, and its answers while one types."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as say
from django.views.decorators.http import require_http_methods, require_POST
from uuid_utils.compat import uuid7

from stonebridge.accounts.doors import Desk, door
from stonebridge.identification import thresholds
from stonebridge.identification.finding.answers import Answer, Sitting, Typed, find, find_while_typing
from stonebridge.identification.finding.forms import FindForm
from stonebridge.identification.matcher import node
from stonebridge.identification.records import RecordSeen
from stonebridge.identification.shown import comparison_rows, person_url
from stonebridge.registry import lists, shown
from stonebridge.registry.statements import SEARCHABLE_FOR
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Action
from stonebridge.ui.posted import posted

SITTING = "typing"


@door(*SEARCHABLE_FOR)
@require_http_methods(["GET", "POST"])
def find_person(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is known, and whoever may be meant. It is posted, so that no name stands in an address."""
    form = FindForm(*posted(request), today=desk.now.date(), initial={"page": uuid7().hex})
    answer, status = None, 200
    if request.method == "POST":
        if form.is_valid():
            answer = find(form.known(), matcher=node.client(), actor=desk.actor, purpose=desk.purpose, basis=desk.basis,
                          now=desk.now)  # fmt: skip
        else:
            status = 400
    else:
        with gate.act(desk.purpose):
            gate.permit(desk.actor, Action.SEARCH, purpose=desk.purpose, basis=desk.basis, now=desk.now)
    context = {"form": form, "under": shown.under(desk), **(_answered(answer) if answer else {}),
               "odds": odds(thresholds.per_thousand(desk.purpose, desk.now.date()))}  # fmt: skip
    return render(request, "identification/find.html", context, status=status)


@door(*SEARCHABLE_FOR)
@require_POST
def typed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A few who may be meant by what stands in the fields so far; what cannot be read yet is left out."""
    form = FindForm(*posted(request), today=desk.now.date())
    form.is_valid()
    sitting = Sitting.going_on(
        request.session.get(SITTING), page=form.cleaned_data.get("page", ""), purpose=desk.purpose, basis=desk.basis,
        now=desk.now,
    )  # fmt: skip
    found, after = find_while_typing(
        form.known(), sitting, matcher=node.client(), actor=desk.actor, purpose=desk.purpose, basis=desk.basis,
        now=desk.now,
    )  # fmt: skip
    request.session[SITTING] = asdict(after) | {"shown": dict(after.shown)}
    context = {"options": [_option(each) for each in found], "is_over": after.is_over}
    return render(request, "identification/_typed.html", context)


def odds(wrong_in_thousand: float) -> str:
    """How often a search of this desk calls somebody wrong likely, in words."""
    searches = round(1000 / wrong_in_thousand)
    return say("About 1 in %(n)s such searches calls somebody wrong likely.") % {"n": f"{searches:,}"}


def _answered(answer: Answer) -> dict[str, object]:
    return {
        "answer": answer,
        "likely": [_candidate(number, each.record, each.comparisons)
                   for number, each in enumerate(answer.found, 1) if each.likely],
        "others": [_candidate(number, each.record, each.comparisons)
                   for number, each in enumerate(answer.found, 1) if not each.likely],
    }  # fmt: skip


def _candidate(number: int, record: RecordSeen, comparisons: Any) -> dict[str, object]:
    return _told(record) | {"number": number, "comparison": comparison_rows(comparisons)}


def _option(each: Typed) -> dict[str, object]:
    return {"reference": each.reference} | (_told(each.record) if each.record else {})


def _told(record: RecordSeen) -> dict[str, object]:
    """A record in a line: name, birth, sex, nationality, and where its page is."""
    first = record.statements[0] if record.statements else None
    states = ", ".join(lists.state_name(state) for state in first.nationalities) if first else ""
    sex = str(lists.SEXES[first.sex]) if first and first.sex else ""
    return {
        "name": record.name, "reference": record.reference,
        "url": person_url(record.reference) or reverse("finding:person"),
        "line": " · ".join(part for part in ((first.birth if first else ""), sex, states) if part),
    }  # fmt: skip
