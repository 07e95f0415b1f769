"""The peers, each a function from a query to ids with a score, best first. Names are read in Latin letters for them.

Every peer gets name, birth date and document; Splink also sex and nationality. A peer that
is not installed is left out: the extra ``bench`` brings them.
"""

import csv
import sys
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


def nomenklatura(register: Path) -> Engine:
    """The blocker of OpenSanctions (best 75), its candidates scored by logic-v2."""
    own = str(Path(__file__).parents[1])  # holds a fingerprints.py, and so is called a package that nomenklatura needs
    there = own in sys.path
    if there:
        sys.path.remove(own)
    try:
        from followthemoney import Dataset
        from followthemoney import StatementEntity as Entity
        from nomenklatura.blocker.index import Index
        from nomenklatura.matching import get_algorithm
    finally:
        if there:
            sys.path.insert(0, own)

    dataset = Dataset.make({"name": "register", "title": "register"})
    rows = {row["id"]: row for row in rows_of(register)}

    def entity(id: str, row: Row) -> Any:
        made = Entity(dataset, {"schema": "Person", "id": id})
        made.add("name", f"{row['given']} {row['family']}".strip())
        for property, field in (
            ("firstName", "given"),
            ("lastName", "family"),
            ("birthDate", "birth"),
            ("passportNumber", "doc"),
        ):
            if row[field]:
                made.add(property, row[field])
        if row["sex"]:
            made.add("gender", "female" if row["sex"] == "f" else "male")
        if row["nationality"]:
            made.add("nationality", ALPHA_2.get(row["nationality"], row["nationality"]))
        return made

    class View:
        def __init__(self) -> None:
            self.dataset = dataset

        def entities(self, include_schemata: object = None) -> Any:
            return (entity(id, row) for id, row in rows.items())

    began = time.process_time()
    index = Index(View(), Path(tempfile.mkdtemp()), {"max_candidates": 75, "memory": 4000})
    index.build()
    seconds = time.process_time() - began
    compare = get_algorithm("logic-v2")
    settings = compare.default_config()
    count = 0

    def batch(queries: Sequence[Row]) -> list[Found]:
        nonlocal count
        asked = {}
        for query in queries:
            count += 1  # what was compared is remembered by the identifier
            asked[f"q{count}"] = entity(f"q{count}", query)
        answers: dict[str, Found] = {id: [] for id in asked}
        for id, candidates in index.match_entities(list(asked.values())):
            scored = [(str(other), float(compare.compare(asked[str(id)], entity(str(other), rows[str(other)]), settings).score),
                       score) for other, score in candidates]  # fmt: skip
            scored.sort(key=lambda each: (-each[1], -each[2]))
            answers[str(id)] = [(other, score) for other, score, _ in scored[:10]]
        return list(answers.values())

    return Engine("nomenklatura (logic-v2)", lambda query: batch([query])[0], batch, seconds)


def trigrams(register: Path, url: str) -> Engine:
    """pg_trgm of a PostgreSQL server that has it: names by similarity, birth date and document added as for rapidfuzz."""
    import psycopg

    if not url:
        raise ImportError("no server was named by --postgresql; the embedded one has no pg_trgm")
    connection = psycopg.connect(url, autocommit=True)
    try:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except psycopg.Error as error:
        raise ImportError(f"this server has no pg_trgm ({error.sqlstate})") from None
    began = time.process_time()
    connection.execute("CREATE TEMP TABLE people (id text, name text, birth text, doc text)")
    with connection.cursor().copy("COPY people FROM STDIN") as copy:
        for row in rows_of(register):
            copy.write_row((row["id"], latin(row), row["birth"], row["doc"]))
    connection.execute("CREATE INDEX ON people USING gin (name gin_trgm_ops)")
    connection.execute("ANALYZE people")
    seconds = time.process_time() - began

    def one(query: Row) -> Found:
        values = {"name": latin(query), "birth": query["birth"], "year": query["birth"][:4], "doc": query["doc"]}
        found = connection.execute(
            "SELECT id, similarity(name, %(name)s) + CASE WHEN birth = %(birth)s AND birth <> '' THEN 0.35"
            " WHEN left(birth, 4) = %(year)s AND birth <> '' THEN 0.1 ELSE 0 END"
            " + CASE WHEN doc = %(doc)s AND doc <> '' THEN 0.5 ELSE 0 END AS score"
            " FROM people WHERE name %% %(name)s ORDER BY score DESC LIMIT 10", values,
        ).fetchall()  # fmt: skip
        return [(str(id), float(score)) for id, score in found]

    return Engine("PostgreSQL (pg_trgm)", one, _each(one), seconds)


ALPHA_2 = {
    "AFG": "af", "PAK": "pk", "IRN": "ir", "SYR": "sy", "IRQ": "iq", "PSE": "ps", "LBN": "lb", "BGD": "bd", "MAR": "ma",
    "DZA": "dz", "TUN": "tn", "TUR": "tr", "ALB": "al", "XKX": "xk", "SRB": "rs", "BIH": "ba", "MKD": "mk", "IND": "in",
    "NPL": "np", "SOM": "so", "ERI": "er", "ETH": "et",
}  # fmt: skip
