"""How much a confined child may use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one child. Sizes in bytes, times in seconds.

    ``memory`` bounds the address space, of which an idle child with Pillow already maps some 60 MB.
    ``answer`` bounds what it may write. ``files`` bounds descriptors: with 0, nothing can be opened.
    ``threads`` is how many the work needs besides the first; with 0, none can be started.
    """

    memory: int = 384 << 20
    cpu: int = 5
    patience: float = 20.0
    answer: int = 8 << 20
    files: int = 0
    threads: int = 0
