"""The fingers of a pair beside each other: the page, its pictures, and the drawing for pages without scripts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as say
from django.views.decorators.http import require_GET

from stonebridge.accounts.doors import Desk, door
from stonebridge.domain.actor import Purpose
from stonebridge.identification.matcher import node
from stonebridge.identification.papers import finger_sheet
from stonebridge.identification.prints.comparing import SIDES, Still, compare_fingers, picture, still
from stonebridge.registry.forms.captures import FINGERS


@door(Purpose.IDENTIFICATION)
@require_GET
def fingers(request: HttpRequest, desk: Desk, reference: str, position: int = 0) -> HttpResponse:
    """One finger of both records, with the minutiae that lie on each other. No score, no opinion."""
    seen = compare_fingers(reference, position, matcher=node.client(), actor=desk.actor, basis=desk.basis, now=desk.now)
    overlay = seen.overlay
    sides = [
        {"side": side, "record": each, "points": points}
        for side, each, points in zip(
            SIDES, (seen.probe, seen.candidate), (overlay.probe, overlay.candidate), strict=True
        )
    ]
    context = {
        "reference": reference,
        "seen": seen,
        "finger": FINGERS[seen.position],
        "fingers": [
            {"position": each, "key": each % 10, "text": FINGERS[each], "current": each == seen.position}
            for each in seen.positions
        ],
        "sides": sides,
        "drawing": {"points": [each["points"] for each in sides], "pairs": overlay.pairs},
    }
    return render(request, "identification/fingers.html", context)


@door(Purpose.IDENTIFICATION)
@require_GET
def side_picture(request: HttpRequest, desk: Desk, reference: str, position: int, side: str) -> HttpResponse:
    """The picture of one finger of one record; a logged read, and never kept by a browser."""
    found = picture(reference, position, side, actor=desk.actor, basis=desk.basis, now=desk.now)
    return HttpResponse(found.content, content_type=found.media)


@door(Purpose.IDENTIFICATION)
@require_GET
def drawing(request: HttpRequest, desk: Desk, reference: str, position: int) -> HttpResponse:
    """Both fingers with their matched minutiae, drawn here."""
    made = still(reference, [position], matcher=node.client(), actor=desk.actor, basis=desk.basis, now=desk.now)
    return HttpResponse(made[position].content, content_type="image/png")


@door(Purpose.IDENTIFICATION)
@require_GET
def finger_paper(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Every finger that both records have, on paper: pictures and matched pairs, neither score nor opinion."""
    made = still(reference, [], matcher=node.client(), actor=desk.actor, basis=desk.basis, now=desk.now)
    probe, candidate = next(iter(made.values())).references
    content = finger_sheet(
        reference, probe=probe, candidate=candidate, fingers={at: (each.content, _rows(each)) for at, each in made.items()},
        printed_by=desk.actor.name, at=desk.now,
    )  # fmt: skip
    disposition = {"Content-Disposition": f'inline; filename="{reference}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=disposition)


def _rows(made: Still) -> list[dict[str, object]]:
    if made.trouble:
        return [{"key": say("Not drawn"), "value": made.trouble}]
    counts = zip(made.references, made.minutiae, strict=True)
    rows: list[dict[str, object]] = [
        {"key": say("Minutiae of %(record)s") % {"record": name}, "value": str(count)} for name, count in counts
    ]
    return [*rows, {"key": say("Minutiae that lie on each other"), "value": str(made.pairs)}]
