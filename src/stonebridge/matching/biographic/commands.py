"""``stonebridge match`` and ``stonebridge deduplicate``: the engine on files, with no node and no database."""

import argparse
import gc
import sys
import time
from pathlib import Path

from stonebridge.domain.errors import BadInput

NAMES = ("match", "deduplicate")
FIELDS = ("given", "family", "father", "mother", "birth", "sex", "nationality", "doc", "pob")
VALUES = "birth is YYYY, YYYY-MM or YYYY-MM-DD, as much as is known; sex is f, m or x."
COUNTED = 20_000_000  # bytes of a file whose lines are counted; a longer one is never small work
Commands = argparse._SubParsersAction  # what add_subparsers() answers; argparse gives it no public name


def add(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Both commands."""
    match = commands.add_parser(
        "match",
        help="find persons of a register (CSV) that queries (JSON lines) may mean",
        description="For each query the best candidates of a register, with bits of evidence, probability and "
        "reasons. REGISTER is CSV with a header: id and any of " + ", ".join(FIELDS) + ". " + VALUES + " QUERIES is "
        "one JSON object a line with the same keys; an id is carried into the answer, other keys are ignored. A "
        "candidate is not a judgement: a person decides.",
    )
    match.add_argument("register", type=Path, metavar="REGISTER.csv")
    match.add_argument("queries", type=Path, metavar="QUERIES.jsonl")
    match.add_argument("--out", type=Path, required=True, metavar="RESULTS.jsonl", help="one JSON object a query")
    match.add_argument("--top", type=_count, default=10, metavar="N", help="candidates a query (%(default)s)")
    match.add_argument("--bits", type=float, default=None, metavar="BITS", help="leave out candidates below this score")
    match.add_argument("--without-reasons", action="store_true", help="write no explanations: smaller and faster")
    _add_common(match)
    match.set_defaults(run=_match)
    deduplicate = commands.add_parser(
        "deduplicate",
        help="find pairs of rows of a register that may be one person",
        description="All pairs of rows that may be one person, with bits of evidence and probability. With "
        "--new, only pairs of a row of that file with any other row: new against old. Nothing is merged. " + VALUES,
    )
    deduplicate.add_argument("register", type=Path, metavar="REGISTER.csv")
    deduplicate.add_argument("--out", type=Path, required=True, metavar="PAIRS.csv", help="id1,id2,bits,probability")
    deduplicate.add_argument("--new", type=Path, metavar="NEW.csv", help="rows that came since the last run")
    deduplicate.add_argument("--clusters", type=Path, metavar="CLUSTERS.csv",
                             help="also write groups of rows that pairs hold together, with the weakest pair of each")  # fmt: skip
    deduplicate.add_argument("--probability", type=float, default=0.05, metavar="P",
                             help="leave out pairs below this probability (%(default)s)")  # fmt: skip
    _add_common(deduplicate)
    deduplicate.set_defaults(run=_deduplicate)


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fields", type=_fields, default=frozenset(FIELDS), metavar="FIELD,FIELD",
                        help="compare only these fields")  # fmt: skip
    parser.add_argument("--aside", type=Path, metavar="FILE",
                        help="where rows that cannot be read are listed (OUT.aside.jsonl)")  # fmt: skip
    parser.add_argument("--processes", type=_count, default=0, metavar="N", help="processes (one for each core)")


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError("a whole number from 1 to 1000")
    return number


def _fields(text: str) -> frozenset[str]:
    fields = frozenset(filter(None, (part.strip() for part in text.split(","))))
    if unknown := fields - set(FIELDS):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(FIELDS)}")
    return fields


class Progress:
    """A bar on the terminal; a line at the end of each step where there is no terminal."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._step, self._began, self._shown = "", time.monotonic(), 0.0

    def step(self, name: str, *, shown: bool = False) -> None:
        """Begin a step; a long one is ``shown`` where there is no terminal either."""
        self._step, self._began = name, time.monotonic()
        if shown and not self._live:
            print(f"{name} …", file=sys.stderr, flush=True)
        self.share(0.0)

    def share(self, share: float) -> None:
        """Show how far the step has come, 0 to 1."""
        now = time.monotonic()
        if self._live and (now - self._shown > 0.1 or share == 0.0):
            self._shown = now
            done = int(30 * min(share, 1.0))
            sys.stderr.write(f"\r{self._step:<28}[{'#' * done}{'.' * (30 - done)}] {min(share, 1.0):4.0%} ")
            sys.stderr.flush()

    def done(self, what: str) -> None:
        """End the step and say what was done."""
        seconds = time.monotonic() - self._began
        start, end = ("\r", "\x1b[K\n") if self._live else ("", "\n")
        sys.stderr.write(f"{start}{self._step}: {what} in {seconds:.1f} s{end}")
        sys.stderr.flush()


def _match(given: argparse.Namespace) -> int:
    from stonebridge.matching.biographic import starting

    gc.disable()  # a register is millions of small objects that stay: looking for rubbish among them takes a third
    _check_inputs(given.register, given.queries)
    _check_outputs([given.out, given.aside or _beside(given.out)], [given.register, given.queries])
    progress = Progress()
    seconds = starting.seconds_to_match(_lines_of(given.register), _lines_of(given.queries))
    starting.make_ready(seconds, "searching.search", starting.match_a_few, progress)
    from stonebridge.matching.biographic.match_files import match_files  # its kernels are made when it is imported

    match_files(given.register, given.queries, given.out, given.aside or _beside(given.out), progress,
                fields=given.fields, top=given.top, least=given.bits, reasons=not given.without_reasons,
                processes=given.processes)  # fmt: skip
    return 0


def _deduplicate(given: argparse.Namespace) -> int:
    from stonebridge.matching.biographic import starting

    gc.disable()  # as for match
    read = [given.register, *([given.new] if given.new else [])]
    _check_inputs(*read)
    _check_outputs([given.out, given.aside or _beside(given.out), *([given.clusters] if given.clusters else [])], read)
    progress = Progress()
    seconds = starting.seconds_to_deduplicate(sum(map(_lines_of, read)))
    starting.make_ready(seconds, "searching.join", starting.pair_a_few, progress)
    from stonebridge.matching.biographic.deduplicate_files import deduplicate_files  # as for match

    deduplicate_files(given.register, given.new, given.out, given.clusters, given.aside or _beside(given.out), progress,
                      fields=given.fields, least=given.probability, processes=given.processes)  # fmt: skip
    return 0


def _check_inputs(*paths: Path) -> None:
    for path in paths:
        if not path.is_file():
            raise BadInput("file", str(path), "There is no such file.")


def _check_outputs(written: list[Path], read: list[Path]) -> None:
    """Results go beside what is read and beside each other, never over it, and into folders that are there."""
    taken = {path.resolve() for path in read}
    for path in written:
        if path.is_dir():
            raise BadInput("file", str(path), "This is a folder. Name a file in it.")
        if not path.parent.is_dir():
            raise BadInput("file", str(path), "Its folder is not there. Make the folder, or name another.")
        if path.resolve() in taken:
            raise BadInput("file", str(path), "This would write over a file of this run. Name another.")
        taken.add(path.resolve())


def _lines_of(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.stat().st_size < COUNTED else COUNTED


def _beside(out: Path) -> Path:
    return out.with_name(out.name + ".aside.jsonl")
