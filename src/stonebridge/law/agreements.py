"""Loads which readmission agreement holds between whom."""

from functools import cache
from pathlib import Path

from stonebridge.domain.agreements import Agreement, Protocol
from stonebridge.domain.errors import BadInput, NoRuleMatched
from stonebridge.law.load import instruments
from stonebridge.law.reader import Table

_FILE = Path(__file__).parent / "agreements.toml"


@cache
def agreements() -> tuple[Agreement, ...]:
    """Every agreement on file. Raises ``BadInput`` for one whose instrument has no file."""
    table = Table.of_file(_FILE)
    groups_table = table.sub("groups")
    groups = {"EU": groups_table.texts("EU")}
    groups_table.done()
    found = tuple(_agreement(each, groups) for each in table.tables("agreement"))
    table.done()
    return found


def agreement(id: str) -> Agreement:
    """By identifier, for example ``EU-RS``. Raises ``NoRuleMatched`` for one that is not on file."""
    known = {each.id: each for each in agreements()}
    if id not in known:
        raise NoRuleMatched("readmission agreement", f"{id} (on file: {', '.join(known)})")
    return known[id]


def _agreement(table: Table, groups: dict[str, tuple[str, ...]]) -> Agreement:
    parties = tuple(state for party in table.texts("parties") for state in groups.get(party, (party,)))
    made = Agreement(
        id=table.text("id"),
        instrument=table.text("instrument"),
        parties=parties,
        partner=table.text("partner"),
        protocols=tuple(_protocol(each) for each in table.tables("protocol")),
    )
    table.done()
    for instrument in (made.instrument, *(each.instrument for each in made.protocols)):
        if instrument not in instruments():
            raise BadInput(f"{table.where}: instrument", instrument, "Add its file to instruments/.")
    return made


def _protocol(table: Table) -> Protocol:
    protocol = Protocol(table.text("state"), table.text("instrument"))
    table.done()
    return protocol
