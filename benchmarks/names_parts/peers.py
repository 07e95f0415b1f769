"""The peers, each a function from a query to ids with a score, best first. Names are read in Latin letters for them.

Every peer gets name, birth date and document; Splink also sex and nationality. A peer that
is not installed is left out: the extra ``bench`` brings them.
"""

import csv
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from stonebridge.matching.names.letters import words

Row = dict[str, str]
Found = list[tuple[str, float]]


class Engine(NamedTuple):
    """A peer that is ready. ``batch`` answers many queries at once, ``one`` a single one."""

    name: str
    one: Callable[[Row], Found]
    batch: Callable[[Sequence[Row]], list[Found]]
    seconds: float  # of processor time to build


def rows_of(register: Path) -> list[Row]:
    """The register's rows."""
    with register.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def latin(row: Row) -> str:
    """Given and family name in Latin letters, lower case."""
    return _latin(f"{row.get('given', '')} {row.get('family', '')}")


@lru_cache(maxsize=1 << 20)
def _latin(text: str) -> str:
    return " ".join(word.latin for word in words(text))


def _each(one: Callable[[Row], Found]) -> Callable[[Sequence[Row]], list[Found]]:
    return lambda queries: [one(query) for query in queries]


def tantivy(register: Path) -> Engine:
    """Full-text search in Rust, the fastest of the peers; fuzzy terms up to two edits."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("name")
    for field in ("birth", "year", "doc"):
        builder.add_text_field(field, tokenizer_name="raw")
    schema = builder.build()
    rows = rows_of(register)
    began = time.process_time()
    index = tantivy.Index(schema, path=tempfile.mkdtemp())
    writer = index.writer(heap_size=500_000_000, num_threads=1)
    for row in rows:
        writer.add_document(tantivy.Document(id=[row["id"]], name=[latin(row)], birth=[row["birth"]],
                                             year=[row["birth"][:4]], doc=[row["doc"]]))  # fmt: skip
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher, asked = index.searcher(), tantivy.Query

    def one(query: Row) -> Found:
        clauses = []
        for word in latin(query).split():
            if len(word) > 3:
                edits = 2 if len(word) > 5 else 1
                clauses.append(asked.fuzzy_term_query(schema, "name", word, distance=edits))
            clauses.append(asked.term_query(schema, "name", word))
        if birth := query["birth"]:
            clauses += [
                asked.term_query(schema, "birth", birth),
                asked.term_query(schema, "year", birth[:4]),
            ]
        if query["doc"]:
            clauses.append(asked.boost_query(asked.term_query(schema, "doc", query["doc"]), 2.0))
        both = asked.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses])
        return [(searcher.doc(place)["id"][0], score) for score, place in searcher.search(both, 10).hits]

    return Engine("tantivy (fuzzy 2)", one, _each(one), time.process_time() - began)


def rapidfuzz(register: Path) -> Engine:
    """Every row compared: normalised indel similarity of sorted names, 0.15 for a birth date, 0.3 for a document."""
    import numpy as np
    from rapidfuzz import fuzz, process

    rows = rows_of(register)
    began = time.process_time()
    names = [" ".join(sorted(latin(row).split())) for row in rows]
    births = np.array([row["birth"] for row in rows])
    years = np.array([row["birth"][:4] for row in rows])
    documents = np.array([row["doc"] for row in rows])
    seconds = time.process_time() - began

    def one(query: Row) -> Found:
        own = " ".join(sorted(latin(query).split()))
        scores = process.cdist([own], names, scorer=fuzz.ratio, dtype=np.float32)[0] / 100
        if query["birth"]:
            scores += 0.25 * (births == query["birth"]) + 0.10 * (years == query["birth"][:4])
        if query["doc"]:
            scores += 0.5 * (documents == query["doc"])
        best = np.argpartition(-scores, 10)[:10]
        return [(rows[place]["id"], float(scores[place])) for place in best[np.argsort(-scores[best])]]

    return Engine("rapidfuzz (every row)", one, _each(one), seconds)


def splink(register: Path, labelled: Sequence[Row]) -> Engine:
    """Fellegi-Sunter in SQL; its m learned from ``labelled`` queries, known answers that are not asked later."""
    import duckdb
    import pandas as pd
    import splink.comparison_library as compare
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    def table(rows: Sequence[Row], source: str) -> Any:
        made = pd.DataFrame({field: [row[field] or None for row in rows]
                             for field in ("birth", "sex", "nationality", "doc")})  # fmt: skip
        made["unique_id"] = [row["id"] for row in rows]
        made["source_dataset"] = source
        made["given"] = [_latin(row["given"]) or None for row in rows]
        made["family"] = [_latin(row["family"]) or None for row in rows]
        made["name"] = [" ".join(sorted(latin(row).split())) for row in rows]
        made["year"] = [row["birth"][:4] or None for row in rows]
        made["given3"], made["family3"] = made["given"].str[:3], made["family"].str[:3]
        made["birth"] = [row["birth"] if len(row["birth"]) == 10 else None for row in rows]
        return made

    names = [compare.JaroWinklerAtThresholds(field, [0.95, 0.88, 0.7]).configure(term_frequency_adjustments=True)
             for field in ("given", "family")]  # fmt: skip
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[*names, compare.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.8]),
                     compare.DateOfBirthComparison("birth", input_is_string=True), compare.ExactMatch("nationality"),
                     compare.ExactMatch("sex"), compare.LevenshteinAtThresholds("doc", [1])],
        blocking_rules_to_generate_predictions=[
            block_on("birth", "sex"), block_on("given", "family"), block_on("given3", "family3", "year"),
            block_on("family", "year"), block_on("given", "year"), block_on("doc")],
    )  # fmt: skip
    rows = rows_of(register)
    began = time.process_time()
    kept = table(rows, "register")
    by_id = {row["id"]: row for row in rows}
    twice = [{**query, "id": f"T{place}"} for place, query in enumerate(labelled)]
    sample = table([*(by_id[query["truth"]] for query in labelled), *twice], "sample")
    sample["label"] = [query["truth"] for query in labelled] * 2
    first = DuckDBAPI()
    untrained = Linker(first.register(kept, table_name="register"), settings)
    untrained.training.estimate_u_using_random_sampling(max_pairs=2e6)
    second = DuckDBAPI()
    trained = Linker(second.register(sample, table_name="sample"), settings)
    trained.training.estimate_m_from_label_column("label")
    model = untrained.misc.save_model_to_json()
    learned = {each["output_column_name"]: each for each in trained.misc.save_model_to_json()["comparisons"]}
    for comparison in model["comparisons"]:
        pairs = zip(comparison["comparison_levels"], learned[comparison["output_column_name"]]["comparison_levels"],
                    strict=True)  # fmt: skip
        for level, other in pairs:
            if "m_probability" in other:
                level["m_probability"] = other["m_probability"]
    model["link_type"] = "link_only"
    model["probability_two_random_records_match"] = 1 / len(rows)
    database = DuckDBAPI(connection=duckdb.connect())
    both = database.register(kept, table_name="register")
    asked_before = table([{**labelled[0], "id": "Q"}], "queries")
    linker = Linker([both, database.register(asked_before, table_name="first")], model)
    for field in ("given", "family"):
        linker.table_management.compute_tf_table(field)
    count = 0

    def batch(queries: Sequence[Row]) -> list[Found]:
        nonlocal count
        count += 1
        asked = table([{**query, "id": f"Q{place}"} for place, query in enumerate(queries)], "queries")
        registered = database.register(asked, table_name=f"queries{count}")
        found = linker.inference.predict_between(both, registered, threshold_match_weight=-20).as_pandas_dataframe()
        answers: list[Found] = [[] for _ in queries]
        for one, other, weight in zip(found["unique_id_l"], found["unique_id_r"], found["match_weight"], strict=True):
            query, row = (one, other) if one.startswith("Q") else (other, one)
            answers[int(query[1:])].append((row, float(weight)))
        return [sorted(answer, key=lambda pair: -pair[1])[:10] for answer in answers]

    return Engine("splink 5", lambda query: batch([query])[0], batch, time.process_time() - began)
