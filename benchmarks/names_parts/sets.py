"""Public sets in a folder that the measurer brings: FEBRL 3, half of historical_50k, and name pairs. Each may be missing.

The files are those of ``moj-analytical-services/splink_datasets`` (febrl3.csv, historical_50k_half.parquet), of
``steveash/NETransliteration-COLING2018`` (wd_arabic_80.tsv, wd_russian_80.tsv, wd_hebrew_80.tsv), of
``google/transliteration`` (google_ar2en-train.txt) and of ``opensanctions/nomenklatura`` (nk_name_bench_cases.csv).
A pair's negative is the native form of the most alike other Latin word, and another word at random.
"""

import csv
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from names_parts.doubles import best_f1
from stonebridge.matching.biographic.deduplicate_files import bits_from
from stonebridge.matching.biographic.register import Register, Texts
from stonebridge.matching.names.comparison import name_likeness

LEAST = 0.0001  # probability
Record = dict[str, str]
Pair = tuple[str, str, bool]


def febrl3(folder: Path) -> list[Record]:
    """5,000 invented Australians, of whom 2,000 are originals; the social-security number stands as document."""
    with (folder / "febrl3.csv").open(newline="", encoding="utf-8") as stream:
        return [
            {
                "id": row["rec_id"], "cluster": row["rec_id"].split("-")[1], "given": row["given_name"],
                "family": row["surname"], "birth": _dashed(row["date_of_birth"]), "doc": row["soc_sec_id"],
                "pob": row["suburb"], "postcode": row["postcode"],
            }
            for row in csv.DictReader(stream, skipinitialspace=True)
        ]  # fmt: skip


def historical(folder: Path) -> list[Record]:
    """Half of the persons of historical_50k: Wikidata's people with errors put in; the other half stays unseen."""
    import pandas as pd

    rows = pd.read_parquet(folder / "historical_50k_half.parquet").fillna("").astype(str).to_dict("records")
    return [
        {
            "id": row["unique_id"], "cluster": row["cluster"], "given": row["first_name"], "family": row["surname"],
            "full": row["full_name"], "birth": row["dob"], "sex": row["gender"], "pob": row["birth_place"],
            "postcode": row["postcode_fake"], "occupation": row["occupation"],
        }
        for row in rows
    ]  # fmt: skip


def ours(records: Sequence[Record], read: Callable[[Record], Record]) -> dict[str, float]:
    """Pair F1 of our engine over a set, each record read into our fields."""
    began = time.monotonic()
    rows = [read(record) for record in records]
    texts = Texts()
    texts.add([record["id"] for record in records], {field: [row.get(field, "") for row in rows] for field in
                                                     ("given", "family", "father", "mother", "birth", "sex", "nationality", "doc", "pob")})  # fmt: skip
    register = Register(texts)
    found = register.pairs(bits_from(LEAST, len(register)), 2)
    cluster = np.unique([record["cluster"] for record in records], return_inverse=True)[1]
    return scored(cluster, found.first, found.second, found.bits, time.monotonic() - began)


