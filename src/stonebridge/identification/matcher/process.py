"""The matcher process: the only writer of the gallery, which it alone holds decrypted.

It answers on a Unix socket (0600) to processes of its own user (SO_PEERCRED),
writes no core dump, cannot be traced by other processes of that user, and locks
its memory where the platform permits. A gallery that is not what was written is set
aside, and an empty one waits to be rebuilt from the register; nothing can be
searched until then. It listens once it has searched: what is compiled once then makes
nobody wait. One whose gallery has outgrown the interpreter ends, to be started again
by what keeps it alive, and then compiles.
"""

import ctypes
import logging
import os
import resource
import socket
import struct
import threading
from pathlib import Path

from stonebridge.domain.errors import BadInput, StonebridgeError, Tampered, Unavailable
from stonebridge.identification.matcher import protocol
from stonebridge.identification.matcher.sealed_fingers import FingerOpener
from stonebridge.matching import kernels
from stonebridge.matching.engine import Comparison, EngineKind, Hit
from stonebridge.matching.fingerprint.engine import WithFingers
from stonebridge.matching.fingerprint.starting import Kernels
from stonebridge.matching.fingerprint.template import Template
from stonebridge.matching.gallery import Change, Gallery, set_aside
from stonebridge.matching.record import Identity
from stonebridge.matching.stored_record import id_from_json, identity_from_json, mask_from_json, record_from_json

log = logging.getLogger(__name__)

CONNECTIONS = 64  # at once; more wait to be accepted
PATIENCE = 10.0  # seconds for a request to arrive and an answer to leave
GLANCE = 0.25  # seconds between looks at whether to stop
SOCKET_PATH_LIMIT = 107  # bytes, by the platform
PR_SET_DUMPABLE = 4
MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT = 1, 2, 4
COMPILED_FROM = 2_000_000  # bytes on disk, some 10,000 persons; a search among them takes the interpreter 50 ms
OUTGROWN = 4 * 10_000  # persons whom the interpreter no longer serves well
NOBODY = Identity(given="Nobody", family="Nemo", birth="1900-01-01", sex="x", documents=("XXX:0",))
"""Searched for once before the matcher listens: every field that the engine compares is stated, so that all of it is compiled.

Nothing of it is kept, and what it finds is thrown away.
"""
CHANGES_AT_ONCE, HITS_AT_MOST, BUDGET_AT_MOST = 10_000, 500, 60.0


