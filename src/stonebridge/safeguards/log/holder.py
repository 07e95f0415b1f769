"""The folder of a witness: every checkpoint it was given, and the leaf hashes it has seen.

Files ``NAME-NUMBER.checkpoint`` are what the log sent or what the witness cosigned; none is
ever overwritten. ``NAME.leaves`` holds 32 bytes a leaf up to the last clean check; the
checkpoints that this check covered move to ``checked/``, except the largest.
"""

import os
import tempfile
from pathlib import Path

from stonebridge.domain.errors import BadInput, Tampered, Unavailable
from stonebridge.safeguards.log.checkpoint import Checkpoint, VerifierKey, open_checkpoint
from stonebridge.safeguards.log.entry import HASH_SIZE
from stonebridge.safeguards.log.witness import Held


def deliver(folder: Path, name: str, number: int, note: bytes) -> None:
    """Put checkpoint ``number`` of the log ``name`` into ``folder``, whole or not at all.

    Raises:
        Unavailable: the folder cannot be written, or holds another checkpoint of that number.
    """
    path = _path(folder, name, number)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists():
            if path.read_bytes() != note:
                raise Unavailable(f"the witness {folder}", f"It holds another {path.name}; two logs write to it.")
            return
        _write(path, note)
    except OSError as error:
        raise Unavailable(f"the witness {folder}", f"Its folder cannot be written: {error.strerror}.") from error


def last_number(folder: Path, name: str) -> int:
    """The number of the last checkpoint delivered; 0 when there is none."""
    numbers = [path.stem.removeprefix(f"{name}-") for path in folder.glob(f"{name}-*.checkpoint")]
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def last_delivered(folder: Path, name: str, key: VerifierKey) -> list[Checkpoint]:
    """The checkpoint of the highest number, verified; none in a new folder.

    Raises:
        BadInput, Tampered: it is not a checkpoint that the log signed.
    """
    number = last_number(folder, name)
    return [_opened(_path(folder, name, number), key)] if number else []


def held(folder: Path, name: str, key: VerifierKey) -> Held:
    """What ``folder`` holds of the log ``name``, each checkpoint verified with the log's ``key``.

    Raises:
        BadInput, Tampered: a file is not a checkpoint that the log signed; the error names it.
    """
    checkpoints = [_opened(path, key) for path in sorted(folder.glob(f"{name}-*.checkpoint"))]
    leaves = folder / f"{name}.leaves"
    data = leaves.read_bytes() if leaves.exists() else b""
    if len(data) % HASH_SIZE:
        raise BadInput(str(leaves), f"{len(data)} bytes", "The file was cut. Restore it, or delete it to begin anew.")
    return Held(checkpoints, data)


def keep(folder: Path, name: str, size: int, note: bytes, leaves: bytes) -> None:
    """Keep what a clean check has seen: the cosigned ``note`` of ``size`` entries, and all leaf hashes up to it."""
    (folder / "checked").mkdir(parents=True, exist_ok=True)
    older = sorted(folder.glob(f"{name}-*.checkpoint"))
    seen = folder / f"{name}-seen-{size:012d}.checkpoint"
    _write(folder / f"{name}.leaves", leaves)
    _write(seen, note)
    delivered = [path for path in older if "-seen-" not in path.name]
    for path in {*older, *delivered} - {seen, *delivered[-1:]}:
        path.rename(folder / "checked" / path.name)


def _path(folder: Path, name: str, number: int) -> Path:
    return folder / f"{name}-{number:012d}.checkpoint"


def _opened(path: Path, key: VerifierKey) -> Checkpoint:
    try:
        return open_checkpoint(path.read_bytes(), key)
    except Tampered as error:
        raise Tampered(str(path), error.detail) from error
    except BadInput as error:
        raise BadInput(str(path), error.value, error.remedy) from error


def _write(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)
