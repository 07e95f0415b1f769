"""The verifiable oblivious function of RFC 9497, ristretto255-SHA512: one side has a key, the other an input.

The asker learns the output for its input and can check that it came from the key it was shown; whoever holds the
key learns nothing of input or output. In mode 0 (OPRF) there is no proof. Pure, apart from the random scalars, which
tests may name. The group is that of libsodium.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce

import rbcl

from stonebridge.domain.errors import BadInput

IDENTIFIER = b"ristretto255-SHA512"
ELEMENT_BYTES = SCALAR_BYTES = 32
UNIFORM_BYTES = 64
LONGEST_INPUT = 2**16 - 1
_ORDER = 2**252 + 27742317777372353535851937790883648493
_BLOCK = 128


class Mode(IntEnum):
    OPRF = 0
    VOPRF = 1


@dataclass(frozen=True, slots=True)
class Blinded:
    """What the asker keeps (``input``, ``blind``) and what goes to the other side (``element``)."""

    input: bytes
    blind: bytes
    element: bytes


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What comes back: an element for each one sent, and one proof (64 bytes) for all; empty in mode OPRF."""

    elements: tuple[bytes, ...]
    proof: bytes


@dataclass(frozen=True, slots=True)
class Suite:
    """The functions of one mode."""

    mode: Mode = Mode.VOPRF

    @property
    def _context(self) -> bytes:
        return b"OPRFV1-" + bytes([self.mode]) + b"-" + IDENTIFIER

    def derive_key(self, seed: bytes, info: bytes) -> tuple[bytes, bytes]:
        """The private and the public key that ``seed`` (32 bytes) gives for ``info``."""
        base = seed + _long(info)
        for counter in range(256):
            key = self._to_scalar(base + bytes([counter]), b"DeriveKeyPair" + self._context)
            if any(key):
                return key, public_key(key)
        raise BadInput("seed", "…", "Make another seed.")

    def blind(self, input: bytes, *, blind: bytes | None = None) -> Blinded:
        """Hide ``input`` behind a random scalar.

        Raises:
            BadInput: it is too long, or one of the few that the group cannot take.
        """
        if len(input) > LONGEST_INPUT:
            raise BadInput("input", f"{len(input)} bytes", f"At most {LONGEST_INPUT} bytes can be asked about.")
        scalar = random_scalar() if blind is None else blind
        return Blinded(input, scalar, _times(scalar, self._to_group(input)))

    def evaluate(self, key: bytes, elements: Sequence[bytes], *, random: bytes | None = None) -> Evaluated:
        """Apply ``key`` to blinded elements, and prove in mode VOPRF that it was this key for each of them.

        Raises:
            BadInput: an element is none of the group.
        """
        for each in elements:
            _check(each)
        results = tuple(_times(key, each) for each in elements)
        if self.mode is Mode.OPRF:
            return Evaluated(results, b"")
        public = public_key(key)
        weighted = self._weighted(public, elements, results)
        m = _sum([_times(weight, each) for weight, each in zip(weighted, elements, strict=True)])
        z = _times(key, m)
        nonce = random_scalar() if random is None else random
        challenge = self._challenge(public, m, z, rbcl.crypto_scalarmult_ristretto255_base(nonce), _times(nonce, m))
        response = (_number(nonce) - _number(challenge) * _number(key)) % _ORDER
        return Evaluated(results, challenge + _scalar(response))

    def finalise(self, asked: Sequence[Blinded], answer: Evaluated, public: bytes = b"") -> list[bytes]:
        """The outputs (64 bytes) for the inputs asked about.

        Raises:
            BadInput: the answer is malformed, or its proof is not that of the key ``public``.
        """
        if len(answer.elements) != len(asked):
            raise BadInput("evaluation", len(answer.elements), "Answer each element that was sent.")
        for element in answer.elements:
            _check(element)
        if self.mode is Mode.VOPRF:
            _check(public)
            self._check_proof(public, [each.element for each in asked], answer)
        return [self._output(each, element) for each, element in zip(asked, answer.elements, strict=True)]

    def output(self, key: bytes, input: bytes) -> bytes:
        """What ``finalise`` would give for ``input``, for whoever holds the key."""
        return self._hash_output(input, _times(key, self._to_group(input)))

    def _output(self, asked: Blinded, element: bytes) -> bytes:
        return self._hash_output(asked.input, _times(_scalar(pow(_number(asked.blind), -1, _ORDER)), element))

    def _hash_output(self, input: bytes, element: bytes) -> bytes:
        return hashlib.sha512(_long(input) + _long(element) + b"Finalize").digest()

    def _check_proof(self, public: bytes, sent: Sequence[bytes], answer: Evaluated) -> None:
        if len(answer.proof) != 2 * SCALAR_BYTES:
            raise BadInput("proof", f"{len(answer.proof)} bytes", "Send a challenge and a response.")
        challenge, response = answer.proof[:SCALAR_BYTES], answer.proof[SCALAR_BYTES:]
        if not 0 < _number(challenge) < _ORDER or not 0 < _number(response) < _ORDER:
            raise BadInput("proof", "…", "Send scalars in their one form.")
        weighted = self._weighted(public, sent, answer.elements)
        m = _sum([_times(weight, each) for weight, each in zip(weighted, sent, strict=True)])
        z = _sum([_times(weight, each) for weight, each in zip(weighted, answer.elements, strict=True)])
        t2 = _sum([rbcl.crypto_scalarmult_ristretto255_base(response), _times(challenge, public)])
        t3 = _sum([_times(response, m), _times(challenge, z)])
        if self._challenge(public, m, z, t2, t3) != challenge:
            raise BadInput("proof", "…", "The answer was not made with the key that this partner published.")

    def _weighted(self, public: bytes, sent: Sequence[bytes], results: Sequence[bytes]) -> list[bytes]:
        seed = hashlib.sha512(_long(public) + _long(b"Seed-" + self._context)).digest()
        return [
            self._to_scalar(
                _long(seed) + number.to_bytes(2) + _long(one) + _long(other) + b"Composite",
                b"HashToScalar-" + self._context,
            )
            for number, (one, other) in enumerate(zip(sent, results, strict=True))
        ]

    def _challenge(self, *elements: bytes) -> bytes:
        said = b"".join(_long(each) for each in elements) + b"Challenge"
        return self._to_scalar(said, b"HashToScalar-" + self._context)

    def _to_group(self, input: bytes) -> bytes:
        uniform = _expand(input, b"HashToGroup-" + self._context)
        element = bytes(rbcl.crypto_core_ristretto255_from_hash(uniform))
        if not any(element):
            raise BadInput("input", "…", "This input cannot be asked about.")
        return element

    def _to_scalar(self, said: bytes, domain: bytes) -> bytes:
        return _scalar(int.from_bytes(_expand(said, domain), "little") % _ORDER)


