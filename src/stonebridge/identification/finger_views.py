"""The fingers of a pair beside each other: the page, its pictures, and the drawing for pages without scripts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from stonebridge.accounts.doors import Desk, door
from stonebridge.domain.actor import Purpose
from stonebridge.identification.matcher import node
from stonebridge.identification.prints.comparing import SIDES, compare_fingers, picture, still
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
    return HttpResponse(made[position], content_type="image/png")
