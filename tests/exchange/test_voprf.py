"""RFC 9497, ristretto255-SHA512, in the modes OPRF and VOPRF: bit for bit, and what is refused."""

import json
from typing import Any

import pytest

from reference_data import reference
from stonebridge.domain.errors import BadInput
from stonebridge.exchange.voprf import ELEMENT_BYTES, Blinded, Evaluated, Mode, Suite, public_key

SEED = bytes(range(32))


def published(mode: Mode, batch: int = 1) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The vectors of one mode with this many inputs, each with its suite."""
    suites = json.loads(reference("standards/data/oprf/rfc9497-allVectors.json").read_text())
    chosen = [each for each in suites if each["identifier"] == "ristretto255-SHA512" and each["mode"] == mode]
    return [(suite, vector) for suite in chosen for vector in suite["vectors"] if vector["Batch"] == batch]


def parts(vector: dict[str, Any], name: str) -> list[bytes]:
    return [bytes.fromhex(each) for each in vector[name].split(",")]


def reproduced(mode: Mode, suite: dict[str, Any], vector: dict[str, Any]) -> tuple[list[bytes], Evaluated, list[bytes]]:
    """Elements, evaluation and outputs that we make of the vector's inputs."""
    functions = Suite(mode)
    key, public = functions.derive_key(bytes.fromhex(suite["seed"]), bytes.fromhex(suite["keyInfo"]))
    blinded = [functions.blind(i, blind=b) for i, b in zip(parts(vector, "Input"), parts(vector, "Blind"), strict=True)]
    random = bytes.fromhex(vector["Proof"]["r"]) if mode else None
    answer = functions.evaluate(key, [each.element for each in blinded], random=random)
    assert key.hex() == suite["skSm"]
    return [each.element for each in blinded], answer, functions.finalise(blinded, answer, public)


@pytest.mark.parametrize("number", [0, 1])
def test_the_published_vectors_without_proof_come_out_bit_for_bit(number: int):
    suite, vector = published(Mode.OPRF)[number]
    elements, answer, outputs = reproduced(Mode.OPRF, suite, vector)
    assert elements == parts(vector, "BlindedElement")
    assert list(answer.elements) == parts(vector, "EvaluationElement")
    assert outputs == parts(vector, "Output")


@pytest.mark.parametrize(("batch", "number"), [(1, 0), (1, 1), (2, 0)])
def test_the_published_vectors_with_proof_come_out_bit_for_bit(batch: int, number: int):
    suite, vector = published(Mode.VOPRF, batch)[number]
    elements, answer, outputs = reproduced(Mode.VOPRF, suite, vector)
    assert elements == parts(vector, "BlindedElement")
    assert list(answer.elements) == parts(vector, "EvaluationElement")
    assert answer.proof.hex() == vector["Proof"]["proof"]
    assert outputs == parts(vector, "Output")


def asked(*inputs: bytes) -> tuple[Suite, bytes, bytes, list[Blinded]]:
    suite = Suite()
    key, public = suite.derive_key(SEED, b"a test")
    return suite, key, public, [suite.blind(each) for each in inputs]


def test_the_asker_learns_what_the_holder_of_the_key_would_compute():
    suite, key, public, blinded = asked(b"SYR:N00418263", b"AFG:1")
    answer = suite.evaluate(key, [each.element for each in blinded])
    assert suite.finalise(blinded, answer, public) == [suite.output(key, each.input) for each in blinded]


def test_the_same_input_is_hidden_differently_each_time():
    suite = Suite()
    assert suite.blind(b"SYR:N00418263").element != suite.blind(b"SYR:N00418263").element


def test_an_answer_made_with_another_key_is_refused():
    suite, _, public, blinded = asked(b"SYR:N00418263")
    other, _ = suite.derive_key(SEED, b"another")
    answer = suite.evaluate(other, [blinded[0].element])
    with pytest.raises(BadInput, match="not made with the key"):
        suite.finalise(blinded, answer, public)


def test_one_changed_element_among_several_is_refused():
    suite, key, public, blinded = asked(b"one", b"two")
    answer = suite.evaluate(key, [each.element for each in blinded])
    changed = Evaluated((answer.elements[0], public_key(key)), answer.proof)
    with pytest.raises(BadInput, match="not made with the key"):
        suite.finalise(blinded, changed, public)


@pytest.mark.parametrize("element", [bytes(ELEMENT_BYTES), b"\xff" * ELEMENT_BYTES, b"short", b""])
def test_what_is_no_element_of_the_group_is_refused(element: bytes):
    suite, key, _, _ = asked()
    with pytest.raises(BadInput, match="elements of the group"):
        suite.evaluate(key, [element])


def test_an_answer_with_an_element_too_few_is_refused():
    suite, key, public, blinded = asked(b"one", b"two")
    with pytest.raises(BadInput, match="each element"):
        suite.finalise(blinded, suite.evaluate(key, [blinded[0].element]), public)
