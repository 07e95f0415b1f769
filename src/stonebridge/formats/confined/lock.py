"""The walls that a child puts round itself before it reads what a stranger sent.

Each wall holds by itself, so that one missing on some platform leaves the others:

- limits of the kernel (``setrlimit``): memory, time, size of what is written, no core, no new
  process, no new descriptor, and so no file and no socket;
- no privileges: root becomes nobody, and nothing gains rights by running another program;
- no network: a network namespace of its own, where the platform allows one;
- no files: Landlock (Linux 5.13), which also forbids TCP and signals to others where it can;
- no dangerous calls: a filter (seccomp) that refuses sockets, processes, programs and tracing.

Numbers are those of Linux's headers ``landlock.h``, ``seccomp.h``, ``filter.h`` and ``prctl.h``.
"""

import ctypes
import os
import platform
import resource
import struct
import sys
from contextlib import suppress
from errno import ENOSYS, EPERM

from stonebridge.formats.confined.limits import Limits

NOBODY = 65534
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_THREAD = 0x10000000, 0x40000000, 0x00010000
_SIGKILL = 9

_LANDLOCK_CREATE, _LANDLOCK_RESTRICT = 444, 446
_LANDLOCK_VERSION = 1
_FILE_RIGHTS = ((1, 0x1FFF), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15))  # from which version, which bits

# Names of calls and their numbers: on x86-64, and on the architectures with the common table.
_REFUSED = {
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40),
    "io_uring_setup": (425, 425), "bpf": (321, 280), "userfaultfd": (323, 282), "perf_event_open": (298, 241),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "open_by_handle_at": (304, 265),
}  # fmt: skip
_CLONE, _CLONE3, _PRLIMIT = (56, 220), (435, 435), (302, 261)
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def lock(limits: Limits) -> None:
    """Put up every wall that the platform has. There is no way back for this process."""
    leave_the_network()
    give_up_privileges()
    wall_off_files()
    limit(limits)
    filter_calls(threads=limits.threads > 0)


def limit(limits: Limits) -> None:
    """Bound what this process may use. The bounds cannot be raised again."""
    bounds = [
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.cpu),
        (resource.RLIMIT_FSIZE, limits.answer),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, limits.files),
    ]
    if not limits.threads:  # the kernel counts threads of all processes of the user, so a small number cannot be given
        bounds.append((resource.RLIMIT_NPROC, 0))
    for kind, most in bounds:
        resource.setrlimit(kind, (most, most))


def give_up_privileges() -> None:
    """Become nobody if this is root, die with the parent, and never gain a right again."""
    if os.geteuid() == 0:
        with suppress(PermissionError):
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
    if _linux():
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        _prctl(_PR_SET_DUMPABLE, 0)
        _prctl(_PR_SET_PDEATHSIG, _SIGKILL)


def leave_the_network() -> bool:
    """Move into a network of its own, without any interface; false where the platform does not allow it."""
    if not _linux():
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    flags = _CLONE_NEWNET if os.geteuid() == 0 else _CLONE_NEWNET | _CLONE_NEWUSER
    return bool(libc.unshare(flags) == 0)


def wall_off_files() -> bool:
    """Forbid every file; false where the kernel has no Landlock."""
    version = landlock_version()
    if version < 1:
        return False
    files = sum(bits for since, bits in _FILE_RIGHTS if version >= since)
    network = 0b11 if version >= 4 else 0  # bind and connect over TCP
    scopes = 0b11 if version >= 6 else 0  # abstract Unix sockets, signals
    attributes = struct.pack("=QQQ", files, network, scopes)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = _call(_LANDLOCK_CREATE, attributes, len(attributes), 0)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _call(_LANDLOCK_RESTRICT, ruleset, 0)
    os.close(ruleset)
    return True


def landlock_version() -> int:
    """The version of Landlock that the kernel speaks; 0 without it."""
    if not _linux():
        return 0
    asked = ctypes.CDLL(None).syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), _LANDLOCK_VERSION)
    return max(0, int(asked))


def filter_calls(*, threads: bool) -> bool:
    """Refuse sockets, programs, processes, tracing and signals; false on an architecture without a table here."""
    if not _linux() or platform.machine() not in _ARCHITECTURES:
        return False
    program = _program(platform.machine(), threads=threads)
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("=HxxxxxxQ", len(program) // 8, ctypes.addressof(code))
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_SECCOMP, 2, header)
    return True


def _program(machine: str, *, threads: bool) -> bytes:
    """A classic BPF program over ``struct seccomp_data``: number at 0, architecture at 4, arguments from 16."""
    column, architecture = _ARCHITECTURES[machine]
    load, equal, at_least, any_bit, answer = 0x20, 0x15, 0x35, 0x45, 0x06
    allow, kill = 0x7FFF0000, 0x80000000
    refuse, absent = 0x00050000 | EPERM, 0x00050000 | ENOSYS
    steps: list[tuple[int, int, int, int]] = [
        (load, 0, 0, 4), (equal, 1, 0, architecture), (answer, 0, 0, kill),
        (load, 0, 0, 0), (at_least, 0, 1, 0x40000000), (answer, 0, 0, kill),  # the x32 calls
    ]  # fmt: skip
    for number in (numbers[column] for numbers in _REFUSED.values()):
        if number is not None:
            steps += [(equal, 0, 1, number), (answer, 0, 0, refuse)]
    # The flags of clone3 lie in memory, out of a filter's sight: absent, so that libc falls back to clone.
    steps += [(equal, 0, 1, _CLONE3[column]), (answer, 0, 0, absent)]
    is_thread = (any_bit, 1, 0, _CLONE_THREAD) if threads else (any_bit, 0, 0, 0)
    steps += [(equal, 0, 4, _CLONE[column]), (load, 0, 0, 16), is_thread, (answer, 0, 0, refuse), (answer, 0, 0, allow)]
    steps += [(equal, 0, 3, _PRLIMIT[column]), (load, 0, 0, 16), (equal, 1, 0, 0), (answer, 0, 0, refuse)]
    steps += [(answer, 0, 0, allow)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _linux() -> bool:
    return sys.platform == "linux"


def _prctl(option: int, *arguments: int | bytes) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    padded = [*(argument if isinstance(argument, bytes) else ctypes.c_ulong(argument) for argument in arguments)]
    padded += [ctypes.c_ulong(0)] * (4 - len(padded))
    if libc.prctl(option, *padded) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def _call(number: int, *arguments: int | bytes) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    passed = [argument if isinstance(argument, bytes) else ctypes.c_long(argument) for argument in arguments]
    answer = int(libc.syscall(ctypes.c_long(number), *passed))
    if answer < 0:
        raise OSError(ctypes.get_errno(), f"system call {number}")
    return answer
