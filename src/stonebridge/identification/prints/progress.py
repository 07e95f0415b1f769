"""How far the pictures of a person's fingers are read, and what the desk may do about one that is poor."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.identification import thresholds
from stonebridge.identification.models import FingerPicture, Search
from stonebridge.registry.forms.captures import FINGERS
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit

Row = dict[str, str]
ADVICE: dict[str, str | Promise] = {
    "waiting": _("Waits to be read."),
    "unread": _(
        "Not read: nothing here reads pictures now. It is kept and read later; a template is compared at once."
    ),
    "tampered": _("Not read: the picture is not what was kept. Tell the administrator, and take it again."),
    "empty": _("No finger can be seen in it. Take it again: the whole fingertip, flat on the glass."),
    "broken": _("It cannot be read. Take it again."),
    "poor": _(
        "Poor. Take it again: clean finger and glass, a drop of lotion for dry skin, dry a wet finger, press less or more."
    ),
    "few": _("Little of the finger can be seen. Take it again: the whole fingertip, flat on the glass."),
    "good": _("Good enough to compare."),
}


def prints_of(permit: Permit, person: UUID) -> tuple[Row, ...]:
    """The picture taken last of each finger: its finger, its quality, and what to do, in words.

    Raises:
        NotPermitted: the permit does not cover the person.
    """
    permit.require(permit.action, person=person)
    latest = (
        FingerPicture.objects.filter(person_id=person).order_by("position", "-taken_at", "-id").distinct("position")
    )
    return tuple(_row(each) for each in latest)


def progress(search: str, purpose: Purpose) -> tuple[int, int]:
    """Of the pictures on which a search waits, how many are read and how many there are. Tells nothing about anybody.

    Raises:
        NotFound: no such search.
    """
    with gate.act(purpose):
        found = Search.objects.filter(reference=search).first()
        if found is None:
            raise NotFound("search", search)
        pictures: Sequence[FingerPicture] = list(FingerPicture.objects.filter(person_id=found.probe_id))
        if not any(each.state == "waiting" and not each.attempts for each in pictures):
            return 0, 0
        return sum(each.state != "waiting" for each in pictures), len(pictures)


def kind_of(picture: FingerPicture) -> str:
    """Which advice fits a picture."""
    if picture.state == "waiting":
        return "unread" if picture.attempts else "waiting"
    if picture.fault:
        return picture.fault
    if (picture.quality or 0) < thresholds.POOR_QUALITY:
        return "poor"
    return "few" if (picture.minutiae or 0) < thresholds.FEW_MINUTIAE else "good"


def _row(picture: FingerPicture) -> Row:
    quality = "" if picture.state != "read" else say("%(number)s of 100") % {"number": picture.quality}
    kind = kind_of(picture)
    return {"finger": str(FINGERS[picture.position]), "quality": quality, "advice": str(ADVICE[kind]), "kind": kind}
