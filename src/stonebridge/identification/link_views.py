"""A link: its history, its withdrawal, and whether what it shows is lawful."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as say
from django.views.decorators.http import require_GET, require_http_methods

from stonebridge.accounts.doors import Desk, door
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput, NotFound, Unavailable
from stonebridge.domain.links import Justified
from stonebridge.identification.forms import AssessmentForm, WithdrawalForm
from stonebridge.identification.labels import RULES_OF_OUR_OWN
from stonebridge.identification.link_queries import LinkSeen, Recomputed, link_seen, recompute
from stonebridge.identification.matcher import node
from stonebridge.identification.papers import comparison_sheet
from stonebridge.identification.services import assess_justification, withdraw_link
from stonebridge.identification.shown import (
    bits,
    comparison_rows,
    crumbs,
    link_facts,
    opinion_line,
    paper_row,
    person_url,
    statement_shown,
)
from stonebridge.ui.posted import posted


@door(Purpose.IDENTIFICATION)
@require_GET
def link(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Every statement about the two records, and the explanation, computed again on demand."""
    seen = link_seen(reference, actor=desk.actor, basis=desk.basis, now=desk.now)
    context = _context(seen)
    if request.GET.get("again") and not seen.waits:
        context |= _again(reference, desk)
    return render(request, "identification/link.html", context)


@door(Purpose.IDENTIFICATION)
@require_GET
def sheet(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The judged pair on paper, for a file, an appeal or a court."""
    seen = link_seen(reference, actor=desk.actor, basis=desk.basis, now=desk.now)
    if seen.waits:
        return redirect("identification:link", reference)
    line = [statement_shown(each) for each in seen.statements]
    content = comparison_sheet(
        reference, probe=seen.probe.reference, candidate=seen.candidate.reference,
        comparisons=[paper_row(row) for row in comparison_rows(seen.comparisons)],
        judgements=[opinion_line(each) for shown in reversed(line) for each in shown["judgements"]],
        facts=link_facts(line), printed_by=desk.actor.name, at=desk.now,
    )  # fmt: skip
    disposition = {"Content-Disposition": f'inline; filename="{reference}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=disposition)


@door(Purpose.IDENTIFICATION)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Withdraw a link: what will happen, and the reason."""
    form = WithdrawalForm(*posted(request))
    if form.is_valid():
        withdraw_link(reference, form.cleaned_data["reason"], actor=desk.actor, basis=desk.basis, now=desk.now)
        messages.success(request, say("Link %(link)s is withdrawn.") % {"link": reference})
        return redirect("identification:link", reference)
    return _decision(request, desk, reference, form, "identification/withdraw.html")


@door(Purpose.IDENTIFICATION)
@require_http_methods(["GET", "POST"])
def assess(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Say whether what a link shows is lawful."""
    form = AssessmentForm(*posted(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = assess_justification(
                reference, Justified(given["justified"]), given["article"], reason=given["reason"], actor=desk.actor,
                basis=desk.basis, now=desk.now,
            )  # fmt: skip
        except BadInput as error:
            if error.field != "justified":
                raise
            form.add_error("justified", say("What the two share or differ in gives no ground for that."))
        else:
            messages.success(request, say("The assessment is recorded."))
            return redirect("identification:link", made.reference)
    return _decision(request, desk, reference, form, "identification/assess.html")


def _decision(
    request: HttpRequest, desk: Desk, reference: str, form: WithdrawalForm | AssessmentForm, template: str
) -> HttpResponse:
    seen = link_seen(reference, actor=desk.actor, basis=desk.basis, now=desk.now)
    if seen.waits:
        return redirect("identification:link", reference)
    return render(request, template, _context(seen) | {"form": form}, status=400 if form.errors else 200)


def _again(reference: str, desk: Desk) -> dict[str, object]:
    try:
        found: Recomputed = recompute(
            reference, matcher=node.client(), actor=desk.actor, basis=desk.basis, now=desk.now
        )
    except (Unavailable, NotFound) as error:
        return {"again_failed": str(error)}
    return {"again": found, "again_rows": comparison_rows(found.comparisons), "again_score": bits(found.score)}


def _context(seen: LinkSeen) -> dict[str, object]:
    shown = next((each for each in seen.statements if each.reference == seen.reference), None)
    return {
        "link": seen,
        "crumbs": crumbs(seen.reference),
        "latest": statement_shown(shown) if shown else None,
        "line": [statement_shown(each) for each in seen.statements],
        "comparison": comparison_rows(seen.comparisons),
        "score": bits(seen.score),
        "first_url": person_url(seen.first.reference),
        "second_url": person_url(seen.second.reference),
        "rules": RULES_OF_OUR_OWN,
    }
