"""What waits at a desk: each room contributes its queues to one table, set by the site.

A queue says how many things wait and by when; never who they are about.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from stonebridge.accounts.doors import Desk

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Queue:
    """Things of one kind that wait for whoever sits at a desk.

    ``due_at`` is when the first of them is due, if any has a limit; ``overdue`` is how many are late.
    ``next_step`` is what the button says that leads to the first of them; empty where nothing is to be done.
    """

    label: "StrOrPromise"
    hint: "StrOrPromise"
    url: str
    count: int
    next_step: "StrOrPromise"
    due_at: datetime | None = None
    overdue: int = 0


Source = Callable[[Desk], list[Queue]]
_set: tuple[Source, ...] = ()


def register(*sources: Source) -> None:
    """Set the sources, in their order on the page. Called once, when the node starts."""
    global _set  # one table a process, set at start
    _set = sources


def queues_at(desk: Desk) -> list[Queue]:
    """Every queue of this desk, empty ones too. Each source answers for the roles that have work there."""
    return [queue for source in _set for queue in source(desk)]


def most_urgent(queues: list[Queue]) -> Queue | None:
    """The queue to begin with: what is late, then what is due first, then what stands first; none if nothing waits."""
    waiting = [queue for queue in queues if queue.count and queue.next_step]
    far = max((queue.due_at for queue in waiting if queue.due_at), default=None)
    return min(waiting, key=lambda queue: (not queue.overdue, queue.due_at is None, queue.due_at or far), default=None)
