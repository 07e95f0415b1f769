"""What crosses the matcher's socket: one request and one answer a connection.

A frame is its length (four bytes, big-endian) and UTF-8 JSON. A request names its
call; an answer is ``{"answer": …}`` or ``{"error": code, "data": […]}``, which the
client raises again as the error that it was.
"""

import json
import socket
import struct
from collections.abc import Callable
from typing import Any

from stonebridge.domain.errors import BadInput, NotFound, StonebridgeError, Tampered, Unavailable, WrongState

FRAME_LIMIT = 16 << 20  # bytes
LENGTH = struct.Struct(">I")

DATA: dict[str, Callable[[Any], list[str]]] = {
    "bad_input": lambda error: [error.field, str(error.value)[:200], error.remedy],
    "not_found": lambda error: [error.kind, str(error.reference)],
    "wrong_state": lambda error: [error.thing, error.state, error.needed],
    "unavailable": lambda error: [error.part, error.remedy],
    "tampered": lambda error: [error.thing, error.detail],
}
RAISED: dict[str, Callable[..., StonebridgeError]] = {
    each.code: each for each in (BadInput, NotFound, WrongState, Unavailable, Tampered)
}


def send(connection: socket.socket, message: dict[str, object]) -> None:
    """Send one frame. Raises ``BadInput`` if it is too long, ``OSError`` if the other side is gone."""
    content = json.dumps(message, ensure_ascii=False).encode()
    if len(content) > FRAME_LIMIT:
        raise BadInput("message", f"{len(content)} bytes", f"Send at most {FRAME_LIMIT} bytes at once.")
    connection.sendall(LENGTH.pack(len(content)) + content)


def receive(connection: socket.socket) -> dict[str, object]:
    """Read one frame. Raises ``BadInput`` for anything but a JSON object of allowed length, ``EOFError`` if cut."""
    (length,) = LENGTH.unpack(_exactly(connection, LENGTH.size))
    if length > FRAME_LIMIT:
        raise BadInput("message", f"{length} bytes", f"Send at most {FRAME_LIMIT} bytes at once.")
    try:
        message = json.loads(_exactly(connection, length))
    except (ValueError, RecursionError):
        raise BadInput("message", "bytes that are not JSON", "Send a JSON object in UTF-8.") from None
    if not isinstance(message, dict):
        raise BadInput("message", message, "Send a JSON object.")
    return message


def error_to_json(error: StonebridgeError) -> dict[str, object]:
    """An error as data; one that the socket does not know is told as unavailable, with its text."""
    if error.code not in DATA:
        return {"error": "unavailable", "data": ["the matcher", str(error)]}
    return {"error": error.code, "data": DATA[error.code](error)}


def error_from_json(message: dict[str, object]) -> StonebridgeError:
    """The error that the other side met."""
    code, data = message.get("error"), message.get("data")
    if not isinstance(code, str) or code not in RAISED or not isinstance(data, list):
        return Unavailable("the matcher", f"It answered {code!r}, which this version does not know; update both.")
    return RAISED[code](*data)


def number(field: str, value: object, least: float, most: float) -> float:
    """A number within bounds. Raises ``BadInput`` naming the field."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
        raise BadInput(field, value, f"Send a number from {least} to {most}.")
    return value


def whole(field: str, value: object, least: int, most: int = 2**62) -> int:
    """A whole number within bounds. Raises ``BadInput`` naming the field."""
    if not isinstance(value, int) or number(field, value, least, most) != value:
        raise BadInput(field, value, f"Send a whole number from {least} to {most}.")
    return value


def _exactly(connection: socket.socket, size: int) -> bytes:
    content = bytearray()
    while len(content) < size:
        piece = connection.recv(min(size - len(content), 1 << 16))
        if not piece:
            raise EOFError
        content += piece
    return bytes(content)
