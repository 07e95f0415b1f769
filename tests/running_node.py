"""A whole node for a test: its own PostgreSQL, web, worker and matcher, as the demo runs them."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.test import override_settings

from node_under_test import point_django_at
from stonebridge.site.demonstration import COMMAND, DemoNode, free_port, start_nodes
from stonebridge.site.embedded import Server
from stonebridge.site.state import read_secrets
from stonebridge.site.supervisor import SHORTEST_PAUSE, Supervisor

PATIENCE = 90.0  # seconds for a node to be whole again


@dataclass
class RunningNode:
    """A node that a supervisor keeps alive in the background. ``said`` is what the supervisor told."""

    node: DemoNode
    server: Server
    supervisor: Supervisor
    said: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return self.node.address

    def look_after(self) -> None:
        """Start again what has ended, at once, until the node stops."""
        while not self.stop.wait(0.1):
            for child in self.supervisor.children:
                child.pause = min(child.pause, SHORTEST_PAUSE)
            self.supervisor.look()

    def kill(self, part: str) -> bool:
        """``kill -9`` of ``web``, its worker ``web worker``, ``worker``, ``matcher`` or ``postgres``; whether it lived."""
        if part == "postgres":
            process = self.server.pid()
        else:
            name = part.split()[0].replace("web", "serve")
            child = next(each for each in self.supervisor.children if each.name.endswith(name))
            process = child.process.pid if child.process is not None else None
            if part == "web worker" and process is not None:
                process = next(iter(children_of(process)), None)
        return process is not None and with_no_regret(process)

    def tell(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Give the node a command from the terminal."""
        return subprocess.run(
            [COMMAND, *command], env=self.node.environment, capture_output=True, text=True, check=False, timeout=300
        )


def with_no_regret(process: int) -> bool:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def children_of(process: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except FileNotFoundError:
        return []


def wait_until(holds: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Return when it holds; fail after ``patience`` seconds."""
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.1)


@contextmanager
def running_node(state: Path, *seeding: str, code: str = "mk") -> Iterator[RunningNode]:
    """Bring up a node with invented people; this process sees its database and knows its secrets meanwhile."""
    with running_nodes({code: state}, *seeding) as (made,):
        yield made


@contextmanager
def running_nodes(states: Mapping[str, Path], *seeding: str, seen: bool = True) -> Iterator[list[RunningNode]]:
    """Bring up nodes that are partners of one another; if ``seen``, this process sees the database of the first."""
    servers = {DemoNode(code, state, free_port()): Server(state) for code, state in states.items()}
    said: list[str] = []
    supervisors = {node: Supervisor(said.append) for node in servers}
    made = [RunningNode(node, server, supervisors[node], said) for node, server in servers.items()]
    keepers = [threading.Thread(target=each.look_after) for each in made]
    try:
        start_nodes(servers, supervisors, *seeding)
        for keeper in keepers:
            keeper.start()
        if not seen:
            yield made
            return
        point_django_at(made[0].server.urls())
        stored = read_secrets(made[0].node.state)
        with override_settings(SECRET_KEY=stored["secret_key"], MATCHER_SOCKET=made[0].node.matcher_socket):
            yield made
    finally:
        for each, keeper in zip(made, keepers, strict=True):
            each.stop.set()
            if keeper.is_alive():
                keeper.join()
            each.supervisor.end(patience=5)
            each.server.remove()
