"""Loads the lists that forms choose from. One node's own lists lie in its ``codes`` folder."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

from stonebridge.domain.codes import Code, CrossingPoint, DocumentType, Language, State, StateCodes, StateKind
from stonebridge.domain.errors import BadInput
from stonebridge.law.load import LANGUAGES
from stonebridge.law.reader import Table

CODES = Path(__file__).parent / "codes"

Entry = TypeVar("Entry", bound=Code)


@cache
def states() -> StateCodes:
    """Codes of states and statuses as travel documents print them."""
    return StateCodes(_entries(CODES / "states.toml", "state", _state))


@cache
def sexes() -> tuple[Code, ...]:
    """F, M and X as travel documents print them."""
    return _entries(CODES / "sexes.toml", "sex", _code)


@cache
def document_types() -> tuple[DocumentType, ...]:
    """Documents that people carry."""
    return _entries(CODES / "document_types.toml", "document_type", _document_type)


@cache
def languages() -> tuple[Language, ...]:
    """Languages that people speak, with the name they give them."""
    return _entries(CODES / "languages.toml", "language", _language)


@cache
def crossing_points(node_codes: Path) -> tuple[CrossingPoint, ...]:
    """Border crossing points of a node, from its ``codes`` folder."""
    return _entries(node_codes / "crossing_points.toml", "crossing_point", _crossing_point)


def _entries(path: Path, key: str, build: Callable[[Table], Entry]) -> tuple[Entry, ...]:
    table = Table.of_file(path)
    entries = tuple(_each(table, key, build))
    table.done()
    codes = [entry.code for entry in entries]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise BadInput(path.name, ", ".join(twice), "Each code stands once.")
    return entries


def _each(table: Table, key: str, build: Callable[[Table], Entry]) -> Iterator[Entry]:
    for each in table.tables(key):
        yield build(each)
        each.done()


def _code(table: Table) -> Code:
    return Code(table.text("code"), table.names(*LANGUAGES))


def _state(table: Table) -> State:
    return State(
        code=table.text("code"),
        names=table.names(*LANGUAGES),
        kind=table.choice("kind", StateKind, StateKind.STATE),
        iso=table.text("iso", ""),
        also=table.texts("also"),
        footnote=table.text("footnote", ""),
    )


def _document_type(table: Table) -> DocumentType:
    return DocumentType(
        code=table.text("code"),
        names=table.names(*LANGUAGES),
        mrz=table.text("mrz", ""),
        proves_identity=table.flag("proves_identity"),
    )


def _language(table: Table) -> Language:
    return Language(
        code=table.text("code"),
        names=table.names(*LANGUAGES),
        native=table.text("native"),
        script=table.text("script", "latin"),
        right_to_left=table.flag("right_to_left"),
    )


def _crossing_point(table: Table) -> CrossingPoint:
    return CrossingPoint(
        code=table.text("code"),
        names=table.names(*LANGUAGES),
        kind=table.text("kind"),
        neighbour=table.text("neighbour", ""),
        other_side=table.text("other_side", ""),
    )
