"""RFC 9421: the published vectors, and every way in which a message can be something else than what was signed."""

import base64
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from http_message_signatures import HTTPMessageSigner, HTTPSignatureAlgorithm, MappingKeyResolver, algorithms

from reference_data import reference
from stonebridge.exchange.transports.signatures import (
    CLOCK_TOLERANCE,
    LONGEST_WAY,
    NotAuthentic,
    Request,
    Response,
    public_key,
    sign_request,
    sign_response,
    verify_request,
    verify_response,
)  # fmt: skip

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MINE, OTHER = bytes(range(32)), bytes(range(1, 33))
KEYS = {"mk-1": public_key(MINE)}.get
NONCE = b"0123456789abcdef"


def request(body: bytes = b'{"a": 1}') -> Request:
    """A request signed by mk."""
    made = Request("http://rs.example/exchange/messages/", body)
    sign_request(made, key_id="mk-1", private=MINE, nonce=NONCE, now=NOW)
    return made


def response(to: Request, status: int = 200) -> Response:
    """The answer of the same key."""
    made = Response(status, b'{"b": 2}', to)
    sign_response(made, key_id="mk-1", private=MINE, nonce=NONCE, now=NOW)
    return made


@dataclass
class Message:
    """The request of the RFC's appendix B.2."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


def published(name: str, algorithm: type[HTTPSignatureAlgorithm], key: Any, key_id: str, covers: tuple[str, ...]):
    vectors = json.loads(reference("standards/data/rfc9421/vectors.json").read_text())
    given = vectors["request"]
    message = Message(given["method"], given["url"], dict(given["headers"]))
    keys = MappingKeyResolver(public_keys={}, private_keys={key_id: key(vectors[name])})
    HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=keys).sign(
        message, key_id=key_id, created=datetime.fromtimestamp(1618884473, UTC), label=f"sig-{name}",
        covered_component_ids=covers, include_alg=False, use_existing_digest=True,
    )  # fmt: skip
    return message.headers, vectors[name]


def test_the_published_signature_with_a_shared_secret_comes_out_bit_for_bit():
    headers, vector = published(
        "b25", algorithms.HMAC_SHA256, lambda v: base64.b64decode(v["key_b64"]), "test-shared-secret",
        ("date", "@authority", "content-type"),
    )  # fmt: skip
    assert (headers["Signature-Input"], headers["Signature"]) == (vector["input"], vector["sig"])


def test_the_published_signature_with_ed25519_comes_out_bit_for_bit():
    headers, vector = published(
        "b26", algorithms.ED25519, lambda v: serialization.load_pem_private_key(v["private_pem"].encode(), None),
        "test-key-ed25519", ("date", "@method", "@path", "@authority", "content-type", "content-length"),
    )  # fmt: skip
    assert (headers["Signature-Input"], headers["Signature"]) == (vector["input"], vector["sig"])


def test_what_was_signed_says_by_whom_and_when():
    signed = verify_request(request(), keys=KEYS, now=NOW)
    assert (signed.key_id, signed.created, base64.b64decode(signed.nonce)) == ("mk-1", NOW, NONCE)


def test_one_altered_byte_of_the_content_is_refused():
    with pytest.raises(NotAuthentic):
        verify_request(replace(request(), body=b'{"a": 2}'), keys=KEYS, now=NOW)


def test_a_digest_made_anew_for_altered_content_is_refused():
    changed = request()
    changed.headers["Content-Digest"] = request(b'{"a": 2}').headers["Content-Digest"]
    with pytest.raises(NotAuthentic):
        verify_request(replace(changed, body=b'{"a": 2}'), keys=KEYS, now=NOW)


def test_a_message_for_another_node_is_refused():
    with pytest.raises(NotAuthentic):
        verify_request(replace(request(), url="http://al.example/exchange/messages/"), keys=KEYS, now=NOW)


@pytest.mark.parametrize("missing", ["Signature", "Signature-Input", "Content-Digest", "Content-Type"])
def test_a_message_without_one_of_its_parts_is_refused(missing: str):
    changed = request()
    del changed.headers[missing]
    with pytest.raises(NotAuthentic):
        verify_request(changed, keys=KEYS, now=NOW)


def test_a_signature_that_does_not_cover_the_digest_is_refused():
    made = Request("http://rs.example/exchange/messages/", b'{"a": 1}', {"Content-Type": "application/json"})
    keys = MappingKeyResolver(
        public_keys={}, private_keys={"mk-1": serialization.load_der_private_key(_der(MINE), None)}
    )
    HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=keys).sign(
        made, key_id="mk-1", created=NOW, nonce=base64.b64encode(NONCE).decode(), label="sig", tag="stonebridge-1",
        covered_component_ids=("@method", "@target-uri", "content-type"),
    )  # fmt: skip
    with pytest.raises(NotAuthentic):
        verify_request(made, keys=KEYS, now=NOW)


def test_a_key_that_nobody_knows_opens_nothing():
    with pytest.raises(NotAuthentic):
        verify_request(request(), keys={}.get, now=NOW)


def test_a_key_of_somebody_else_under_a_known_name_is_refused():
    forged = Request("http://rs.example/exchange/messages/", b"{}")
    sign_request(forged, key_id="mk-1", private=OTHER, nonce=NONCE, now=NOW)
    with pytest.raises(NotAuthentic):
        verify_request(forged, keys=KEYS, now=NOW)


@pytest.mark.parametrize("apart", [CLOCK_TOLERANCE, -CLOCK_TOLERANCE - LONGEST_WAY])
def test_clocks_may_differ_within_the_tolerance(apart: timedelta):
    assert verify_request(request(), keys=KEYS, now=NOW - apart)


@pytest.mark.parametrize("apart", [CLOCK_TOLERANCE, -CLOCK_TOLERANCE - LONGEST_WAY])
def test_a_message_of_another_time_is_refused(apart: timedelta):
    beyond = timedelta(seconds=1) if apart > timedelta() else -timedelta(seconds=1)
    with pytest.raises(NotAuthentic, match="another time"):
        verify_request(request(), keys=KEYS, now=NOW - apart - beyond)


def test_an_answer_is_bound_to_the_request_that_it_answers():
    mine = request()
    assert verify_response(response(mine), keys=KEYS, now=NOW).key_id == "mk-1"
    other = Request("http://rs.example/exchange/messages/", b'{"a": 1}')
    sign_request(other, key_id="mk-1", private=MINE, nonce=NONCE[::-1], now=NOW)
    with pytest.raises(NotAuthentic):
        verify_response(replace(response(mine), request=other), keys=KEYS, now=NOW)


def test_an_answer_with_another_status_is_refused():
    with pytest.raises(NotAuthentic):
        verify_response(replace(response(request()), status_code=403), keys=KEYS, now=NOW)


def test_a_request_is_no_answer():
    asked = request()
    with pytest.raises(NotAuthentic):
        verify_response(Response(200, asked.body, asked, dict(asked.headers)), keys=KEYS, now=NOW)


def _der(private: bytes) -> bytes:
    return bytes.fromhex("302e020100300506032b657004220420") + private
