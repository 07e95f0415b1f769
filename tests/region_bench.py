"""A partner of the node under test: its key, its list entry, what it asks us, and a server that answers us."""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from people import BASIS, NOW
from stonebridge.domain.actor import Actor, Purpose
from stonebridge.exchange import partners
from stonebridge.exchange.envelope import ANSWER_SIZES, Envelope, from_bytes, to_bytes
from stonebridge.exchange.partners import Partner, fingerprint
from stonebridge.exchange.transports.signatures import (
    Request,
    Response,
    public_key,
    sign_request,
    sign_response,
    verify_response,
)  # fmt: skip

RS_KEY, MK_KEY = b"r" * 32, bytes.fromhex("99" * 32)
HERE = "http://testserver/exchange/messages/"
SERBIA = Partner(
    code="rs", state="SRB", names={"en": "Serbia", "mk": "Србија"}, address="http://127.0.0.1:1",
    key=public_key(RS_KEY).hex(), profiles={"person_query": [1]}, purposes=["identification"], quota=50,
)  # fmt: skip
AMIRA = {"given": "Amira", "family": "Haddad", "birth": "1994-03-07", "sex": "f", "nationalities": ["SYR"]}


def joined(partner: Partner, administrator: Actor, data_protection: Actor) -> Partner:
    """A partner whom two officers have let in."""
    proposal = partners.propose(
        partner, actor=administrator, purpose=Purpose.ADMINISTRATION, basis="public_task", now=NOW
    )
    return partners.join(
        proposal, fingerprint(partner.key), actor=data_protection, purpose=Purpose.DATA_PROTECTION,
        basis=BASIS[Purpose.DATA_PROTECTION], now=NOW,
    )  # fmt: skip


def question(body: dict[str, Any] | None = None, **changes: Any) -> Envelope:
    """A question of rs about Amira."""
    given: dict[str, Any] = {
        "profile": "person_query", "version": 1, "sender": "rs", "recipient": "mk", "id": uuid4(), "conversation": uuid4(),
        "sequence": 1, "purpose": Purpose.IDENTIFICATION, "basis": "public_task", "role": "examiner", "case": "RS-1",
        "sent_at": datetime.now(UTC), "salt": secrets.token_hex(32),
        "body": {"identities": [AMIRA]} if body is None else body,
    }  # fmt: skip
    return Envelope(**given | changes)


def signed(
    asked: Envelope | bytes, *, key: bytes = RS_KEY, key_id: str = "rs", nonce: bytes | None = None, url: str = HERE
) -> Request:
    """The question as rs signs it now."""
    content = asked if isinstance(asked, bytes) else to_bytes(asked)
    request = Request(url, content)
    sign_request(request, key_id=key_id, private=key, nonce=nonce or secrets.token_bytes(16), now=datetime.now(UTC))
    return request


def sent(request: Request) -> Response:
    """What the node under test answers."""
    headers = {name: value for name, value in request.headers.items() if name != "Content-Type"}
    answer = Client().post("/exchange/messages/", request.body, content_type="application/json", headers=headers)
    return Response(answer.status_code, answer.content, request, dict(answer.headers))


def said(request: Request) -> dict[str, Any]:
    """The body of the answer, after checking that it is signed by mk for this request."""
    response = sent(request)
    verify_response(response, keys={"mk": public_key(MK_KEY)}.get, now=datetime.now(UTC))
    return from_bytes(response.body).body


@dataclass
class Node:
    """The node of the partner, as far as it hears and answers."""

    answer: Callable[[Envelope], dict[str, Any]]
    heard: list[Envelope] = field(default_factory=list)
    key: bytes = RS_KEY
    address: str = ""
    now: Callable[[], datetime] = lambda: NOW

    def reply(self, url: str, body: bytes, headers: dict[str, str]) -> Response:
        asked = from_bytes(body)
        self.heard.append(asked)
        back = asked.answered(self.answer(asked), id=uuid4(), salt=secrets.token_hex(32), at=self.now())
        status = 200 if asked.profile == "person_query" else 202
        response = Response(status, to_bytes(back, ANSWER_SIZES), Request(url, body, headers))
        sign_response(response, key_id="rs", private=self.key, nonce=secrets.token_bytes(16), now=self.now())
        return response


@contextmanager
def answering(node: Node) -> Iterator[Node]:
    """Serve the partner's node on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that the server looks for
            body = self.rfile.read(int(self.headers["Content-Length"]))
            back = node.reply(f"{node.address}{self.path}", body, dict(self.headers))
            self.send_response(back.status_code)
            for name, value in back.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(back.body)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    node.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield node
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def knows_her(handle: UUID) -> Callable[[Envelope], dict[str, Any]]:
    """A partner that answers hit."""
    return lambda asked: {"answer": "hit", "handle": str(handle)}


def knows_nobody(asked: Envelope) -> dict[str, Any]:
    return {"answer": "no_hit", "handle": ""}
