"""One typed way to compile a kernel, so that its callers stay checked, and to keep its machine code.

numba keeps machine code by the age of one source file, although a kernel holds the kernels and constants of other
files; here the folder's name holds a digest of all of them, so that no old machine code survives a change.
"""

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

import numba
import numpy as np

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
Real = float | np.floating  # what a kernel computes with: mostly four bytes, where Python has eight
HERE = Path(__file__).resolve().parent


@cache
def folder() -> Path | None:
    """Where machine code is kept: beside the package, else in the user's cache; ``None`` where neither can be written."""
    digest = hashlib.sha256(f"{numba.__version__} {np.__version__}".encode())
    for source in sorted(HERE.glob("*.py")):
        digest.update(source.read_bytes())
    named = f"kernels-{digest.hexdigest()[:16]}"
    users = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "stonebridge"
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    for place in (Path(chosen),) if chosen else (HERE / "__pycache__", users):
        try:
            (place / named).mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(place / named, os.W_OK):
            return place / named
    return None


def is_kept() -> bool:
    """Whether an earlier run kept the machine code of the whole comparison."""
    place = folder()
    return place is not None and any(place.rglob("kernel.compare-*.nbc"))


def compiled(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Compile ``function`` on its first call and keep the machine code."""
    # numba looks at its own setting while it wraps the function, and has no argument for it
    place, others = folder(), getattr(numba.config, "CACHE_DIR", "")
    setattr(numba.config, "CACHE_DIR", str(place or ""))  # noqa: B010
    kernel = numba.njit(cache=place is not None, fastmath=True, nogil=True, error_model="numpy")(function)
    setattr(numba.config, "CACHE_DIR", others)  # noqa: B010
    return cast(Callable[Arguments, Answer], kernel)
