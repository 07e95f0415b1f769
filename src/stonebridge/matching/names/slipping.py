"""Whether one word is another with one slip of the hand, which no way of spelling explains."""

from typing import Any

from stonebridge.matching.kernels import kernel

SHORTEST = 5  # letters: of shorter words too many differ by one letter
SLIPPED = 0.4
"""Likeness of two such words: in the last level, whatever their sounds."""


@kernel
def is_slip(one: Any, size: Any, other: Any, length: Any) -> bool:
    """Whether one letter is left out, added or exchanged, or two neighbours stand in the other order; not for equal words."""
    if size < SHORTEST or length < SHORTEST or abs(size - length) > 1:
        return False
    least = min(size, length)
    same = 0
    while same < least and one[same] == other[same]:
        same += 1
    left = 0
    while left < least - same and one[size - 1 - left] == other[length - 1 - left]:
        left += 1
    if size != length:
        return bool(same + left == least)
    if same + left == size - 1:
        return True
    return bool(same + left == size - 2 and one[same] == other[same + 1] and one[same + 1] == other[same])


__all__ = ["SLIPPED", "is_slip"]