class Matcher:
    """Answers requests; they take turns."""

    def __init__(self, gallery: Gallery, damage: str, memory_locked: bool, opener: FingerOpener) -> None:
        """``damage`` says why the gallery had to be set aside, or is empty."""
        self._gallery, self._damage, self._memory_locked, self._opener = gallery, damage, memory_locked, opener
        self._kernels = Kernels()
        if gallery.holds_fingers:
            self._kernels.prepare()
        self._turn = threading.Condition()
        self._calls = {
            "status": self._status, "apply": self._apply, "search": self._search, "explain": self._explain, "overlay": self._overlay,
            "check": self._check, "begin_rebuild": self._begin_rebuild, "finish_rebuild": self._finish_rebuild,
        }  # fmt: skip

    def answer(self, request: dict[str, object]) -> dict[str, object]:
        """Do what a request asks, or say in the same shape why not."""
        try:
            call = self._calls.get(str(request.get("call")))
            if call is None:
                raise BadInput("call", request.get("call"), f"Call one of {', '.join(self._calls)}.")
            with self._turn:
                return {"answer": call(request)}
        except StonebridgeError as error:
            return protocol.error_to_json(error)

    def close(self) -> None:
        """Wait for the request that is being answered, then let the gallery go."""
        self._turn.acquire()
        self._kernels.close()
        self._gallery.close()

    def _status(self, request: dict[str, object]) -> dict[str, object]:
        gallery = self._gallery
        return {
            "position": gallery.position, "version": gallery.version, "records": len(gallery),
            "complete": gallery.complete, "damage": self._damage, "trouble": gallery.trouble or self._opener.trouble,
            "memory_locked": self._memory_locked,
        }  # fmt: skip

    def make_ready(self) -> None:
        """Search once for nobody, so that the first who asks waits neither for the compiler nor for the shelves."""
        gallery = self._gallery
        if gallery.complete and len(gallery) and not kernels.is_interpreted():
            gallery.search(NOBODY, visible=1, limit=1, budget=BUDGET_AT_MOST)

    @property
    def has_outgrown(self) -> bool:
        """Whether a matcher that begins anew would serve so many persons better: it compiles."""
        return self._gallery.complete and len(self._gallery) >= OUTGROWN and kernels.is_interpreted()

    def _apply(self, request: dict[str, object]) -> dict[str, object]:
        changes = request.get("changes")
        if not isinstance(changes, list) or len(changes) > CHANGES_AT_ONCE:
            raise BadInput("changes", type(changes).__name__, f"Send a list of at most {CHANGES_AT_ONCE} changes.")
        upto, since = (protocol.whole(field, request.get(field), 0) for field in ("upto", "since"))
        taken = [_change(each, self._opener) for each in changes]
        self._gallery.apply(taken, upto, since=since)
        if any(one.fingers for each in taken if each.record for one in each.record.identities):
            self._kernels.prepare()
        self._turn.notify_all()
        return self._status(request)

    def _search(self, request: dict[str, object]) -> dict[str, object]:
        probe = self._probe(request)
        visible = mask_from_json(request.get("visible"))
        limit = protocol.whole("limit", request.get("limit"), 1, HITS_AT_MOST)
        budget = protocol.number("budget", request.get("budget"), 0.001, BUDGET_AT_MOST)
        at_least = protocol.whole("at_least", request.get("at_least"), 0)
        gallery = self._gallery
        if gallery.complete and not self._turn.wait_for(lambda: gallery.position >= at_least, budget):
            reached = f"It has seen position {gallery.position} and not yet {at_least}"
            raise Unavailable("the matcher", f"{reached}; send it the changes, or try again in a minute.")
        found = gallery.search(probe, visible, limit, budget)
        return {
            "hits": [_hit_to_json(hit) for hit in found.hits], "share_searched": found.share_searched,
            "position": gallery.position, "version": gallery.version, "records": len(gallery),
        }  # fmt: skip

    def _probe(self, request: dict[str, object]) -> Identity:
        probe = identity_from_json(self._opener.opened(request.get("probe")))
        if probe.fingers:
            self._kernels.require()
        return probe

    def _explain(self, request: dict[str, object]) -> dict[str, object]:
        version = request.get("version", "")
        if not isinstance(version, str):
            raise BadInput("version", version, "Send the version as text.")
        probe, id = self._probe(request), id_from_json(request.get("id"))
        hit = self._gallery.explain(probe, id, mask_from_json(request.get("visible")), version)
        return {"hit": _hit_to_json(hit), "version": version or self._gallery.version}

    def _overlay(self, request: dict[str, object]) -> dict[str, object]:
        """The minutiae of two fingers and which of them lie on each other. Never the score."""
        first, second = (self._opener.points(request.get(side)) for side in ("probe", "candidate"))
        self._kernels.require()
        from stonebridge.matching.fingerprint.comparison import compare

        pairs = compare(Template.of(first), Template.of(second)).pairs if first and second else ()
        return {"probe": [each[:3] for each in first], "candidate": [each[:3] for each in second], "pairs": pairs}

    def _check(self, request: dict[str, object]) -> dict[str, object]:
        self._gallery.check()
        return self._status(request)

    def _begin_rebuild(self, request: dict[str, object]) -> dict[str, object]:
        self._gallery.begin_rebuild()
        return self._status(request)

    def _finish_rebuild(self, request: dict[str, object]) -> dict[str, object]:
        self._gallery.finish_rebuild(protocol.whole("upto", request.get("upto"), 0))
        self._turn.notify_all()
        return self._status(request)


