"""Postings decide what anybody may do here; each is the act of an administrator other than the one posted."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.utils import timezone

from people import NOW, TODAY, actor, officer, on_record
from sign_ins import enrol
from stonebridge.accounts.actors import actor_for
from stonebridge.accounts.models import (
    Notice,
    Officer,
    Organisation,
    OrganisationKind,
    Posting,
    SecondFactorReset,
)  # fmt: skip
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.models import HistoryEntry
from stonebridge.safeguards.officers import services
from stonebridge.safeguards.officers.services import NewPosting
from stonebridge.safeguards.policy import ROLES_FOR, Action

BASIS = "public_task"


@pytest.fixture
def administrator():
    return actor(Role.ADMINISTRATOR)


@pytest.fixture
def second():
    return actor(Role.ADMINISTRATOR, "Second Administrator")


def posting(role=Role.EXAMINER, **changes):
    authority = Organisation.objects.get(name="Authority")
    return NewPosting(**{"organisation": authority.id, "unit": "Skopje", "role": role, "starts_on": TODAY} | changes)


def added(administrator):
    return services.add_officer(
        "New.Officer@test.example", "New Officer", posting(), actor=administrator, basis=BASIS, now=NOW
    )


def test_a_new_officer_has_a_posting_and_no_password_that_anybody_knows(administrator):
    made = added(administrator)
    assert (made.email, made.has_usable_password()) == ("new.officer@test.example", False)
    assert actor_for(made, today=TODAY, second_factor=True).roles == {Role.EXAMINER}
    assert list(on_record(HistoryEntry).values_list("event", flat=True)) == ["officer_added", "posted"]
    assert "New Officer, examiner" in Notice.objects.get(role=Role.DATA_PROTECTION_OFFICER).text


def test_an_address_in_use_is_refused_however_it_is_written(administrator):
    added(administrator)
    with pytest.raises(BadInput, match="signs in with this address already"):
        added(administrator)
    assert Officer.objects.filter(full_name="New Officer").count() == 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_nobody_but_an_administrator_makes_a_posting(role):
    clerk = officer(Role.REGISTRATION_CLERK, "Some Clerk")
    with pytest.raises(Refused):
        services.add_posting(clerk.id, posting(), actor=actor(role), basis=BASIS, now=NOW)
    assert clerk.postings.count() == 1


def test_an_administrator_without_a_second_factor_makes_none():
    clerk = officer(Role.REGISTRATION_CLERK)
    with pytest.raises(Refused, match="a_second_factor_was_shown"):
        services.add_posting(
            clerk.id, posting(), actor=actor(Role.ADMINISTRATOR, second_factor=False), basis=BASIS, now=NOW
        )


def test_nobody_makes_a_posting_of_their_own(administrator):
    with pytest.raises(BadInput, match="Another administrator"):
        services.add_posting(
            administrator.officer_id, posting(Role.SUPERVISOR), actor=administrator, basis=BASIS, now=NOW
        )


def test_a_posting_that_ends_before_it_starts_is_refused(administrator):
    clerk = officer(Role.REGISTRATION_CLERK)
    with pytest.raises(BadInput, match="not before the first"):
        services.add_posting(
            clerk.id, posting(ends_on=TODAY - timedelta(days=1)), actor=administrator, basis=BASIS, now=NOW
        )


def test_a_posting_to_come_gives_nothing_today(administrator):
    clerk = officer(Role.REGISTRATION_CLERK)
    services.add_posting(
        clerk.id, posting(starts_on=TODAY + timedelta(days=1)), actor=administrator, basis=BASIS, now=NOW
    )
    assert actor_for(clerk, today=TODAY, second_factor=True).roles == {Role.REGISTRATION_CLERK}
    assert Role.EXAMINER in actor_for(clerk, today=TODAY + timedelta(days=1), second_factor=True).roles


def test_a_posting_ends_at_once_and_the_reason_stays(administrator):
    clerk = officer(Role.REGISTRATION_CLERK)
    services.end_posting(clerk.postings.get().id, "left the unit", actor=administrator, basis=BASIS, now=NOW)
    assert actor_for(clerk, today=TODAY, second_factor=True).roles == frozenset()
    assert on_record(HistoryEntry).get(event="posting_ended").detail["reason"] == "left the unit"


def test_the_last_administrator_stays(administrator):
    own = Posting.objects.get(role=Role.ADMINISTRATOR)
    with pytest.raises(WrongState, match="one more before"):
        services.end_posting(own.id, "tired", actor=administrator, basis=BASIS, now=NOW)


def test_one_of_two_administrators_may_go(administrator, second):
    services.end_posting(
        Posting.objects.get(officer_id=second.officer_id).id, "moved", actor=administrator, basis=BASIS, now=NOW
    )
    assert actor_for(Officer.objects.get(id=second.officer_id), today=TODAY, second_factor=True).roles == frozenset()


def test_a_closed_account_has_no_posting_and_no_session(administrator):
    clerk = officer(Role.REGISTRATION_CLERK)
    before = clerk.get_session_auth_hash()
    services.close_account(clerk.id, "left the service", actor=administrator, basis=BASIS, now=NOW)
    clerk.refresh_from_db()
    assert (clerk.is_active, clerk.postings.filter(ended_at__isnull=True).count()) == (False, 0)
    assert clerk.get_session_auth_hash() != before
    with pytest.raises(NotFound):
        services.password_link(clerk.id, actor=administrator, basis=BASIS, now=NOW)


def test_a_link_for_a_password_leaves_the_second_factor(administrator):
    clerk = officer(Role.REGISTRATION_CLERK)
    enrol(clerk)
    token = services.password_link(clerk.id, actor=administrator, basis=BASIS, now=NOW)
    assert default_token_generator.check_token(clerk, token)
    assert Authenticator.objects.filter(user=clerk).exists()


def test_a_second_factor_is_taken_away_by_two_administrators(administrator, second):
    clerk = officer(Role.REGISTRATION_CLERK)
    enrol(clerk)
    asked = services.ask_reset(clerk.id, "lost the phone", actor=administrator, basis=BASIS, now=NOW)
    with pytest.raises(WrongState, match="another administrator"):
        services.settle_reset(asked.id, done=True, actor=administrator, basis=BASIS, now=NOW)
    assert Authenticator.objects.filter(user=clerk).exists()
    services.settle_reset(asked.id, done=True, actor=second, basis=BASIS, now=NOW)
    assert not Authenticator.objects.filter(user=clerk).exists()


def test_the_database_too_wants_two_administrators_for_a_reset(administrator):
    clerk = officer(Role.REGISTRATION_CLERK)
    enrol(clerk)
    services.ask_reset(clerk.id, "lost the phone", actor=administrator, basis=BASIS, now=NOW)
    with pytest.raises(IntegrityError, match="reset_takes_two_administrators"), transaction.atomic():
        SecondFactorReset.objects.update(settled_at=NOW, settled_by=administrator.reference, done=True)


def test_a_reset_that_is_declined_leaves_the_second_factor(administrator, second):
    clerk = officer(Role.REGISTRATION_CLERK)
    enrol(clerk)
    asked = services.ask_reset(clerk.id, "lost the phone", actor=administrator, basis=BASIS, now=NOW)
    services.settle_reset(asked.id, done=False, actor=second, basis=BASIS, now=NOW)
    assert Authenticator.objects.filter(user=clerk).exists()
    with pytest.raises(NotFound):
        services.settle_reset(asked.id, done=True, actor=second, basis=BASIS, now=NOW)


def test_a_mandate_opens_its_purpose_to_the_workers_of_an_organisation_until_it_is_ended(administrator):
    helper = services.add_organisation("Open Door", OrganisationKind.NGO, actor=administrator, basis=BASIS, now=NOW)
    social = officer(Role.SOCIAL_WORKER, organisation="Open Door")
    assert actor_for(social, today=TODAY, second_factor=True).purposes == frozenset()
    mandate = services.add_mandate(
        helper.id, Purpose.REFERRAL, "agreement 12/2026", starts_on=TODAY, ends_on=None, actor=administrator,
        basis=BASIS, now=NOW,
    )  # fmt: skip
    assert actor_for(social, today=TODAY, second_factor=True).purposes == {Purpose.REFERRAL}
    services.end_mandate(mandate.id, "agreement ended", actor=administrator, basis=BASIS, now=NOW)
    assert actor_for(social, today=TODAY, second_factor=True).purposes == frozenset()


def test_the_authority_has_no_mandate(administrator):
    with pytest.raises(BadInput, match="needs no mandate"):
        services.add_mandate(
            Organisation.objects.get(name="Authority").id, Purpose.RETURN, "x", starts_on=TODAY, ends_on=None,
            actor=administrator, basis=BASIS, now=timezone.now(),
        )  # fmt: skip


def test_an_administrator_may_touch_nobody_on_the_move():
    allowed = {action for action, roles in ROLES_FOR.items() if Role.ADMINISTRATOR in roles}
    assert allowed == {Action.POST, Action.MANAGE_PARTNERS}
