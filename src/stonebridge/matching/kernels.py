"""Functions that numba compiles: typed as they are written, without the interpreter's lock, kept on disk."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def kernel(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile at the first call, once for each kind of arguments, and keep the machine code beside the module."""
    compiled: Callable[Arguments, Result] = numba.njit(cache=True, nogil=True, fastmath=True)(function)
    return compiled


def inlined(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile into the kernels that call it."""
    compiled: Callable[Arguments, Result] = numba.njit(nogil=True, fastmath=True, inline="always")(function)
    return compiled
