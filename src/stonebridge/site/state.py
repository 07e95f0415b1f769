"""What a node keeps on its own machine: one folder, readable by its user alone.

``secrets.json`` holds the keys and the database addresses that the demo and the
tests make for themselves. A deployment names its own secrets in the environment
and has no such file.
"""

import json
import os
import secrets
import tempfile
from pathlib import Path

SECRETS = "secrets.json"
_LONGEST_SOCKET_FOLDER = 80  # bytes; the kernel allows 107 with the socket's name
KEYS = (
    "secret_key",
    "data_protection_key",
    "log_signing_key",
    "protection_log_signing_key",
    "vault_key",
    "protection_key",
    "gallery_key",
    "draft_key",
    "exchange_key",
)


def make_folder(folder: Path) -> Path:
    """Make ``folder`` (0700) if it is not there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def socket_folder(parent: Path) -> Path:
    """The folder below ``parent`` for Unix sockets (0700).

    When its path is too long for the kernel it is a pointer into the temporary folder.
    """
    folder = parent / "run"
    if len(os.fsencode(folder)) > _LONGEST_SOCKET_FOLDER and not folder.exists():
        folder.unlink(missing_ok=True)
        folder.symlink_to(tempfile.mkdtemp(prefix="stonebridge-", dir="/tmp"))
    return make_folder(folder).resolve()


def read_secrets(state: Path) -> dict[str, str]:
    """The stored secrets of the node whose state this is; empty when it has none."""
    path = state / SECRETS
    if not path.exists():
        return {}
    read: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return read


def write_secrets(state: Path, values: dict[str, str]) -> None:
    """Keep ``values`` beside what is stored. The file is replaced whole and is never readable by others."""
    make_folder(state)
    fresh = state / f"{SECRETS}.new"
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(read_secrets(state) | values, file, indent=2, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(state / SECRETS)


def ensure_keys(state: Path) -> None:
    """Make the keys (32 random bytes each) that are not there yet. A key that exists is never replaced."""
    missing = [name for name in KEYS if name not in read_secrets(state)]
    if missing:
        write_secrets(state, {name: secrets.token_hex(32) for name in missing})
