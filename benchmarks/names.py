"""Find persons of a register by queries whose answer is known, with our engine and with tantivy where it is installed.

``scripts/bench names REGISTER.csv QUERIES.jsonl``: the files of ``stonebridge match``; a query's ``truth`` is the id that is
sought, and none for somebody who is not registered. Prints one row an engine, all on the same data in the same run, and
writes ``names-bench.json``. tantivy gets names, birth date and document, Latin readings in place of other scripts.
"""

import argparse
import csv
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from stonebridge.matching.biographic.files import Aside, read_register
from stonebridge.matching.biographic.register import FIELDS, Query, Register, Texts
from stonebridge.matching.names.letters import words

Search = Callable[[dict[str, str]], tuple[list[str], float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("register", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--fields", default=",".join(FIELDS))
    given = parser.parse_args()
    fields = frozenset(given.fields.split(","))
    queries = [json.loads(line) for line in given.queries.read_text("utf-8").splitlines()]
    rows = [measured("stonebridge", *ours(given.register, fields), queries)]
    try:
        rows.append(measured("tantivy", *tantivy_index(given.register), queries))
    except ImportError:
        print("tantivy is not installed: pip install tantivy")
    Path("names-bench.json").write_text(json.dumps(rows, indent=1), "utf-8")


def ours(path: Path, fields: frozenset[str]) -> tuple[Search, float]:
    texts = read_register(path, fields, Aside(Path("names-bench.aside")), lambda share: None, Texts())
    Register(_few()).search([Query(given="Ali")])  # compile before the clock starts
    began = time.process_time()
    register = Register(texts)
    seconds = time.process_time() - began

    def search(query: dict[str, str]) -> tuple[list[str], float]:
        answers = register.search(
            [Query(**{field: str(query.get(field, "")) for field in FIELDS if field in fields})], 10
        )
        found = [register.ids[register.order[row]] for row in answers.row[0] if row >= 0]
        return found, float(answers.bits[0, 0])

    return search, seconds


def _few() -> Texts:
    texts = Texts()
    texts.add(["1", "2"], {"given": ["Ali", "Zana"], "family": ["Karimi", "Demir"], "birth": ["1990-02-03", "1991"]})
    return texts


def tantivy_index(path: Path) -> tuple[Search, float]:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("name")
    for field in ("birth", "year", "doc"):
        builder.add_text_field(field, tokenizer_name="raw")
    schema = builder.build()
    began = time.process_time()
    index = tantivy.Index(schema, path=tempfile.mkdtemp())
    writer = index.writer(heap_size=500_000_000, num_threads=1)
    with path.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            writer.add_document(tantivy.Document(id=[row["id"]], name=[_latin(row)], birth=[row["birth"]],
                                                 year=[row["birth"][:4]], doc=[row["doc"]]))  # fmt: skip
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher, asked = index.searcher(), tantivy.Query

    def search(query: dict[str, str]) -> tuple[list[str], float]:
        clauses = []
        for word in _latin(query).split():
            if len(word) > 3:
                clauses.append(asked.fuzzy_term_query(schema, "name", word, distance=2 if len(word) > 5 else 1))
            clauses.append(asked.term_query(schema, "name", word))
        birth = query.get("birth", "")
        clauses += (
            [asked.term_query(schema, "birth", birth), asked.term_query(schema, "year", birth[:4])] if birth else []
        )
        if query.get("doc"):
            clauses.append(asked.boost_query(asked.term_query(schema, "doc", query["doc"]), 2.0))
        hits = searcher.search(asked.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses]), 10).hits
        return [searcher.doc(address)["id"][0] for _, address in hits], hits[0][0] if hits else 0.0

    return search, time.process_time() - began


def _latin(row: dict[str, str]) -> str:
    return " ".join(word.latin for word in words(f"{row.get('given', '')} {row.get('family', '')}"))


def measured(name: str, search: Search, seconds: float, queries: list[dict[str, str]]) -> dict[str, object]:
    """Recall, TPIR at two false positive rates, and milliseconds of CPU a query, one at a time."""
    ranks, tops, others, took = [], [], [], []
    for query in queries:
        began = time.process_time()
        found, top = search(query)
        took.append(1000 * (time.process_time() - began))
        if truth := query.get("truth"):
            ranks.append(found.index(truth) if truth in found else 99)
            tops.append(top)
        else:
            others.append(top)
    rank, best = np.array(ranks), np.array(tops)
    row: dict[str, object] = {"engine": name, "queries": len(queries), "recall@1": round(float((rank == 0).mean()), 4),
                              "recall@10": round(float((rank < 10).mean()), 4)}  # fmt: skip
    for rate in (0.01, 0.1):
        above = best > np.quantile(others, 1 - rate) if others else np.zeros(len(best), bool)
        row[f"tpir@fpir{rate:.0%}"] = round(float(((rank == 0) & above).mean()), 4)
    row |= {"p50_ms": round(float(np.median(took)), 3), "p99_ms": round(float(np.quantile(took, 0.99)), 3),
            "build_cpu_s": round(seconds, 1)}  # fmt: skip
    print(json.dumps(row), flush=True)
    return row


if __name__ == "__main__":
    main()
