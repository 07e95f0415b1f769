import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stonebridge.safeguards.log import merkle

# The reference values of Certificate Transparency (RFC 6962 and 9162): leaf inputs, and the root of the first n.
INPUTS = [
    bytes.fromhex(data)
    for data in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf_hash(data) for data in INPUTS]
MANY = [merkle.leaf_hash(number.to_bytes(2, "big")) for number in range(70)]


def by_the_definition(leaves: list[bytes]) -> bytes:
    """MTH as RFC 9162, section 2.1.1 defines it, with nothing shared with the product."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = max(1 << power for power in range(7) if 1 << power < len(leaves))
    return hashlib.sha256(b"\x01" + by_the_definition(leaves[:split]) + by_the_definition(leaves[split:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_certificate_transparency(size):
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize("size", range(9))
def test_a_frontier_gives_the_same_roots(size):
    assert merkle.Frontier(LEAVES[:size]).root().hex() == ROOTS[size]


@pytest.mark.parametrize("size", range(70))
def test_roots_follow_the_definition_at_every_size(size):
    assert merkle.root(MANY[:size]) == merkle.Frontier(MANY[:size]).root() == by_the_definition(MANY[:size])


def test_the_inclusion_proof_of_the_first_of_eight_is_the_published_one():
    assert [sibling.hex() for sibling in merkle.inclusion_proof(LEAVES, 0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


@pytest.mark.parametrize(("index", "size"), [(i, n) for n in range(1, 34) for i in range(n)])
def test_every_leaf_is_proved_included(index, size):
    proof = merkle.inclusion_proof(MANY[:size], index)
    assert merkle.is_included(MANY[index], index, size, proof, by_the_definition(MANY[:size]))


@pytest.mark.parametrize(("old", "size"), [(o, n) for n in range(1, 34) for o in range(1, n + 1)])
def test_every_beginning_is_proved_consistent(old, size):
    proof = merkle.consistency_proof(MANY[:size], old)
    assert merkle.is_consistent(old, by_the_definition(MANY[:old]), size, by_the_definition(MANY[:size]), proof)


@given(st.data())
def test_a_proof_of_inclusion_serves_no_other_leaf_place_or_size(data):
    size = data.draw(st.integers(2, 64))
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda at: at != index))
    proof, root = merkle.inclusion_proof(MANY[:size], index), merkle.root(MANY[:size])
    assert not merkle.is_included(MANY[other], index, size, proof, root)
    assert not merkle.is_included(MANY[index], other, size, proof, root)
    assert not merkle.is_included(MANY[index], index, size, proof[:-1], root)
    assert not merkle.is_included(MANY[index], index, size, [*proof, root], root)


@given(st.data())
def test_a_history_that_was_changed_has_no_proof_of_consistency(data):
    size = data.draw(st.integers(2, 64))
    old = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, old - 1))
    leaves = [*MANY[:changed], merkle.leaf_hash(b"changed"), *MANY[changed + 1 : size]]
    proof = merkle.consistency_proof(leaves, old)
    assert not merkle.is_consistent(old, merkle.root(MANY[:old]), size, merkle.root(leaves), proof)


@given(st.data())
def test_a_proof_of_consistency_with_a_wrong_hash_is_refused(data):
    size = data.draw(st.integers(3, 64))
    old = data.draw(st.integers(1, size - 1))
    proof = merkle.consistency_proof(MANY[:size], old)
    at = data.draw(st.integers(0, len(proof) - 1))
    wrong = [*proof[:at], merkle.leaf_hash(b"wrong"), *proof[at + 1 :]]
    assert not merkle.is_consistent(old, merkle.root(MANY[:old]), size, merkle.root(MANY[:size]), wrong)


def test_there_is_no_proof_for_a_leaf_that_does_not_exist():
    with pytest.raises(IndexError):
        merkle.inclusion_proof(LEAVES, 8)


def test_there_is_no_proof_that_a_tree_was_once_larger():
    with pytest.raises(ValueError, match="never had 9"):
        merkle.consistency_proof(LEAVES, 9)
