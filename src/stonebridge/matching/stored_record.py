"""A record as bytes and back, for the gallery's chunks and for the socket."""

import re
from dataclasses import asdict, fields
from typing import cast
from uuid import UUID

from stonebridge.domain.errors import BadInput
from stonebridge.matching.record import Identity, Record

TEXT_LIMIT = 1000  # characters in one field
LIST_LIMIT = 100  # entries in one field
VISIBLE_LIMIT = 2**63
KINDS = {field.name: str if field.type in (str, "str") else tuple for field in fields(Identity)}
FINGER = re.compile(r"(?:10|[1-9]):(?:[A-Za-z0-9+/]{8}){1,64}")  # six bytes a minutia, at most 64


def identity_to_json(identity: Identity) -> dict[str, object]:
    """Only the fields that hold something."""
    return {name: value for name, value in asdict(identity).items() if value}


def identity_from_json(value: object) -> Identity:
    """Check every field strictly. Raises ``BadInput`` that names the field."""
    given = _object("identity", value, set(KINDS))
    read: dict[str, object] = {}
    for name, content in given.items():
        texts = content if isinstance(content, list) else [content]
        if isinstance(content, list) is not (KINDS[name] is tuple) or len(texts) > LIST_LIMIT:
            raise BadInput(name, content, f"Send {'a short list of texts' if KINDS[name] is tuple else 'one text'}.")
        if not all(isinstance(text, str) and len(text) <= TEXT_LIMIT for text in texts):
            raise BadInput(name, content, f"Send text of at most {TEXT_LIMIT} characters.")
        if name == "fingers" and not all(FINGER.fullmatch(str(text)) for text in texts):
            raise BadInput(name, content, "Send positions 1 to 10, each with a colon and minutiae in base64.")
        read[name] = tuple(texts) if KINDS[name] is tuple else content
    return Identity(**read)  # type: ignore[arg-type]  # each value was checked against KINDS just above


def record_to_json(record: Record) -> dict[str, object]:
    """The whole record."""
    identities = [identity_to_json(identity) for identity in record.identities]
    return {"id": str(record.id), "visible": record.visible, "identities": identities}


def record_from_json(value: object) -> Record:
    """Check every field strictly. Raises ``BadInput`` that names the field."""
    given = _object("record", value, {"id", "visible", "identities"})
    identities = given.get("identities")
    if not isinstance(identities, list) or len(identities) > LIST_LIMIT:
        raise BadInput("identities", identities, f"Send a list of at most {LIST_LIMIT} identities.")
    visible = mask_from_json(given.get("visible"))
    return Record(id_from_json(given.get("id")), visible, tuple(identity_from_json(each) for each in identities))


def id_from_json(value: object) -> UUID:
    """A UUID in its usual text."""
    try:
        return UUID(cast(str, value))
    except (ValueError, AttributeError, TypeError):
        raise BadInput("id", value, "Send a UUID.") from None


def mask_from_json(value: object) -> int:
    """A bit mask of purposes."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < VISIBLE_LIMIT:
        raise BadInput("visible", value, "Send a whole number, 0 or more.")
    return value


def _object(field: str, value: object, known: set[str]) -> dict[str, object]:
    if not isinstance(value, dict) or not set(value) <= known:
        raise BadInput(field, value, f"Send an object with no other fields than {', '.join(sorted(known))}.")
    return value
