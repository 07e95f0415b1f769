"""Arrays that grow while a kernel fills them."""

from typing import Any

import numpy as np

from stonebridge.matching.kernels import kernel


@kernel
def longer(array: Any) -> Any:
    """A copy with room for twice as many."""
    more = np.empty(2 * len(array), array.dtype)
    for place in range(len(array)):
        more[place] = array[place]
    return more
