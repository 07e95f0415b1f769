"""Reading settings from the environment: four readers that stop the start on nonsense.

A secret may be given as ``NAME`` or, better, as ``NAME_FILE``, the path of a file
that only the node's user can read.
"""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from stonebridge.domain.errors import BadInput


def text(name: str, default: str | None = None, *, choices: tuple[str, ...] = ()) -> str:
    """The text of ``name``; ``default`` when unset. Without a default the start stops."""
    path = os.environ.get(f"{name}_FILE")
    value = Path(path).read_text(encoding="utf-8").strip() if path else os.environ.get(name, default)
    if value is None:
        raise BadInput(name, "", f"Set {name}, or {name}_FILE to a file that holds it.")
    if choices and value not in choices:
        raise BadInput(name, value, f"Choose one of: {', '.join(choices)}.")
    return value


def number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number within its limits."""
    value = text(name, str(default))
    if not value.lstrip("-").isdigit() or not least <= int(value) <= most:
        raise BadInput(name, value, f"Give a whole number from {least} to {most}.")
    return int(value)


def flag(name: str, default: bool) -> bool:
    """``yes`` or ``no``."""
    return text(name, "yes" if default else "no", choices=("yes", "no")) == "yes"


def secret(name: str, stored: dict[str, str], *, size: int) -> bytes:
    """A secret of ``size`` bytes in hexadecimal, from the environment or from the node's own secrets file."""
    value = text(name, stored.get(name.lower().removeprefix("stonebridge_")))
    try:
        read = bytes.fromhex(value)
    except ValueError:
        read = b""
    if len(read) != size:
        raise BadInput(name, "(not shown)", f"Give {size} bytes as {2 * size} hexadecimal digits.")
    return read


def database(url: str) -> dict[str, object]:
    """Django's settings for a PostgreSQL URL; a Unix socket is named by ``?host=/folder``."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise BadInput("DATABASE_URL", parts.scheme, "Give postgresql://role:password@host:port/database.")
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": asked.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": asked,
    }
