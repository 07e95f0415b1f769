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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from stonebridge.domain.errors import BadInput, StonebridgeError, Unavailable
from stonebridge.exchange.transports.signatures import public_key
from stonebridge.site import memory
from stonebridge.site.demo.sign_ins import PASSWORD, SIGN_INS
from stonebridge.site.embedded import Server
from stonebridge.site.node import load_node
from stonebridge.site.state import ensure_keys, make_folder, read_secrets, socket_folder
from stonebridge.site.supervisor import Child, Supervisor

ROOT = Path(__file__).resolve().parents[3]
COMMAND = str(Path(sys.executable).with_name("stonebridge"))
FIRST_PORT = 8000
LOCK = "demo.lock"
START_LIMIT = 120.0  # seconds for a process to be ready
MEMORY = ((1, 900 << 20), (3, 2 << 30), (7, 4 << 30))
"""Bytes that so many nodes may take together, at most."""
LATER_START = 15.0
"""Seconds within which three nodes that have their data stand again, on two idle cores."""
IDLE = 0.8
"""Share of the machine that must be idle before a later start that took too long is held against us."""
REGION = ("mk", "rs", "eu-ms")
WHOLE_REGION = (*REGION, "al", "ba", "me", "xk")
WITH_STORIES = ("mk", "rs")
"""Nodes that know the people of whom the journey of one node tells."""
FOOTNOTE = (
    "  * This designation is without prejudice to positions on status, and is in line with UNSCR 1244/1999 and the ICJ\n"
    "    Opinion on the Kosovo declaration of independence."
)


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
        description="Bring up nodes that are partners of each other, with invented people, on this machine. One Ctrl-C "
        "stops all; the next start finds their data again.",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--nodes", default=",".join(REGION), metavar="CODES", help="which, by commas (%(default)s)")
    which.add_argument("--all", dest="nodes", action="store_const", const=",".join(WHOLE_REGION),
                       help=f"the whole region: {', '.join(WHOLE_REGION)}")  # fmt: skip
    parser.add_argument("--port", type=int, metavar="N", help=f"of the first node; the others follow ({FIRST_PORT})")
    parser.add_argument("--reset", action="store_true", help="throw away what was done and begin anew")
    parser.add_argument(
        "--smoke", action="store_true", help="play the journeys over HTTP on data apart, measure, and stop"
    )
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
    try:
        for node, server in servers.items():
            if arguments.reset or arguments.smoke:
                _throw_away(node, server)
        took = start_nodes(servers, dict.fromkeys(nodes, supervisor))
        if arguments.smoke:
            status = max(_play(nodes), _measure(servers))
            supervisor.end()
            return max(status, _start_again(servers))
        say(_welcome(nodes, took))
        supervisor.run()
    except KeyboardInterrupt:
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        say("Stopping ...")
        supervisor.end()
        with ThreadPoolExecutor() as threads:
            list(threads.map(Server.stop, servers.values()))
        say("Stopped. The data stay for the next start; --reset begins anew.")


def start_nodes(servers: Mapping[DemoNode, Server], supervisors: Mapping[DemoNode, Supervisor], *seeding: str) -> float:
    """Bring up nodes whole and let each in at every other, all at once, step by step; the seconds that it took.

    Parts start in the order in which they need each other. ``seeding`` goes to ``demo seed``.

    Raises:
        Unavailable: a part does not come up; the text says which, and its last words.
    """
    began = time.monotonic()
    are_new = [node for node, server in servers.items() if not server.is_made()]
    say(f"Starting {', '.join(node.code for node in servers)}" + (", the first time" if are_new else ""))
    with ThreadPoolExecutor() as threads:
        list(threads.map(Server.start, servers.values()))
    for node, server in servers.items():
        ensure_keys(node.state)
        make_folder(node.state / "static")
        supervisors[node].watch(f"[{node.code}] database", server.is_running, server.start)
    _run({node: (COMMAND, "demo", "seed", *seeding, *_partners(node, servers)) for node in servers})
    started = {node: _start_processes(node, supervisors[node]) for node in servers}
    for node, (matcher, worker, web) in started.items():
        _wait_for(matcher, node.matcher_socket.exists)
        _wait_for(worker, worker.is_alive)
        _wait_for(web, partial(_answers, node.address))
    _run(dict.fromkeys(are_new, (COMMAND, "demo", "settle")))
    return time.monotonic() - began


def _partners(node: DemoNode, others: Iterable[DemoNode]) -> Iterator[str]:
    for other in others:
        if other is not node:
            key = public_key(bytes.fromhex(read_secrets(other.state)["exchange_key"])).hex()
            yield from ("--partner", other.code, other.address, key)


