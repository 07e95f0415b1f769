"""A node's matcher for the tests of identification, and the pairs of people that it finds."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from matching.running_matcher import RunningMatcher, started
from people import NOW
from stonebridge.identification.worker import answer_due


@contextmanager
def running_matcher() -> Iterator[RunningMatcher]:
    """A matcher process with an empty gallery in a short folder."""
    with tempfile.TemporaryDirectory(prefix="sb") as folder:
        running = started(Path(folder))
        try:
            yield running
        finally:
            running.kill()


def answered(matcher: RunningMatcher, now=NOW) -> int:
    """Let the worker do what is due."""
    return answer_due(now, matcher=matcher.client)
