"""The gallery's check: does a search find everybody whom the register says may be found?"""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from identification_bench import answered, running_matcher
from matching.running_matcher import RunningMatcher, started
from people import NOW, amira
from stonebridge.identification import gallery_feed
from stonebridge.identification.services import compare_with_register
from stonebridge.identification.services.searching import NodeRegister

STRANGER = UUID(int=1)


@pytest.fixture
def matcher() -> Iterator[RunningMatcher]:
    with running_matcher() as running:
        yield running


def test_everybody_on_the_register_is_found_by_a_search(matcher, clerk):
    for given, family in (("Amira", "Haddad"), ("عمر", "حداد"), ("Ђорђе", "Петровић")):
        amira(clerk, given=given, family=family)
    found = compare_with_register(matcher.client, now=NOW)
    assert found == gallery_feed.Agreement(on_register=3, in_gallery=3, looked_for=3, not_found=())
    assert found.holds


def test_a_person_whom_no_search_finds_is_named(matcher, clerk):
    class Longer(NodeRegister):
        def ids(self):
            return [*super().ids(), STRANGER]

    amira(clerk)
    answered(matcher)
    found = gallery_feed.compare(connection.connection, matcher.client, Longer(NOW))
    assert (found.holds, found.on_register, found.in_gallery, found.not_found) == (False, 2, 1, (STRANGER,))


def damage(path: Path, how: str) -> None:
    """Spoil a file of the gallery as disks and hands do."""
    content = path.read_bytes()
    if how == "missing":
        path.unlink()
    elif how == "truncated":
        path.write_bytes(content[: len(content) // 2])
    else:
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])


@pytest.mark.parametrize(("file", "how"), [
    ("journal-*", "missing"), ("journal-*", "truncated"), ("journal-*", "flipped"), ("manifest", "missing"),
])  # fmt: skip
def test_a_damaged_gallery_is_rebuilt_from_the_database_by_the_worker(clerk, file, how):
    for given, family in (("Amira", "Haddad"), ("عمر", "حداد"), ("Ђорђе", "Петровић")):
        amira(clerk, given=given, family=family)
    with running_matcher() as first:
        answered(first)
        first.kill()
        (path,) = (first.folder / "gallery").glob(file)
        damage(path, how)
        again = started(first.folder)
        try:
            status = again.client.status()
            lost = how == "missing" and file == "manifest"  # then nothing says that there was a gallery
            assert lost or (not status.complete and path.name in status.damage)
            answered(again)
            assert again.client.status().complete
            assert compare_with_register(again.client, now=NOW).holds
        finally:
            again.kill()
