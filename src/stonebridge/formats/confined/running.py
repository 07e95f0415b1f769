"""Starting a confined child, waiting for it no longer than agreed, and reading its answer with suspicion."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import IO

from stonebridge.domain.errors import Unavailable
from stonebridge.formats.confined.limits import Limits
from stonebridge.formats.malformed import Malformed

AT_ONCE = 2  # children at a time in one process, so that uploads cannot add up to more memory than it has
_TURN = threading.BoundedSemaphore(AT_ONCE)
_PROGRAM = "stonebridge.formats.confined.child"
_LONGEST_LINE = 4096
_NONSENSE = "It answered with nonsense; tell the administrator."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child answered: facts of JSON's types, and content. Neither is to be believed unchecked."""

    facts: Mapping[str, object]
    content: bytes

    def number(self, name: str, least: int, most: int) -> int:
        """A whole number among the facts. Raises Unavailable when it is none or lies outside."""
        value = self.facts.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Unavailable("the decoder", _NONSENSE)
        return value


def run(worker: str, data: bytes, *, record: str, limits: Limits) -> Answer:
    """Have ``worker``, the name of a module, work on ``data`` in a child of its own.

    Raises:
        Malformed: the child could not use the data, or met one of its limits while reading them.
        Unavailable: no child could be started, or too many are at work.
    """
    if not _TURN.acquire(timeout=limits.patience):
        raise Unavailable("the decoder", "Too many files are being read at this moment; try again in a minute.")
    try:
        with _in_memory("given") as given, _in_memory("answer") as answer:
            given.write(data)
            given.seek(0)
            status = _wait(_start(worker, given, answer, limits), limits.patience)
            answer.seek(0)
            written = answer.read(limits.answer)
    finally:
        _TURN.release()
    if status:
        raise _ended_early(record, status, len(data))
    return _understood(written)


def _start(worker: str, given: IO[bytes], answer: IO[bytes], limits: Limits) -> "subprocess.Popen[bytes]":
    order = {"worker": worker, "limits": asdict(limits)}
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-B", "-m", _PROGRAM, json.dumps(order)],
            stdin=given, stdout=answer, stderr=subprocess.DEVNULL, env={}, cwd="/", start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise Unavailable("the decoder", f"No process could be started for it: {error}") from error


def _wait(child: "subprocess.Popen[bytes]", patience: float) -> int:
    try:
        return child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        return -signal.SIGXCPU
    finally:
        if child.returncode is None:
            child.kill()
            child.wait()


def _ended_early(record: str, status: int, size: int) -> Malformed:
    if -status in (signal.SIGXCPU, signal.SIGKILL):
        return Malformed(record, "content", f"{size} bytes", "Reading it takes too long; give a plainer, smaller file.")
    return Malformed(record, "content", f"{size} bytes", "It is damaged or asks for too much; give another copy.")


def _understood(written: bytes) -> Answer:
    line, _, content = written[1:].partition(b"\n")
    try:
        told = json.loads(line[:_LONGEST_LINE])
    except (ValueError, RecursionError) as error:
        raise Unavailable("the decoder", _NONSENSE) from error
    match written[:1], told:
        case b"+", dict():
            return Answer(told, content)
        case b"-", [str(record), str(place), int() | str() as value, str(remedy)]:
            raise Malformed(record, place, value, remedy)
    raise Unavailable("the decoder", _NONSENSE)


def _in_memory(name: str) -> IO[bytes]:
    """A file that is nowhere on a disk, where the platform has such."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create(name), "w+b", buffering=0)
    return tempfile.TemporaryFile(buffering=0)