def _start_processes(node: DemoNode, supervisor: Supervisor) -> list[Child]:
    """Start matcher, worker and web, without waiting for them."""
    logs = make_folder(node.state / "logs")
    node.matcher_socket.unlink(missing_ok=True)
    for name, words in (("matcher", ()), ("worker", ()), ("serve", ("--address", f"127.0.0.1:{node.port}"))):
        log = logs / f"{name}.log"
        log.unlink(missing_ok=True)
        supervisor.start(Child(f"[{node.code}] {name}", (COMMAND, name, *words), node.environment, log))
    return supervisor.children[-3:]


def _welcome(nodes: Sequence[DemoNode], took: float) -> str:
    """Where to go, and how to sign in."""
    names = {node: load_node(ROOT / "nodes" / node.code).names["en"] for node in nodes}
    first, others = nodes[0].code, [node.code for node in nodes[1:]]
    lines = [
        "",
        f"Ready after {took:.0f} s. Nobody here exists: every person and every officer is invented.",
        "",
        *(f"  {names[node]:24} {node.address}" for node in nodes),
        *((FOOTNOTE,) if any("*" in name for name in names.values()) else ()),
        "",
        "The start page of each says who can sign in, with the codes of this moment, and what to try first.",
        f"The password of all is: {PASSWORD}",
        "",
        *(f"  {f'{each.key}@{first}.example':24} {each.role.replace('_', ' '):24} {each.unit}" for each in SIGN_INS),
        *((f"  At the other nodes the same, as {SIGN_INS[0].key}@{others[0]}.example.",) if others else ()),
        "",
        "A code at the terminal: .venv/bin/stonebridge demo code NAME"
        + (f"  (of another node: STONEBRIDGE_NODE={others[0]} before it)" if others else ""),
        "Ctrl-C stops everything.",
    ]
    return "\n".join(lines)


def _throw_away(node: DemoNode, server: Server) -> None:
    say(f"[{node.code}] throwing away what was there")
    server.remove()
    for path in node.state.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


def _run(commands: Mapping[DemoNode, Sequence[str]]) -> None:
    """Run one command of each node at once, to their ends; what they say is shown.

    Raises:
        Unavailable: one failed.
    """
    running = {node: _begin(node, command) for node, command in commands.items()}
    for node, status in [(node, _end(process, *running.values())) for node, process in running.items()]:
        if status:
            said = " ".join(commands[node][1:3])
            raise Unavailable(f"[{node.code}] {said}", f"It ended with {status}; what it said stands above.")


def _begin(node: DemoNode, command: Sequence[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, env=node.environment, stdin=subprocess.DEVNULL, start_new_session=True)


def _end(process: "subprocess.Popen[bytes]", *others: "subprocess.Popen[bytes]") -> int:
    """Wait for its end; an interrupt ends all."""
    try:
        return process.wait()
    except KeyboardInterrupt:
        for each in (process, *others):
            each.terminate()
        for each in (process, *others):
            each.wait()
        raise


def _play(nodes: Sequence[DemoNode]) -> int:
    """Play the journey of each node by itself, and then the one that crosses nodes; 0 when all was as it should be."""
    by_code = {node.code: node for node in nodes}
    alone = next((node for node in nodes if node.code in WITH_STORIES), None)
    steps: list[tuple[DemoNode, Sequence[str]]] = (
        [(alone, ("demo", "smoke", "--address", alone.address))] if alone else []
    )
    if set(REGION) <= set(by_code):
        addresses = [word for node in nodes for word in ("--at", node.code, node.address)]
        steps.append((by_code["rs"], ("demo", "region", *addresses)))
        steps += [(by_code[code], ("log", act)) for code in REGION for act in ("sign", "verify")]
    return max((_end(_begin(node, (COMMAND, *words))) for node, words in steps), default=0)


def _measure(servers: Mapping[DemoNode, Server]) -> int:
    """Say how much memory the whole demo takes; 1 when that is too much."""
    taken = memory.used(memory.tree(os.getpid(), *(server.pid() or os.getpid() for server in servers.values())))
    limit = memory_limit(len(servers))
    say(f"Memory of all processes of {len(servers)} nodes (PSS): {taken >> 20} MB of at most {limit >> 20} MB.")
    return 0 if taken <= limit else 1


def memory_limit(nodes: int) -> int:
    """Bytes that so many nodes may take together."""
    return next((most for count, most in MEMORY if nodes <= count), nodes * MEMORY[-1][1] // MEMORY[-1][0])


def _start_again(servers: Mapping[DemoNode, Server]) -> int:
    """Start once more, with the data there, and say how long it took; 1 when that is too long on idle cores."""
    supervisor = Supervisor(say)
    for server in servers.values():
        server.stop()
    idle = memory.idle_share()
    try:
        took = start_nodes(servers, dict.fromkeys(servers, supervisor))
    finally:
        supervisor.end()
    limit = LATER_START * max(1.0, len(servers) / len(REGION))
    say(f"A later start of {len(servers)} nodes: {took:.1f} s of at most {limit:.0f} s.")
    if took > limit and idle < IDLE:
        say(f"Not judged: other work left {idle:.0%} of this machine to the start. Try again when it is idle.")
        return 0
    return 0 if took <= limit else 1


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
