"""What a decoder that was taken over can still do: nothing. Each wall is tried alone, and each attack without walls."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from stonebridge.formats.confined import lock, running
from stonebridge.formats.confined.limits import Limits

ATTACKS = {
    "read a file": "open('/etc/passwd').read()",
    "write a file": "open(os.environ['HERE'] + '/written', 'w')",
    "list a folder": "import os; os.listdir('/')",
    "open a socket": "import socket; socket.socket()",
    "open a Unix socket": "import socket; socket.socket(socket.AF_UNIX)",
    "start a process": "import os; os.fork() or os._exit(0)",
    "start a thread": "import _thread; _thread.start_new_thread(print, ())",
    "run a program": "import os; os.posix_spawn('/bin/true', ['true'], {})",
    "signal the parent": "import os; os.kill(os.getppid(), 0)",
    "take much memory": "bytearray(1 << 30)",
    "become root again": "import os; os.seteuid(0); os.seteuid(1)",
    "raise a limit": "import resource; resource.setrlimit(resource.RLIMIT_CORE, (1, 1))",
    "leave a large answer": "import os; os.truncate(1, 1 << 30)",
}
WALLS = {
    "none": "",
    "all": "lock.lock(Limits())",
    "limits": "lock.give_up_privileges(); lock.limit(Limits())",
    "files": "lock.wall_off_files()",
    "calls": "lock.filter_calls(threads=False)",
}
STOPS = {
    "limits": ["read a file", "write a file", "list a folder", "open a socket", "open a Unix socket", "start a process",
               "start a thread", "take much memory", "raise a limit", "leave a large answer"],
    "files": ["read a file", "write a file", "list a folder", "run a program"],
    "calls": ["open a socket", "open a Unix socket", "start a process", "start a thread", "run a program", "signal the parent"],
}  # fmt: skip
PRELOADED = "import socket, os, resource, _thread, tempfile, encodings.latin_1\nfrom stonebridge.formats.confined import lock\nfrom stonebridge.formats.confined.limits import Limits\n"
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root may look into another user's process")


def attempt(
    wall: str, attack: str, tmp_path: Path, arguments: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """The exit status is 0 when the attack succeeded, 7 when it was refused."""
    indented = "\n".join(f"    {line}" for line in attack.split("; "))
    program = (
        f"{PRELOADED}{WALLS.get(wall, wall)}\ntry:\n{indented}\n"
        "except (OSError, MemoryError, RuntimeError, ValueError) as e:\n    print(type(e).__name__, e, flush=True)\n    os._exit(7)\nos._exit(0)\n"
    )
    with (tmp_path / "out").open("w+") as out:
        done = subprocess.run(
            [sys.executable, "-I", "-c", program, *arguments],
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            env={"HERE": str(tmp_path)},
        )
        out.seek(0)
        done.stdout = out.read()
    return done


@pytest.mark.parametrize("attack", [name for name in ATTACKS if name not in ("become root again", "raise a limit")])
def test_without_walls_the_attack_succeeds(attack: str, tmp_path: Path):
    assert attempt("none", ATTACKS[attack], tmp_path).returncode == 0


@pytest.mark.parametrize("attack", ATTACKS)
def test_inside_all_walls_every_attack_is_refused(attack: str, tmp_path: Path):
    assert attempt("all", ATTACKS[attack], tmp_path).returncode == 7


@pytest.mark.parametrize("attack", STOPS["limits"])
def test_the_limits_alone_refuse_it(attack: str, tmp_path: Path):
    assert attempt("limits", ATTACKS[attack], tmp_path).returncode == 7


@pytest.mark.skipif(lock.landlock_version() < 1, reason="this kernel has no Landlock")
@pytest.mark.parametrize("attack", STOPS["files"])
def test_landlock_alone_refuses_it(attack: str, tmp_path: Path):
    assert attempt("files", ATTACKS[attack], tmp_path).returncode == 7


@pytest.mark.skipif(lock.landlock_version() < 6, reason="this kernel's Landlock knows no scopes")
def test_landlock_alone_keeps_signals_from_others(tmp_path: Path):
    assert attempt("files", ATTACKS["signal the parent"], tmp_path).returncode == 7


@pytest.mark.parametrize("attack", STOPS["calls"])
def test_the_filter_of_calls_alone_refuses_it(attack: str, tmp_path: Path):
    assert attempt("calls", ATTACKS[attack], tmp_path).returncode == 7


def test_the_filter_permits_threads_but_no_processes_where_work_needs_threads(tmp_path: Path):
    wall = "lock.filter_calls(threads=True)"
    assert attempt(wall, ATTACKS["start a thread"], tmp_path).returncode == 0
    assert attempt(wall, ATTACKS["start a process"], tmp_path).returncode == 7


def test_a_network_of_its_own_reaches_nobody(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        connect = f"socket.socket().connect(('127.0.0.1', {listening.getsockname()[1]}))"
        assert attempt("none", connect, tmp_path).returncode == 0
        refused = attempt("lock.leave_the_network() or os._exit(9)", connect, tmp_path)
    if refused.returncode == 9:
        pytest.skip("this platform gives no network namespaces")
    assert refused.returncode == 7


def test_a_loop_without_end_is_ended_by_the_kernel(tmp_path: Path):
    ended = attempt("lock.limit(Limits(cpu=1))", "n = 0\n    while True: n += 1", tmp_path)
    assert ended.returncode < 0


def test_a_refused_file_is_refused_for_want_of_descriptors_even_after_one_is_closed(tmp_path: Path):
    ended = attempt("limits", "os.close(0); open('/etc/passwd')", tmp_path)
    assert (ended.returncode, f"[Errno {errno.EMFILE}]" in ended.stdout) == (7, True)


def test_a_waiting_child_is_locked_in_before_it_reads(tmp_path: Path):
    status = _status_of_a_waiting_child(tmp_path)
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


@AS_ROOT
def test_a_child_of_root_is_nobody(tmp_path: Path):
    assert _status_of_a_waiting_child(tmp_path)["Uid"].split() == [str(lock.NOBODY)] * 4


@AS_ROOT
def test_a_child_inherits_neither_descriptors_nor_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STONEBRIDGE_SECRET", "a secret of the parent")
    with (tmp_path / "of the parent").open("w") as kept:
        os.set_inheritable(kept.fileno(), True)
        status = _status_of_a_waiting_child(tmp_path)
    assert status["descriptors"] == "0 1 2"
    assert "STONEBRIDGE_SECRET" not in status["environment"]


def _status_of_a_waiting_child(tmp_path: Path) -> dict[str, str]:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as given, (tmp_path / "answer").open("wb") as answer:
        child = running._start("stonebridge.formats.intake.portrait_worker", given, answer, Limits())
        folder = Path(f"/proc/{child.pid}")
        try:
            while "Seccomp:\t2" not in (lines := (folder / "status").read_text()) and child.poll() is None:
                pass
            status = dict(line.split(":\t", 1) for line in lines.splitlines() if ":\t" in line)
            if os.geteuid() == 0:
                own = {str(folder / "status")}  # what it opened itself: how much memory it takes
                open_ones = {each.name: os.readlink(each) for each in (folder / "fd").iterdir()}
                status["descriptors"] = " ".join(sorted(name for name, file in open_ones.items() if file not in own))
                status["environment"] = (folder / "environ").read_text()
            return status
        finally:
            child.kill()
            child.wait()
            os.close(writing)
