"""Which pairs get a second look although one opinion would do, and which come back as known pairs.

Drawn from the task's identifier, which no page shows: the same for every process and each
retry, and nothing that an officer could influence.
"""

from hashlib import blake2b
from uuid import UUID

from stonebridge.identification.thresholds import PLANTED_SHARE, SECOND_LOOK_SHARE


def gets_second_look(task: UUID) -> bool:
    """Whether even an exclusion on this task is judged by two."""
    return _draw(task, b"second look") < SECOND_LOOK_SHARE


def comes_back(task: UUID) -> bool:
    """Whether this pair, once two have agreed on it, is planted for others to measure how well we judge."""
    return _draw(task, b"planted") < PLANTED_SHARE


def _draw(task: UUID, what: bytes) -> float:
    """A number from 0 to 1, spread evenly."""
    return float(int.from_bytes(blake2b(task.bytes, digest_size=7, person=what).digest())) / float(1 << 56)
