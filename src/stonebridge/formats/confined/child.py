"""The child: imports its worker, locks itself in, reads, works, answers. Started by ``running`` alone.

A worker is a module with ``work(data) -> (facts, content)`` and ``prepare()``, which loads whatever
the work will need, because afterwards nothing more can be opened. The answer is ``+``, a line of
JSON and the content; or ``-`` and the four parts of a ``Malformed`` as JSON.
"""

import json
import os
import sys
from importlib import import_module

from stonebridge.formats.confined.limits import Limits
from stonebridge.formats.confined.lock import lock
from stonebridge.formats.malformed import Malformed


def main() -> None:
    """Serve one piece of work and end."""
    order = json.loads(sys.argv[1])
    worker = import_module(order["worker"])
    worker.prepare()
    state = os.open("/proc/self/status", os.O_RDONLY)  # once locked in, nothing more is opened
    lock(Limits(**order["limits"]))
    data = _read()
    try:
        facts, content = worker.work(data)
        answer = b"+" + json.dumps({**facts, "peak_kib": _peak(os.read(state, 1 << 16))}).encode() + b"\n" + content
    except Malformed as error:
        shown = error.value if isinstance(error.value, int | str) else str(error.value)
        answer = b"-" + json.dumps([error.record, error.place, shown, error.remedy]).encode()
    _write(answer)


def _peak(state: bytes) -> int:
    """The most memory in KiB that this program had. ``ru_maxrss`` would begin with that of whoever started it."""
    return next(int(line.split()[1]) for line in state.splitlines() if line.startswith(b"VmHWM:"))


def _read() -> bytes:
    parts = []
    while part := os.read(0, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _write(answer: bytes) -> None:
    rest = memoryview(answer)
    while rest:
        rest = rest[os.write(1, rest) :]


if __name__ == "__main__":
    main()
