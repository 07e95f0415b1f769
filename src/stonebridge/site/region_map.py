"""The nodes of the region as this one sees them: itself in the middle, its partners around, each with its state.

A drawing of connections, not of borders: places on it follow the order of the codes and mean nothing.
"""

import math
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from stonebridge.domain.errors import Tampered
from stonebridge.exchange.contacts import contacts
from stonebridge.exchange.desk.shown import SILENT, state_of
from stonebridge.exchange.partners import partners
from stonebridge.registry.lists import state_notes

WIDTH, MARGIN = 640, 52
"""Units of the drawing: how wide it is, and what its labels need above and below."""
REACH = (230, 118)
"""How far partners stand from the middle, to the side and up."""


@dataclass(frozen=True, slots=True)
class Place:
    """A partner on the drawing. ``since`` is when it fell silent."""

    name: str
    state: str
    since: datetime | None
    x: int
    y: int
    label_y: int


@dataclass(frozen=True, slots=True)
class RegionMap:
    """The drawing and its list."""

    width: int
    height: int
    x: int
    y: int
    places: tuple[Place, ...]
    footnotes: tuple[str, ...]


def region_map() -> RegionMap | None:
    """The partners of this node with their state; nothing where there are none, or the list is not what was signed."""
    try:
        listed = [each for each in partners() if each.has_node]
    except Tampered:
        return None
    if not listed:
        return None
    known, language = contacts(), get_language() or "en"
    middle = (WIDTH // 2, REACH[1] + MARGIN)
    apart = 2 * math.pi / max(len(listed), 3)
    places = []
    for number, each in enumerate(listed):
        angle = apart * (number - (len(listed) - 1) / 2) - math.pi / 2
        x, y = (
            round(at + far * turn)
            for at, far, turn in zip(middle, REACH, (math.cos(angle), math.sin(angle)), strict=True)
        )
        contact = known.get(each.code)
        state = state_of(contact)
        since = contact.silent_since if contact is not None and state == SILENT else None
        places.append(Place(each.name(language), state, since, x, y, y - 24 if y < middle[1] else y + 36))
    height = max(middle[1], *(each.y for each in places)) + MARGIN
    return RegionMap(WIDTH, height, *middle, tuple(places), state_notes(*(each.state for each in listed)))
