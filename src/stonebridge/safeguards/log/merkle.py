"""The Merkle tree of RFC 9162, section 2.1: a root that commits to every leaf and to their order.

All functions take and give SHA-256 hashes of 32 bytes. A leaf hash is made of data once, by
``leaf_hash``; everything else works on leaf hashes.
"""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes in their order."""
    if not leaves:
        return EMPTY_ROOT
    level: Sequence[bytes] = leaves
    sha256 = hashlib.sha256
    while len(level) > 1:
        above = [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


class Frontier:
    """The right edge of a growing tree: enough to append and to give the root, in O(log n)."""

    __slots__ = ("_edge", "size")

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._edge: list[bytes] = []
        for leaf in leaves:
            self.append(leaf)

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash at the end."""
        complete, size = leaf, self.size
        while size & 1:
            complete = hashlib.sha256(b"\x01" + self._edge.pop() + complete).digest()
            size >>= 1
        self._edge.append(complete)
        self.size += 1

    def root(self) -> bytes:
        """The root over everything appended so far."""
        if not self._edge:
            return EMPTY_ROOT
        top = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            top = node_hash(left, top)
        return top


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The path from leaf ``index`` (from 0) to the root (RFC 9162, section 2.1.3.1).

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"a tree of {len(leaves)} leaves has no leaf {index}")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(leaves[:split], index), root(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), root(leaves[:split])]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes) -> bool:
    """Whether ``proof`` shows that ``leaf`` is number ``index`` (from 0) of the tree (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, top = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            top = node_hash(sibling, top)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            top = node_hash(top, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and top == expected_root


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """What shows that the tree of the first ``old_size`` leaves only grew (RFC 9162, section 2.1.4.1).

    Raises:
        ValueError: ``old_size`` is not from 1 to the number of leaves.
    """
    if not 0 < old_size <= len(leaves):
        raise ValueError(f"a tree of {len(leaves)} leaves never had {old_size}")
    return _subproof(leaves, old_size, whole=True)


def is_consistent(old_size: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows that the old tree is the beginning of the new one (RFC 9162, section 2.1.4.2)."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return False
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _split(size: int) -> int:
    """The largest power of two that is smaller than ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _subproof(leaves: Sequence[bytes], old_size: int, *, whole: bool) -> list[bytes]:
    if old_size == len(leaves):
        return [] if whole else [root(leaves)]
    split = _split(len(leaves))
    if old_size <= split:
        return [*_subproof(leaves[:split], old_size, whole=whole), root(leaves[split:])]
    return [*_subproof(leaves[split:], old_size - split, whole=False), root(leaves[:split])]


class Tree:
    """A growing tree with every complete node kept, so that proofs cost O(log² n): 64 bytes of memory a leaf."""

    __slots__ = ("_levels",)

    def __init__(self) -> None:
        self._levels: list[bytearray] = [bytearray()]

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self._levels[0]) // 32

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash at the end."""
        complete, place = leaf, self.size
        self._levels[0] += leaf
        for height in range(1, self.size.bit_length()):
            if not place & 1:
                return
            complete = node_hash(self._node(height - 1, place - 1), complete)
            place >>= 1
            if height == len(self._levels):
                self._levels.append(bytearray())
            self._levels[height] += complete

    def consistency_proof(self, old_size: int, size: int) -> list[bytes]:
        """What shows that the tree of ``old_size`` leaves, from 1 on, is the beginning of that of ``size``.

        Raises:
            ValueError: there never were two such trees.
        """
        if not 0 < old_size <= size <= self.size:
            raise ValueError(f"a tree of {self.size} leaves never grew from {old_size} to {size}")
        return self._subproof(0, size, old_size, whole=True)

    def _subproof(self, start: int, end: int, old_size: int, *, whole: bool) -> list[bytes]:
        if old_size == end - start:
            return [] if whole else [self._root(start, end)]
        middle = start + _split(end - start)
        if old_size <= middle - start:
            return [*self._subproof(start, middle, old_size, whole=whole), self._root(middle, end)]
        rest = old_size - (middle - start)
        return [*self._subproof(middle, end, rest, whole=False), self._root(start, middle)]

    def _root(self, start: int, end: int) -> bytes:
        """The root over leaves from ``start``, a multiple of the largest complete tree, to before ``end``."""
        size = end - start
        if size & (size - 1) == 0:
            height = size.bit_length() - 1
            return self._node(height, start >> height)
        middle = start + _split(size)
        return node_hash(self._root(start, middle), self._root(middle, end))

    def _node(self, height: int, place: int) -> bytes:
        return bytes(self._levels[height][32 * place : 32 * place + 32])
