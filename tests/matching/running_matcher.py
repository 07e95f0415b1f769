"""A matcher process of a test's own."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from matching.matched_people import KEY
from stonebridge.domain.errors import Unavailable
from stonebridge.identification.matcher.client import MatcherClient
from stonebridge.safeguards.sealing import KeyEncryptionKey, KeyRing

PROGRAM = """
import signal, sys, threading
from pathlib import Path
from stonebridge.identification.matcher.process import run
from stonebridge.identification.matcher.sealed_fingers import FingerOpener
from stonebridge.safeguards.sealing import KeyRing
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
opener = FingerOpener(KeyRing.from_bytes(bytes.fromhex(sys.argv[4])))
run(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), Path(sys.argv[3]), stop, opener)
"""


def vault_ring() -> KeyRing:
    """The key of the vault in tests."""
    return KeyRing([KeyEncryptionKey("k1", b"\x55" * 32)])


@dataclass
class RunningMatcher:
    folder: Path
    process: "subprocess.Popen[str]"
    client: MatcherClient

    @property
    def socket(self) -> Path:
        return self.folder / "m.sock"

    @property
    def gallery(self) -> Path:
        return self.folder / "gallery"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(10)


def launch(folder: Path, first: str = "") -> "subprocess.Popen[str]":
    """A matcher in a process that does ``first`` before."""
    arguments = [str(folder / "gallery"), KEY.hex(), str(folder / "m.sock"), vault_ring().to_bytes().hex()]
    return subprocess.Popen([sys.executable, "-c", first + PROGRAM, *arguments], stderr=subprocess.PIPE, text=True)


def started(folder: Path, first: str = "") -> RunningMatcher:
    """Wait, 20 s at most, until it answers."""
    process = launch(folder, first)
    client = MatcherClient(folder / "m.sock")
    for _ in range(400):
        try:
            client.status()
            return RunningMatcher(folder, process, client)
        except Unavailable:
            if process.poll() is not None:
                break
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
    process.kill()
    raise AssertionError(process.communicate()[1])
