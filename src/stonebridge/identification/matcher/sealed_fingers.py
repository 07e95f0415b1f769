"""A sealed template on the way to the matcher, and how the matcher opens it.

Among the fingers of an identity it stands as ``position:identifier:bytes in base64``. Only
the matcher's process opens it, reads the minutiae record and keeps what comparisons need,
under the gallery's key. One that does not open, or that is no finger, is left out and told
of, so that it holds up neither its person nor anybody else.
"""

import base64
import binascii
import logging
from uuid import UUID

from stonebridge.domain.errors import BadInput, StonebridgeError
from stonebridge.formats import iso19794
from stonebridge.matching.fingerprint.finger_text import finger_text
from stonebridge.matching.fingerprint.template import Point, Template
from stonebridge.safeguards.sealing import KeyRing, unseal

log = logging.getLogger(__name__)
LEAST = 4  # minutiae; fewer say nothing of whose finger it is


def sealed_text(id: UUID, position: int, sealed: bytes) -> str:
    """A template among the fingers of an identity, with the identifier under which it was sealed."""
    return f"{position}:{id}:{base64.b64encode(sealed).decode()}"


class FingerOpener:
    """Opens sealed fingers. ``unopened`` are the identifiers of those that it could not."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self.unopened: set[str] = set()

    @property
    def trouble(self) -> str:
        """For the administrator; empty when every template opened."""
        count = len(self.unopened)
        return f"Templates that do not open or hold no finger: {count}; see the matcher's log." if count else ""

    def opened(self, identity: object) -> object:
        """An identity as it came, with its sealed fingers opened; nothing else in it is looked at."""
        if not isinstance(identity, dict) or not isinstance(identity.get("fingers"), list):
            return identity
        fingers = [text for each in identity["fingers"] if (text := self._text(each)) is not None]
        return {**identity, "fingers": fingers}

    def points(self, given: object) -> tuple[Point, ...]:
        """The minutiae of a sealed template, as they stand in its record.

        Raises:
            BadInput: it is no sealed template, or the record is none.
            Tampered: it does not open.
        """
        if not isinstance(given, str) or given.count(":") != 2:
            raise BadInput("template", "a text", "Send position, identifier and sealed bytes, divided by colons.")
        _, id, sealed = given.split(":")
        try:
            content = unseal(base64.b64decode(sealed, validate=True), UUID(id), self._ring, kind="finger")
        except (binascii.Error, ValueError):
            raise BadInput("template", "bytes", "Send an identifier and sealed bytes in base64.") from None
        record = iso19794.read(content)
        found = record.points(record.views[0]) if record.views else ()
        return tuple((each.x, each.y, each.angle, each.kind, each.quality) for each in found)

    def _text(self, given: object) -> object:
        if not isinstance(given, str) or given.count(":") != 2:
            return given
        position, id, sealed = given.split(":")
        try:
            content = unseal(base64.b64decode(sealed, validate=True), UUID(id), self._ring, kind="finger")
            record = iso19794.read(content)
            template = Template.of(record.points(record.views[0])) if record.views else None
        except (StonebridgeError, binascii.Error, ValueError) as error:
            log.warning("a template of the vault, %s, is left out: %s", id[:36], error)
            self.unopened.add(id)
            return None
        if template is None or len(template) < LEAST:
            log.warning("a template of the vault, %s, is left out: it holds no finger", id)
            self.unopened.add(id)
            return None
        self.unopened.discard(id)
        return finger_text(int(position), template)
