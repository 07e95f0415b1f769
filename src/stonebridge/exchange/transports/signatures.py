"""HTTP messages signed by RFC 9421 over their exact bytes: who sent this, to which address, and that nothing was changed.

One way to sign and no choice of it: Ed25519, one signature, the content digest always covered, a nonce and a
time always named. A response is bound to the request that it answers by covering that request's own signature.
Pure: keys and moments come in as arguments, and whether a nonce was seen before is for the caller to say.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from stonebridge.domain.errors import StonebridgeError

TAG = "stonebridge-1"
LABEL = "sig"
REQUEST_COVERS = ("@method", "@target-uri", "content-type", "content-digest")
RESPONSE_COVERS = ("@status", "content-type", "content-digest", '"signature";req')
CLOCK_TOLERANCE = timedelta(seconds=30)
LONGEST_WAY = timedelta(seconds=60)
"""Age of a signature from which it is too old, beside the tolerance for clocks that differ."""
MEDIA = "application/json"
NONCE_BYTES = 16


class NotAuthentic(StonebridgeError):
    """A message is not, byte for byte, what the named sender signed for this address and moment."""

    code: ClassVar[str] = "not_authentic"


@dataclass(slots=True)
class Request:
    """An HTTP request as it is signed: ``url`` absolute, ``headers`` as sent."""

    url: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"


@dataclass(slots=True)
class Response:
    """An HTTP response as it is signed, with the request that it answers."""

    status_code: int
    body: bytes
    request: Request
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature that holds says: by which key, when, and its nonce."""

    key_id: str
    created: datetime
    nonce: str


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, public: Callable[[str], bytes | None], private: bytes = b"") -> None:
        self._public, self._private = public, private

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        known = self._public(key_id)
        return None if known is None else Ed25519PublicKey.from_public_bytes(known)

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._private)


class _Verifier(HTTPMessageVerifier):
    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        """Left to ``_in_time``, whose moment is an argument."""


def public_key(private: bytes) -> bytes:
    """The public key (32 bytes) of an Ed25519 private key (32 bytes)."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def sign_request(request: Request, *, key_id: str, private: bytes, nonce: bytes, now: datetime) -> None:
    """Add digest and signature to the headers of ``request``."""
    _sign(request, REQUEST_COVERS, key_id=key_id, private=private, nonce=nonce, now=now)


def sign_response(response: Response, *, key_id: str, private: bytes, nonce: bytes, now: datetime) -> None:
    """Add digest and signature to the headers of ``response``, bound to its request."""
    _sign(response, RESPONSE_COVERS, key_id=key_id, private=private, nonce=nonce, now=now)


def verify_request(request: Request, *, keys: Callable[[str], bytes | None], now: datetime) -> Signed:
    """Who signed ``request``, if everything of it is as they signed it. ``keys`` answers public keys by identifier.

    Raises:
        NotAuthentic: it is not, or the key is unknown, or the time does not fit.
    """
    return _verify(request, REQUEST_COVERS, keys=keys, now=now)


def verify_response(response: Response, *, keys: Callable[[str], bytes | None], now: datetime) -> Signed:
    """Who signed ``response`` as the answer to its own request.

    Raises:
        NotAuthentic: it is not, or answers another request.
    """
    return _verify(response, RESPONSE_COVERS, keys=keys, now=now)


def _sign(
    message: Request | Response, covers: tuple[str, ...], *, key_id: str, private: bytes, nonce: bytes, now: datetime
) -> None:
    message.headers["Content-Type"] = MEDIA
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_Keys(_no_key, private))
    signer.sign(
        message, key_id=key_id, created=now, nonce=base64.b64encode(nonce).decode(), label=LABEL, tag=TAG,
        covered_component_ids=covers, body=message.body,
    )  # fmt: skip


def _verify(
    message: Request | Response, covers: tuple[str, ...], *, keys: Callable[[str], bytes | None], now: datetime
) -> Signed:
    verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=_Keys(keys))
    try:
        results = verifier.verify(message, max_age=None, expect_tag=TAG, require_components=covers, body=message.body)
    except (InvalidSignature, HTTPMessageSignaturesException, InvalidKey) as error:
        raise NotAuthentic(f"the signature does not hold: {error}") from error
    if len(results) != 1:
        raise NotAuthentic("a message carries exactly one signature of this exchange")
    parameters = results[0].parameters
    if results[0].body is None:
        raise NotAuthentic("the signature covers no digest of the content")
    return Signed(str(parameters["keyid"]), _in_time(parameters, now), _nonce(parameters))


def _in_time(parameters: Mapping[str, int | str], now: datetime) -> datetime:
    created = parameters.get("created")
    if not isinstance(created, int):
        raise NotAuthentic("the signature names no time")
    try:
        at = datetime.fromtimestamp(created, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise NotAuthentic("the signature names a time that there is not") from error
    if not now - LONGEST_WAY - CLOCK_TOLERANCE <= at <= now + CLOCK_TOLERANCE:
        raise NotAuthentic("the signature is of another time; check the clocks of both nodes")
    return at


def _nonce(parameters: Mapping[str, int | str]) -> str:
    nonce = parameters.get("nonce")
    try:
        if isinstance(nonce, str) and len(base64.b64decode(nonce, validate=True)) == NONCE_BYTES:
            return nonce
    except ValueError:
        pass
    raise NotAuthentic(f"the signature carries no nonce of {NONCE_BYTES} bytes")


def _no_key(key_id: str) -> bytes | None:
    return None
