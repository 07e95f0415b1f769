"""What can be said: a table of profiles, set by the site. The exchange carries them and knows none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stonebridge.exchange.envelope import Envelope
from stonebridge.exchange.partners import Partner


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of message. ``versions`` are those understood, newest first; ``answer`` makes the body that goes back."""

    name: str
    versions: tuple[int, ...]
    answer: Callable[[Envelope, Partner, datetime], dict[str, Any]]


_set: dict[str, Profile] = {}


def register(*profiles: Profile) -> None:
    """Set the profiles. Called once, when the node starts."""
    global _set  # one table a process, set at start
    _set = {each.name: each for each in profiles}


def profiles() -> dict[str, Profile]:
    """The profiles in force, by name."""
    return _set
