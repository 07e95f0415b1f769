"""A signed message over HTTPS, and its signed answer. No redirects, no proxies, no cookies."""

import secrets
import ssl
import time
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, ClassVar
from urllib.error import URLError
from urllib.request import HTTPErrorProcessor, HTTPHandler, HTTPSHandler, ProxyHandler, build_opener
from urllib.request import Request as UrlRequest

from stonebridge.domain.errors import Unavailable
from stonebridge.exchange.envelope import ANSWER_SIZES
from stonebridge.exchange.transports.signatures import (
    NONCE_BYTES,
    NotAuthentic,
    Request,
    Response,
    sign_request,
    verify_response,
)  # fmt: skip
from stonebridge.exchange.transports.tls import Hurried, Tls, handler, in_words

WITHOUT = Tls()
TIMEOUT = 3.0
"""Seconds for each step of the way."""
WHOLE = 10.0
"""Seconds for the whole answer once its head is here: a partner that lets it trickle holds up nobody."""


class NotItsAnswer(Unavailable):
    """Something came back, but not the partner's signed answer to this message. ``response`` is what came."""

    code: ClassVar[str] = "not_its_answer"

    def __init__(self, partner: str, response: Response) -> None:
        super().__init__(f"node {partner}", "What came back is not its signed answer; test the connection.")
        self.response = response


class _AsItCame(HTTPErrorProcessor):
    """Every answer is read, whatever its status; a redirect is not followed: what was signed goes nowhere else."""

    def http_response(self, request: UrlRequest, response: Any) -> Any:
        return response

    https_response = http_response


class _Plain(HTTPHandler):
    def http_open(self, req: UrlRequest) -> HTTPResponse:
        return self.do_open(_HurriedPlain, req)


class _HurriedPlain(Hurried, HTTPConnection):
    """Without TLS."""


def send(
    url: str, body: bytes, *, key_id: str, private: bytes, partner: str, key: bytes, now: datetime, tls: Tls = WITHOUT,
    pinned: str = "",
) -> Response:  # fmt: skip
    """Send ``body`` to a partner and bring its answer home; ``key`` is the partner's, ``pinned`` its certificate.

    Raises:
        Unavailable: it did not answer; the cause says why.
        NotItsAnswer: what came back was not its answer to this message.
    """
    request = Request(url, body)
    sign_request(request, key_id=key_id, private=private, nonce=secrets.token_bytes(NONCE_BYTES), now=now)
    status, headers, content = _post(request, partner, handler(tls, pinned))
    response = Response(status, content, request, headers)
    try:
        verify_response(response, keys={partner: key}.get, now=now)
    except NotAuthentic as error:
        raise NotItsAnswer(partner, response) from error
    return response


def _post(request: Request, partner: str, opening: HTTPSHandler) -> tuple[int, dict[str, str], bytes]:
    opener = build_opener(ProxyHandler({}), _AsItCame(), _Plain(), opening)
    outgoing = UrlRequest(request.url, data=request.body, headers=request.headers, method=request.method)  # noqa: S310 the scheme is checked when a partner joins
    try:
        with opener.open(outgoing, timeout=TIMEOUT) as answer:
            return answer.status, dict(answer.headers), _read(answer)
    except (URLError, HTTPException, OSError) as error:
        fault = error.reason if isinstance(error, URLError) else error
        if isinstance(fault, ssl.SSLError):
            raise Unavailable(f"node {partner}", in_words(fault)) from error
        raise Unavailable(f"node {partner}", "It cannot be reached now; ask again later.") from error


def _read(answer: HTTPResponse) -> bytes:
    """The body, as far as an answer may be long; ``TimeoutError`` where it takes too long in all."""
    ends, content = time.monotonic() + WHOLE, b""
    while len(content) <= ANSWER_SIZES[-1] and (part := answer.read1(65536)):
        content += part
        if time.monotonic() > ends:
            raise TimeoutError
    return content
