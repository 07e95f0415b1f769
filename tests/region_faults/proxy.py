"""A network that cannot be trusted, as a process of its own: it drops, doubles, delays, reorders, changes and replays.

``python -m region_faults.proxy SEED PORT:TARGET PORT:TARGET`` listens on each port and passes what comes to its target,
or does something worse. Told ``heal`` it passes everything; told ``end`` it says what it did, in JSON.
"""

import hashlib
import json
import re
import socket
import sys
import threading
import time
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

PATIENCE = 5.0
KEPT = 300
"""Requests and answers remembered for replays, each way."""
FAULTS = {
    "passed": 55, "request dropped": 5, "answer dropped": 6, "doubled": 5, "delayed": 5, "passed too late": 4,
    "request changed": 6, "answer changed": 3, "old request replayed": 5, "old answer replayed": 4, "sent back": 2,
}  # fmt: skip
"""What becomes of a message, and how often in a hundred."""
PARTITION = (4.0, 1.5)
"""Seconds between partitions on average, and how long one lasts at most."""
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_SIGNATURE = re.compile(rb"\r\nsignature: *(\S+)", re.IGNORECASE)
_BODY = re.compile(rb'"body":\{.*?[a-z]')


@dataclass
class Link:
    """One direction: where it leads, and what went over it."""

    port: int
    target: int
    requests: deque[bytes] = field(default_factory=lambda: deque(maxlen=KEPT))
    answers: deque[bytes] = field(default_factory=lambda: deque(maxlen=KEPT))


@dataclass
class Network:
    links: list[Link]
    random: Random
    did: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    """How often the request with this signature was answered as one that was taken."""
    changed_taken: int = 0
    """Requests that were changed, or sent to another than they were signed for, and taken."""
    is_healed: bool = False
    is_apart: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def chance(self) -> float:
        with self.lock:
            return self.random.random()

    def pick(self, among: "deque[bytes]") -> bytes | None:
        with self.lock:
            return self.random.choice(among) if among else None

    def count(self, what: str) -> None:
        with self.lock:
            self.did[what] += 1

    def fault(self) -> str:
        """What becomes of the next message."""
        if self.is_healed:
            return "passed"
        if self.is_apart:
            return "apart"
        with self.lock:
            return self.random.choices(list(FAULTS), list(FAULTS.values()))[0]

    def serve(self, link: Link, caller: socket.socket) -> None:
        """Deal with one message."""
        with caller, suppress(OSError):
            caller.settimeout(PATIENCE)
            request = read_message(caller)
            if not request:
                return
            fault = self.fault()
            self.count(fault)
            answer = self.treat(fault, link, request)
            if answer:
                caller.sendall(answer)

    def treat(self, fault: str, link: Link, request: bytes) -> bytes:
        """Apply one fault; what the caller is told, or nothing."""
        if fault in {"apart", "request dropped"}:
            return b""
        if fault == "passed too late":
            later = threading.Thread(target=self.late, args=(link, request))
            later.start()
            return b""
        if fault == "old answer replayed":
            return self.pick(link.answers) or b""
        if fault == "sent back":
            other = next(each for each in self.links if each is not link)
            return self.forward(other, request, is_changed=True)
        if fault == "request changed":
            return self.forward(link, changed(request, self.chance()), is_changed=True)
        if fault == "old request replayed":
            old = self.pick(link.requests)
            if old is not None:
                self.forward(link, old)
        if fault == "delayed":
            time.sleep(0.1 + 0.5 * self.chance())
        if fault == "doubled":
            other_copy = threading.Thread(target=self.forward, args=(link, request))
            other_copy.start()
        answer = self.forward(link, request)
        link.requests.append(request)
        if answer:
            link.answers.append(answer)
        if fault == "answer dropped":
            return b""
        return changed(answer, self.chance()) if fault == "answer changed" and answer else answer

    def late(self, link: Link, request: bytes) -> None:
        time.sleep(0.5 + 2 * self.chance())
        self.forward(link, request)

    def forward(self, link: Link, request: bytes, *, is_changed: bool = False) -> bytes:
        """Pass a request on; the answer, or nothing when there is none."""
        try:
            with socket.create_connection(("127.0.0.1", link.target), timeout=PATIENCE) as server:
                server.sendall(request)
                answer = read_message(server)
        except OSError:
            return b""
        if re.match(rb"HTTP/1\.[01] 20", answer):
            named = _SIGNATURE.search(request)
            with self.lock:
                self.taken[hashlib.sha256(named[1] if named else request).hexdigest()] += 1
                self.changed_taken += is_changed
        return answer

    def come_apart(self) -> None:
        """Cut the links now and then, until it is healed."""
        while not self.is_healed:
            time.sleep(PARTITION[0] * 2 * self.chance())
            self.is_apart = True
            time.sleep(PARTITION[1] * self.chance())
            self.is_apart = False


def changed(message: bytes, chance: float) -> bytes:
    """The message with one bit of its content changed; half of them in what it says, where it stays well formed."""
    head, _, body = message.partition(b"\r\n\r\n")
    says = _BODY.search(body)
    at = says.end() - 1 if says and chance < 0.5 else int(chance * len(body.rstrip(b' "}')))
    return head + b"\r\n\r\n" + body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :] if body else message


def read_message(peer: socket.socket) -> bytes:
    """One whole HTTP message, or nothing."""
    read = b""
    while b"\r\n\r\n" not in read:
        more = peer.recv(65536)
        if not more:
            return b""
        read += more
    head, _, body = read.partition(b"\r\n\r\n")
    named = _LENGTH.search(head)
    wanted = int(named[1]) if named else 0
    while len(body) < wanted:
        more = peer.recv(65536)
        if not more:
            return b""
        body += more
    return head + b"\r\n\r\n" + body[:wanted]


def listen(network: Network, link: Link) -> None:
    with socket.create_server(("127.0.0.1", link.port), backlog=64) as server:
        while True:
            caller, _ = server.accept()
            threading.Thread(target=network.serve, args=(link, caller), daemon=True).start()


def main() -> int:
    seed, *ports = sys.argv[1:]
    links = [Link(*map(int, each.split(":"))) for each in ports]
    network = Network(links, Random(seed))
    for link in links:
        threading.Thread(target=listen, args=(network, link), daemon=True).start()
    threading.Thread(target=network.come_apart, daemon=True).start()
    for line in sys.stdin:
        if line.strip() == "heal":
            network.is_healed = True
        else:
            break
    with network.lock:
        told = {
            "did": dict(network.did), "changed and taken": network.changed_taken,
            "replayed and taken": sum(times - 1 for times in network.taken.values()),
        }  # fmt: skip
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
