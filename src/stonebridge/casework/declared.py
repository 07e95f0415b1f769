"""The processes that run here: one table, set by the site; and their guarded exits, as the database knows them."""

from collections.abc import Iterator

from stonebridge.casework.models import GuardedExit
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput
from stonebridge.domain.process import Process

_set: dict[str, tuple[Process, Purpose]] = {}


def register(processes: dict[Purpose, tuple[Process, ...]]) -> None:
    """Set the processes with the purpose that each serves. Called once, when the node starts."""
    global _set  # one table a process, set at start
    _set = {each.id: (each, purpose) for purpose, listed in processes.items() for each in listed}


def processes(purpose: Purpose) -> tuple[Process, ...]:
    """The processes that serve a purpose."""
    return tuple(each for each, serves in _set.values() if serves is purpose)


def process(id: str) -> tuple[Process, Purpose]:
    """A process and its purpose.

    Raises:
        BadInput: none of this name runs here.
    """
    if id not in _set:
        raise BadInput("process", id, f"Name one of: {', '.join(sorted(_set))}.")
    return _set[id]


def write_exits(using: str) -> None:
    """Tell the database which exit of which version has which guards, as ``owner``. What was declared stays."""
    for process, _ in _set.values():
        GuardedExit.objects.using(using).bulk_create(_exits(process), ignore_conflicts=True)


def _exits(process: Process) -> Iterator[GuardedExit]:
    yield GuardedExit(process=process.id, version=process.version, stage="", outcome="", to=process.stages[0].id)
    for stage in process.stages:
        for each in stage.exits:
            for guard in each.guards or ("",):
                yield GuardedExit(
                    process=process.id, version=process.version, stage=stage.id, outcome=each.outcome, to=each.to, guard=guard
                )  # fmt: skip
