"""One typed way to compile a kernel, so that its callers stay checked, and to keep its machine code.

Unlike the kernels for names, these are always compiled: the interpreter needs a second for a comparison.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba
import numpy as np

from stonebridge.matching.fingerprint.starting import folder

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
Real = float | np.floating  # what a kernel computes with: mostly four bytes, where Python has eight


def compiled(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Compile ``function`` on its first call and keep the machine code."""
    # numba looks at its own setting while it wraps the function, and has no argument for it
    place, others = folder(), getattr(numba.config, "CACHE_DIR", "")
    setattr(numba.config, "CACHE_DIR", str(place or ""))  # noqa: B010
    kernel = numba.njit(cache=place is not None, fastmath=True, nogil=True, error_model="numpy")(function)
    setattr(numba.config, "CACHE_DIR", others)  # noqa: B010
    return cast(Callable[Arguments, Answer], kernel)
