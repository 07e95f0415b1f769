"""The invented people and officers of a demo, on a real database."""

import tomllib
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import override_settings

from node_under_test import NodeDatabase, set_up_django

set_up_django()

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value  # noqa: E402 needs the apps

from stonebridge.accounts.models import Officer, Posting  # noqa: E402
from stonebridge.domain.actor import Purpose, Role  # noqa: E402
from stonebridge.domain.errors import BadInput, WrongState  # noqa: E402
from stonebridge.protection.models import Referral  # noqa: E402
from stonebridge.registry.models import BiometricRecord, FamilyMember, IdentityStatement, Name, Person  # noqa: E402
from stonebridge.registry.registration import TEMPLATE  # noqa: E402
from stonebridge.remedies.models import ProtectionClaim  # noqa: E402
from stonebridge.safeguards import gate  # noqa: E402
from stonebridge.safeguards.models import Restriction  # noqa: E402
from stonebridge.site.demo.people import invent  # noqa: E402
from stonebridge.site.demo.seed import seed  # noqa: E402
from stonebridge.site.demo.sign_ins import SIGN_INS, code_of, secret_of, sign_in  # noqa: E402
from stonebridge.site.demo.travellers import MET  # noqa: E402

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def silent(text: str) -> None:
    """Say nothing."""


@pytest.fixture
def seeded(node_database: NodeDatabase) -> int:
    return seed(NOW, silent, ordinary=3)


def test_the_same_people_are_invented_at_every_start():
    assert invent(NOW) == invent(NOW)


def test_whoever_has_a_history_across_nodes_was_met_at_nodes_that_there_are():
    assert {code for code in MET if (settings.NODE.folder.parent / code / "demo.toml").exists()} == set(MET)


def test_every_node_has_a_name_for_every_invented_officer():
    for_all = {each.key for each in SIGN_INS}
    folders = sorted(settings.NODE.folder.parent.iterdir())
    named = [set(tomllib.loads((node / "demo.toml").read_text(encoding="utf-8"))["officers"]) for node in folders]
    assert named == [for_all] * len(folders)


def test_invented_people_say_that_they_are():
    assert {each.registration.notice_version for each in invent(NOW)} == {"demo"}


def test_there_is_an_officer_of_every_role():
    assert {each.role for each in SIGN_INS} == set(Role)


def test_the_code_shown_is_the_one_that_the_sign_in_expects():
    who = SIGN_INS[0]
    assert code_of(who, NOW) == format_hotp_value(hotp_value(secret_of(who), int(NOW.timestamp()) // 30))


def test_a_name_that_nobody_has_is_refused_with_those_that_there_are():
    with pytest.raises(BadInput, match="vesna"):
        sign_in("nobody")


def test_seeding_again_adds_nothing(seeded: int):
    assert seeded > 10
    assert seed(NOW, silent, ordinary=3) == 0


def test_seeding_goes_on_where_it_was_interrupted(seeded: int):
    assert seed(NOW, silent, ordinary=5) == 2


def test_the_told_records_stand_in_the_register(seeded: int):
    assert Officer.objects.count() == Posting.objects.count() == len(SIGN_INS)
    assert Referral.objects.using("protection").filter(closed_at__isnull=True).exists()
    with gate.act(Purpose.DATA_PROTECTION):
        assert Restriction.objects.filter(lifted_at__isnull=True).count() == 1
        assert Person.objects.count() == seeded
        assert ProtectionClaim.objects.filter(state="pending").exists()
        assert FamilyMember.objects.filter(relation="sibling").exists()
        assert IdentityStatement.objects.filter(birth_month=1, birth_day=1).exists()
        assert Name.objects.filter(text__in=("Mehmet", "Mehmed")).count() == 3


def test_a_node_in_production_is_never_seeded(node_database: NodeDatabase):
    with override_settings(MODE="production"), pytest.raises(WrongState):
        seed(NOW, silent)


def test_somebody_is_registered_twice_under_names_that_share_nothing_with_the_same_fingers(seeded: int):
    twice = [each for each in invent(NOW, 3) if each.hands]
    assert len({each.hands.owner for each in twice if each.hands}) == 1
    names = [{name.text for name in each.registration.identity.names} for each in twice]
    assert not set.intersection(*names)
    with gate.act(Purpose.IDENTIFICATION, using="vault"):
        kept = BiometricRecord.objects.using("vault").filter(media=TEMPLATE)
        assert (kept.count(), len(set(kept.values_list("person_id", flat=True)))) == (4, 2)
