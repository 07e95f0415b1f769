"""Loads instruments, their dated values and the legal bases from TOML.

What holds for every node lies beside this file; what only one node has lies in its own
``law`` folder, which callers name. Files are read once and checked strictly: an error names
file, entry and key.
"""

from functools import cache
from pathlib import Path

from stonebridge.domain.actor import Purpose
from stonebridge.domain.deadlines import Silence
from stonebridge.domain.errors import BadInput
from stonebridge.domain.legal_basis import LegalBasis, bases_for
from stonebridge.domain.parameters import DatedValue, Instrument, Parameter, Status, Unit
from stonebridge.law.reader import Table

HERE = Path(__file__).parent
LANGUAGES = ("en", "mk")
"""Languages in which every title must be given."""
MARKED_APART = {"unit", "since", "silence", "in_force"}
"""What of a value may carry a lower mark than its number."""


@cache
def instruments(node_law: Path | None = None) -> dict[str, Instrument]:
    """Every instrument by its identifier, those of the node's ``law`` folder included."""
    return {instrument.id: instrument for instrument, _ in _all_files(node_law)}


@cache
def parameters(node_law: Path | None = None) -> dict[str, Parameter]:
    """Every parameter by its identifier; values of several instruments for one question stand together."""
    found: dict[str, Parameter] = {}
    for _, here in _all_files(node_law):
        for parameter in here:
            known = found.get(parameter.id, parameter)
            if known.title != parameter.title:
                raise BadInput(parameter.id, parameter.title, f"Another file calls it {known.title!r}. Use one title.")
            values = parameter.values if known is parameter else (*known.values, *parameter.values)
            found[parameter.id] = Parameter(parameter.id, parameter.title, values)
    return found


@cache
def legal_bases(node_law: Path | None = None) -> tuple[LegalBasis, ...]:
    """The closed list of legal bases, the node's own first."""
    files = [HERE / "legal_bases.toml"]
    if node_law and (own := node_law / "legal_bases.toml").is_file():
        files.insert(0, own)
    known = instruments(node_law)
    return tuple(basis for path in files for basis in _bases(path, known))


def legal_bases_for(purpose: Purpose, node_law: Path | None = None) -> tuple[LegalBasis, ...]:
    """The legal bases that may be named for a purpose at this node."""
    return bases_for(purpose, legal_bases(node_law))


@cache
def _all_files(node_law: Path | None) -> tuple[tuple[Instrument, tuple[Parameter, ...]], ...]:
    folders = [HERE / "instruments", *([node_law / "instruments"] if node_law else [])]
    return tuple(_instrument(path) for folder in folders for path in sorted(folder.glob("*.toml")))


def _instrument(path: Path) -> tuple[Instrument, tuple[Parameter, ...]]:
    table = Table.of_file(path)
    instrument = Instrument(
        id=table.text("id"),
        title=table.text("title"),
        short=table.text("short"),
        published=table.text("published"),
        status=table.choice("status", Status),
        note=table.text("note", ""),
    )
    if instrument.id != path.stem:
        raise BadInput(path.name, instrument.id, "Name the file after the instrument's id.")
    found = tuple(_parameter(each, instrument.id) for each in table.tables("parameter"))
    table.done()
    return instrument, found


def _parameter(table: Table, instrument: str) -> Parameter:
    unit = table.choice("unit", Unit)
    values = tuple(_value(each, instrument, unit) for each in table.tables("value"))
    parameter = Parameter(table.text("id"), table.text("title"), values)
    table.done()
    if not values:
        raise BadInput(table.where, parameter.id, "Give at least one [[parameter.value]].")
    return parameter


def _value(table: Table, instrument: str, unit: Unit) -> DatedValue:
    value = DatedValue(
        instrument=instrument,
        article=table.text("article"),
        in_force=table.day("in_force"),
        value=table.number("value"),
        unit=unit,
        status=table.choice("status", Status),
        source=table.text("source"),
        since=table.text("since", ""),
        recalled=table.texts("recalled"),
        on_silence=table.text("on_silence", ""),
    )
    table.done()
    if unread := set(value.recalled) - MARKED_APART:
        named = ", ".join(sorted(MARKED_APART))
        raise BadInput(f"{table.where}: recalled", ", ".join(sorted(unread)), f"Only these can be named here: {named}.")
    if value.on_silence and value.on_silence not in set(Silence):
        raise BadInput(f"{table.where}: on_silence", value.on_silence, f"Use one of: {', '.join(Silence)}.")
    return value


def _bases(path: Path, known: dict[str, Instrument]) -> list[LegalBasis]:
    table = Table.of_file(path)
    bases = []
    for each in table.tables("basis"):
        basis = LegalBasis(
            id=each.text("id"),
            titles=each.names(*LANGUAGES),
            instrument=each.text("instrument"),
            article=each.text("article"),
            purposes=_purposes(each),
            status=each.choice("status", Status),
            source=each.text("source"),
            model=each.flag("model"),
        )
        each.done()
        if basis.instrument not in known:
            raise BadInput(f"{each.where}: instrument", basis.instrument, "Add its file to instruments/.")
        bases.append(basis)
    table.done()
    return bases


def _purposes(table: Table) -> frozenset[Purpose]:
    named = table.texts("purposes")
    if named == ("all",):
        return frozenset(Purpose)
    if not named or not set(named) <= set(Purpose):
        raise BadInput(f"{table.where}: purposes", ", ".join(named), f"Use all, or some of: {', '.join(Purpose)}.")
    return frozenset(map(Purpose, named))
