"""RFC 9421 by a second hand: what we sign, the npm package http-message-signatures verifies, and the other way round."""

import base64
import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stonebridge.exchange.transports.signatures import (
    REQUEST_COVERS,
    NotAuthentic,
    Request,
    Response,
    public_key,
    sign_request,
    sign_response,
    verify_request,
    verify_response,
)  # fmt: skip
from stonebridge.ui.build import MODULES, Node

pytestmark = pytest.mark.skipif(
    not (MODULES / "http-message-signatures").is_dir(), reason="scripts/environment fetches it"
)
SCRIPT = Path(__file__).with_name("second_implementation.mjs")
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
MINE = bytes(range(32))
KEYS = {"mk": public_key(MINE)}.get
NONCE = b"0123456789abcdef"
BODY = '{"names": "Амира"}'.encode()


def other(act: str, message: Request | Response, *, body: bytes | None = None, key: bytes = MINE) -> dict[str, Any]:
    """What the second implementation makes of a message, whose content may have become ``body`` on the way."""
    is_answer = isinstance(message, Response)
    start = {"status": message.status_code} if is_answer else {"method": message.method, "url": message.url}
    given = {
        "act": act, "message": {**start, "headers": message.headers}, "request": _asked(message.request) if is_answer else None,
        "body": (message.body if body is None else body).decode(), "keyid": "mk",
        "key": (key if act == "sign" else public_key(key)).hex(), "created": int(NOW.timestamp()),
        "nonce": base64.b64encode(NONCE).decode(),
        "covers": ["@status", "content-type", "content-digest", "signature;req"] if is_answer else list(REQUEST_COVERS),
    }  # fmt: skip
    told = subprocess.run(
        [Node.find().node, SCRIPT], input=json.dumps(given), capture_output=True, text=True, check=True, timeout=60
    )
    read: dict[str, Any] = json.loads(told.stdout)
    return read


def _asked(request: Request) -> dict[str, Any]:
    return {"method": request.method, "url": request.url, "headers": request.headers}


def ours() -> Request:
    made = Request("https://rs.example/exchange/messages/", BODY)
    sign_request(made, key_id="mk", private=MINE, nonce=NONCE, now=NOW)
    return made


def our_answer() -> Response:
    made = Response(202, BODY, ours())
    sign_response(made, key_id="mk", private=MINE, nonce=NONCE, now=NOW)
    return made


def theirs() -> Request:
    made = Request("https://rs.example/exchange/messages/", BODY)
    made.headers = other("sign", made)["headers"]
    return made


def their_answer() -> Response:
    made = Response(202, BODY, theirs())
    made.headers = other("sign", made)["headers"]
    return made


def test_what_we_sign_holds_for_the_other():
    assert other("verify", ours()) == {"holds": True}
    assert other("verify", our_answer()) == {"holds": True}


def test_what_the_other_signs_holds_for_us():
    signed = verify_request(theirs(), keys=KEYS, now=NOW)
    assert (signed.key_id, signed.created, base64.b64decode(signed.nonce)) == ("mk", NOW, NONCE)
    assert verify_response(their_answer(), keys=KEYS, now=NOW).key_id == "mk"


def test_both_make_the_same_signature_bit_for_bit():
    assert theirs().headers == ours().headers
    assert their_answer().headers == our_answer().headers


def _header(name: str, value: str) -> Callable[[Any], Any]:
    return lambda message: replace(message, headers=message.headers | {name: value})


CHANGED_REQUESTS = [
    pytest.param(lambda message: replace(message, body=BODY.replace(b"names", b"nameS")), id="a byte of the content"),
    pytest.param(lambda message: replace(message, url="https://al.example/exchange/messages/"), id="another node"),
    pytest.param(lambda message: replace(message, method="PUT"), id="another method"),
    pytest.param(_header("Content-Type", "text/plain"), id="another type"),
    pytest.param(_header("Signature", f"sig=:{base64.b64encode(bytes(64)).decode()}:"), id="no signature of anybody"),
    pytest.param(
        lambda message: replace(message, headers={name: value.replace("stonebridge-1", "stonebridge-2")
                                                  for name, value in message.headers.items()}), id="another tag",
    ),
    pytest.param(
        lambda message: replace(message, headers={name: value.replace('keyid="mk"', 'keyid="al"')
                                                  for name, value in message.headers.items()}), id="another key",
    ),
]  # fmt: skip


@pytest.mark.parametrize("changed", CHANGED_REQUESTS)
@pytest.mark.parametrize("made", [ours, theirs])
def test_a_request_that_was_changed_holds_for_neither(
    made: Callable[[], Request], changed: Callable[[Request], Request]
):
    request = changed(made())
    assert not other("verify", request)["holds"]
    with pytest.raises(NotAuthentic):
        verify_request(request, keys=KEYS, now=NOW)


CHANGED_ANSWERS = [
    pytest.param(lambda answer: replace(answer, status_code=200), id="another status"),
    pytest.param(lambda answer: replace(answer, body=BODY + b" "), id="a longer content"),
    pytest.param(
        lambda answer: replace(answer, request=replace(
            answer.request, headers=answer.request.headers | {"Signature": f"sig=:{base64.b64encode(b'x' * 64).decode()}:"}
        )), id="the answer to another request",
    ),
]  # fmt: skip


@pytest.mark.parametrize("changed", CHANGED_ANSWERS)
@pytest.mark.parametrize("made", [our_answer, their_answer])
def test_an_answer_that_was_changed_holds_for_neither(
    made: Callable[[], Response], changed: Callable[[Response], Response]
):
    answer = changed(made())
    assert not other("verify", answer)["holds"]
    with pytest.raises(NotAuthentic):
        verify_response(answer, keys=KEYS, now=NOW)


def test_a_signature_of_another_key_holds_for_neither():
    request = ours()
    assert not other("verify", request, key=b"x" * 32)["holds"]
    with pytest.raises(NotAuthentic):
        verify_request(request, keys={"mk": public_key(b"x" * 32)}.get, now=NOW + timedelta(seconds=1))
