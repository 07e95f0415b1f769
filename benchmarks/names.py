"""Find invented people in a register by another clerk's paper of them: our engine and its peers on the same data, in one run.

``scripts/bench names --people 100000`` makes the files, seeded (see ``names_parts``), asks every engine the same
queries, finds the register's doubles, and writes ``names-bench/table.md``, ``result.json`` and plots. Ours runs with all
fields, with Splink's, and with those of the full-text peers. Peers come with the extra ``bench``; one that is not installed is
left out. Half of the queries train Splink; all engines are measured on the other half.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from names_parts import peers
from names_parts.doubles import doubles, read
from names_parts.making import make
from names_parts.measuring import measured

from stonebridge.matching.biographic.register import FIELDS, Query, Register, Texts

NAME_FIELDS = ("given", "family", "birth", "doc")
SPLINK_FIELDS = (*NAME_FIELDS, "sex", "nationality")
MEASURES = ("recall@1", "recall@10", "tpir@fpir1%", "tpir@fpir10%", "siblings_above", "p50_first_ms", "p50_ms", "p99_ms", "batch_per_s",
            "build_cpu_s")  # fmt: skip
SINGLES = {"splink": 12, "rapidfuzz": 100}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=2000, help="members; as many strangers, half as many siblings")
    parser.add_argument("--folder", type=Path, default=Path("names-bench"))
    parser.add_argument("--engines", default="stonebridge,tantivy,splink,rapidfuzz")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--without-doubles", action="store_true")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    register = given.folder / "register.csv"
    if not register.exists():
        print("making the register", flush=True)
        make(given.folder, given.people, given.queries)
    queries = [json.loads(line) for line in (given.folder / "queries.jsonl").read_text("utf-8").splitlines()]
    labelled = [query for query in queries if query["who"] == "member"][::2]
    learned = {query["truth"] for query in labelled}
    asked = [query for query in queries if query["truth"] not in learned]
    result: dict[str, Any] = {"people": given.people, "machine": f"{platform.machine()}, {os.cpu_count()} cores",
                              "engines": [], "peers left out": []}  # fmt: skip
    for name in given.engines.split(","):
        for make_engine in _engines(name, register, labelled):
            try:
                engine = make_engine()
            except ImportError as missing:
                result["peers left out"].append(f"{name}: {missing}")
                continue
            row = measured(engine, asked, SINGLES.get(name, 1000))
            result["engines"].append(row)
            print(json.dumps({key: value for key, value in row.items() if key != "slices"}), flush=True)
    if not given.without_doubles:
        result["doubles"] = doubles(read(given.folder / "doubles.csv"), given.threads)
        print(json.dumps(result["doubles"]), flush=True)
    (given.folder / "result.json").write_text(json.dumps(result, indent=1), "utf-8")
    (given.folder / "table.md").write_text(table(result), "utf-8")
    try:
        from names_parts.plots import draw

        draw(result, given.folder)
    except ImportError:
        print("no plots: matplotlib is not installed")


def _engines(name: str, register: Path, labelled: Sequence[dict[str, Any]]) -> list[Callable[[], peers.Engine]]:
    if name == "stonebridge":
        return [lambda: ours(register, FIELDS, "all fields"),
                lambda: ours(register, SPLINK_FIELDS, "Splink's fields"),
                lambda: ours(register, NAME_FIELDS, "name, birth, document")]  # fmt: skip
    if name == "splink":
        return [lambda: peers.splink(register, labelled)]
    return [{"tantivy": lambda: peers.tantivy(register), "rapidfuzz": lambda: peers.rapidfuzz(register)}[name]]


def ours(path: Path, fields: Sequence[str], said: str) -> peers.Engine:
    """Our engine with some of the fields of a register."""
    rows = peers.rows_of(path)
    texts = Texts()
    texts.add([row["id"] for row in rows], {field: [row[field] for row in rows] for field in fields})
    few = Texts()
    few.add(["1", "2"], {"given": ["Ali", "Zana"], "birth": ["1990-02-03", "1991"]})
    Register(few).search([Query(given="Ali")])  # compiles before the clock starts
    began = time.process_time()
    register = Register(texts)
    seconds = time.process_time() - began

    def batch(queries: Sequence[peers.Row]) -> list[peers.Found]:
        asked = [Query(**{field: query[field] for field in fields}) for query in queries]
        answers = register.search(asked, 10)
        return [
            [
                (register.ids[register.order[row]], float(bits))
                for row, bits in zip(rows, scores, strict=True)
                if row >= 0
            ]
            for rows, scores in zip(answers.row, answers.bits, strict=True)
        ]

    return peers.Engine(f"stonebridge ({said})", lambda query: batch([query])[0], batch, seconds)


def table(result: dict[str, Any]) -> str:
    """The table in Markdown, with ratios of the single query's median to our engine at the same fields."""
    rows = result["engines"]
    mine = {row["engine"]: row["p50_ms"] for row in rows if "stonebridge" in row["engine"]}
    equal = {"splink 5": "stonebridge (Splink's fields)"}
    lines = ["| engine | " + " | ".join(MEASURES) + " | p50 against ours, same fields |",
             "|" + "---|" * (len(MEASURES) + 2)]  # fmt: skip
    for row in rows:
        own = mine.get(equal.get(row["engine"], "stonebridge (name, birth, document)"))
        ratio = "" if row["engine"] in mine or not own else f"{row['p50_ms'] / own:.1f} x"
        lines.append("| " + " | ".join([row["engine"], *(str(row.get(name, "")) for name in MEASURES), ratio]) + " |")
    if "doubles" in result:
        lines += ["", "Doubles: " + ", ".join(f"{name} {value}" for name, value in result["doubles"].items()) + "."]
    lines += ["", "| slice (stonebridge, all fields) | n | recall@1 | recall@10 | tpir@fpir1% | false positives |",
              "|---|---|---|---|---|---|"]  # fmt: skip
    lines += [f"| {name} | " + " | ".join(str(value) for value in part.values()) + " |"
              for name, part in (rows[0]["slices"] if rows else {}).items()]  # fmt: skip
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
