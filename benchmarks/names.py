"""Find invented people in a register by another clerk's paper of them: our engine and its peers on the same data, in one run.

``scripts/bench names --people 100000`` makes the files, seeded (see ``names_parts``), asks every engine the same
queries, finds the register's doubles, and writes ``names-bench/table.md``, ``result.json`` and plots. Ours runs with all
fields, with Splink's, and with those of the full-text peers. Peers come with the extra ``bench``; one that is not installed is
left out. Half of the queries train Splink; all engines are measured on the other half. ``--sets FOLDER`` names public sets
(see ``names_parts/sets.py``), ``--list 2000000`` makes and searches a list of alerts, ``--postgresql URL`` a server with
pg_trgm. The table puts every target beside its figure; ``--card FILE`` writes it as the accuracy card.
"""

import argparse
import json
import multiprocessing
import os
import platform
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from names_parts import peers
from names_parts.alerts import make_list, measured_list
from names_parts.doubles import doubles, read
from names_parts.making import make
from names_parts.measuring import explained_pairs, measured, on_two_cores, shelf_costs, wrong_at_budgets
from names_parts.sets import area, pair_sets, public_sets
from names_parts.targets import markdown

from stonebridge.matching.biographic.register import FIELDS, Query, Register, Texts

NAME_FIELDS = ("given", "family", "birth", "doc")
SPLINK_FIELDS = (*NAME_FIELDS, "sex", "nationality")
MEASURES = ("recall@1", "recall@10", "tpir@fpir1%", "tpir@fpir10%", "siblings_above", "p50_first_ms", "p50_ms", "p99_ms", "batch_per_s",
            "build_cpu_s")  # fmt: skip
SINGLES = {"splink": 12, "rapidfuzz": 100, "nomenklatura": 12, "trigrams": 100}
MOST = {"nomenklatura": 100_000, "rapidfuzz": 100_000}
"""Persons beyond which a peer takes a quarter of an hour or more: it is left out, and the table says so."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=2000, help="members; as many strangers, half as many siblings")
    parser.add_argument("--folder", type=Path, default=Path("names-bench"))
    parser.add_argument("--engines", default="stonebridge,tantivy,splink,rapidfuzz,nomenklatura,trigrams")
    parser.add_argument("--sets", type=Path, help="a folder with FEBRL 3, historical_50k and name pairs")
    parser.add_argument("--list", type=int, default=0, metavar="NAMES", help="also a list of alerts of so many names")
    parser.add_argument("--postgresql", default="", metavar="URL", help="a server with pg_trgm")
    parser.add_argument("--card", type=Path, metavar="FILE", help="write the accuracy and fairness card")
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
        if given.people > MOST.get(name, given.people):
            result["peers left out"].append(f"{name}: too slow beyond {MOST[name]:,} persons")
            continue
        for make_engine in _engines(name, register, labelled, given.postgresql):
            try:
                engine = make_engine()
            except ImportError as missing:
                result["peers left out"].append(f"{name}: {missing}")
                continue
            row = measured(engine, asked, SINGLES.get(name, 1000))
            result["engines"].append(row)
            keep(given, result)
            print(json.dumps({key: value for key, value in row.items() if key != "slices"}), flush=True)
    if "stonebridge" in given.engines:
        result |= own_figures(register, asked)
    if not given.without_doubles:
        result["doubles"] = doubles(read(given.folder / "doubles.csv"), given.threads)
        print(json.dumps(result["doubles"]), flush=True)
        keep(given, result)
    if given.sets:
        result["sets"] = public_sets(given.sets)
        result["areas"] = {name: area(pairs) for name, pairs in pair_sets(given.sets).items()}
        print(json.dumps([result["sets"], result["areas"]]), flush=True)
        keep(given, result)
    if given.list:
        made = make_list(given.folder / "list.csv", given.list, 1000)
        with multiprocessing.get_context("spawn").Pool(1) as alone:  # its memory is counted
            result["list"] = alone.apply(measured_list, (given.folder / "list.csv", made))
        print(json.dumps(result["list"]), flush=True)
    keep(given, result)
    try:
        from names_parts.plots import draw

        draw(result, given.folder)
    except ImportError:
        print("no plots: matplotlib is not installed")


def keep(given: argparse.Namespace, result: dict[str, Any]) -> None:
    """Write what is known so far: a long run that is ended leaves its figures."""
    (given.folder / "result.json").write_text(json.dumps(result, indent=1), "utf-8")
    (given.folder / "table.md").write_text(table(result), "utf-8")
    if given.card:
        given.card.write_text(card(result), "utf-8")


def _engines(
    name: str, register: Path, labelled: Sequence[dict[str, Any]], url: str
) -> list[Callable[[], peers.Engine]]:
    if name == "stonebridge":
        return [lambda: built(register, FIELDS, "all fields")[1],
                lambda: built(register, SPLINK_FIELDS, "Splink's fields")[1],
                lambda: built(register, NAME_FIELDS, "name, birth, document")[1]]  # fmt: skip
    if name == "splink":
        return [lambda: peers.splink(register, labelled)]
    return [{"tantivy": lambda: peers.tantivy(register), "rapidfuzz": lambda: peers.rapidfuzz(register),
             "nomenklatura": lambda: peers.nomenklatura(register), "trigrams": lambda: peers.trigrams(register, url)}[name]]  # fmt: skip


def own_figures(path: Path, asked: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What peers have no like of: explained pairs, the cost of one person more, and what each desk's budget lets through."""
    register, engine = built(path, FIELDS, "all fields")
    figures = {"explained_pairs_per_s": explained_pairs(register, asked), **shelf_costs(register),
               "budgets": wrong_at_budgets(asked, engine.batch(asked), len(register)), **on_two_cores(engine, asked)}  # fmt: skip
    print(json.dumps(figures), flush=True)
    return figures


