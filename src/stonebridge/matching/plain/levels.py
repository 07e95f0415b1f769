"""How far two name parts, birth dates, labels or documents agree, and the bits for it."""

import itertools
from collections.abc import Iterator
from functools import lru_cache

from stonebridge.matching.engine import Comparison, Detail
from stonebridge.matching.plain.fold import Part
from stonebridge.matching.plain.tuning import BIRTH, DOCUMENT, NATIONALITY, SEX
from stonebridge.matching.record import Identity


@lru_cache(maxsize=1 << 16)
def part_level(a: Part, b: Part) -> str | None:
    """How far two parts agree by sound, or None."""
    if "o" in (a.script, b.script):
        return "same" if a.given == b.given else None
    agreeing = "other_spelling" if a.script == b.script else "other_script"
    arabic = [part for part in (a, b) if part.script == "a"]
    if a.skeleton == b.skeleton:
        if a.sound == b.sound:
            return "same" if a.given.casefold() == b.given.casefold() else agreeing
        if len(arabic) == 1:  # Arabic writes long vowels only: each must be heard in the other
            heard = iter((b if arabic[0] is a else a).sound)
            return agreeing if all(letter in heard for letter in arabic[0].sound.lstrip("aiu")) else "similar"
        feminine = a.sound.endswith("a") is not b.sound.endswith("a")
        vowels = edits(a.sound, b.sound)
        if not arabic and not feminine and vowels == 1:
            return agreeing
        return "similar" if vowels <= 1 + len(a.skeleton) // 2 else None
    left, right = (a.skeleton, b.skeleton) if len(arabic) == 1 else (a.sound, b.sound)
    shorter = min(len(left), len(right))
    return "similar" if shorter >= 4 and edits(left, right) <= (1 if shorter < 7 else 2) else None


def edits(a: str, b: str) -> int:
    """Letters to change, add, drop or exchange with a neighbour (optimal string alignment)."""
    before, row = list(range(len(b) + 1)), list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row, before = before, [i], row
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def birth_date(probe: str, candidate: str) -> Iterator[Comparison]:
    if probe and candidate:
        level = _birth_level(probe, candidate)
        yield Comparison("birth_date", BIRTH[level], Detail(f"birth_date.{level}", probe, candidate))


def _birth_level(a: str, b: str) -> str:
    years = abs(int(a[:4]) - int(b[:4]))
    vague = a.endswith("-01-01") or b.endswith("-01-01") or min(len(a), len(b)) < 10
    if not vague:
        if a == b:
            return "same"
        if a[:4] == b[:4] and a[5:7] == b[8:] and a[8:] == b[5:7]:
            return "day_and_month_swapped"
        if years == 1 and a[4:] == b[4:]:
            return "year_off_by_one"
        if sum(x != y for x, y in zip(a, b, strict=True)) == 1:
            return "one_digit_differs"
    elif not years:
        if len(a) == 10 == len(b):
            return "first_of_january"
        if len(a) >= 7 <= len(b) and "-01-01" not in a + b:
            return "same_month" if a[5:7] == b[5:7] else "close"
        return "same_year"
    return "close" if years <= 2 else "different"


def labels(probe: Identity, candidate: Identity) -> Iterator[Comparison]:
    if probe.sex in ("f", "m") and candidate.sex in ("f", "m"):
        level = "same" if probe.sex == candidate.sex else "different"
        yield Comparison("sex", SEX[level], Detail(f"sex.{level}", probe.sex, candidate.sex))
    if probe.nationalities and candidate.nationalities:
        level = "same" if set(probe.nationalities) & set(candidate.nationalities) else "different"
        ours, theirs = ", ".join(probe.nationalities), ", ".join(candidate.nationalities)
        yield Comparison("nationality", NATIONALITY[level], Detail(f"nationality.{level}", ours, theirs))


def documents(
    probe: tuple[tuple[str, str], ...], candidate: tuple[tuple[str, str], ...], *, kin: bool
) -> Iterator[Comparison]:
    best = max(
        ((_document_level(a, b, kin=kin), a, b) for a, b in itertools.product(probe, candidate)),
        key=lambda compared: DOCUMENT[compared[0]],
        default=None,
    )
    if best:
        level, a, b = best
        yield Comparison(
            "document",
            DOCUMENT[level],
            Detail(f"document.{level}", ":".join(filter(None, a)), ":".join(filter(None, b))),
        )


def _document_level(a: tuple[str, str], b: tuple[str, str], *, kin: bool) -> str:
    (issuer, number), (other_issuer, other) = a, b
    if number == other:
        return "same" if issuer and issuer == other_issuer else "same_number"
    near = issuer == other_issuer and len(number) == len(other) >= 6 and edits(number, other) == 1
    return "similar" if near and not kin else "different"  # relatives are issued neighbouring numbers