def splink(records: Sequence[Record]) -> dict[str, float]:
    """Splink 5 without labels: expectation maximisation and the eight rules of its own example."""
    import pandas as pd
    import splink.comparison_library as compare
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    began = time.monotonic()
    names = ("given", "family", "birth", "pob", "postcode", "occupation" if "occupation" in records[0] else "doc")
    number = {record["id"]: place for place, record in enumerate(records)}
    table = pd.DataFrame(
        {name: [record.get(name) or None for record in records] for name in names} | {"unique_id": list(number)}
    )
    last = names[-1]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[compare.ForenameSurnameComparison("given", "family"),
                     compare.DateOfBirthComparison("birth", input_is_string=True),
                     compare.LevenshteinAtThresholds("postcode", [1, 2]),
                     compare.ExactMatch("pob").configure(term_frequency_adjustments=True),
                     compare.LevenshteinAtThresholds(last, [1])],
        blocking_rules_to_generate_predictions=[
            block_on("given", "family"), block_on("family", "birth"), block_on("given", "birth"),
            block_on("postcode", "given"), block_on("postcode", "family"), block_on("birth", "pob"),
            block_on("postcode", "birth"), block_on(last, "birth")],
    )  # fmt: skip
    linker = Linker(DuckDBAPI().register(table, table_name="records"), settings)
    linker.training.estimate_probability_two_random_records_match([block_on("given", "family", "birth")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6)
    for rule in (block_on("given", "family"), block_on("birth")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=LEAST).as_pandas_dataframe()
    cluster = np.unique([record["cluster"] for record in records], return_inverse=True)[1]
    first, second = (np.array([number[name] for name in found[side]]) for side in ("unique_id_l", "unique_id_r"))
    return scored(cluster, first, second, found["match_weight"].to_numpy(), time.monotonic() - began)


def scored(cluster: Any, first: Any, second: Any, scores: Any, seconds: float) -> dict[str, float]:
    """The best F1 of scored pairs against persons by number."""
    sizes = np.bincount(cluster)
    return best_f1(cluster[first] == cluster[second], scores, int((sizes * (sizes - 1) // 2).sum())) | {
        "wall_s": round(seconds, 1)
    }


def as_febrl(record: Record) -> Record:
    """A record of FEBRL 3 in our fields."""
    return record


def as_historical(record: Record) -> Record:
    """A historical person in our fields: the postcode stands as document, the occupation as a class of people."""
    return record | {"doc": record["postcode"], "nationality": record["occupation"]}


def public_sets(folder: Path) -> dict[str, dict[str, dict[str, float]]]:
    """Both sets of records, ours and Splink beside each other; a set whose file is missing is left out."""
    made = {}
    for name, file, read, fields in (
        ("FEBRL 3", "febrl3.csv", febrl3, as_febrl), ("historical_50k, half", "historical_50k_half.parquet", historical, as_historical),
    ):  # fmt: skip
        if (folder / file).exists():
            records = read(folder)
            made[name] = {"stonebridge": ours(records, fields)}
            try:
                made[name]["splink 5"] = splink(records)
            except ImportError:
                continue
    return made


def _dashed(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) >= 8 else day


def pair_sets(folder: Path) -> dict[str, list[Pair]]:
    """Name pairs by the name of the set, those whose file is there."""
    made: dict[str, list[Pair]] = {}
    cases = folder / "nk_name_bench_cases.csv"
    if cases.exists():
        with cases.open(newline="", encoding="utf-8") as stream:
            made["nomenklatura's person cases"] = [
                (row["name1"], row["name2"], row["is_match"] == "true")
                for row in csv.DictReader(stream) if row["schema"] == "Person"
            ]  # fmt: skip
    for name, file, count, native in (
        ("Wikidata, Arabic", "wd_arabic_80.tsv", 1500, 1), ("Wikidata, Russian", "wd_russian_80.tsv", 1500, 1),
        ("Wikidata, Hebrew", "wd_hebrew_80.tsv", 1500, 1), ("Google, Arabic", "google_ar2en-train.txt", 1000, 0),
    ):  # fmt: skip
        if (folder / file).exists():
            made[name] = _across(folder / file, count, native)
    return made


def _across(path: Path, count: int, native: int) -> list[Pair]:
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler, Levenshtein

    rows = []
    for line in path.read_text("utf-8").splitlines():
        parts = line.split("\t")
        latin, other = parts[1 - native], parts[native].replace(" ", "")
        if len(latin) > 3 and len(other) > 2:
            rows.append((latin, other))
    known = defaultdict(set)
    for latin, other in rows:
        known[latin].add(other)
    draw = random.Random(3)
    pool = draw.sample(rows, min(len(rows), 20_000))
    words = [latin for latin, _ in pool]
    pairs: list[Pair] = []
    for latin, other in draw.sample(rows, count):
        pairs.append((latin, other, True))
        for word, _, place in process.extract(latin, words, scorer=JaroWinkler.normalized_similarity, limit=6):
            if word != latin and pool[place][1] not in known[latin] and Levenshtein.distance(word, latin) >= 2:
                pairs.append((latin, pool[place][1], False))
                break
        _, somebody = draw.choice(pool)
        if somebody not in known[latin]:
            pairs.append((latin, somebody, False))
    return pairs


def area(pairs: Sequence[Pair], score: Callable[[str, str], float] = name_likeness) -> float:
    """Area under the curve: the chance that a true pair scores above a wrong one, ties by half."""
    truth = np.array([same for *_, same in pairs])
    scores = np.array([score(one, other) for one, other, _ in pairs])
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    true = int(truth.sum())
    return round(float((rank[truth].sum() - true * (true + 1) / 2) / (true * (len(truth) - true))), 4)
