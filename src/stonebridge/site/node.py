"""Who this node is: the data of its folder below ``nodes/``."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from stonebridge.domain.errors import BadInput


@dataclass(frozen=True, slots=True)
class Node:
    """A node's own facts. ``state`` is the ICAO three-letter code; names are by language."""

    code: str
    state: str
    names: dict[str, str]
    authority: dict[str, str]
    staff_languages: tuple[str, ...]
    default_language: str
    folder: Path


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
        )
    except FileNotFoundError as error:
        raise BadInput("STONEBRIDGE_NODE", str(folder), "Name a folder below nodes/ that holds a node.toml.") from error
    except (KeyError, tomllib.TOMLDecodeError) as error:
        raise BadInput(str(path), str(error), "Give code, state, [name], [authority] and [languages].") from error
