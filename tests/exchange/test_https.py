"""What a partner's server may do to whoever sends it a message: nothing but not answer."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import pytest

from stonebridge.domain.errors import Unavailable
from stonebridge.exchange.transports import https
from stonebridge.exchange.transports.https import send
from stonebridge.exchange.transports.signatures import public_key
from stonebridge.exchange.transports.tls import Hurried

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
KEY = b"k" * 32


@contextmanager
def answering(answer: bytes, *, stalls: bool = False) -> Iterator[str]:
    """A server that gives one answer and hangs up, or says no more until its caller does; its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            caller, _ = server.accept()
            with caller:
                caller.recv(65536)
                caller.sendall(answer)
                if stalls:
                    caller.recv(1)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut",
        b"HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\ncut",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"no http",
        b"",
    ],
    ids=["cut", "cut with an error", "redirect", "unsigned", "no http", "nothing"],
)
def test_whatever_is_not_the_partners_signed_answer_is_no_answer(answer: bytes):
    with answering(answer) as address, pytest.raises(Unavailable, match="node rs"):
        send(address, b"{}", key_id="mk", private=KEY, partner="rs", key=public_key(KEY), now=NOW)


@pytest.mark.parametrize("status", [b"200 OK", b"503 Busy"])
def test_who_begins_an_answer_and_stalls_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, status: bytes):
    monkeypatch.setattr(https, "TIMEOUT", 0.2)
    answer = b"HTTP/1.1 " + status + b"\r\nContent-Length: 100\r\n\r\nbegun"
    with answering(answer, stalls=True) as address, pytest.raises(Unavailable, match="node rs"):
        send(address, b"{}", key_id="mk", private=KEY, partner="rs", key=public_key(KEY), now=NOW)


def test_a_partner_that_is_not_there_is_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
    with pytest.raises(Unavailable, match="cannot be reached"):
        send(address, b"{}", key_id="mk", private=KEY, partner="rs", key=public_key(KEY), now=NOW)


@contextmanager
def trickling(begun: bytes) -> Iterator[str]:
    """A server that says something, and then a byte every 50 ms for as long as anybody listens; its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            caller, _ = server.accept()
            with caller, suppress(OSError):
                caller.recv(65536)
                caller.sendall(begun)
                while True:
                    caller.sendall(b"a")
                    time.sleep(0.05)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join(10)
        assert not thread.is_alive()


@pytest.mark.parametrize("begun", [b"HTTP/1.1 200 OK\r\nx: ", b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"])
def test_who_lets_an_answer_trickle_holds_up_nobody(monkeypatch: pytest.MonkeyPatch, begun: bytes):
    monkeypatch.setattr(https, "WHOLE", 0.3)
    monkeypatch.setattr(Hurried, "HEAD", 0.3)
    with trickling(begun) as address, pytest.raises(Unavailable, match="node rs"):
        send(address, b"{}", key_id="mk", private=KEY, partner="rs", key=public_key(KEY), now=NOW)
