"""Two fingers beside each other, for whoever judges a pair: pictures, minutiae, and which lie on each other. Never a score.

Each look is a read of both persons' biometrics, under a permit, in the access log.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from PIL import Image

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import NotFound, StonebridgeError, Tampered
from stonebridge.identification.facts import pair_of
from stonebridge.identification.matcher.client import MatcherClient, Overlay
from stonebridge.identification.matcher.sealed_fingers import sealed_text
from stonebridge.identification.models import Task
from stonebridge.matching.fingerprint.drawing import drawn
from stonebridge.registry.vault import FingerOnRecord, Picture, finger_picture, fingers_on_record
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Action

PURPOSE = Purpose.IDENTIFICATION
SIDES = ("probe", "candidate")
NOTHING = Overlay((), (), ())


@dataclass(frozen=True, slots=True)
class Side:
    """One finger: whose record, the size of its picture in pixels, and whether there is a picture."""

    reference: str
    width: int
    height: int
    has_picture: bool


@dataclass(frozen=True, slots=True)
class Fingers:
    """A finger of both records. ``positions`` are those that both have; ``trouble`` says why nothing is drawn."""

    position: int
    positions: tuple[int, ...]
    probe: Side
    candidate: Side
    overlay: Overlay
    trouble: str


@dataclass(frozen=True, slots=True)
class Still:
    """A finger of both records as one PNG. ``minutiae`` of probe and candidate, and ``pairs`` that lie on each other."""

    references: tuple[str, str]
    content: bytes
    minutiae: tuple[int, int]
    pairs: int
    trouble: str


@dataclass(frozen=True, slots=True)
class _Pair:
    """The two records of a task and the fingers that both have."""

    persons: tuple[UUID, UUID]
    references: tuple[str, str]
    fingers: dict[int, tuple[FingerOnRecord, FingerOnRecord]]

    def at(self, position: int) -> tuple[FingerOnRecord, FingerOnRecord]:
        """The finger at a position, the first of all for 0."""
        chosen = position or min(self.fingers, default=0)
        if chosen not in self.fingers:
            raise NotFound("finger of both records", position)
        return self.fingers[chosen]


def compare_fingers(
    reference: str, position: int, *, matcher: MatcherClient, actor: Actor, basis: str, now: datetime
) -> Fingers:
    """A finger of a pair of records; ``position`` 0 is the first that both have.

    Raises:
        Refused: the gate says no; this is for those who judge.
        NotFound: no such pair, or no such finger of both.
    """
    pair = _opened(reference, actor=actor, basis=basis, now=now)
    probe, candidate = pair.at(position)
    overlay, trouble = _overlay(matcher, probe, candidate)
    first, second = (
        Side(name, each.width, each.height, each.picture is not None)
        for name, each in zip(pair.references, (probe, candidate), strict=True)
    )
    return Fingers(probe.template.position, tuple(sorted(pair.fingers)), first, second, overlay, trouble)


def picture(reference: str, position: int, side: str, *, actor: Actor, basis: str, now: datetime) -> Picture:
    """The picture of one side's finger.

    Raises:
        Refused: the gate says no.
        NotFound: no such pair, finger or picture.
    """
    pair = _opened(reference, actor=actor, basis=basis, now=now)
    at = SIDES.index(side)
    found = pair.at(position)[at].picture
    if found is None:
        raise NotFound("picture of a finger", position)
    return finger_picture(pair.persons[at], found, actor=actor, purpose=PURPOSE, basis=basis, now=now)


def still(
    reference: str, positions: Sequence[int], *, matcher: MatcherClient, actor: Actor, basis: str, now: datetime
) -> dict[int, Still]:
    """Fingers drawn side by side with their pairs, by position, for paper and for pages without scripts.

    ``positions`` empty: every finger that both have. Errors as ``compare_fingers``.
    """
    pair = _opened(reference, actor=actor, basis=basis, now=now)
    if not pair.fingers:
        raise NotFound("fingers of both records", reference)
    made = {}
    for position in positions or sorted(pair.fingers):
        sides = pair.at(position)
        overlay, trouble = _overlay(matcher, *sides)
        images = [
            None if each.picture is None
            else _image(finger_picture(person, each.picture, actor=actor, purpose=PURPOSE, basis=basis, now=now))
            for person, each in zip(pair.persons, sides, strict=True)
        ]  # fmt: skip
        first, second = ([(*point, 0, 0) for point in points] for points in (overlay.probe, overlay.candidate))
        content = io.BytesIO()
        drawn(first, second, overlay.pairs, (images[0], images[1])).save(content, "PNG")
        told = (len(first), len(second))
        made[position] = Still(pair.references, content.getvalue(), told, len(overlay.pairs), trouble)
    return made


def _image(kept: Picture) -> Image.Image:
    return Image.open(io.BytesIO(kept.content), formats=("PNG",)).convert("RGB")


def _opened(reference: str, *, actor: Actor, basis: str, now: datetime) -> _Pair:
    with gate.act(PURPOSE):
        persons = pair_of(reference)
        gate.permit(actor, Action.JUDGE, purpose=PURPOSE, basis=basis, now=now, subject=f"fingers of pair:{reference}")
        task = Task.objects.select_related("probe", "candidate").filter(reference=reference).first()
    on_record = fingers_on_record(list(persons), actor=actor, purpose=PURPOSE, basis=basis, now=now)
    if task is None:
        raise NotFound("pair", reference)
    first, second = on_record[task.probe_id], on_record[task.candidate_id]
    return _Pair(
        (task.probe_id, task.candidate_id), (task.probe.reference, task.candidate.reference),
        {position: (first[position], second[position]) for position in first.keys() & second.keys()},
    )  # fmt: skip


def _overlay(matcher: MatcherClient, probe: FingerOnRecord, candidate: FingerOnRecord) -> tuple[Overlay, str]:
    texts = [sealed_text(each.template.id, each.template.position, each.template.sealed) for each in (probe, candidate)]
    try:
        return matcher.overlay(*texts), ""
    except Tampered:
        raise
    except StonebridgeError as error:
        return NOTHING, str(error)
