"""Mutual TLS: whoever shows no certificate that the other believes is not spoken to, and the error says what is wrong."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from stonebridge.domain.errors import BadInput, Unavailable
from stonebridge.exchange.transports.https import NotItsAnswer, send
from stonebridge.exchange.transports.signatures import public_key
from stonebridge.exchange.transports.tls import Tls, tls_from

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
KEY = b"k" * 32
Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def certified(name: str, by: Pair | None = None, *, host: str = "127.0.0.1", days: int = 3) -> Pair:
    """A certificate for ``name``, by an authority or by itself; one of ``days`` before today is over."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signer = (by[0].subject, by[1]) if by else (subject, key)
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(today - timedelta(days=9))
        .not_valid_after(today + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(x509.KeyUsage(digital_signature=True, key_cert_sign=by is None, crl_sign=by is None,
                                     content_commitment=False, key_encipherment=False, data_encipherment=False,
                                     key_agreement=False, encipher_only=False, decipher_only=False), critical=True)
        .sign(signer, SHA256())
    )  # fmt: skip
    return made, key


def written(pair: Pair, folder: Path, name: str) -> Tls:
    """The pair as files."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(pair[0].public_bytes(Encoding.PEM))
    key.write_bytes(pair[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Tls(certificate, key)


def fingerprint(pair: Pair) -> str:
    digest = Hash(SHA256())
    digest.update(pair[0].public_bytes(Encoding.DER))
    return digest.finalize().hex()


@pytest.fixture(scope="module")
def authority() -> Pair:
    return certified("Region")


@contextmanager
def partner(folder: Path, shown: Pair, clients: Pair) -> Iterator[str]:
    """A partner's server that shows a certificate and wants one of this authority; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that the server looks for
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    own, wanted = written(shown, folder, "server"), written(clients, folder, "clients")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.certificate or "", own.key)
    context.load_verify_locations(wanted.certificate)
    context.verify_mode = ssl.CERT_REQUIRED
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *arguments: None  # type: ignore[method-assign]  # a client that was turned away
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sent(address: str, tls: Tls, pinned: str = "") -> None:
    send(address, b"{}", key_id="mk", private=KEY, partner="rs", key=public_key(KEY), now=NOW, tls=tls, pinned=pinned)


def ours(folder: Path, pair: Pair, believed: Pair) -> Tls:
    return replace(written(pair, folder, "ours"), authorities=written(believed, folder, "authority").certificate)


def test_both_sides_believe_each_other(tmp_path: Path, authority: Pair):
    tls = ours(tmp_path, certified("mk", authority), authority)
    with partner(tmp_path, certified("rs", authority), authority) as address, pytest.raises(NotItsAnswer):
        sent(address, tls)


def test_a_pinned_certificate_needs_no_authority(tmp_path: Path, authority: Pair):
    alone = certified("rs")
    tls = written(certified("mk", authority), tmp_path, "ours")
    with partner(tmp_path, alone, authority) as address, pytest.raises(NotItsAnswer):
        sent(address, tls, fingerprint(alone))


@pytest.mark.parametrize("shown", ["by the authority that we trust", "its own"])
def test_another_certificate_than_the_pinned_one_is_not_spoken_to(tmp_path: Path, authority: Pair, shown: str):
    other = certified("rs", authority if "trust" in shown else None)
    tls = ours(tmp_path, certified("mk", authority), authority)
    with partner(tmp_path, other, authority) as address, pytest.raises(Unavailable, match="not the one pinned"):
        sent(address, tls, fingerprint(certified("rs", authority)))


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (lambda authority: certified("rs", certified("Stranger")), "unable to get local issuer"),
        (lambda authority: certified("rs"), "self-signed"),
        (lambda authority: certified("rs", authority, host="127.0.0.9"), "IP address mismatch"),
        (lambda authority: certified("rs", authority, days=-1), "expired"),
    ],
    ids=["of a stranger", "of itself", "for another address", "over"],
)  # fmt: skip
def test_a_certificate_of_the_partner_that_does_not_hold_is_named(tmp_path: Path, authority: Pair, shown, said: str):
    tls = ours(tmp_path, certified("mk", authority), authority)
    with (
        partner(tmp_path, shown(authority), authority) as address,
        pytest.raises(Unavailable, match=f"Its certificate does not hold: .*{said}"),
    ):
        sent(address, tls)


@pytest.mark.parametrize("own", [None, "a stranger's", "over"])
def test_where_our_certificate_is_turned_away_the_error_says_so(tmp_path: Path, authority: Pair, own: str | None):
    pair = certified(
        "mk", certified("Stranger") if own == "a stranger's" else authority, days=-1 if own == "over" else 3
    )
    tls = ours(tmp_path, pair, authority)
    tls = tls if own else replace(tls, certificate=None, key=None)
    with (
        partner(tmp_path, certified("rs", authority), authority) as address,
        pytest.raises(Unavailable, match="turned our certificate away"),
    ):
        sent(address, tls)


def test_a_key_that_is_not_that_of_our_certificate_is_named_before_anything_leaves(tmp_path: Path, authority: Pair):
    tls = ours(tmp_path, certified("mk", authority), authority)
    other = written(certified("al", authority), tmp_path, "other")
    with pytest.raises(Unavailable, match=r"our own certificate.*node\.toml"):
        sent("https://127.0.0.1:9/", replace(tls, key=other.key))


def test_plain_http_at_the_address_is_said_to_speak_no_tls(tmp_path: Path):
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    with pytest.raises(Unavailable, match="no TLS connection"):
        sent(f"https://127.0.0.1:{server.server_port}/", Tls())
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("section", "field"),
    [
        ({"certificate": "a.pem"}, "exchange.tls"), ({"key": "a.pem"}, "exchange.tls"),
        ({"authorities": "not-there.pem"}, "authorities"), ({"authorities": 1}, "authorities"),
        ({"authority": "a.pem"}, "authority"),
    ],
)  # fmt: skip
def test_a_section_that_cannot_be_used_stops_the_start(tmp_path: Path, section: dict[str, object], field: str):
    (tmp_path / "a.pem").write_text("")
    with pytest.raises(BadInput, match=field):
        tls_from(section, tmp_path, "[exchange.tls]")


def test_a_section_names_files_beside_node_toml(tmp_path: Path):
    (tmp_path / "a.pem").write_text("")
    (tmp_path / "a.key").write_text("")
    read = {"certificate": "a.pem", "key": "a.key"}
    assert tls_from(read, tmp_path, "x") == Tls(tmp_path / "a.pem", tmp_path / "a.key")
