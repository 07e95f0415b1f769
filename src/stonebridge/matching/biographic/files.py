"""Reading registers and queries from files, and putting aside what cannot be read."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from stonebridge.domain.errors import BadInput
from stonebridge.matching.biographic.birth import read_birth
from stonebridge.matching.biographic.register import FIELDS, Query, Texts

CHUNK = 20_000
LONGEST = 1000  # characters of one field
Put = Callable[[int, str, str], None]


class Aside:
    """The side file: line, reason and content of each row that was skipped or only read in part."""

    def __init__(self, path: Path) -> None:
        self.path, self.skipped, self.warned = path, 0, 0
        self._lines: list[str] = []

    def skip(self, line: int, reason: str, content: str) -> None:
        """A row that takes no part."""
        self.skipped += 1
        self._keep("skipped", line, reason, content)

    def warn(self, line: int, reason: str, content: str) -> None:
        """A row that takes part without one of its values."""
        self.warned += 1
        self._keep("read in part", line, reason, content)

    def _keep(self, what: str, line: int, reason: str, content: str) -> None:
        self._lines.append(json.dumps({"line": line, "what": what, "reason": reason, "content": content[:LONGEST]},
                                      ensure_ascii=False))  # fmt: skip

    def write(self) -> None:
        """Write the file, or remove an older one when there is nothing to say."""
        if self._lines:
            self.path.write_text("\n".join(self._lines) + "\n", "utf-8")
        else:
            self.path.unlink(missing_ok=True)

    def summary(self) -> str:
        """What a person at the terminal needs to know."""
        if not self._lines:
            return "every row could be read"
        return f"{self.skipped} rows skipped, {self.warned} read in part: see {self.path}"


def read_register(
    path: Path, fields: frozenset[str], aside: Aside, progress: Callable[[float], None], texts: Texts
) -> Texts:
    """Add a register in CSV with a header to ``texts``. Columns other than ``id`` and ``FIELDS`` are ignored.

    Raises ``BadInput`` if the file has no ``id`` column or cannot be read as text.
    """
    size = max(path.stat().st_size, 1)
    known = set(texts.ids)
    csv.field_size_limit(1 << 20)
    with _opened(path) as stream:
        counted = _Counted(stream)
        rows = csv.reader(counted)
        header = [name.strip().lower().lstrip("\ufeff") for name in next(rows, [])]
        if "id" not in header:
            raise BadInput(str(path), ",".join(header), "The first line must name the columns, among them id.")
        line = 2
        while True:
            chunk: list[list[str]] = []
            lines: list[int] = []
            try:
                for row in islice(rows, CHUNK):
                    chunk.append(row)
                    lines.append(line)
                    line = rows.line_num + 1
            except csv.Error as error:
                aside.skip(rows.line_num, f"not CSV: {error}", "")
                line = rows.line_num + 1
                if not chunk:
                    continue
            if not chunk:
                return texts
            _add(texts, header, _whole(chunk, lines, header, known, aside), fields, aside)
            progress(counted.read / size)


class _Counted:
    """Lines of a file, and about how many bytes they were."""

    def __init__(self, stream: Iterator[str]) -> None:
        self._stream, self.read = stream, 0

    def __iter__(self) -> "_Counted":
        return self

    def __next__(self) -> str:
        line = next(self._stream)
        self.read += len(line)
        return line.replace("\0", "") if "\0" in line else line


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig", errors="replace") as stream:
            yield stream
    except OSError as error:
        raise BadInput("file", str(path), f"{error.strerror}.") from None


def _whole(
    chunk: list[list[str]], lines: list[int], header: list[str], known: set[str], aside: Aside
) -> tuple[list[list[str]], list[int]]:
    """The rows that have every column and an id of their own."""
    width, place = len(header), header.index("id")
    if all(len(row) == width for row in chunk):
        ids = {row[place] for row in chunk}
        if len(ids) == len(chunk) and "" not in ids and ids.isdisjoint(known):
            known |= ids
            return chunk, lines
    kept, numbers = [], []
    for row, line in zip(chunk, lines, strict=True):
        if not row:
            continue
        if len(row) != width:
            aside.skip(line, f"{len(row)} columns where the header has {width}", ",".join(row))
        elif not row[place].strip():
            aside.skip(line, "no id", ",".join(row))
        elif row[place] in known:
            aside.skip(line, "an id that stands in an earlier row", ",".join(row))
        else:
            known.add(row[place])
            kept.append(row)
            numbers.append(line)
    return kept, numbers


def _add(
    texts: Texts, header: list[str], rows: tuple[list[list[str]], list[int]], fields: frozenset[str], aside: Aside
) -> None:
    kept, lines = rows
    if not kept:
        return
    columns = dict(zip(header, zip(*kept, strict=True), strict=True))
    before = len(texts.numbers["birth"])
    texts.add(columns["id"], {field: columns[field] for field in FIELDS if field in columns and field in fields})
    if len(texts.numbers["birth"]) > before and "birth" in fields:
        fresh = list(texts.numbers["birth"])[before:]
        unread = {text for text in fresh if read_birth(text) < 0}
        if unread:
            for line, text in zip(lines, columns["birth"], strict=True):
                if text in unread:
                    aside.warn(line, "no birth date that can be read; the row is kept without it", text)


def read_queries(path: Path, fields: frozenset[str], aside: Aside) -> Iterator[tuple[int, Query]]:
    """The queries of a file of JSON lines with their number, counted from 0 over all lines that are not empty."""
    with _opened(path) as stream:
        number = -1
        for place, line in enumerate(stream, 1):
            if not line.strip():
                continue
            number += 1
            try:
                value = json.loads(line)
            except ValueError:
                aside.skip(place, "not JSON", line.rstrip())
                continue
            except RecursionError:
                aside.skip(place, "nested far too deep", line.rstrip())
                continue
            if not isinstance(value, dict):
                aside.skip(place, "not an object", line.rstrip())
                continue
            given = {field: _text(value.get(field)) for field in FIELDS if field in fields}
            if read_birth(given.get("birth", "")) < 0:
                aside.warn(place, "no birth date that can be read; the query goes without it", given["birth"])
            yield number, Query(**given)


def _text(value: object) -> str:
    if value is None or isinstance(value, bool | dict):
        return ""
    if isinstance(value, list):
        return " ".join(map(str, value))[:LONGEST]
    return str(value)[:LONGEST]
