"""What can be said: a table of profiles, set by the site. The exchange carries them and knows none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from stonebridge.domain.errors import NotFound
from stonebridge.exchange.envelope import Envelope
from stonebridge.exchange.partners import Partner


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of message. ``versions`` are those understood, newest first.

    A query is answered at once by ``answer``, and never kept. Any other message is kept; ``about`` says which person
    of ours it concerns, if anybody, or raises ``NotFound``: then its place alone is kept. What is ``of_nodes`` alone, and of no person, every partner
    may send, for the purpose of administration, whatever its entry lists. What tells of nobody ``is_counted`` apart
    from the partner's quota.
    """

    name: str
    versions: tuple[int, ...]
    answer: Callable[[Envelope, Partner, datetime], dict[str, Any]] | None = None
    about: Callable[[Envelope, Partner, datetime], UUID | None] | None = None
    of_nodes: bool = False
    is_counted: bool = True


_set: dict[str, Profile] = {}


def register(*profiles: Profile) -> None:
    """Set the profiles. Called once, when the node starts."""
    global _set  # one table a process, set at start
    _set = {each.name: each for each in profiles}


def spoken(name: str, to: Partner) -> int:
    """The newest version of a profile that both this node and a partner understand.

    Raises:
        NotFound: they have none in common.
    """
    profile = _set.get(name)
    theirs = to.profiles.get(name, [])
    common = [each for each in profile.versions if each in theirs or profile.of_nodes] if profile else []
    if not common:
        raise NotFound("common version of profile", name)
    return max(common)


def profiles() -> dict[str, Profile]:
    """The profiles in force, by name."""
    return _set
