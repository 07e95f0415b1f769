"""Functions that numba compiles: typed as they are written, without the interpreter's lock, kept on disk.

Compiling takes about half a minute, once. numba keeps machine code by the age of one
source file, although a kernel holds the kernels that it calls; here the folder's name holds
a digest of all of them, so that no old machine code survives a change.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import numba

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
HERE = Path(__file__).resolve().parent


def _folder() -> Path:
    digest = hashlib.sha256(numba.__version__.encode())
    for source in sorted([*HERE.glob("names/*.py"), *HERE.glob("biographic/*.py"), Path(__file__)]):
        digest.update(source.read_bytes())
    return HERE / "__pycache__" / f"kernels-{digest.hexdigest()[:16]}"


def _keep_machine_code() -> None:
    """Keep it beside the package where that can be written; else where numba likes."""
    if os.environ.get("NUMBA_CACHE_DIR") or not os.access(HERE, os.W_OK):
        return
    setattr(numba.config, "CACHE_DIR", str(_folder()))  # noqa: B010  # numba makes its settings when it is imported


_keep_machine_code()


def kernel(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile at the first call, once for each kind of arguments."""
    compiled: Callable[Arguments, Result] = numba.njit(cache=True, nogil=True, fastmath=True, error_model="numpy")(
        function
    )
    return compiled
