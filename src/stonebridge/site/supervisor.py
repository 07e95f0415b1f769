"""Keeping the processes of a node alive on one machine, for the demo.

A deployment leaves this to systemd (deploy/systemd). A child that ends is started again,
after a pause that doubles while it keeps ending; one signal stops all of them in order.
"""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 10.0  # seconds
STABLE_AFTER = 30.0  # seconds without ending, after which the pause is short again
PATIENCE = 25.0  # seconds for a child to end when asked, before it is killed
_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


@dataclass(slots=True)
class Child:
    """A process to keep alive. What it says goes to ``log``."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    pause: float = SHORTEST_PAUSE
    started_at: float = field(default=0.0)  # of the monotonic clock
    start_again_at: float = field(default=0.0)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then stops all in order
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )
        self.started_at = time.monotonic()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_end(self) -> None:
        if self.process is not None and self.is_alive():
            self.process.terminate()

    def end(self, deadline: float) -> None:
        """Wait until ``deadline`` (monotonic), then kill."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-1500:] if self.log.exists() else ""


class Supervisor:
    """Starts children, watches them until interrupted, and ends them in reverse order."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.children: list[Child] = []
        self._watched: list[tuple[str, Callable[[], bool], Callable[[], None]]] = []
        self._say = say

    def start(self, child: Child) -> None:
        child.start()
        self.children.append(child)

    def watch(self, name: str, is_alive: Callable[[], bool], start: Callable[[], None]) -> None:
        """Keep alive something that is no child of ours."""
        self._watched.append((name, is_alive, start))

    def run(self) -> NoReturn:
        """Watch until an interrupt."""
        while True:
            time.sleep(0.3)
            self.look()

    def look(self) -> None:
        """Start again what has ended and whose pause is over."""
        for name, is_alive, start in self._watched:
            if not is_alive():
                self._say(f"{name} ended; starting it again")
                start()
        for child in self.children:
            if not child.is_alive():
                self._start_again(child)

    def _start_again(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is not None:
            if now - child.started_at > STABLE_AFTER:
                child.pause = SHORTEST_PAUSE
            self._say(f"{child.name} ended ({child.process.returncode}); starting it again in {child.pause:g} s")
            child.process, child.start_again_at = None, now + child.pause
            child.pause = min(2 * child.pause, LONGEST_PAUSE)
        elif now >= child.start_again_at:
            child.start()

    def end(self, patience: float = PATIENCE) -> None:
        """End every child, the last started first; kill what has not ended after ``patience`` seconds."""
        deadline = time.monotonic() + patience
        for child in reversed(self.children):
            child.ask_to_end()
            child.end(deadline)


def _end_with_parent() -> None:
    """In the child: be asked to end when the supervisor is killed, so that nothing is left behind."""
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)
