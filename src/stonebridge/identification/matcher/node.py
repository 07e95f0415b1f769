"""The matcher of this node: where its gallery lies and where it listens, by the node's settings."""

import threading

from django.conf import settings

from stonebridge.identification.matcher import process
from stonebridge.identification.matcher.client import MatcherClient
from stonebridge.identification.matcher.sealed_fingers import FingerOpener
from stonebridge.safeguards.sealing import KeyEncryptionKey, KeyRing


def client() -> MatcherClient:
    """A client of this node's matcher."""
    return MatcherClient(settings.MATCHER_SOCKET)


def run(stop: threading.Event) -> None:
    """Serve this node's gallery until ``stop`` is set."""
    ring = KeyRing([KeyEncryptionKey(settings.VAULT_KEY_NAME, settings.VAULT_KEY)])
    process.run(settings.GALLERY_FOLDER, settings.GALLERY_KEY, settings.MATCHER_SOCKET, stop, FingerOpener(ring))