def public_key(key: bytes) -> bytes:
    """The public element of a private scalar."""
    return bytes(rbcl.crypto_scalarmult_ristretto255_base(key))


def random_scalar() -> bytes:
    """A scalar that is not zero."""
    return _scalar(1 + secrets.randbelow(_ORDER - 1))


def _expand(said: bytes, domain: bytes) -> bytes:
    """``expand_message_xmd`` of RFC 9380 with SHA-512, for one block of 64 bytes."""
    suffix = domain + bytes([len(domain)])
    first = hashlib.sha512(bytes(_BLOCK) + said + UNIFORM_BYTES.to_bytes(2) + b"\0" + suffix).digest()
    return hashlib.sha512(first + b"\x01" + suffix).digest()


def _check(element: bytes) -> None:
    if len(element) != ELEMENT_BYTES or not any(element) or not rbcl.crypto_core_ristretto255_is_valid_point(element):
        raise BadInput("element", f"{len(element)} bytes", "Send elements of the group, none of them zero.")


def _times(scalar: bytes, element: bytes) -> bytes:
    return bytes(rbcl.crypto_scalarmult_ristretto255(scalar, element))


def _sum(elements: Sequence[bytes]) -> bytes:
    return reduce(lambda one, other: bytes(rbcl.crypto_core_ristretto255_add(one, other)), elements)


def _number(scalar: bytes) -> int:
    return int.from_bytes(scalar, "little")


def _scalar(number: int) -> bytes:
    return number.to_bytes(SCALAR_BYTES, "little")


def _long(said: bytes) -> bytes:
    return len(said).to_bytes(2) + said