def run(folder: Path, key: bytes, socket_path: Path, stop: threading.Event, opener: FingerOpener) -> None:
    """Serve the gallery in ``folder`` until ``stop`` is set or it has outgrown the interpreter; then finish the request
    at hand and return.

    Raises ``Unavailable`` if another matcher has this gallery, ``BadInput`` for an unusable socket path.
    """
    if len(os.fsencode(socket_path)) > SOCKET_PATH_LIMIT:
        raise BadInput("socket", socket_path, f"Choose a path of at most {SOCKET_PATH_LIMIT} bytes.")
    locked = _harden()
    gallery, damage = open_gallery(folder, key)
    matcher = Matcher(gallery, damage, locked, opener)
    matcher.make_ready()
    socket_path.unlink(missing_ok=True)  # the gallery's lock is ours: whoever made this socket is gone
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        mask = os.umask(0o177)
        try:
            listener.bind(str(socket_path))
        finally:
            os.umask(mask)
        listener.listen(CONNECTIONS)
        listener.settimeout(GLANCE)
        log.info("the matcher holds %d records at position %d", len(gallery), gallery.position)
        _accept(listener, matcher, stop)
        socket_path.unlink(missing_ok=True)
    matcher.close()


def _accept(listener: socket.socket, matcher: Matcher, stop: threading.Event) -> None:
    slots = threading.BoundedSemaphore(CONNECTIONS)
    while not stop.is_set():
        if matcher.has_outgrown:
            log.warning("the gallery has outgrown the interpreter; this matcher ends, and the next one compiles")
            return
        if not slots.acquire(timeout=GLANCE):
            continue
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            slots.release()
            continue
        threading.Thread(target=_serve, args=(matcher, connection, slots), daemon=True).start()


def biographic(folder: Path) -> EngineKind:
    """The engine for the gallery in ``folder``: its kernels are interpreted for a small one, so that it starts at once."""
    held = sum(path.stat().st_size for path in folder.iterdir()) if folder.exists() else 0
    if held < COMPILED_FROM:
        kernels.interpret()
    from stonebridge.matching.biographic.engine import Biographic

    return Biographic()


def open_gallery(folder: Path, key: bytes) -> tuple[Gallery, str]:
    """The gallery in ``folder`` with its engines, and what damage was found: then it waits to be rebuilt."""
    kind = WithFingers(biographic(folder))
    try:
        return Gallery(folder, key, kind), ""
    except Tampered as error:
        aside = set_aside(folder)
        damage = f"{error} (set aside in {aside})"
        log.error("%s; waiting to be rebuilt from the register", damage)
        gallery = Gallery(folder, key, kind)
        gallery.begin_rebuild()
        return gallery, damage


def _serve(matcher: Matcher, connection: socket.socket, slots: threading.BoundedSemaphore) -> None:
    try:
        with connection:
            connection.settimeout(PATIENCE)
            _, user, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
            if user != os.getuid():
                return
            try:
                request = protocol.receive(connection)
            except BadInput as error:
                protocol.send(connection, protocol.error_to_json(error))
                return
            protocol.send(connection, matcher.answer(request))
    except (OSError, EOFError) as error:
        log.info("a client left: %r", error)
    finally:
        slots.release()


def _harden() -> bool:
    """No core dumps, no tracing, memory never swapped; answer whether the memory could be locked."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    # Under a limit, locking succeeds now and lets memory run out later: leave it.
    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] != resource.RLIM_INFINITY and os.geteuid() != 0:
        return False
    return bool(libc.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0)


def _change(value: object, opener: FingerOpener) -> Change:
    if not isinstance(value, dict) or set(value) != {"id", "record"}:
        raise BadInput("changes", value, "Send objects with id and record.")
    id = id_from_json(value["id"])
    record = None if value["record"] is None else record_from_json(_opened(value["record"], opener))
    if record is not None and record.id != id:
        raise BadInput("record", record.id, "Send the record of the person whom the change names.")
    return Change(id, record)


def _opened(record: object, opener: FingerOpener) -> object:
    if not isinstance(record, dict) or not isinstance(record.get("identities"), list):
        return record
    return {**record, "identities": [opener.opened(each) for each in record["identities"]]}


def _hit_to_json(hit: Hit) -> dict[str, object]:
    return {
        "id": str(hit.id),
        "score": hit.score,
        "comparisons": [_comparison_to_json(each) for each in hit.comparisons],
    }


def _comparison_to_json(comparison: Comparison) -> dict[str, object]:
    detail = comparison.detail
    return {
        "feature": comparison.feature, "score": comparison.score,
        "key": detail.key, "probe": detail.probe, "candidate": detail.candidate,
    }  # fmt: skip
