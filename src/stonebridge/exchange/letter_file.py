"""The file beside a letter, which a machine reads: the message, signed by the node that wrote it. Pure."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from stonebridge.domain.errors import Tampered

FORMAT = "stonebridge-letter-1"


def sign(message: Mapping[str, Any], private: Ed25519PrivateKey) -> bytes:
    """The file of a message: the same each time that it is made."""
    plain = json.loads(json.dumps(message, default=str))
    signature = base64.b64encode(private.sign(_content(plain))).decode()
    key = private.public_key().public_bytes_raw().hex()
    written = {"format": FORMAT, "message": plain, "signature": signature, "key": key}
    return json.dumps(written, ensure_ascii=False, indent=1, sort_keys=True).encode()


def verify(file: bytes, key: str) -> dict[str, Any]:
    """The message in the file beside a letter, if the node of this public key signed it.

    Raises:
        Tampered: it is not what that node signed.
    """
    try:
        given = json.loads(file)
        content = _content(given["message"])
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(base64.b64decode(given["signature"]), content)
        message: dict[str, Any] = given["message"]
        return message
    except (ValueError, KeyError, TypeError, InvalidSignature):
        raise Tampered("the file beside a letter", "it is not what this node signed") from None


def entered(sender: str, conversation: str, profile: str, case: str, body: Mapping[str, Any]) -> str:
    """What an officer entered of a partner's letter, in the one way of writing it; its SHA-256 is kept as its digest."""
    return json.dumps([sender, conversation, profile, case, body], ensure_ascii=False, sort_keys=True)


def _content(message: object) -> bytes:
    said = json.dumps(message, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{FORMAT}\n{said}".encode()
