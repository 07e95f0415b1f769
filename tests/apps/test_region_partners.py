"""Partners at the terminal: proposed by one officer, joined by another, revoked by either."""

import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from people import actor
from region_bench import SERBIA
from rule_doors import TurnedAway, command
from stonebridge.domain.actor import Role
from stonebridge.domain.errors import Tampered
from stonebridge.exchange import partners
from stonebridge.exchange.models import PartnerList
from stonebridge.exchange.partners import fingerprint

pytestmark = pytest.mark.usefixtures("own_state_folder")


@pytest.fixture
def entry(tmp_path: Path) -> str:
    """A file that describes Serbia's node."""
    path = tmp_path / "rs.json"
    path.write_text(json.dumps(asdict(SERBIA)), encoding="utf-8")
    return str(path)


def proposal() -> str:
    return str(partners.proposals()[0].id)


def test_two_officers_let_a_partner_in_and_one_revokes_it(entry: str):
    stefan, lira = actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER)
    command(stefan, "partner", "propose", entry)
    command(lira, "partner", "join", proposal(), fingerprint(SERBIA.key))
    assert partners.partners() == (SERBIA,)
    command(stefan, "partner", "revoke", "rs", "Its key was stolen.")
    assert partners.partners() == ()


def test_whoever_proposed_does_not_join(entry: str):
    stefan = actor(Role.ADMINISTRATOR)
    command(stefan, "partner", "propose", entry)
    with pytest.raises(AssertionError, match="another officer"):
        command(stefan, "partner", "join", proposal(), fingerprint(SERBIA.key))
    assert partners.partners() == ()


def test_a_clerk_lets_nobody_in(entry: str):
    with pytest.raises(TurnedAway) as refused:
        command(actor(Role.REGISTRATION_CLERK), "partner", "propose", entry)
    assert "the_role_may_do_this" in refused.value.rules


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"code": "rs"}'])
def test_a_file_that_describes_no_partner_is_refused(tmp_path: Path, content: str):
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(AssertionError, match="FILE"):
        command(actor(Role.ADMINISTRATOR), "partner", "propose", str(path))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "RS"), ("code", "r"), ("code", 7), ("code", "mk"), ("state", "RS"), ("state", 381), ("names", "Serbia"),
        ("names", {"sr": "Srbija"}), ("names", {"en": 1}), ("address", "rs.example"), ("address", "https://:443/"),
        ("address", "https://rs.example:99999/"), ("address", "ftp://rs.example/"), ("address", None), ("key", "ab"),
        ("key", "g" * 64), ("key", 1), ("profiles", ["person_query"]), ("profiles", {"person_query": 1}),
        ("purposes", "identification"), ("purposes", ["spying"]), ("purposes", [["identification"]]), ("quota", 0),
        ("quota", "many"), ("quota", True),
    ],
)  # fmt: skip
def test_an_entry_with_a_value_that_cannot_be_used_is_refused_by_its_field(tmp_path: Path, field: str, value: object):
    path = tmp_path / "rs.json"
    path.write_text(json.dumps(asdict(SERBIA) | {field: value}), encoding="utf-8")
    with pytest.raises(AssertionError, match=f"{field}: "):
        command(actor(Role.ADMINISTRATOR), "partner", "propose", str(path))
    assert partners.proposals() == []


@pytest.mark.attack
def test_a_list_from_before_a_revocation_does_not_count_when_it_is_added_again(entry: str):
    """By SQL as the role of the screens, which may add rows: content and signature are this node's own."""
    former = joined_and_revoked(entry)
    PartnerList.objects.create(
        content=former.content, signature=former.signature, made_at=former.made_at, made_by="anybody"
    )
    assert partners.partners() == ()


@pytest.mark.attack
def test_a_list_from_before_a_revocation_is_noticed_when_it_is_dated_anew(entry: str):
    former = joined_and_revoked(entry)
    PartnerList.objects.create(
        content=former.content,
        signature=former.signature,
        made_at=former.made_at + timedelta(days=1),
        made_by="anybody",
    )
    with pytest.raises(Tampered, match="earlier list"):
        partners.partners()


def joined_and_revoked(entry: str) -> PartnerList:
    """The list as it was while Serbia stood in it; it does no more."""
    stefan = actor(Role.ADMINISTRATOR)
    command(stefan, "partner", "propose", entry)
    command(actor(Role.DATA_PROTECTION_OFFICER), "partner", "join", proposal(), fingerprint(SERBIA.key))
    former = PartnerList.objects.get()
    command(stefan, "partner", "revoke", "rs", "Its key was stolen.")
    return former
