"""The map from each person's tag to how many entries the log holds on them, and to the head of their chain.

Each entry lengthens the chain of its person: head = SHA-256(0x02 || head before || leaf). The map
is a Merkle tree over (tag, length, head) in the order of the tags; its root is SHA-256(0x03 || number
of tags || tree root), so that absence can be proved and the number of persons stays unsaid. A
person who is shown a chain that ends in the head which a checkpoint commits to has seen every entry.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from stonebridge.safeguards.log import merkle

NO_HEAD = bytes(32)


class Chain(NamedTuple):
    """A person's chain: how many entries it has, and its head."""

    length: int = 0
    head: bytes = NO_HEAD

    def grown(self, leaf: bytes) -> "Chain":
        """The chain with one more leaf."""
        return Chain(self.length + 1, hashlib.sha256(b"\x02" + self.head + leaf).digest())


def chain_of(leaves: Iterable[bytes]) -> Chain:
    """The chain that these leaves of one person make, in their order."""
    chain = Chain()
    for leaf in leaves:
        chain = chain.grown(leaf)
    return chain


class Place(NamedTuple):
    """One tag of the map, with the path from it to the root."""

    at: int
    tag: bytes
    chain: Chain
    path: tuple[bytes, ...]


class Proof(NamedTuple):
    """What shows how a tag stands in a map of ``size`` tags.

    Present: ``places`` holds the tag itself. Absent: it holds the neighbours between which the
    tag would lie; one alone at either end, none in an empty map.
    """

    size: int
    tree_root: bytes
    places: tuple[Place, ...]


class PersonMap:
    """All chains of a log, by tag."""

    def __init__(self, chains: Mapping[bytes, Chain] | None = None) -> None:
        self._chains: dict[bytes, Chain] = dict(chains or {})

    def __len__(self) -> int:
        return len(self._chains)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chains)

    def __getitem__(self, tag: bytes) -> Chain:
        return self._chains.get(tag, Chain())

    def add(self, tag: bytes, leaf: bytes) -> Chain:
        """Lengthen the chain of ``tag`` by ``leaf``; the chain after it."""
        chain = self[tag].grown(leaf)
        self._chains[tag] = chain
        return chain

    def copy(self) -> "PersonMap":
        return PersonMap(self._chains)

    def root(self) -> bytes:
        """The hash that a checkpoint commits to."""
        return _bound(len(self), merkle.root(self._hashes(sorted(self._chains))))

    def proof(self, tag: bytes) -> Proof:
        """How ``tag`` stands in the map: its chain, or that it has none."""
        tags = sorted(self._chains)
        hashes = self._hashes(tags)
        at = bisect_left(tags, tag)
        present = at < len(tags) and tags[at] == tag
        wanted = [at] if present else [index for index in (at - 1, at) if 0 <= index < len(tags)]
        places = tuple(
            Place(index, tags[index], self[tags[index]], tuple(merkle.inclusion_proof(hashes, index)))
            for index in wanted
        )
        return Proof(len(tags), merkle.root(hashes), places)

    def _hashes(self, tags: list[bytes]) -> list[bytes]:
        chains, sha256 = self._chains, hashlib.sha256
        return [
            sha256(b"\x00" + tag + chains[tag].length.to_bytes(8, "big") + chains[tag].head).digest() for tag in tags
        ]


def proved_chain(tag: bytes, proof: Proof, root: bytes) -> Chain | None:
    """The chain that ``proof`` shows for ``tag`` under ``root``: empty for absence, None when it shows nothing."""
    if _bound(proof.size, proof.tree_root) != root:
        return None
    if not all(_is_in(place, proof) for place in proof.places):
        return None
    match proof.places:
        case () if proof.size == 0 and proof.tree_root == merkle.EMPTY_ROOT:
            return Chain()
        case (place,) if place.tag == tag:
            return place.chain
        case (place,) if place.at == 0 and tag < place.tag:
            return Chain()
        case (place,) if place.at == proof.size - 1 and place.tag < tag:
            return Chain()
        case (left, right) if left.at + 1 == right.at and left.tag < tag < right.tag:
            return Chain()
        case _:
            return None


def _is_in(place: Place, proof: Proof) -> bool:
    leaf = merkle.leaf_hash(place.tag + place.chain.length.to_bytes(8, "big") + place.chain.head)
    return merkle.is_included(leaf, place.at, proof.size, place.path, proof.tree_root)


def _bound(size: int, tree_root: bytes) -> bytes:
    return hashlib.sha256(b"\x03" + size.to_bytes(8, "big") + tree_root).digest()
