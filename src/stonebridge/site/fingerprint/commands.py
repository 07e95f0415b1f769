"""``stonebridge fingerprint``: compare fingers by their minutiae records, without a node."""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from stonebridge.domain.errors import BadInput
from stonebridge.formats.malformed import Malformed

if TYPE_CHECKING:
    from stonebridge.matching.fingerprint.template import Template

NAMES = ("fingerprint",)
EVERY = 500  # items between two lines of progress
Item = TypeVar("Item")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """``fingerprint compare``, ``score-pairs``, ``identify`` and ``extract``."""
    parser = commands.add_parser(
        "fingerprint",
        help="compare fingers by their minutiae records",
        description="Reads minutiae records of ISO/IEC 19794-2 and ANSI 378; of each file the first view. "
        "A score is in bits of evidence: above zero speaks for the same finger, below against.",
    )
    steps = parser.add_subparsers(title="steps", metavar="STEP", required=True)
    one = steps.add_parser("compare", help="compare two fingers and list the minutiae that lie on each other")
    one.add_argument("first", type=Path, metavar="A")
    one.add_argument("second", type=Path, metavar="B")
    one.add_argument("--draw", type=Path, metavar="FILE.png", help="also draw both fingers and the pairs")
    one.add_argument(
        "--images", type=Path, nargs=2, metavar=("A.png", "B.png"), help="draw over these images, at 500 dpi"
    )
    one.set_defaults(run=_compare)
    many = steps.add_parser("score-pairs", help="score each pair of files in a table")
    many.add_argument("table", type=Path, metavar="PAIRS.csv", help="columns a, b: two files a row")
    many.add_argument("--out", type=Path, required=True, metavar="SCORES.csv", help="columns a, b, score")
    many.set_defaults(run=_score_pairs)
    search = steps.add_parser("identify", help="find each probe in a gallery")
    search.add_argument("--gallery", type=Path, required=True, metavar="DIR", help="folder of minutiae records")
    search.add_argument("--probes", type=Path, required=True, metavar="DIR", help="folder of minutiae records")
    search.add_argument("--top", type=_positive, default=10, metavar="N", help="candidates a probe (%(default)s)")
    search.add_argument("--threads", type=_positive, default=1, metavar="N", help="threads a search (%(default)s)")
    search.add_argument(
        "--out", type=Path, required=True, metavar="RESULTS.csv",
        help="columns probe, rank, candidate, score; names as seen from their folders",
    )  # fmt: skip
    search.set_defaults(run=_identify)
    taken = steps.add_parser("extract", help="find the minutiae in pictures of single fingers")
    taken.add_argument("images", type=Path, nargs="+", metavar="IMAGE", help="PNG, BMP, TIFF, JPEG 2000, WSQ")
    taken.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for one record (.iso) an image")
    taken.add_argument(
        "--dpi", type=_positive, metavar="N", help="resolution; without it what the image states, or 500"
    )
    taken.add_argument("--threads", type=_positive, default=1, metavar="N", help="threads an image (%(default)s)")
    taken.add_argument("--no-quality", action="store_true", help="leave the quality of each image unmeasured: faster")
    taken.set_defaults(run=_extract)


def _compare(arguments: argparse.Namespace) -> None:
    from stonebridge.matching.fingerprint.comparison import compare
    from stonebridge.matching.fingerprint.drawing import draw
    from stonebridge.matching.fingerprint.template import Template
    from stonebridge.site.fingerprint.reading import read_points

    first, second = read_points(arguments.first), read_points(arguments.second)
    found = compare(Template.of(first), Template.of(second))
    sys.stdout.write(f"score {found.score:.2f}\npairs {len(found.pairs)}\n")
    for i, j in found.pairs:
        a, b = first[i], second[j]
        sys.stdout.write(f"{i:3d} ({a.x:.0f}, {a.y:.0f})  {j:3d} ({b.x:.0f}, {b.y:.0f})\n")
    if arguments.draw:
        draw(first, second, found.pairs, arguments.draw, arguments.images and tuple(arguments.images))


def _score_pairs(arguments: argparse.Namespace) -> int:
    from stonebridge.matching.fingerprint.comparison import score_pairs
    from stonebridge.site.fingerprint.reading import read_template

    rows = _read_pairs(arguments.table)
    places: dict[str, int] = {}
    templates: list[Template] = []
    troubles = 0
    for name in progress(sorted({name for row in rows for name in row}), "files read"):
        try:
            template = read_template(_find(name, arguments.table.parent))
        except Malformed as error:
            complain(error)
            troubles += 1
            continue
        places[name] = len(templates)
        templates.append(template)
    able = [at for at, (first, second) in enumerate(rows) if first in places and second in places]
    scores = [""] * len(rows)
    pairs = [(places[rows[at][0]], places[rows[at][1]]) for at in able]
    for at, score in zip(able, progress(score_pairs(templates, pairs), "pairs scored"), strict=True):
        scores[at] = f"{score:.4f}"
    write_table(arguments.out, ("a", "b", "score"), ((*row, score) for row, score in zip(rows, scores, strict=True)))
    return 1 if troubles else 0