def built(path: Path, fields: Sequence[str], said: str) -> tuple[Register, peers.Engine]:
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

    return register, peers.Engine(f"stonebridge ({said})", lambda query: batch([query])[0], batch, seconds)


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
    lines += ["", *markdown(result)]
    if "doubles" in result:
        lines += ["", "Doubles: " + ", ".join(f"{name} {value}" for name, value in result["doubles"].items()) + "."]
    if "sets" in result:
        lines += ["", "| set | engine | pair F1 | precision | recall | s |", "|---|---|---|---|---|---|"]
        lines += [f"| {name} | {engine} | {row['best_f1']} | {row['precision']} | {row['recall']} | {row['wall_s']} |"
                  for name, engines in result["sets"].items() for engine, row in engines.items()]  # fmt: skip
    if "budgets" in result:
        lines += [
            "",
            "| wrong persons in 1,000 searches that a desk accepts | strangers | absent siblings |",
            "|---|---|---|",
        ]
        lines += [f"| {budget} | {row[0]} | {row[1]} |" for budget, row in result["budgets"].items()]
    if "list" in result:
        lines += ["", "List of alerts: " + ", ".join(f"{name} {value}" for name, value in result["list"].items()) + "."]
    lines += ["", "| slice (stonebridge, all fields) | n | recall@1 | recall@10 | tpir@fpir1% | false positives |",
              "|---|---|---|---|---|---|"]  # fmt: skip
    lines += [f"| {name} | " + " | ".join(str(value) for value in part.values()) + " |"
              for name, part in (rows[0]["slices"] if rows else {}).items()]  # fmt: skip
    if result["peers left out"]:
        lines += ["", "Left out: " + "; ".join(result["peers left out"]) + "."]
    return "\n".join(lines) + "\n"


def card(result: dict[str, Any]) -> str:
    """The accuracy and fairness card of this run."""
    return CARD.format(
        people=result["people"],
        machine=result["machine"],
        on=datetime.now(UTC).date().isoformat(),
        table=table(result),
    )


CARD = """# Accuracy and fairness card: identification by name, date and document

Written by one run of `scripts/bench names --people {people}` on {on} ({machine}, shared with other work; times are of the
processor unless they say wall), with the seeded generator of invented people in `benchmarks/names_parts`: thirteen cultures,
seven styles of writing, slips, swapped names, dates by hearsay, families, twins, married names. 1,000 queries about members, 2,000
about strangers, 1,000 about absent brothers and sisters of members. **Generated people are kinder than real ones; the figures compare
engines and versions, they promise nothing about a border.** The first three rows are one engine with fewer fields; compare tantivy,
rapidfuzz and pg_trgm with the third, Splink and nomenklatura with the second. *p50_first* is the first time that a name is met.

{table}
How to read it: *recall@10* is the share of members whose record is among ten candidates; *tpir@fpir1%* the share whose record is
first and above the score that 1 % of strangers reach; *siblings_above* the share of absent brothers and sisters above that score. False
positives of a slice are the strangers of that slice above the threshold; their mean is 1 %. A slice of fewer than 40 members cannot be
told from chance. See [how the engine works](../developers/matching-names.md), and [what limits it](names-limits.md).
"""


if __name__ == "__main__":
    main()
