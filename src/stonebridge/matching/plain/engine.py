"""A first engine: it compares names, birth date, sex, nationality, parents, place and documents, and says why.

Bits are chosen by hand, names weigh by their rarity in the register. The rarity
table is frozen per version and holds only names that at least ``FEW`` persons
bear, so that no score tells whether one certain person is in the register.
"""

import hashlib
import heapq
import itertools
import json
import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from stonebridge.matching.engine import Comparison, Detail, Found, Hit
from stonebridge.matching.plain import tuning
from stonebridge.matching.plain.fold import Part, fold_name, join
from stonebridge.matching.plain.levels import birth_date, documents, labels, part_level
from stonebridge.matching.record import Identity, Record


@dataclass(slots=True)
class Folded:
    """An identity with its names folded once."""

    identity: Identity
    given: tuple[Part, ...]
    family: tuple[Part, ...]
    names: dict[str, tuple[Part, ...]]
    documents: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, identity: Identity) -> "Folded":
        """Fold the names and split the documents into issuer and bare number."""
        split = (document.rpartition(":") for document in identity.documents)
        documents = tuple((issuer, "".join(filter(str.isalnum, number.upper()))) for issuer, _, number in split)
        names = {
            "father_name": fold_name(identity.father), "mother_name": fold_name(identity.mother),
            "birth_place": fold_name(identity.birth_place),
        }  # fmt: skip
        return cls(identity, fold_name(identity.given), fold_name(identity.family), names, documents)

    def index_keys(self) -> Iterator[str]:
        """Every key under which this identity is found: skeletons, joined neighbours, birth dates, documents."""
        parts = (*self.given, *self.family)
        yield from (part.skeleton for part in parts)
        yield from (join(left, right).skeleton for left, right in itertools.pairwise(parts))
        if len(birth := self.identity.birth) == 10 and not birth.endswith("-01-01"):
            yield "b" + birth
        yield from ("d" + number for _, number in self.documents if number)


