"""What the stored comparisons of two records say in the terms of a link's colour.

Pure. The delegated Regulations (EU) 2023/332 and 2023/333 define *same* and *similar* data
in annexes that have not been read; the levels below are our own rule until they are.

- Names: the same when every part compared is; different when given or family names differ.
- Date of birth: the same day; different when nothing in it agrees. What two readings or two
  estimates explain (swapped parts, an unknown day, another calendar, some years) is similar.
- Sex: the same or different. Nationality, parents and place of birth are claims that vary
  lawfully, so a difference there makes the whole similar, never different; one that only one
  of the two states is not compared.
- Travel document: the same when issuer and number are; numbers alike without a known issuer
  prove nothing, so they count as absent.

- Biometrics: the same or different as the fingers are; absent where none were compared or they say little.
"""

from collections.abc import Iterable, Mapping

from stonebridge.domain.links import Biometrics, Evidence, IdentityData, TravelDocument
from stonebridge.matching.engine import Comparison

Stored = Mapping[str, object]
"""A comparison as it is kept: feature, score, key of its sentence, both values."""

DECIDING = frozenset({"given_name", "family_name", "birth_date", "sex"})
QUALIFYING = frozenset({"father_name", "mother_name", "birth_place", "nationality"})
NEEDED_FOR_SAME = frozenset({"given_name", "family_name", "birth_date"})


def stored(comparisons: Iterable[Comparison]) -> list[dict[str, object]]:
    """Comparisons as they are kept with a candidate, a task and a judgement."""
    return [
        {
            "feature": each.feature, "score": each.score, "key": each.detail.key,
            "probe": each.detail.probe, "candidate": each.detail.candidate,
        }
        for each in comparisons
    ]  # fmt: skip


def evidence(comparisons: Iterable[Stored]) -> Evidence:
    """What two records have in common, by their stored comparisons."""
    levels = {str(each["feature"]): str(each["key"]).rpartition(".")[2] for each in comparisons}
    return Evidence(_biometrics(levels.get("fingers")), _identity(levels), _document(levels.get("document")))


def _biometrics(level: str | None) -> Biometrics:
    return {"same": Biometrics.SAME, "different": Biometrics.DIFFERENT}.get(level or "", Biometrics.ABSENT)


def _identity(levels: Mapping[str, str]) -> IdentityData:
    if any(levels.get(feature) == "different" for feature in DECIDING):
        return IdentityData.DIFFERENT
    compared = {
        feature: level
        for feature, level in levels.items()
        if feature in DECIDING or (feature in QUALIFYING and level != "missing")
    }
    if compared.keys() >= NEEDED_FOR_SAME and set(compared.values()) == {"same"}:
        return IdentityData.SAME
    return IdentityData.SIMILAR


def _document(level: str | None) -> TravelDocument:
    match level:
        case "same":
            return TravelDocument.SAME
        case "similar" | "different":
            return TravelDocument.DIFFERENT
        case _:
            return TravelDocument.ABSENT
