"""What of the law has not been checked against its official text: the rows of ``stonebridge law check``."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from stonebridge.domain.cite import CITATIONS
from stonebridge.domain.parameters import Status
from stonebridge.law.load import instruments, legal_bases, parameters


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One statement of law that a named officer has yet to confirm."""

    kind: str
    id: str
    instrument: str
    article: str
    shown: str
    status: Status
    source: str


def open_items(node_law: Path | None = None) -> tuple[OpenItem, ...]:
    """Every value and legal basis that is less than verified: placeholders first, then by identifier."""
    items = [
        OpenItem(
            kind="value",
            id=parameter.id,
            instrument=value.instrument,
            article=value.article,
            shown=f"{value.value} {value.unit} from {value.in_force.isoformat()}",
            status=value.status,
            source=value.source,
        )
        for parameter in parameters(node_law).values()
        for value in parameter.values
        if not value.is_verified
    ]
    items += [
        OpenItem(
            "legal_basis", basis.id, basis.instrument, basis.article, basis.title("en"), basis.status, basis.source
        )
        for basis in legal_bases(node_law)
        if basis.status is not Status.VERIFIED
    ]
    return tuple(sorted(items, key=lambda item: (item.status is not Status.PLACEHOLDER, item.kind, item.id)))


def unknown_citations(node_law: Path | None = None) -> tuple[str, ...]:
    """Functions that cite an instrument which has no file, among the modules loaded so far."""
    known = instruments(node_law)
    return tuple(
        f"{function} cites {citation}"
        for function, citations in sorted(CITATIONS.items())
        for citation in citations
        if citation.instrument not in known
    )


def not_yet_in_force(on: date, node_law: Path | None = None) -> tuple[str, ...]:
    """Parameters of which no value is in force on a day: a rule that asks them would find no answer."""
    return tuple(
        parameter.id
        for parameter in parameters(node_law).values()
        if all(value.in_force > on for value in parameter.values)
    )
