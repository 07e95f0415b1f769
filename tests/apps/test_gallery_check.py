"""The gallery's check: does a search find everybody whom the register says may be found?"""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection

from identification_bench import answered, running_matcher
from matching.running_matcher import RunningMatcher
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
