"""``scripts/demo``: whole nodes with invented people on this machine, for whoever wants to try.

Each node has a state of its own below ``.state``: its database, its keys, its logs. The
processes are the ones of a real deployment; only the database server is the embedded one.
"""

import argparse
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from stonebridge.domain.errors import BadInput, StonebridgeError, Unavailable
from stonebridge.exchange.transports.signatures import public_key
from stonebridge.site import memory
from stonebridge.site.embedded import Server
from stonebridge.site.state import ensure_keys, make_folder, read_secrets, socket_folder
from stonebridge.site.supervisor import Child, Supervisor

ROOT = Path(__file__).resolve().parents[3]
COMMAND = str(Path(sys.executable).with_name("stonebridge"))
FIRST_PORT = 8000
LOCK = "demo.lock"
START_LIMIT = 120.0  # seconds for a process to be ready
MEMORY_A_NODE = 900 << 20  # bytes


@dataclass(frozen=True, slots=True)
class DemoNode:
    """One node of the demo."""

    code: str
    state: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def matcher_socket(self) -> Path:
        return socket_folder(self.state) / "matcher.sock"

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are started with: nothing of another node, and no address of another database."""
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("STONEBRIDGE_", "DATABASE_URL"))}  # fmt: skip
        return kept | {
            "STONEBRIDGE_MODE": "demo",
            "STONEBRIDGE_NODE": self.code,
            "STONEBRIDGE_STATE": str(self.state),
            "STONEBRIDGE_MATCHER_SOCKET": str(self.matcher_socket),
            "PYTHONUNBUFFERED": "1",
            "MALLOC_ARENA_MAX": "2",
        }


def main() -> int:
    arguments = _parser().parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        nodes = _nodes(arguments)
        with _alone(nodes):
            return _bring_up(nodes, arguments)
    except StonebridgeError as error:
        say(f"Not started: {error}")
        return 2


def say(text: str) -> None:
    print(text, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="Bring up a node with invented people on this machine. One Ctrl-C stops it; the next start finds "
        "its data again.",
    )
    parser.add_argument("--nodes", default="mk", metavar="CODES", help="which nodes, by commas (%(default)s)")
    parser.add_argument("--port", type=int, metavar="N", help=f"of the first node; the others follow ({FIRST_PORT})")
    parser.add_argument("--reset", action="store_true", help="throw away what was done and begin anew")
    parser.add_argument("--smoke", action="store_true", help="play the main journey over HTTP on data apart, and stop")
    return parser


def _nodes(arguments: argparse.Namespace) -> list[DemoNode]:
    codes = [code for code in arguments.nodes.split(",") if code]
    known = sorted(path.parent.name for path in (ROOT / "nodes").glob("*/node.toml"))
    for code in codes:
        if code not in known:
            raise BadInput("--nodes", code, f"Name nodes that have a folder below nodes/: {', '.join(known)}.")
    ports = _free_ports(len(codes), arguments.port, anywhere=arguments.smoke)
    prefix = "smoke-" if arguments.smoke else ""
    return [DemoNode(code, ROOT / ".state" / f"{prefix}{code}", port) for code, port in zip(codes, ports, strict=True)]


def _free_ports(count: int, first: int | None, *, anywhere: bool) -> list[int]:
    if first is not None and not 1 <= first <= 65535 - count:
        raise BadInput("--port", first, f"Give a port from 1 to {65535 - count}.")
    if first is not None:
        wanted = list(range(first, first + count))
    elif anywhere:
        wanted = [free_port() for _ in range(count)]
    else:
        wanted = [port for port in range(FIRST_PORT, FIRST_PORT + 100) if _is_free(port)][:count]
    taken = [port for port in wanted if not _is_free(port)]
    if taken or len(wanted) < count:
        raise BadInput("--port", taken or FIRST_PORT, "Another program listens there: choose another port.")
    return wanted


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextmanager
def _alone(nodes: list[DemoNode]) -> Iterator[None]:
    """One demo at a time for each node."""
    opened = []
    try:
        for node in nodes:
            opened.append((make_folder(node.state) / LOCK).open("w"))
            try:
                fcntl.flock(opened[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Unavailable(f"the state of node {node.code}", "Another demo uses it: stop that one.") from error
        yield
    finally:
        for file in opened:
            file.close()


def _bring_up(nodes: list[DemoNode], arguments: argparse.Namespace) -> int:
    supervisor = Supervisor(say)
    servers = {node: Server(node.state) for node in nodes}
    began = time.monotonic()
    try:
        for node, server in servers.items():
            if arguments.reset or arguments.smoke:
                _throw_away(node, server)
            start_node(node, server, supervisor)
        join_partners(nodes)
        say(f"Ready after {time.monotonic() - began:.0f} s.")
        if arguments.smoke:
            return max(*(_smoke(node) for node in nodes), _measure(servers))
        say("Ctrl-C stops it.")
        supervisor.run()
    except KeyboardInterrupt:
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        say("Stopping ...")
        supervisor.end()
        for server in servers.values():
            server.stop()
        say("Stopped. The data stay for the next start; --reset begins anew.")


def start_node(node: DemoNode, server: Server, supervisor: Supervisor, *seeding: str) -> None:
    """Bring up a node whole, in the order in which its parts need each other; ``seeding`` goes to ``demo seed``.

    Raises:
        Unavailable: a part does not come up; the text says which, and its last words.
    """
    say(f"[{node.code}] database")
    server.start()
    ensure_keys(node.state)
    supervisor.watch(f"[{node.code}] database", server.is_running, server.start)
    say(f"[{node.code}] tables, rights and invented people")
    make_folder(node.state / "static")
    _run(node, COMMAND, "demo", "seed", *seeding)
    logs = make_folder(node.state / "logs")
    node.matcher_socket.unlink(missing_ok=True)
    for name, words in (("matcher", ()), ("worker", ()), ("serve", ("--address", f"127.0.0.1:{node.port}"))):
        log = logs / f"{name}.log"
        log.unlink(missing_ok=True)
        supervisor.start(Child(f"[{node.code}] {name}", (COMMAND, name, *words), node.environment, log))
    matcher, worker, web = supervisor.children[-3:]
    _wait_for(matcher, node.matcher_socket.exists)
    _wait_for(worker, worker.is_alive)
    _wait_for(web, lambda: _answers(node.address))
    say(f"[{node.code}] open {node.address}")
    _run(node, COMMAND, "demo", "settle")


def join_partners(nodes: Sequence[DemoNode]) -> None:
    """Let every node of the demo in at every other one."""
    for node in nodes:
        for other in nodes:
            if other is not node:
                key = public_key(bytes.fromhex(read_secrets(other.state)["exchange_key"])).hex()
                _run(node, COMMAND, "demo", "join", other.code, other.address, key)


def _throw_away(node: DemoNode, server: Server) -> None:
    say(f"[{node.code}] throwing away what was there")
    server.remove()
    for path in node.state.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


def _run(node: DemoNode, *command: str) -> None:
    """Run one command of the node to its end; what it says is shown.

    Raises:
        Unavailable: it failed.
    """
    status = _status(node, *command)
    if status:
        raise Unavailable(" ".join(command[1:]), f"It ended with {status}; what it said stands above.")


def _smoke(node: DemoNode) -> int:
    return _status(node, COMMAND, "demo", "smoke", "--address", node.address)


def _measure(servers: dict[DemoNode, Server]) -> int:
    """Say how much memory the whole demo takes; 1 when that is too much."""
    taken = memory.used(memory.tree(os.getpid(), *(server.pid() or os.getpid() for server in servers.values())))
    limit = MEMORY_A_NODE * len(servers)
    say(f"Memory of all processes (PSS): {taken >> 20} MB of at most {limit >> 20} MB.")
    return 0 if taken <= limit else 1


def _status(node: DemoNode, *command: str) -> int:
    process = subprocess.Popen(command, env=node.environment, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise


def _wait_for(child: Child, is_ready: Callable[[], bool]) -> None:
    """Return when the child is ready.

    Raises:
        Unavailable: it ended, or took too long; the text ends with its last words.
    """
    deadline = time.monotonic() + START_LIMIT
    while not is_ready():
        if not child.is_alive() or time.monotonic() > deadline:
            raise Unavailable(child.name, f"Its log {child.log} ends with: {child.last_words()}")
        time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=10):  # noqa: S310 our own address
            return True
    except HTTPError as error:
        return error.code < 500
    except URLError:
        return False


if __name__ == "__main__":
    raise SystemExit(main())
