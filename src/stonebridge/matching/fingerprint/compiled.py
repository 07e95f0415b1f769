"""One typed way to compile a kernel, so that its callers stay checked."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numpy as np
from numba import njit

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
Real = float | np.floating  # what a kernel computes with: mostly four bytes, where Python has eight


def compiled(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Compile ``function`` on its first call and keep the machine code beside the module or in the user's cache."""
    kernel = njit(cache=True, fastmath=True, nogil=True, error_model="numpy")(function)
    return cast(Callable[Arguments, Answer], kernel)
