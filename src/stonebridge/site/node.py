"""Who this node is: the data of its folder below ``nodes/``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput
from stonebridge.exchange.transports.tls import Tls, tls_from


@dataclass(frozen=True, slots=True)
class Node:
    """A node's own facts. ``state`` is the ICAO three-letter code; names are by language.

    ``references``: the two letters with which its references begin, its code unless it says otherwise.
    ``witnesses``: codes of the partners that witness this node's access log.
    ``retention``: days that a record is kept after its registration, by the purpose for which it was collected.
    ``desks``: from each day on, how many wrong persons 1,000 searches of a desk may call likely, by its purpose.
    ``tls``: what this node shows to partners, and whom it believes.
    """

    code: str
    state: str
    names: dict[str, str]
    authority: dict[str, str]
    staff_languages: tuple[str, ...]
    default_language: str
    folder: Path
    references: str
    retention: Mapping[Purpose, int] = field(default_factory=dict)
    witnesses: tuple[str, ...] = ()
    desks: Mapping[date, Mapping[Purpose, float]] = field(default_factory=dict)
    tls: Tls = field(default_factory=Tls)

    def false_candidates(self, purpose: Purpose, on: date, usual: float) -> float:
        """What was said last for this desk by ``on``; ``usual`` where nothing was."""
        said = [each[purpose] for since, each in sorted(self.desks.items()) if since <= on and purpose in each]
        return said[-1] if said else usual


def _letters(read: object, path: Path) -> str:
    if not (isinstance(read, str) and len(read) == 2 and read.isascii() and read.isalpha()):
        raise BadInput(f"{path}, references", str(read), "Give the two letters with which its references begin.")
    return read.upper()


LONGEST_KEPT = 36_500
"""Days; nobody is kept longer than a century by mistake of a digit."""


def _retention(read: Mapping[str, object], path: Path) -> Mapping[Purpose, int]:
    kept: dict[Purpose, int] = {}
    for purpose, days in read.items():
        if purpose not in set(Purpose) or type(days) is not int or not 1 <= days <= LONGEST_KEPT:
            raise BadInput(
                f"{path}, [retention] {purpose}", days, f"Name a purpose, and whole days from 1 to {LONGEST_KEPT}."
            )
        kept[Purpose(purpose)] = days
    return kept


LEAST_WRONG, MOST_WRONG = 0.1, 500.0
"""In 1,000 searches. Below, nobody is likely any more; above, likely means nothing."""


def _desks(read: object, path: Path) -> Mapping[date, Mapping[Purpose, float]]:
    desks: dict[date, dict[Purpose, float]] = {}
    for table in read if isinstance(read, list) else [{}]:
        since = table.get("since")
        if type(since) is not date or since in desks:
            raise BadInput(
                f"{path}, [[false_candidates]] since", since, "Give each table a day of its own: 2026-11-01."
            )
        desks[since] = {}
        for purpose, wrong in table.items():
            if purpose == "since":
                continue
            if purpose not in set(Purpose) or type(wrong) not in (int, float) or not LEAST_WRONG <= wrong <= MOST_WRONG:
                raise BadInput(
                    f"{path}, [[false_candidates]] {purpose}", wrong,
                    f"Name a purpose, and wrong persons in 1,000 searches, {LEAST_WRONG} to {MOST_WRONG:g}.",
                )  # fmt: skip
            desks[since][Purpose(purpose)] = float(wrong)
    return desks


def load_node(folder: Path) -> Node:
    """Read ``node.toml`` in ``folder``.

    Raises:
        BadInput: the file is missing or lacks a value.
    """
    path = folder / "node.toml"
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        return Node(
            code=read["code"],
            state=read["state"],
            names=read["name"],
            authority=read["authority"],
            staff_languages=tuple(read["languages"]["staff"]),
            default_language=read["languages"]["default"],
            folder=folder,
            references=_letters(read.get("references", read["code"]), path),
            witnesses=tuple(read.get("witnesses", {}).get("nodes", ())),
            retention=_retention(read.get("retention", {}), path),
            desks=_desks(read.get("false_candidates", []), path),
            tls=tls_from(read.get("exchange", {}).get("tls", {}), folder, f"{path}, [exchange.tls]"),
        )
    except FileNotFoundError as error:
        raise BadInput("STONEBRIDGE_NODE", str(folder), "Name a folder below nodes/ that holds a node.toml.") from error
    except (KeyError, tomllib.TOMLDecodeError) as error:
        raise BadInput(str(path), str(error), "Give code, state, [name], [authority] and [languages].") from error
