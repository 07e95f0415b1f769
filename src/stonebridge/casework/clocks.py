"""Which time limit runs in a case: asked of the room that declared its process, through one table, set by the site."""

from collections.abc import Callable

from django.utils.functional import Promise

from stonebridge.casework.models import Case
from stonebridge.domain.deadlines import Deadline

Source = Callable[[Case], tuple[Promise, Deadline] | None]
_set: Source | None = None


def register(source: Source) -> None:
    """Set who knows the limits. Called once, when the node starts."""
    global _set  # one table a process, set at start
    _set = source


def running(case: Case) -> tuple[Promise, Deadline] | None:
    """The limit that runs now, with what it is for; None where none runs.

    Raises:
        NoRuleMatched: one would run, and nothing on file says how long.
    """
    return _set(case) if _set and case.purpose == "readmission" and case.ended_at is None else None
