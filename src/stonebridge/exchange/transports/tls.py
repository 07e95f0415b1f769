"""TLS towards partners: our certificate, the authorities that we trust, and a partner's certificate that is pinned.

The signature of a message says who sent it, with or without this; mutual TLS keeps strangers from speaking to a node
at all. Without ``[exchange.tls]`` in node.toml the authorities are those of the machine, and no certificate is shown.
"""

import hashlib
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.request import HTTPSHandler, Request

from stonebridge.domain.errors import BadInput, Unavailable

FIELDS = {"certificate", "key", "authorities"}


@dataclass(frozen=True, slots=True)
class Tls:
    """Files in PEM: our ``certificate`` with those above it, its private ``key``, and the ``authorities`` that we trust."""

    certificate: Path | None = None
    key: Path | None = None
    authorities: Path | None = None


def tls_from(read: Mapping[str, object], base: Path, where: str) -> Tls:
    """The section ``[exchange.tls]``; a relative path is below ``base``.

    Raises:
        BadInput: a field that there is not, a file that there is not, or a certificate without its key.
    """
    for name, value in read.items():
        if name not in FIELDS:
            raise BadInput(f"{where}, {name}", value, f"Give {', '.join(sorted(FIELDS))}, and nothing else.")
        if not isinstance(value, str) or not (base / value).is_file():
            raise BadInput(f"{where}, {name}", value, "Name a file that is there, in PEM.")
    if ("certificate" in read) is not ("key" in read):
        raise BadInput(where, ", ".join(read), "Give certificate and key together, or neither.")
    return Tls(**{name: base / str(value) for name, value in read.items()})


def handler(tls: Tls, pinned: str) -> HTTPSHandler:
    """What opens a connection. ``pinned``: SHA-256 of the one certificate that is believed, in hexadecimal, or none.

    Raises:
        Unavailable: our own files cannot be used.
    """
    try:
        context = ssl.create_default_context(cafile=tls.authorities)
        if tls.certificate:
            context.load_cert_chain(tls.certificate, tls.key, password="")
    except (OSError, ssl.SSLError) as error:
        fault = getattr(error, "reason", None) or error.strerror or "not in PEM"
        raise Unavailable(
            "our own certificate", f"Look at [exchange.tls] in node.toml: its files cannot be used ({fault})."
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if pinned:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return _Handler(context, pinned)


def in_words(error: ssl.SSLError) -> str:
    """What is wrong with a connection, and who can change it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"Its certificate does not hold: {error.verify_message}. Compare it with its operator by telephone, then name "
            "its authority in node.toml, or pin it in its entry."
        )
    reason = str(error.reason or "").lower().replace("_", " ")
    if "alert" in reason:
        return f"It turned our certificate away ({reason}). Ask its operator which authority it wants a certificate of."
    if isinstance(error, ssl.SSLEOFError):
        return (
            "It cut the connection: most often it turned our certificate away. Ask its operator which authority it wants "
            "a certificate of."
        )
    return f"There is no TLS connection to it ({reason or 'cut'}). Look at its address, and at what its proxy speaks."


class Hurried:
    """A connection on which the head of an answer may take so long in all, and is then cut."""

    HEAD = 10.0
    """Seconds: each byte alone may come in time, and the head never."""
    sock: Any

    def getresponse(self) -> HTTPResponse:
        """Read the head of the answer."""
        cutting = threading.Timer(self.HEAD, _cut, [self.sock])
        cutting.daemon = True
        cutting.start()
        try:
            answer: HTTPResponse = super().getresponse()  # type: ignore[misc]  # of the connection beside which it stands
        finally:
            cutting.cancel()
        return answer


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)


class _Connection(Hurried, HTTPSConnection):
    """A connection that believes one certificate, if one is pinned, before it says anything."""

    def __init__(self, *given: Any, pinned: str, **more: Any) -> None:
        super().__init__(*given, **more)
        self._pinned = pinned

    def connect(self) -> None:
        super().connect()
        shown = hashlib.sha256(self.sock.getpeercert(binary_form=True) or b"").hexdigest()
        if self._pinned and shown != self._pinned:
            self.close()
            error = ssl.SSLCertVerificationError(1, "certificate verify failed")
            error.verify_message = f"it is not the one pinned in the entry (SHA-256 {shown[:16]}…)"
            raise error

    def send(self, data: Any) -> None:
        """Send, and where the other side has hung up, read what it said before."""
        try:
            super().send(data)
        except OSError as error:
            if not isinstance(self.sock, ssl.SSLSocket):
                raise
            try:
                self.sock.recv(1)
            except ssl.SSLError as said:
                raise said from error
            except OSError:
                pass
            raise ssl.SSLEOFError(ssl.SSL_ERROR_EOF, "cut") from error

    def getresponse(self) -> HTTPResponse:
        """Read the answer; a connection that is reset after TLS was agreed is one that was turned away."""
        try:
            return super().getresponse()
        except ConnectionError as error:
            raise ssl.SSLEOFError(ssl.SSL_ERROR_EOF, "cut") from error


class _Handler(HTTPSHandler):
    def __init__(self, context: ssl.SSLContext, pinned: str) -> None:
        super().__init__(context=context)
        self._given, self._pinned = context, pinned

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_Connection, pinned=self._pinned), req, context=self._given)
