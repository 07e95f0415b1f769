"""How much memory processes really take: what several share is counted once, in parts (PSS); and how idle the machine is."""

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def tree(*roots: int, without: Iterable[int] = ()) -> set[int]:
    """The processes ``roots`` and all below them, but none below ``without``."""
    left_out = set(without)
    children: dict[int, list[int]] = {}
    for folder in PROC.glob("[0-9]*"):
        with suppress(OSError, ValueError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(folder.name))
    found: set[int] = set()
    waiting = [root for root in roots if root not in left_out]
    while waiting:
        process = waiting.pop()
        found.add(process)
        waiting += [child for child in children.get(process, ()) if child not in left_out | found]
    return found


def used(processes: Iterable[int]) -> int:
    """Bytes that these processes take together. One that may not be looked into counts with all it has resident."""
    return sum(_one(PROC / str(process)) for process in processes)


def _one(folder: Path) -> int:
    for file, field in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        with suppress(OSError):
            for line in (folder / file).read_text().splitlines():
                if line.startswith(field):
                    return int(line.split()[1]) * 1024
    return 0


def idle_share(seconds: float = 1.0) -> float:
    """The share of its processors that the machine had to spare over these seconds; 1.0 where it does not say."""
    before = _ticks()
    time.sleep(seconds)
    spent, idle = (after - earlier for after, earlier in zip(_ticks(), before, strict=True))
    return idle / spent if spent else 1.0


def _ticks() -> tuple[int, int]:
    with suppress(OSError, ValueError):
        numbers = [int(each) for each in (PROC / "stat").read_text().splitlines()[0].split()[1:9]]
        return sum(numbers), numbers[3] + numbers[4]
    return 0, 0