class PlainEngine:
    """Holds folded records in memory, indexed by name skeleton, birth date and document number."""

    def __init__(self, tables: bytes) -> None:
        known = json.loads(tables or b'{"persons": 0, "names": {}}')
        self._persons: int = known["persons"]
        self._names: dict[str, int] = known["names"]
        self._version = f"plain-1/{hashlib.sha256(tables).hexdigest()[:12]}"
        self._held: dict[UUID, tuple[Record, tuple[Folded, ...]]] = {}
        self._postings: dict[str, set[UUID]] = defaultdict(set)
        self._similar: dict[str, set[str]] = defaultdict(set)

    @property
    def version(self) -> str:
        """Method and digest of the rarity table."""
        return self._version

    def add(self, record: Record) -> None:
        """Hold a record, in place of any former one with the same id."""
        self.remove(record.id)
        folded = tuple(Folded.of(identity) for identity in record.identities)
        self._held[record.id] = (record, folded)
        for key in {key for each in folded for key in each.index_keys()}:
            self._postings[key].add(record.id)
            for shorter in _shortened(key):
                self._similar[shorter].add(key)

    def remove(self, id: UUID) -> None:
        """Forget a record and every key that only it had."""
        _, folded = self._held.pop(id, (None, ()))
        for key in {key for each in folded for key in each.index_keys()}:
            self._postings[key].discard(id)
            if not self._postings[key]:
                del self._postings[key]
                for shorter in _shortened(key):
                    self._similar[shorter].discard(key)
                    if not self._similar[shorter]:
                        del self._similar[shorter]

    def search(self, probe: Identity, visible: int, limit: int, budget: float) -> Found:
        """Propose by index, compare the strongest, answer the best."""
        ends = time.monotonic() + budget
        folded = Folded.of(probe)
        proposed: dict[UUID, float] = defaultdict(float)
        for key, weight in self._proposing(folded).items():
            for id in self._postings.get(key, ()):
                if self._held[id][0].visible & visible:
                    proposed[id] += weight
        strongest = heapq.nsmallest(tuning.COMPARED_AT_MOST, proposed.items(), key=lambda item: (-item[1], item[0]))
        hits: list[Hit] = []
        compared = 0
        for id, _ in strongest:
            if time.monotonic() > ends:
                break
            compared += 1
            hit = self._best(folded, id, self._held[id][1])
            if hit.score >= tuning.SHOWN_FROM:
                hits.append(hit)
        hits.sort(key=lambda hit: (-hit.score, hit.id))
        return Found(tuple(hits[:limit]), compared / len(strongest) if strongest else 1.0)

    def explain(self, probe: Identity, record: Record) -> Hit:
        """Compare with one record, by the same rules as a search."""
        return self._best(Folded.of(probe), record.id, tuple(Folded.of(identity) for identity in record.identities))

    def _proposing(self, probe: Folded) -> dict[str, float]:
        weights: dict[str, float] = {}
        for key in probe.index_keys():
            if key[0] in "bd":
                weights[key] = tuning.INDEX_BIRTH if key[0] == "b" else tuning.INDEX_DOCUMENT
                continue
            near = {key, *_shortened(key)}
            for other in near.union(*(self._similar.get(each, ()) for each in near)):
                share = 1.0 if other == key else tuning.INDEX_SIMILAR
                weights[other] = max(weights.get(other, 0.0), share * self._rarity(key))
        birth = probe.identity.birth
        if len(birth) == 10:
            weights.setdefault("b" + birth[:5] + birth[8:] + "-" + birth[5:7], tuning.INDEX_BIRTH)
        return weights

    def _best(self, probe: Folded, id: UUID, candidates: tuple[Folded, ...]) -> Hit:
        compared = [tuple(self._compare(probe, candidate)) for candidate in candidates] or [()]
        best = max(compared, key=lambda comparisons: sum(each.score for each in comparisons))
        return Hit(id, round(sum(each.score for each in best), 2), best)

    def _compare(self, probe: Folded, candidate: Folded) -> Iterator[Comparison]:
        pairs = self._pair((*probe.given, *probe.family), (*candidate.given, *candidate.family))
        given = self._own_name("given_name", probe, candidate, pairs)
        of_family, of_others = tuning.KIN.get(given.detail.key.partition(".")[2], (1.0, 1.0)) if given else (1.0, 1.0)
        family = self._own_name("family_name", probe, candidate, pairs)
        if given:
            yield given
        if family:
            yield _shared_by_kin(family, of_family)
        yield from birth_date(probe.identity.birth, candidate.identity.birth)
        for feature, differs in (
            ("father_name", tuning.PARENT_DIFFERS),
            ("mother_name", tuning.PARENT_DIFFERS),
            ("birth_place", tuning.PLACE_DIFFERS),
        ):
            other = self._other_name(feature, probe.names[feature], candidate.names[feature], differs)
            if other:
                yield _shared_by_kin(other, of_others)
        yield from labels(probe.identity, candidate.identity)
        yield from documents(probe.documents, candidate.documents, kin=of_others < 1)

    def _pair(self, left: tuple[Part, ...], right: tuple[Part, ...]) -> list["Pair"]:
        """Match parts one to one, strongest first, in any order; neighbours may be joined on one side."""
        options = [
            Pair(level, min(self._rarity(a.skeleton), self._rarity(b.skeleton)) * tuning.AGREES[level], i, j)
            for (a, i), (b, j) in _combinations(left, right)
            if (level := part_level(a, b))
        ]
        options.sort(key=lambda pair: (-pair.bits, pair.left, pair.right))
        taken: list[Pair] = []
        for pair in options:
            if not any(set(pair.left) & set(other.left) or set(pair.right) & set(other.right) for other in taken):
                taken.append(pair)
        return taken

    def _own_name(self, feature: str, probe: Folded, candidate: Folded, pairs: list["Pair"]) -> Comparison | None:
        """Compare given or family name: each pair counts where the probe's part stands."""
        is_given = feature == "given_name"
        of_probe, of_candidate = (
            {i for i in range(len(side.given) + len(side.family)) if (i < len(side.given)) is is_given}
            for side in (probe, candidate)
        )
        if not of_probe and not of_candidate:
            return None
        mine = [pair for pair in pairs if set(pair.left) & of_probe]
        free_here = of_probe - {i for pair in pairs for i in pair.left}
        taken = {j for pair in pairs for j in pair.right}
        free_there = of_candidate - taken
        free_anywhere = set(range(len(candidate.given) + len(candidate.family))) - taken
        crossed = bool(mine) and not any(set(pair.right) & of_candidate for pair in mine)
        if mine:
            differing = min(len(free_here), len(free_anywhere if crossed else free_there))
            bits = (
                sum(pair.bits for pair in mine) * (tuning.IN_OTHER_FIELD if crossed else 1.0)
                + differing * tuning.PART_DIFFERS
            )
            unpaired = free_here or free_there
            level = "in_other_field" if crossed else "partly" if unpaired else _weakest(mine)
        elif free_here and free_anywhere:
            bits, level = (tuning.GIVEN_DIFFERS if is_given else tuning.FAMILY_DIFFERS), "different"
        else:
            bits, level = 0.0, "missing"
        ours = probe.identity.given if is_given else probe.identity.family
        theirs = candidate.identity.given if is_given is not crossed else candidate.identity.family
        return Comparison(feature, round(bits, 2), Detail(f"{feature}.{level}", ours, theirs))

    def _other_name(
        self, feature: str, left: tuple[Part, ...], right: tuple[Part, ...], differs: float
    ) -> Comparison | None:
        if not left or not right:
            return None
        pairs = self._pair(left, right)
        if pairs:
            covered = sum(len(pair.left) for pair in pairs) == len(left) and sum(len(p.right) for p in pairs) == len(
                right
            )
            bits, level = sum(p.bits for p in pairs) * tuning.WEIGHT[feature], _weakest(pairs) if covered else "partly"
        else:
            bits, level = differs, "different"
        ours, theirs = (" ".join(part.given for part in side) for side in (left, right))
        return Comparison(feature, round(bits, 2), Detail(f"{feature}.{level}", ours, theirs))

    def _rarity(self, skeleton: str) -> float:
        seen = self._names.get(skeleton)
        bits = (
            math.log2(self._persons / seen)
            if seen
            else max(tuning.UNSEEN, math.log2(max(self._persons, 1) / tuning.FEW))
        )
        return min(max(bits, tuning.COMMONEST), tuning.RAREST)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parts, or joined neighbours, that agree at a level; the positions they take on each side."""

    level: str
    bits: float
    left: tuple[int, ...]
    right: tuple[int, ...]


def _combinations(
    left: tuple[Part, ...], right: tuple[Part, ...]
) -> Iterator[tuple[tuple[Part, tuple[int, ...]], tuple[Part, tuple[int, ...]]]]:
    """Every part with every part of the other side, and joined neighbours of one side with parts of the other."""
    lefts = [(part, (i,)) for i, part in enumerate(left)]
    rights = [(part, (j,)) for j, part in enumerate(right)]
    yield from itertools.product(lefts, rights)
    yield from itertools.product(_joined(left), rights)
    yield from itertools.product(lefts, _joined(right))


def _joined(parts: tuple[Part, ...]) -> list[tuple[Part, tuple[int, ...]]]:
    return [(join(a, b), (i, i + 1)) for i, (a, b) in enumerate(itertools.pairwise(parts))]


def _weakest(pairs: list[Pair]) -> str:
    return max((pair.level for pair in pairs), key=list(tuning.AGREES).index)


def _shortened(key: str) -> Iterator[str]:
    """The skeleton with one letter left out, so that two skeletons one letter apart meet."""
    if len(key) >= 4 and key[0] not in "bd":
        yield from (key[:i] + key[i + 1 :] for i in range(len(key)))


def _shared_by_kin(comparison: Comparison, share: float) -> Comparison:
    """What relatives share counts less when the given names are not the same, and says so."""
    if share == 1.0 or comparison.score <= 0:
        return comparison
    detail = comparison.detail
    return Comparison(
        comparison.feature,
        round(comparison.score * share, 2),
        Detail(f"{comparison.feature}.kin", detail.probe, detail.candidate),
    )


class Plain:
    """Makes plain engines and counts their rarity tables."""

    def learn(self, records: Iterable[Record]) -> bytes:
        """Count how many persons bear each name skeleton; names with fewer than ``FEW`` bearers are left out."""
        persons, names = 0, Counter[str]()
        for record in records:
            persons += 1
            texts = [
                text
                for each in record.identities
                for text in (each.given, each.family, each.father, each.mother, each.birth_place)
            ]
            names.update({part.skeleton for text in texts for part in fold_name(text)})
        known = {"persons": persons, "names": {name: n for name, n in sorted(names.items()) if n >= tuning.FEW}}
        return json.dumps(known, ensure_ascii=False).encode()

    def start(self, tables: bytes) -> PlainEngine:
        """Make an empty engine over frozen tables."""
        return PlainEngine(tables)
