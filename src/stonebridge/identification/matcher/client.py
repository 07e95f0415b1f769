"""How the web and the worker speak to the matcher: a connection a call, errors as they were raised there."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from stonebridge.domain.errors import Unavailable
from stonebridge.identification.matcher import protocol
from stonebridge.matching.engine import Comparison, Detail, Hit
from stonebridge.matching.gallery import Change
from stonebridge.matching.record import Identity
from stonebridge.matching.stored_record import identity_to_json, record_to_json

PART = "the matcher"
START_IT = "Start it with 'stonebridge matcher', then try again."


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What a search found, in which share of the register, which state of it, and how many persons that holds."""

    hits: tuple[Hit, ...]
    share_searched: float
    position: int
    version: str
    records: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """One comparison in full, and the version that made it."""

    hit: Hit
    version: str


@dataclass(frozen=True, slots=True)
class Overlay:
    """Two fingers on each other: minutiae as x and y downwards in pixels and angle in radians; places of matched pairs."""

    probe: tuple[tuple[float, float, float], ...]
    candidate: tuple[tuple[float, float, float], ...]
    pairs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Status:
    """How the matcher is. ``damage`` and ``trouble`` are for the administrator, empty when all is well."""

    position: int
    version: str
    records: int
    complete: bool
    damage: str
    trouble: str
    memory_locked: bool


class MatcherClient:
    """A thin client; safe in threads and after a fork, because it holds no connection.

    Every call raises ``Unavailable`` with a remedy if the matcher does not answer in ``timeout`` seconds.
    """

    def __init__(self, socket_path: Path, timeout: float = 15.0) -> None:
        self._path, self._timeout = socket_path, timeout

    def status(self) -> Status:
        """Position, version, number of records, and whether something is wrong."""
        return Status(**self._ask("status"))

    def position(self) -> int:
        """The last change that the gallery holds."""
        return self.status().position

    def apply(self, changes: Sequence[Change], upto: int, *, since: int) -> Status:
        """Send the changes after ``since``. Idempotent. Raises ``WrongState`` if it is behind ``since``."""
        stored = [{"id": str(each.id), "record": each.record and record_to_json(each.record)} for each in changes]
        return Status(**self._ask("apply", changes=stored, upto=upto, since=since))

    def search(self, probe: Identity, *, visible: int, limit: int, budget: float, at_least: int) -> SearchAnswer:
        """Search among records that share a bit with ``visible``, for at most ``budget`` seconds.

        The answer has seen every change up to ``at_least``; raises ``Unavailable`` if that position is not reached
        within the budget, or during a rebuild.
        """
        answer = self._ask(
            "search", probe=identity_to_json(probe), visible=visible, limit=limit, budget=budget, at_least=at_least
        )
        hits = tuple(_hit(each) for each in answer["hits"])
        return SearchAnswer(hits, answer["share_searched"], answer["position"], answer["version"], answer["records"])

    def explain(self, probe: Identity, id: UUID, *, visible: int, version: str = "") -> Explanation:
        """Compare with one record as it is now, by the current or an earlier version.

        Raises ``NotFound`` if the record is not there or not visible, or the version was never kept.
        """
        answer = self._ask("explain", probe=identity_to_json(probe), id=str(id), visible=visible, version=version)
        return Explanation(_hit(answer["hit"]), answer["version"])

    def overlay(self, probe: str, candidate: str) -> Overlay:
        """Lay two sealed templates on each other, as a comparison does. Raises ``Tampered`` if one does not open."""
        told = self._ask("overlay", probe=probe, candidate=candidate)
        points = ([(x, y, angle) for x, y, angle in told[side]] for side in ("probe", "candidate"))
        first, second = (tuple(each) for each in points)
        return Overlay(first, second, tuple((i, j) for i, j in told["pairs"]))

    def check(self) -> Status:
        """Let the matcher read all its files again. Raises ``Tampered`` naming the first that is not whole."""
        return Status(**self._ask("check"))

    def begin_rebuild(self) -> Status:
        """Empty the gallery; nothing can be searched until ``finish_rebuild``."""
        return Status(**self._ask("begin_rebuild"))

    def finish_rebuild(self, upto: int) -> Status:
        """Declare the gallery complete as of ``upto``."""
        return Status(**self._ask("finish_rebuild", upto=upto))

    def _ask(self, call: str, **arguments: object) -> dict[str, Any]:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(self._timeout)
                connection.connect(str(self._path))
                protocol.send(connection, {"call": call, **arguments})
                message = protocol.receive(connection)
        except TimeoutError:
            raise Unavailable(PART, f"It gave no answer in {self._timeout:g} s; try again in a minute.") from None
        except (OSError, EOFError):
            raise Unavailable(PART, START_IT) from None
        if "answer" not in message:
            raise protocol.error_from_json(message)
        return cast(dict[str, Any], message["answer"])


def _hit(value: dict[str, Any]) -> Hit:
    comparisons = tuple(
        Comparison(each["feature"], each["score"], Detail(each["key"], each["probe"], each["candidate"]))
        for each in value["comparisons"]
    )
    return Hit(UUID(value["id"]), value["score"], comparisons)
