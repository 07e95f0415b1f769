"""What the frame of a page says: which node this is, who is signed in, where one can go.

The site builds a ``Shell`` for each request and hands it to the templates as ``shell``; the frame
shows what is there and leaves out what is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the main navigation. ``count`` is what waits there; none is shown for zero."""

    label: str
    url: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The officer at the desk, the posting under which they act now, and what they work for."""

    name: str
    posting: str
    work: str = ""
    work_url: str = ""
    account_url: str = ""
    sign_out_url: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of one page. ``authority`` runs the node; ``search_url`` takes ``q`` by GET.

    ``emergency`` says until when an emergency of this officer opens reading; ``emergency_url`` leads to declaring one.
    ``keys`` are the officer's own shortcuts: code to keys (see ``stonebridge.ui.shortcuts``).
    """

    node: str
    authority: str
    home_url: str = "/"
    search_url: str = ""
    new_url: str = ""
    places: tuple[Place, ...] = ()
    signed_in: SignedIn | None = None
    demonstration: bool = False
    emergency: datetime | None = None
    emergency_url: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
