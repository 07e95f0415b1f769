"""Who this node is: the data of its folder below ``nodes/``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput


@dataclass(frozen=True, slots=True)
class Node:
    """A node's own facts. ``state`` is the ICAO three-letter code; names are by language.

    ``references``: the two letters with which its references begin, its code unless it says otherwise.
    ``retention``: days that a record is kept after its registration, by the purpose for which it was collected.
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
            retention=_retention(read.get("retention", {}), path),
        )
    except FileNotFoundError as error:
        raise BadInput("STONEBRIDGE_NODE", str(folder), "Name a folder below nodes/ that holds a node.toml.") from error
    except (KeyError, tomllib.TOMLDecodeError) as error:
        raise BadInput(str(path), str(error), "Give code, state, [name], [authority] and [languages].") from error