def _identify(arguments: argparse.Namespace) -> int:
    from stonebridge.matching.fingerprint.search import Fingers

    names, templates, troubles = _read_folder(arguments.gallery, "files of the gallery read")
    probe_names, probes, more = _read_folder(arguments.probes, "probes read")
    fingers = Fingers(templates, arguments.threads)
    rows: list[tuple[object, ...]] = []
    for name, probe in progress(list(zip(probe_names, probes, strict=True)), "probes searched"):
        for rank, found in enumerate(fingers.search(probe, arguments.top), 1):
            rows.append((name, rank, names[found.place], f"{found.score:.4f}"))
    write_table(arguments.out, ("probe", "rank", "candidate", "score"), rows)
    return 1 if troubles or more else 0


def _extract(arguments: argparse.Namespace) -> int:
    from stonebridge.formats import iso19794
    from stonebridge.matching.fingerprint.extraction import leader
    from stonebridge.site.fingerprint.reading import read_picture

    extractor = leader(threads=arguments.threads, quality=not arguments.no_quality)
    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput("--out", str(arguments.out), f"The folder cannot be made: {error.strerror}.") from None
    troubles, written = 0, set[Path]()
    for image in progress(arguments.images, "images", every=1):
        target = arguments.out / f"{image.stem}.iso"
        try:
            if target in written:
                raise Malformed(str(image), "name", image.stem, f"Another image was written to {target}; rename one.")
            picture = read_picture(image, arguments.dpi)
            found = extractor(picture)
            points = tuple(iso19794.Point(*point) for point in found.points)
            high, wide = picture.shape
            record = iso19794.template(points, width=wide, height=high, quality=min(found.quality, 100))
            target.write_bytes(iso19794.write(record))
        except OSError as error:
            troubles += 1
            complain(Malformed(str(image), "file", error.strerror, "Give a file that can be read, and room to write."))
        except Malformed as error:
            troubles += 1
            complain(error)
        else:
            written.add(target)
            told = "" if arguments.no_quality else f", quality {found.quality}"
            sys.stdout.write(f"{target}: {len(points)} minutiae{told}\n")
    return 1 if troubles else 0


def _read_folder(folder: Path, words: str) -> "tuple[list[str], list[Template], int]":
    """Names and templates of all files of a folder and those in it, and how many could not be read."""
    from stonebridge.site.fingerprint.reading import read_template

    if not folder.is_dir():
        raise BadInput("folder", str(folder), "Give a folder of minutiae records.")
    names: list[str] = []
    templates: list[Template] = []
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
    for file in progress(files, words):
        try:
            templates.append(read_template(file))
        except Malformed as error:
            complain(error)
        else:
            names.append(str(file.relative_to(folder)))
    return names, templates, len(files) - len(names)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a number from 1 up belongs here")
    return number


def _read_pairs(table: Path) -> list[tuple[str, str]]:
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            rows = [row for row in csv.reader(file) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput("table of pairs", str(table), f"It cannot be read: {error}.") from None
    head = [name.strip().lower() for name in rows[0]] if rows else []
    a, b = (head.index("a"), head.index("b")) if {"a", "b"} <= set(head) else (0, 1)
    body = rows[1:] if {"a", "b"} <= set(head) else rows
    for row in body:
        if len(row) <= max(a, b):
            raise BadInput("table of pairs", ",".join(row), "Each row needs two files, in columns a and b.")
    return [(row[a].strip(), row[b].strip()) for row in body]


def _find(name: str, folder: Path) -> Path:
    """A path as written, or else seen from the folder of the table."""
    path = Path(name)
    return path if path.is_absolute() or path.exists() else folder / path


def write_table(file: Path, head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """Write a table. Raises ``BadInput`` where it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(rows)
    except OSError as error:
        raise BadInput("--out", str(file), f"It cannot be written: {error.strerror}.") from None


def complain(error: Exception) -> None:
    """Say what is wrong with one file, and go on."""
    sys.stderr.write(f"stonebridge: {error}\n")


def progress(items: Iterable[Item], words: str, every: int = EVERY) -> Iterator[Item]:
    """Pass the items on and tell on a terminal how many have gone by."""
    number = 0
    shown = sys.stderr.isatty()
    for number, item in enumerate(items, 1):
        yield item
        if shown and number % every == 0:
            sys.stderr.write(f"\r{number} {words}")
            sys.stderr.flush()
    if shown and number:
        sys.stderr.write(f"\r{number} {words}\n")
