"""Reading registers and queries from files, and putting aside what cannot be read."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from stonebridge.domain.errors import BadInput
from stonebridge.matching.biographic.birth import read_birth
from stonebridge.matching.biographic.register import FIELDS, SEXES, Query, Texts

CHUNK = 20_000
LONGEST = 1000  # characters of one field
Put = Callable[[int, str, str], None]


class Aside:
    """The side file: line, reason and content of each row that was skipped or only read in part."""

    def __init__(self, path: Path) -> None:
        self.path, self.skipped, self.warned = path, 0, 0
        self._lines: list[str] = []

    def skip(self, line: int, reason: str, content: str, rows: int = 1) -> None:
        """Rows that take no part."""
        self.skipped += rows
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
        return f"{_rows(self.skipped)} skipped, {_rows(self.warned)} read in part: see {self.path}"


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"


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
        _check_header(path, header, fields)
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


def _check_header(path: Path, header: list[str], fields: frozenset[str]) -> None:
    said = ",".join(header)[:80]
    if "id" not in header:
        for separator, name in ((";", "semicolons"), ("\t", "tabulators"), ("|", "bars")):
            if "id" in (part.strip() for part in said.split(separator)):
                raise BadInput(str(path), said, f"Its columns are parted by {name}. Save it with commas.")
        if "\ufffd" in said:
            raise BadInput(str(path), said.replace("\ufffd", "?"), "It is not in UTF-8. Save it as CSV in UTF-8.")
        raise BadInput(str(path), said, "The first line must name the columns, among them id.")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise BadInput(str(path), ", ".join(twice), "A column stands there twice. Rename one of the two.")
    if not fields & set(header):
        known = ", ".join(field for field in FIELDS if field in fields)
        raise BadInput(str(path), said, f"Nothing in it can be compared. Besides id name one of {known}.")


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
        over = sum(cell.count("\n") for cell in row)
        if len(row) != width and over:
            aside.skip(
                line, f"a quotation mark that is not closed: {over} lines were read as one row", ",".join(row), over
            )
        elif len(row) != width:
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
    texts.add(columns["id"], {field: columns[field] for field in FIELDS if field in columns and field in fields})
    for field in sorted(fields & columns.keys()):
        garbled = {text for text in set(columns[field]) if "\ufffd" in text}
        if garbled:
            for line, text in zip(lines, columns[field], strict=True):
                if text in garbled:
                    aside.warn(line, _GARBLED, text)
    for field in sorted(fields & _UNREAD.keys() & columns.keys()):
        unread = {text for text in set(columns[field]) if _unread(field, text)}
        if unread:
            for line, text in zip(lines, columns[field], strict=True):
                if text in unread:
                    aside.warn(line, f"{_UNREAD[field]}; the row is kept without it", text)


_GARBLED = "letters that are not UTF-8; the row is kept without them"
_UNREAD = {"birth": "no birth date that can be read (YYYY-MM-DD)", "sex": "no sex that can be read (f, m, x)"}


def _unread(field: str, text: str) -> bool:
    if field == "birth":
        return read_birth(text) < 0
    return bool(text.strip()) and text.strip().lower() not in SEXES


class Asked(NamedTuple):
    """A query of a file: its number, counted from 0 over all lines that are not empty, and its own id as JSON or ''."""

    number: int
    id: str
    query: Query


def read_queries(path: Path, fields: frozenset[str], aside: Aside) -> Iterator[Asked]:
    """The queries of a file of JSON lines."""
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
            given = {}
            for field in FIELDS:
                if field in fields and (told := value.get(field)) is not None:
                    text = _text(told)
                    if text is None:
                        aside.warn(
                            place, f"{field} is neither text nor number; the query goes without it", line.rstrip()
                        )
                    else:
                        given[field] = text
                        if "\ufffd" in text:
                            aside.warn(place, _GARBLED.replace("row is kept", "query goes"), line.rstrip())
                        if len(text) == LONGEST:
                            aside.warn(
                                place, f"{field} is longer than {LONGEST} characters; the rest is left out", text
                            )
            for field in _UNREAD:
                if _unread(field, given.get(field, "")):
                    aside.warn(place, f"{_UNREAD[field]}; the query goes without it", given[field])
            if not any(given.values()):
                aside.warn(place, "nothing to look for: none of the keys that are compared", line.rstrip())
            own = value.get("id")
            yield Asked(number, "" if own is None else json.dumps(own, ensure_ascii=False), Query(**given))


def _text(value: object) -> str | None:
    """A value as text; several are joined. ``None`` for what is no text."""
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str | int | float) and not isinstance(each, bool) for each in values):
        return None
    return " ".join(map(str, values))[:LONGEST]
