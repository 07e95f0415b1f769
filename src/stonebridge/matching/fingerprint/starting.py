"""Machine code for fingers, made once and beside the work: a matcher that answers need not wait for it.

Compiling takes up to a minute after the first installation and after an update. A child process
does it at the lowest priority and keeps the result; until then a search with fingers is told to
come again, and every other search is answered.
"""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from stonebridge.domain.errors import Unavailable
from stonebridge.matching.fingerprint.tuning import SMALL
from stonebridge.matching.kernels import holds, place_for

PART = "the comparison of fingers"
WAIT = "It is made ready once after an update, for about a minute; then the search is answered."
KEPT_OF_ENVIRONMENT = ("PATH", "HOME", "PYTHONPATH", "NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "LANG")
HERE = Path(__file__).resolve().parent


@cache
def folder() -> Path | None:
    """Where the machine code is kept, if anywhere."""
    return place_for(sorted(HERE.glob("*.py")))


def is_kept() -> bool:
    """Whether an earlier run kept the machine code of the whole comparison."""
    return holds(folder(), "kernel.compare")


class Kernels:
    """Whether fingers can be compared at once. Not safe for several threads at once."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._ready = False

    def prepare(self) -> None:
        """Begin to compile, unless that is done, is under way, or has nowhere to be kept."""
        if self._ready or self._child is not None:
            return
        if folder() is None or is_kept():
            self._ready = True
            return
        self._child = subprocess.Popen(
            [sys.executable, "-m", __name__], stdin=subprocess.DEVNULL, start_new_session=True,
            env={name: os.environ[name] for name in KEPT_OF_ENVIRONMENT if name in os.environ},
        )  # fmt: skip

    def require(self) -> None:
        """Return when fingers can be compared. Raises ``Unavailable`` while they cannot.

        Should the child have failed, this process compiles for itself, and the next search takes so much longer.
        """
        self.prepare()
        if self._child is not None:
            if self._child.poll() is None:
                raise Unavailable(PART, WAIT)
            self._child, self._ready = None, True

    def close(self) -> None:
        """End the child, if it still compiles."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()


def compile_all() -> None:
    """Compile everything that a search calls, by searching."""
    import numpy as np

    from stonebridge.matching.fingerprint.search import Fingers
    from stonebridge.matching.fingerprint.template import Template
    from stonebridge.matching.fingerprint.ten_fingers import compare_fingers

    chance = np.random.default_rng(1)
    rows = chance.integers(1, 300, (40, 3)).astype(np.int16)
    finger = Template(rows, tuple(range(len(rows))))
    compare_fingers({1: finger}, {1: finger})
    Fingers([finger] * (SMALL + 1)).search(finger, 5)  # so many that it looks first, and then compares


if __name__ == "__main__":
    os.nice(19)
    compile_all()
