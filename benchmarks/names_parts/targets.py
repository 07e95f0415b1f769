"""Every target beside its figure, of one run. A figure that was not measured in it says so."""

from typing import Any

OURS = "stonebridge (all fields)"
FEW = "stonebridge (name, birth, document)"
MISSING = "not measured in this run"
TPIR = {100_000: 0.88, 1_000_000: 0.76, 10_000_000: 0.62}
AREAS = {
    "Wikidata, Arabic": 0.982,
    "Google, Arabic": 0.989,
    "Wikidata, Russian": 0.988,
    "nomenklatura's person cases": 0.92,
}


def compared(result: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Measure, figure, target, and whether it is met."""
    rows: list[tuple[str, str, str, str]] = []

    def at_least(name: str, value: float | None, target: float) -> None:
        said = MISSING if value is None else f"{value:g}"
        rows.append((name, said, f"≥ {target:g}", "" if value is None else ("met" if value >= target else "missed")))

    def at_most(name: str, value: float | None, target: float) -> None:
        said = MISSING if value is None else f"{value:g}"
        rows.append((name, said, f"≤ {target:g}", "" if value is None else ("met" if value <= target else "missed")))

    engines = {row["engine"]: row for row in result["engines"]}
    mine, few = engines.get(OURS, {}), engines.get(FEW, {})
    people = result["people"]
    million = people == 1_000_000
    if million:
        at_least("right person among ten, all fields", mine.get("recall@10"), 0.97)
        at_least("right person among ten, name, birth and document", few.get("recall@10"), 0.945)
    if people in TPIR:
        at_least("right, and above what 1 % of strangers reach", mine.get("tpir@fpir1%"), TPIR[people])
    at_most("absent brothers and sisters above that", mine.get("siblings_above"), 0.02)
    if million:
        at_most("single query, p50 ms", mine.get("p50_ms"), 0.2)
        at_most("single query, p99 ms", mine.get("p99_ms"), 1.0)
        tantivy = engines.get("tantivy (fuzzy 2)", {}).get("p50_ms")
        ratio = round(tantivy / few["p50_ms"], 1) if tantivy and few else None
        at_least("times as fast as tantivy, same fields", ratio, 5)
        at_least("queries a second, a batch, 2 cores", result.get("batch_2_cores_per_s"), 15_000)
        at_most("build, s of one core", mine.get("build_cpu_s"), 3)
    at_most("append one person, µs", result.get("append_us"), 100)
    at_most("bytes a person", result.get("bytes_a_person"), 36)
    at_least("explained pair scores a second, one core", result.get("explained_pairs_per_s"), 1_000_000)
    doubles = result.get("doubles", {})
    at_least("doubles of the register, F1", doubles.get("best_f1"), 0.78)
    if million:
        at_most("doubles, s of the wall", doubles.get("wall_s"), 10)
    sets = result.get("sets", {})
    febrl, history = sets.get("FEBRL 3", {}), sets.get("historical_50k, half", {})
    at_least("FEBRL 3, pair F1", febrl.get("stonebridge", {}).get("best_f1"), 0.985)
    both = [history.get(name, {}).get("best_f1") for name in ("stonebridge", "splink 5")]
    at_least("historical_50k, pair F1 over Splink's", round(both[0] / both[1], 3) if all(both) else None, 1.15)
    for name, target in AREAS.items():
        at_least(f"{name}: area under the curve", result.get("areas", {}).get(name), target)
    return rows


def markdown(result: dict[str, Any]) -> list[str]:
    """The same as a table."""
    return [
        "| measure | figure | target | |",
        "|---|---|---|---|",
        *("| " + " | ".join(row) + " |" for row in compared(result)),
    ]
