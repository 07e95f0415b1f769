"""``stonebridge fingerprint``: compare fingers by their minutiae records, without a node."""

import argparse
import csv
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from stonebridge.domain.errors import BadInput
from stonebridge.formats.malformed import Malformed

if TYPE_CHECKING:
    from stonebridge.matching.fingerprint.search import Candidate
    from stonebridge.matching.fingerprint.template import Template

NAMES = ("fingerprint",)
EVERY = 500  # items between two lines of progress
MANY_PAIRS = 50_000  # likewise
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
    many.add_argument("--threads", type=_positive, metavar="N", help="threads; without it as many as there are cores")
    many.set_defaults(run=_score_pairs)
    search = steps.add_parser("identify", help="find each probe in a gallery")
    search.add_argument("--gallery", type=Path, required=True, metavar="DIR", help="folder of minutiae records")
    search.add_argument("--probes", type=Path, required=True, metavar="DIR", help="folder of minutiae records")
    search.add_argument("--top", type=_positive, default=10, metavar="N", help="candidates a probe (%(default)s)")
    search.add_argument("--threads", type=_positive, metavar="N", help="threads; without it as many as there are cores")
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
    make_ready()
    found = compare(Template.of(first), Template.of(second))
    sys.stdout.write(f"score {found.score:.2f}\npairs {len(found.pairs)}\n")
    for i, j in found.pairs:
        a, b = first[i], second[j]
        sys.stdout.write(f"{i:3d} ({a.x:.0f}, {a.y:.0f})  {j:3d} ({b.x:.0f}, {b.y:.0f})\n")
    if arguments.draw:
        draw(first, second, found.pairs, arguments.draw, arguments.images and tuple(arguments.images))


def _score_pairs(arguments: argparse.Namespace) -> int:
    from stonebridge.site.fingerprint.reading import cores

    rows = _read_pairs(arguments.table)
    named = sorted({name for row in rows for name in row})
    files = [_find(name, arguments.table.parent) for name in named]
    readable: list[Path] = []
    templates = list(_readable(files, "files read", readable))
    places = {file: place for place, file in enumerate(readable)}
    place_of = {name: places[file] for name, file in zip(named, files, strict=True) if file in places}
    write_table(arguments.out, ("a", "b", "score"), _scored(rows, place_of, templates, arguments.threads or cores()))
    return 1 if len(readable) < len(set(files)) else 0


def _scored(
    rows: list[tuple[str, str]], place_of: dict[str, int], templates: "list[Template]", threads: int
) -> Iterator[tuple[str, str, str]]:
    from stonebridge.matching.fingerprint.comparison import score_pairs

    make_ready()
    able = [(place_of[a], place_of[b]) for a, b in rows if a in place_of and b in place_of]
    scores = progress(score_pairs(templates, able, threads), "pairs scored", every=MANY_PAIRS)
    for a, b in rows:
        yield a, b, f"{next(scores):.4f}" if a in place_of and b in place_of else ""
    list(scores)


def _identify(arguments: argparse.Namespace) -> int:
    from stonebridge.site.fingerprint.reading import cores

    files, probe_files = _files_in(arguments.gallery), _files_in(arguments.probes)
    names: list[Path] = []
    probe_names: list[Path] = []
    probes = list(_readable(probe_files, "probes read", probe_names))
    gallery = _readable(files, "files of the gallery read", names)
    found = _identified(gallery, probes, arguments.top, arguments.threads or cores())
    rows = (
        (probe_names[at].relative_to(arguments.probes), rank, names[each.place].relative_to(arguments.gallery),
         f"{each.score:.4f}")
        for at, candidates in enumerate(progress(found, "probes searched", every=10))
        for rank, each in enumerate(candidates, 1)
    )  # fmt: skip
    write_table(arguments.out, ("probe", "rank", "candidate", "score"), rows)
    return 1 if len(names) < len(files) or len(probe_names) < len(probe_files) else 0


def _identified(
    gallery: "Iterable[Template]", probes: "list[Template]", top: int, threads: int
) -> "Iterator[list[Candidate]]":
    """The candidates of each probe. Many probes share the threads; the threads share a search where probes are few."""
    from concurrent.futures import ThreadPoolExecutor

    from stonebridge.matching.fingerprint.search import Fingers

    make_ready()
    many = len(probes) >= threads
    fingers = Fingers(gallery, 1 if many else threads)
    with ThreadPoolExecutor(threads if many else 1) as pool:
        yield from pool.map(lambda probe: fingers.search(probe, top), probes)


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


def _files_in(folder: Path) -> list[Path]:
    """All files of a folder and of those in it, except hidden ones."""
    if not folder.is_dir():
        raise BadInput("folder", str(folder), "Give a folder of minutiae records.")
    return sorted(Path(path, name) for path, _, found in os.walk(folder) for name in found if name[0] != ".")


def _readable(files: list[Path], words: str, read: list[Path]) -> "Iterator[Template]":
    """The templates of the files that can be read, which ``read`` takes; of the others, say what is wrong."""
    from stonebridge.site.fingerprint.reading import read_templates

    for file, found in zip(files, progress(read_templates(files), words), strict=True):
        if isinstance(found, str):
            complain(found)
        else:
            read.append(file)
            yield found


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


def make_ready() -> None:
    """Say why nothing seems to happen while the kernels are compiled. To be called before the first comparison."""
    from stonebridge.matching.fingerprint.starting import folder, is_kept

    if not is_kept():
        kept = folder()
        where = f"kept in {kept}" if kept else "not kept: no folder for it can be written"
        sys.stderr.write(f"stonebridge: compiling the comparison, once, in about fifteen seconds; {where}\n")
        sys.stderr.flush()


def complain(error: Exception | str) -> None:
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
