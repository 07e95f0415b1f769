"""Reads one table of a TOML file, or one object of JSON, and leaves nothing unread.

Every mistake is a ``BadInput`` that names file, entry and key: a missing key, a key nobody
asked for, a wrong type, a word outside its list.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from stonebridge.domain.errors import BadInput

Listed = TypeVar("Listed", bound=StrEnum)
Kind = TypeVar("Kind")
_KINDS: Mapping[type, str] = {str: "a text", int: "a whole number", bool: "true or false", date: "a date"}


class Table:
    """One table, read key by key; ``done`` refuses what was not read."""

    def __init__(self, where: str, content: object) -> None:
        if not isinstance(content, Mapping):
            raise BadInput(where, content, "Write a table here.")
        self.where, self._content, self._read = where, content, set[str]()

    @classmethod
    def of_file(cls, path: Path) -> "Table":
        try:
            return cls(path.name, tomllib.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError as error:
            raise BadInput(path.name, str(path), "The file is missing. Put it back, or correct the folder.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadInput(path.name, str(error), "Correct the file: it must be TOML in UTF-8.") from error

    def text(self, key: str, default: str | None = None) -> str:
        value = self._get(key, str, default)
        if not value.strip() and default is None:
            raise BadInput(f"{self.where}: {key}", value, "Write a text; it may not be empty.")
        return value

    def number(self, key: str) -> int:
        value = self._get(key, int, None)
        if isinstance(value, bool):
            raise BadInput(f"{self.where}: {key}", value, "Write a whole number.")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        return self._get(key, bool, default)

    def day(self, key: str) -> date:
        return self._get(key, date, None)

    def choice(self, key: str, listed: type[Listed], default: Listed | None = None) -> Listed:
        value = self._get(key, str, None if default is None else str(default))
        if value not in {each.value for each in listed}:
            raise BadInput(f"{self.where}: {key}", value, f"Use one of: {', '.join(listed)}.")
        return listed(value)

    def texts(self, key: str) -> tuple[str, ...]:
        self._read.add(key)
        value = self._content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise BadInput(f"{self.where}: {key}", value, "Write a list of texts.")
        return tuple(value)

    def tables(self, key: str) -> Iterator["Table"]:
        self._read.add(key)
        value = self._content.get(key, [])
        if not isinstance(value, list):
            raise BadInput(f"{self.where}: {key}", value, f"Write [[{key}]].")
        for number, each in enumerate(value, start=1):
            yield Table(f"{self.where}: {key} {number}", each)

    def has(self, key: str) -> bool:
        """Whether something stands at the key."""
        return key in self._content

    def sub(self, key: str) -> "Table":
        """The table below a key; an empty one where nothing stands."""
        self._read.add(key)
        return Table(f"{self.where}: {key}", self._content.get(key, {}))

    def names(self, *languages: str) -> tuple[tuple[str, str], ...]:
        """The keys that are languages, in order; all of them must be there."""
        return tuple((language, self.text(language)) for language in languages)

    def done(self) -> None:
        """Refuse what was not read: a key that is misspelled says nothing."""
        if unknown := sorted(set(self._content) - self._read):
            raise BadInput(self.where, ", ".join(unknown), "Nobody reads this key. Correct its spelling or remove it.")

    def _get(self, key: str, kind: type[Kind], default: Kind | None) -> Kind:
        self._read.add(key)
        value = self._content.get(key, default)
        if not isinstance(value, kind):
            shown = "nothing" if value is None else value
            raise BadInput(f"{self.where}: {key}", shown, f"Write {_KINDS.get(kind, kind.__name__)} here.")
        return value
