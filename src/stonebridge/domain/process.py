"""Processes as declarations: stages that exclude each other, tasks that need not, guards, deadlines, legal basis.

Nothing here can be called: a process is data, so that it can be printed as a table and drawn, and so that what
is drawn is what runs. A case stands at one stage. It leaves by one of the stage's exits, through every guard of
that exit. A guard is a question with three answers; only a clear *no obstacle* opens it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from stonebridge.domain.actor import Role
from stonebridge.domain.errors import BadInput

OF_THE_CASE: Final = "agreement"
"""Stands for the agreement under which a case runs, because the articles are the same in several."""
OF_THE_NODE: Final = "national_law"
"""Stands for a law that each node names: until it does, there is no rule on file."""


@dataclass(frozen=True, slots=True)
class Basis:
    """An instrument by its identifier, and the articles in it. The articles are empty for ``OF_THE_NODE`` alone."""

    instrument: str
    articles: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.instrument} {', '.join(self.articles)}".strip()


@dataclass(frozen=True, slots=True)
class Due:
    """A parameter of law that says how long, and the event that it counts from."""

    parameter: str
    since: str


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work. ``optional`` work may stay undone when the case moves on; ``second`` needs another officer's hand."""

    id: str
    title: str
    role: Role
    basis: Basis
    due: Due | None = None
    optional: bool = False
    second: bool = False


@dataclass(frozen=True, slots=True)
class Guard:
    """A question that keeps an exit shut unless the answer is known and nothing stands in the way."""

    id: str
    title: str
    basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of a stage: what happened, where to, and through which guards.

    ``early``: it may be taken although work of the stage is undone, as a withdrawal may.
    """

    outcome: str
    title: str
    to: str
    guards: tuple[str, ...] = ()
    early: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a case stands. A stage without an exit is an end."""

    id: str
    title: str
    tasks: tuple[Task, ...] = ()
    exits: tuple[Exit, ...] = ()

    @property
    def is_end(self) -> bool:
        return not self.exits


@dataclass(frozen=True, slots=True)
class Process:
    """A declared process. It begins at its first stage. Running cases name the version under which they run."""

    id: str
    title: str
    version: int
    stages: tuple[Stage, ...]
    guards: tuple[Guard, ...] = ()

    def stage(self, id: str) -> Stage:
        """Raises ``BadInput`` for a stage that the process does not have."""
        for stage in self.stages:
            if stage.id == id:
                return stage
        raise BadInput("stage", id, f"Stages of {self.id} are: {', '.join(each.id for each in self.stages)}.")

    def exit(self, stage: str, outcome: str) -> Exit:
        """Raises ``BadInput`` for an outcome that the stage does not have."""
        for each in (known := self.stage(stage).exits):
            if each.outcome == outcome:
                return each
        raise BadInput(
            "outcome", outcome, f"From {stage} a case leaves by: {', '.join(e.outcome for e in known) or 'nothing'}."
        )

    def guard(self, id: str) -> Guard:
        """Raises ``BadInput`` for a guard that the process does not have."""
        for guard in self.guards:
            if guard.id == id:
                return guard
        raise BadInput("guard", id, f"Guards of {self.id} are: {', '.join(each.id for each in self.guards)}.")

    @property
    def tasks(self) -> Iterator[tuple[Stage, Task]]:
        """Every task with its stage, in order."""
        return ((stage, task) for stage in self.stages for task in stage.tasks)


def faults(process: Process, *, instruments: Iterable[str], parameters: Iterable[str]) -> tuple[str, ...]:
    """What is wrong with a declaration, each in a sentence; empty when it may run.

    ``instruments`` and ``parameters`` are the identifiers that the law has on file.
    """
    return (
        *_names(process),
        *_ways(process),
        *_law(process, {*instruments, OF_THE_CASE, OF_THE_NODE}, set(parameters)),
    )


def _names(process: Process) -> Iterator[str]:
    if not process.stages:
        yield f"{process.id} has no stage"
    yield from _doubled("stage", (stage.id for stage in process.stages))
    yield from _doubled("task", (task.id for _, task in process.tasks))
    yield from _doubled("guard", (guard.id for guard in process.guards))
    for stage in process.stages:
        yield from _doubled(f"outcome of {stage.id}", (each.outcome for each in stage.exits))
        if stage.is_end and stage.tasks:
            yield f"{stage.id} is an end and has tasks that nobody would close"
    used = {guard for stage in process.stages for each in stage.exits for guard in each.guards}
    declared = {guard.id for guard in process.guards}
    yield from (f"guard {id} is used and not declared" for id in sorted(used - declared))
    yield from (f"guard {id} is declared and guards nothing" for id in sorted(declared - used))


def _doubled(kind: str, ids: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for id in ids:
        if id in seen:
            yield f"{kind} {id} is declared twice"
        seen.add(id)


def _ways(process: Process) -> Iterator[str]:
    known = {stage.id for stage in process.stages}
    onward = {stage.id: {each.to for each in stage.exits} & known for stage in process.stages}
    for stage in process.stages:
        yield from (f"{stage.id} leads to {each.to}, which is no stage" for each in stage.exits if each.to not in known)
    if process.stages:
        reached = _closure({process.stages[0].id}, onward)
        yield from (f"{id} cannot be reached" for id in onward if id not in reached)
    backward: dict[str, set[str]] = {id: set() for id in known}
    for id, following in onward.items():
        for each in following:
            backward[each].add(id)
    ending = _closure({stage.id for stage in process.stages if stage.is_end}, backward)
    yield from (f"no end can be reached from {id}" for id in onward if id not in ending)


def _closure(found: set[str], ways: dict[str, set[str]]) -> set[str]:
    open_ends = list(found)
    while open_ends:
        new = ways[open_ends.pop()] - found
        found |= new
        open_ends += new
    return found


def _law(process: Process, instruments: set[str], parameters: set[str]) -> Iterator[str]:
    cited = [(f"task {task.id}", task.basis) for _, task in process.tasks]
    cited += [(f"guard {guard.id}", basis) for guard in process.guards for basis in guard.basis]
    for place, basis in cited:
        if basis.instrument not in instruments:
            yield f"{place} cites {basis.instrument}, which is not on file"
        if not basis.articles and basis.instrument != OF_THE_NODE:
            yield f"{place} cites no article of {basis.instrument}"
    yield from (f"guard {guard.id} has no basis" for guard in process.guards if not guard.basis)
    for _, task in process.tasks:
        if task.due and task.due.parameter not in parameters:
            yield f"task {task.id} is due by {task.due.parameter}, which is not on file"
