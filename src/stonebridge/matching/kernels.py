"""Functions that numba compiles: typed as they are written, without the interpreter's lock, kept on disk.

Compiling takes about half a minute, once. numba keeps machine code by the age of one
source file, although a kernel holds the kernels that it calls; here the folder's name holds
a digest of every file with kernels or constants, so that no old machine code survives a change.
Small work needs no machine code: ``interpret`` leaves the kernels as the Python that they are.
"""

import hashlib
import os
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
HERE = Path(__file__).resolve().parent
CONSTANTS = HERE / "biographic" / "evidence.py"
_interpreted = False


def _digest() -> str:
    digest = hashlib.sha256(version("numba").encode())
    for source in sorted([*HERE.glob("names/*.py"), *HERE.glob("biographic/*.py")]):
        text = source.read_bytes()
        if b"\n@kernel\n" in text or source == CONSTANTS:
            digest.update(text)
    return digest.hexdigest()[:16]


@cache
def folder() -> Path | None:
    """Where machine code is kept: beside the package, else in the user's cache; ``None`` where neither can be written."""
    named = f"kernels-{_digest()}"
    users = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    for place in (Path(chosen),) if chosen else (HERE / "__pycache__" / named, users / "stonebridge" / named):
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(place, os.W_OK):
            return place
    return None


def is_kept(name: str) -> bool:
    """Whether the machine code of a kernel, as ``module.function``, was kept by an earlier run."""
    place = folder()
    return place is not None and any(place.rglob(f"{name}-*.nbc"))


def interpret() -> None:
    """Leave kernels as Python. Without effect where a kernel was already made: the two do not mix."""
    global _interpreted
    _interpreted = not _compiler.cache_info().currsize


def is_interpreted() -> bool:
    """Whether the kernels of this process are Python."""
    return _interpreted


@cache
def _compiler() -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    import numba

    place = folder()
    if place is not None:
        setattr(numba.config, "CACHE_DIR", str(place))  # noqa: B010  # numba makes its settings when it is imported
    compiler: Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]] = numba.njit(
        cache=place is not None, nogil=True, fastmath=True, error_model="numpy"
    )
    return compiler


def kernel(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile at the first call, once for each kind of arguments."""
    if _interpreted:
        return function
    compiled: Callable[Arguments, Result] = _compiler()(function)
    return compiled
