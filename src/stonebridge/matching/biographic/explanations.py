"""Why a candidate scores as it does: a sentence for every feature that was compared, with its bits.

The bits of a candidate are the sum of its features' bits, each rounded to hundredths, so
that an explanation always adds up to the score that is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stonebridge.matching.biographic.evidence import BIRTH
from stonebridge.matching.biographic.scoring import FEATURES
from stonebridge.matching.engine import Detail
from stonebridge.matching.names.tokens import tokens
from stonebridge.matching.sentences import sentence

_HOW = ("", "same", "other_spelling", "similar", "partly", "in_other_field", "different", "missing")
_TEXT_OF = ("given", "family", "father", "mother", "birth", "sex", "nationality", "doc", "pob", "given")
NAMES = range(4)
_BIRTH_KEYS = {"first_of_january_once": "first_of_january", "vague_off_by_one": "vague_close",
               "vague_off_by_two": "vague_close"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature: its bits, above zero for the same person, and what to say of it."""

    feature: str
    bits: float
    detail: Detail

    @property
    def sentence(self) -> str:
        """In English; screens translate by ``detail.key``."""
        return sentence(self.detail)


def explain(
    features: Sequence[float], how: Sequence[int], probe: dict[str, str], kept: dict[str, str]
) -> tuple[Reason, ...]:
    """The reasons of one comparison; ``probe`` and ``kept`` are the two persons' fields as given."""
    found = []
    for place, feature in enumerate(FEATURES):
        bits = round(float(features[place]), 2)
        kind = int(how[place])
        if feature == "relatives":
            if bits < 0:
                found.append(Reason(feature, bits, Detail("relatives.shared", probe["given"], kept["given"])))
        elif kind or bits:
            field = _TEXT_OF[place]
            key = _key(place, kind, probe[field], kept[field])
            other = f"{kept['given']} {kept['family']}".strip() if key == "in_other_field" else kept[field]
            found.append(Reason(feature, bits, Detail(f"{feature}.{key}", probe[field], other)))
    return tuple(found)


def _key(place: int, kind: int, probe: str, kept: str) -> str:
    if place == 4:
        return _BIRTH_KEYS.get(BIRTH[kind], BIRTH[kind])
    key = _HOW[kind] or "missing"
    if place in NAMES and key == "other_spelling" and _script(probe) != _script(kept):
        return "other_script"
    return key


def _script(text: str) -> int:
    found = tokens(text)
    return found[0].script if found else 0


def bits_of(reasons: Sequence[Reason]) -> float:
    """The score as it is shown: the sum of the reasons."""
    return round(sum(reason.bits for reason in reasons), 2)
