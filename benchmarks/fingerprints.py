"""``scripts/bench fingerprints``: accuracy, speed and memory of the fingerprint comparison beside its peers.

Always on grown fingers; with --templates also on folders of records. Peers run in the same process on the same
templates (``afis``) or pictures (``fingerprint-recognition``) where their packages are installed; as they manage few
comparisons a second, each sees a sample of the pairs, and so does ours in the row below it. Grown fingers count as
evidence only if a peer errs on them as often as on real ones: that is told in the end. Times are CPU seconds of one core.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from fingerprint_parts.errors import curve, errors, interval, plot
from fingerprint_parts.impressions import Impression, crowded, distractor, from_folder, grown, pairs_of

from stonebridge.matching.fingerprint.comparison import Probe, Shelf, score, score_pairs
from stonebridge.matching.fingerprint.neighbours import probe_table
from stonebridge.matching.fingerprint.points import workspace
from stonebridge.matching.fingerprint.prefilter import count_all
from stonebridge.matching.fingerprint.search import Fingers
from stonebridge.matching.fingerprint.tuning import FILTER_REACH, GROWTH, SEARCH_GROWTH, Growth

SAMPLES = {"afis geometric": 600, "afis safis": 600, "afis bozorth3": 120, "fingerprint-recognition": 600}  # pairs seen
MADE = 100_000  # distractors made one by one; more are these again, with every minutia moved
JUDGE = "afis geometric"


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench fingerprints", description=__doc__)
    parser.add_argument(
        "--templates", type=Path, nargs="*", default=[], help="folders of records: DATABASE/FINGER_IMPRESSION.iso"
    )
    parser.add_argument("--fingers", type=int, default=30, help="grown fingers (%(default)s)")
    parser.add_argument("--impressions", type=int, default=4, help="of each (%(default)s)")
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[1000, 10_000, 100_000], help="galleries searched, smallest first"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("build/benchmarks"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    sets = {}
    if given.fingers:
        impressions, source = grown(given.fingers, given.impressions, given.seed)
        sets[source] = impressions
    for folder in given.templates:
        sets[folder.name] = from_folder(folder)
    results = {}
    for name, impressions in sets.items():
        print(f"\n{name}: {len(impressions)} impressions")
        results[name] = {
            "verification": verification(name, impressions, given.out),
            "identification": identification(impressions, given.sizes, given.seed),
        }
    judged = {name: told["verification"].get(JUDGE) for name, told in results.items()}
    if all(judged.values()):
        print(f"\n{JUDGE}, EER: " + "; ".join(f"{name} {found['eer']} %" for name, found in judged.items()))
    (given.out / "fingerprints.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    print(f"\nWritten to {given.out}/fingerprints.json and its plots.")
    return 0


def verification(name: str, impressions: list[Impression], out: Path) -> dict[str, object]:
    first, second, same = pairs_of(impressions)
    templates = [each.template for each in impressions]
    list(score_pairs(templates[:2], [(0, 1)]))
    began = time.process_time()
    scores = np.array(list(score_pairs(templates, list(zip(first.tolist(), second.tolist(), strict=True)))))
    rate = len(first) / (time.process_time() - began)
    databases = np.array([impressions[at].database for at in first])
    fingers = np.array([f"{each.database} {each.finger}" for each in impressions])
    numbers = np.unique(fingers, return_inverse=True)[1]
    told: dict[str, object] = {"comparisons a second": round(rate)}
    print(f"{'':24s} {'EER %':>8s} {'FMR100':>8s} {'FMR1000':>8s} {'zero':>8s}")
    for database in np.unique(databases):
        chosen = databases == database
        told[str(database)] = line(str(database), scores[chosen], same[chosen])
    told["pooled"] = line("pooled", scores, same)
    eer, fmr1000 = interval(scores, same, np.c_[numbers[first], numbers[second]])
    told["90 % interval"] = {"EER %": eer, "FNMR % at FMR 0.1 %": fmr1000}
    print(f"90 % interval over fingers: EER {eer} %, FNMR at FMR 0.1 % {fmr1000} %; {rate:,.0f} comparisons a second")
    curves = {"Stonebridge": curve(scores[same], scores[~same])}
    mixed = np.random.default_rng(1).permutation(len(first))
    for peer, compare in peers(impressions).items():
        half = SAMPLES[peer] // 2
        sample = np.concatenate([mixed[same[mixed]][:half], mixed[~same[mixed]][:half]])
        began = time.process_time()
        theirs = np.array([compare(a, b) for a, b in zip(first[sample], second[sample], strict=True)])
        spent = time.process_time() - began
        told[peer] = line(peer, theirs, same[sample])
        told[f"Stonebridge, sample of {peer}"] = line("  ours, same sample", scores[sample], same[sample])
        print(f"{'':24s} {peer}: {len(sample) / spent:,.0f} comparisons a second")
        curves[peer] = curve(theirs[same[sample]], theirs[~same[sample]])
    plot(curves, out / f"fingerprints-{name.replace(' ', '-')}.png")
    return told


def line(name: str, scores: np.ndarray, same: np.ndarray) -> dict[str, float]:
    found = errors(scores[same], scores[~same])
    print(f"{name:24s} " + " ".join(f"{100 * value:8.2f}" for value in found))
    return {key: round(100 * value, 3) for key, value in found._asdict().items()}


def peers(impressions: list[Impression]) -> dict[str, Callable[[int, int], float]]:
    """What compares two impressions by their places."""
    return afis_matchers(impressions) | picture_matcher(impressions)


def afis_matchers(impressions: list[Impression]) -> dict[str, Callable[[int, int], float]]:
    try:
        from afis import match_templates
    except ImportError:
        print("The package afis is not installed.")
        return {}
    # its kinds count from 0, its qualities to 1; its score stops at 1, the raw one does not
    rows = [
        np.array([(x, y, a, max(k - 1, 0), q / 100) for x, y, a, k, q in each.points]).reshape(-1, 5)
        for each in impressions
    ]
    high = [int(each[:, 1].max(initial=0)) + 1 for each in rows]

    def matcher(method: str, **more: bool) -> Callable[[int, int], float]:
        def compare(first: int, second: int) -> float:
            heights = {"height_a": high[first], "height_b": high[second]} if more else {}
            return float(match_templates(rows[first], rows[second], method=method, **heights).raw_score)

        return compare

    return {
        "afis geometric": matcher("geometric"),
        "afis safis": matcher("safis"),
        "afis bozorth3": matcher("bozorth3", heights=True),
    }


def picture_matcher(impressions: list[Impression]) -> dict[str, Callable[[int, int], float]]:
    try:
        from fingerprint_recognition import extract_features, match_features
    except ImportError:
        print("The package fingerprint-recognition is not installed.")
        return {}
    if any(each.picture is None for each in impressions):
        print("fingerprint-recognition compares pictures, which this set has not.")
        return {}
    began = time.process_time()
    features = [extract_features(each.picture) for each in impressions]
    print(f"fingerprint-recognition finds features in {(time.process_time() - began) / len(features):.2f} s a picture")
    return {"fingerprint-recognition": lambda a, b: float(match_features(features[a], features[b]).score)}


def identification(impressions: list[Impression], sizes: list[int], seed: int) -> list[dict[str, object]]:
    """First impressions are the mates, all others the probes; the rest of the gallery is made up of distractors."""
    mates = [each for each in impressions if each.number == "1"]
    probes = [each for each in impressions if each.number != "1"]
    own = {(each.database, each.finger): at for at, each in enumerate(mates)}
    chance = np.random.default_rng(seed)
    templates = [each.template for each in mates]
    told = []
    for size in sizes:
        while len(templates) < min(size, MADE):
            templates.append(type(templates[0]).of(distractor(impressions, chance)))
        shelf = crowded(Shelf.of(templates[:size]), size, chance)
        fingers = Fingers(shelf)
        fingers.search(probes[0].template, 10)
        began = time.process_time()
        found = [[each.place for each in fingers.search(probe.template, 10)] for probe in probes]
        spent = (time.process_time() - began) / len(probes)
        at = [own[probe.database, probe.finger] for probe in probes]
        told.append({
            "gallery": size,
            "probes": len(probes),
            "rank 1 %": round(100 * float(np.mean([list_[:1] == [mate] for list_, mate in zip(found, at, strict=True)])), 2),
            "rank 10 %": round(100 * float(np.mean([mate in list_ for list_, mate in zip(found, at, strict=True)])), 2),
            "CPU ms a probe": round(1000 * spent, 2),
            "first looks a second": round(first_looks(shelf, probes[:20])),
            "exact a second": round(exact(shelf, probes[:20], SEARCH_GROWTH)),
            "exact a second, all aligned": round(exact(shelf, probes[:20], GROWTH)),
            "bytes a template, codes": round(shelf.codes.nbytes / size),
            "bytes a template, minutiae": round(shelf.minutiae.nbytes / size),
        })  # fmt: skip
        print(" | ".join(f"{key} {value:,}" for key, value in told[-1].items()))
    return told


def first_looks(shelf: Shelf, probes: list[Impression]) -> float:
    tables = [probe_table(probe.template.minutiae, FILTER_REACH) for probe in probes]
    everyone, counts = np.ones(len(shelf), np.bool_), np.empty(len(shelf), np.int32)
    count_all(tables[0], shelf.codes, shelf.starts, everyone, 0, 1, counts)
    began = time.process_time()
    for table in tables:
        count_all(table, shelf.codes, shelf.starts, everyone, 0, len(shelf), counts)
    return len(tables) * len(shelf) / (time.process_time() - began)


def exact(shelf: Shelf, probes: list[Impression], growth: Growth) -> float:
    work, chosen = workspace(), np.arange(min(len(shelf), 2000))
    ready = [Probe(each.template) for each in probes]
    score(ready[0], shelf, chosen[:1], work, growth)
    began = time.process_time()
    for probe in ready:
        score(probe, shelf, chosen, work, growth)
    return len(ready) * len(chosen) / (time.process_time() - began)


if __name__ == "__main__":
    raise SystemExit(main())
