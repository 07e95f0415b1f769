"""Functions that numba compiles: typed as they are written, without the interpreter's lock, kept on disk.

Compiling takes about half a minute, once. numba keeps machine code by the age of one
source file, although a kernel holds the kernels that it calls; here the folder's name holds
a digest of every file with kernels or constants, so that no old machine code survives a change.
Small work needs no machine code: ``interpret`` leaves the kernels as the Python that they are.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
HERE = Path(__file__).resolve().parent
CONSTANTS = HERE / "biographic" / "evidence.py"
_interpreted = False


@cache
def folder() -> Path | None:
    """Where the machine code for names and biographic data is kept, if anywhere."""
    sources = sorted([*HERE.glob("names/*.py"), *HERE.glob("biographic/*.py")])
    return place_for([each for each in sources if b"\n@kernel\n" in each.read_bytes() or each == CONSTANTS])


def place_for(sources: Sequence[Path]) -> Path | None:
    """Where the machine code of these files is kept, under a digest of their text.

    Beside the package, else in the user's cache, or where the operator says; ``None`` where that cannot be written.
    """
    digest = hashlib.sha256(version("numba").encode())
    for source in sources:
        digest.update(source.read_bytes())
    users = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    for base in (Path(chosen),) if chosen else (HERE / "__pycache__", users / "stonebridge"):
        place = base / f"kernels-{digest.hexdigest()[:16]}"
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(place, os.W_OK):
            return place
    return None


def holds(place: Path | None, name: str) -> bool:
    """Whether the machine code of a kernel, as ``module.function``, was kept there by an earlier run."""
    return place is not None and any(place.rglob(f"{name}-*.nbc"))


def is_kept(name: str) -> bool:
    """Whether a kernel for names and biographic data was kept."""
    return holds(folder(), name)


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
