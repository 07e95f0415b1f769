"""At a terminal an officer is who signed in with password and second factor, and only for a while."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client

from people import PASSWORD, officer
from sign_ins import code, enrol
from stonebridge.accounts import command_session
from stonebridge.accounts.command_session import LONGEST, NotSignedIn, actor_from_session, session_file, sign_in
from stonebridge.accounts.models import Posting
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import BadInput
from stonebridge.site.command import main

pytestmark = pytest.mark.usefixtures("own_state_folder")
NOW = datetime.now(UTC)


@pytest.fixture
def clerk():
    made = officer(Role.REGISTRATION_CLERK)
    enrol(made)
    return made


def test_password_and_code_make_the_actor_of_the_commands_that_follow(clerk):
    sign_in(clerk.email, PASSWORD, code(), now=NOW)
    actor = actor_from_session(NOW)
    assert (actor.officer_id, actor.second_factor) == (clerk.id, True)
    assert actor.purposes == {Purpose.REGISTRATION, Purpose.IDENTIFICATION}


def test_a_recovery_code_works_once(clerk):
    recovery = Authenticator.objects.get(user=clerk, type="recovery_codes").wrap().get_unused_codes()[0]
    sign_in(clerk.email, PASSWORD, recovery, now=NOW)
    with pytest.raises(BadInput, match="code"):
        sign_in(clerk.email, PASSWORD, recovery, now=NOW)


def test_nobody_is_signed_in_at_first():
    with pytest.raises(NotSignedIn, match="Sign in with: stonebridge sign-in"):
        actor_from_session(NOW)


def test_a_wrong_password_and_an_unknown_address_are_told_in_the_same_words(clerk):
    with pytest.raises(BadInput) as wrong:
        sign_in(clerk.email, "something else", code(), now=NOW)
    with pytest.raises(BadInput) as unknown:
        sign_in("nobody@test.example", "something else", code(), now=NOW)
    assert wrong.value.remedy == unknown.value.remedy
    assert not session_file().exists()


def test_a_wrong_code_signs_nobody_in(clerk):
    with pytest.raises(BadInput, match="six digits"):
        sign_in(clerk.email, PASSWORD, "000000", now=NOW)
    assert not session_file().exists()


def test_whoever_has_no_second_factor_yet_is_sent_to_a_browser():
    with pytest.raises(BadInput, match="browser first"):
        sign_in(officer(Role.EXAMINER).email, PASSWORD, "123456", now=NOW)


def test_attempts_are_limited(clerk):
    for _ in range(5):
        with pytest.raises(BadInput, match="wrong"):
            sign_in(clerk.email, "something else", code(), now=NOW)
    with pytest.raises(BadInput, match="Too many attempts"):
        sign_in(clerk.email, PASSWORD, code(), now=NOW)


def test_guessed_codes_are_limited(clerk):
    for _ in range(5):
        with pytest.raises(BadInput, match="six digits"):
            sign_in(clerk.email, PASSWORD, "000000", now=NOW)
    with pytest.raises(BadInput, match="Too many attempts"):
        sign_in(clerk.email, PASSWORD, code(), now=NOW)


def test_a_session_ends_when_it_is_not_used(clerk):
    sign_in(clerk.email, PASSWORD, code(), now=NOW)
    actor_from_session(NOW + timedelta(minutes=29))
    actor_from_session(NOW + timedelta(minutes=58))
    with pytest.raises(NotSignedIn, match="has ended"):
        actor_from_session(NOW + timedelta(minutes=88))
    assert not Session.objects.exists()


def test_a_session_ends_after_a_working_day_however_much_it_is_used(clerk):
    sign_in(clerk.email, PASSWORD, code(), now=NOW)
    session = Session.objects.get()
    store = command_session._store(session.session_key)
    store["command"] = store["command"] | {"used": (NOW + LONGEST).timestamp()}
    store.save()
    with pytest.raises(NotSignedIn, match="has ended"):
        actor_from_session(NOW + LONGEST)


def test_a_session_is_revoked_by_deleting_it_on_the_server(clerk):
    sign_in(clerk.email, PASSWORD, code(), now=NOW)
    Session.objects.all().delete()
    with pytest.raises(NotSignedIn):
        actor_from_session(NOW)


def test_a_new_password_ends_the_session(clerk):
    sign_in(clerk.email, PASSWORD, code(), now=NOW)
    clerk.set_password("another long password")
    clerk.save()
    with pytest.raises(NotSignedIn, match="password changed"):
        actor_from_session(NOW)


def test_a_second_factor_taken_away_ends_the_session(clerk):
    sign_in(clerk.email, PASSWORD, code(), now=NOW)
    Authenticator.objects.all().delete()
    with pytest.raises(NotSignedIn, match="second factor"):
        actor_from_session(NOW)


def test_a_closed_account_ends_the_session(clerk):
    sign_in(clerk.email, PASSWORD, code(), now=NOW)
    clerk.is_active = False
    clerk.save()
    with pytest.raises(NotSignedIn):
        actor_from_session(NOW)


def test_a_posting_that_ended_yesterday_gives_no_role_today(clerk):
    sign_in(clerk.email, PASSWORD, code(), now=NOW)
    Posting.objects.update(ends_on=NOW.date() - timedelta(days=1))
    assert actor_from_session(NOW).roles == frozenset()


def test_the_file_is_for_its_owner_alone_and_refused_otherwise(clerk):
    sign_in(clerk.email, PASSWORD, code(), now=NOW)
    assert session_file().stat().st_mode & 0o777 == 0o600
    session_file().chmod(0o640)
    with pytest.raises(BadInput, match="Others can use it"):
        actor_from_session(NOW)


def test_a_link_in_the_place_of_the_file_is_not_followed(clerk, tmp_path):
    sign_in(clerk.email, PASSWORD, code(), now=NOW)
    session_file().rename(tmp_path / "elsewhere")
    session_file().symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotSignedIn):
        actor_from_session(NOW)


def test_the_key_of_a_terminal_opens_no_browser(clerk):
    sign_in(clerk.email, PASSWORD, code(), now=NOW)
    browser = Client()
    browser.cookies["session-mk"] = Session.objects.get().session_key
    assert browser.get("/today/").headers["Location"].startswith("/account/login/")


def test_signing_in_anew_ends_the_session_before(clerk):
    sign_in(clerk.email, PASSWORD, code(), now=NOW)
    sign_in(clerk.email, PASSWORD, code(), now=NOW)
    assert Session.objects.count() == 1


def test_the_commands_read_password_and_code_from_their_input(clerk, monkeypatch, capsys, tmp_path):
    (tmp_path / "answers").write_text(f"{PASSWORD}\n{code()}\n")
    with (tmp_path / "answers").open() as answers:
        monkeypatch.setattr("sys.stdin", answers)
        assert main(["sign-in", clerk.email]) == 0
    assert main(["whoami"]) == 0
    assert "Registration Clerk: registration_clerk" in capsys.readouterr().out
    assert main(["sign-out"]) == 0
    assert main(["whoami"]) == 2
    assert "Nobody is signed in" in capsys.readouterr().err
