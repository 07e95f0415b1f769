"""Somebody is looked for by any of what is known of them; typing shows a few, and logs whom it shows once a page."""

import html
import re
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client

from identification_bench import MatcherHere, answered
from people import BASIS, NOW, actor, amira, officer, registration
from sign_ins import signed_in
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import Unavailable
from stonebridge.domain.partial_date import parse_birth_date
from stonebridge.identification.finding import answers
from stonebridge.identification.matcher import node
from stonebridge.registry.models import NamePart
from stonebridge.registry.registration import StatedDocument, StatedIdentity, StatedNationality, names_as_given
from stonebridge.registry.services import register_person
from stonebridge.safeguards.services import restrict

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")
FIND, TYPED = "/people/find/", "/people/find/typed/"
EVERYTHING = {
    "given": "Ameera", "family": "Хаддад", "father": "Samir", "mother": "Layla", "birth": "7.3.1994",
    "birth_place": "Хомс", "document": "N00712345", "sex": "f", "nationality": "SYR",
}  # fmt: skip


@pytest.fixture
def matcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MatcherHere:
    here = MatcherHere(tmp_path / "gallery")
    monkeypatch.setattr(node, "client", lambda: here)
    return here


@pytest.fixture
def clerk():
    return actor(Role.REGISTRATION_CLERK)


@pytest.fixture
def browser(clerk) -> Client:
    return signed_in(officer(Role.REGISTRATION_CLERK, "Mila Desk"))


@pytest.fixture
def register(matcher: MatcherHere, clerk):
    """Amira with all that can be known, and three others who share little with her."""
    her = registration(documents=(StatedDocument("passport", "N00712345", "SYR", seen="original"),))
    names = {NamePart.GIVEN: "Amira", NamePart.FAMILY: "Haddad", NamePart.FATHER: "Samir", NamePart.MOTHER: "Layla"}
    identity = StatedIdentity(
        names=names_as_given(names, {}), sex="f", birth=parse_birth_date("07.03.1994", today=NOW.date()),
        birth_place="Homs", nationalities=(StatedNationality("SYR"),),
    )  # fmt: skip
    made = register_person(
        type(her)(identity=identity, arrival=her.arrival, notice=her.notice, documents=her.documents),
        actor=clerk, basis=BASIS[Purpose.REGISTRATION], now=NOW,
    )  # fmt: skip
    others = [
        amira(clerk, given="Ivo", family="Petrov", birth="1961", sex="m", nationality="BGR"),
        amira(clerk, given="Zana", family="Kelmendi", birth="12.05.1989", sex="x", nationality="XKX"),
        amira(clerk, given="Yusuf", family="Halabi", birth="30.11.2001", sex="m", nationality="IRQ"),
    ]
    answered(matcher)
    return [made, *others]


def found(browser: Client, **known: str) -> list[str]:
    page = browser.post(FIND, known)
    assert page.status_code == 200, html.unescape(page.content.decode())[:2000]
    return re.findall(r'<bdi lang="und-Latn">(MK-[^<]+)</bdi>', page.content.decode())


def typing(browser: Client, page: str = "one", **known: str) -> str:
    answer = browser.post(TYPED, known | {"page": page})
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def entries(person) -> list[str]:
    """Actions of the access log that touched this person."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT convert_from(event, 'UTF8')::json ->> 'action', convert_from(event, 'UTF8')::json ->> 'detail' "
            "FROM log.entry WHERE convert_from(event, 'UTF8')::json ->> 'person' = %s ORDER BY 2",
            [str(person.id)],
        )
        return [f"{action} {detail}" for action, detail in cursor.fetchall()]


@pytest.mark.parametrize("field", EVERYTHING)
def test_every_field_alone_finds_her(register, browser, field):
    assert register[0].reference in found(browser, **{field: EVERYTHING[field]})


@pytest.mark.parametrize("left_out", EVERYTHING)
def test_all_fields_but_one_find_her_first(register, browser, left_out):
    known = {name: value for name, value in EVERYTHING.items() if name != left_out}
    assert found(browser, **known)[0] == register[0].reference


def test_names_given_in_each_others_place_find_her(register, browser):
    assert found(browser, given="Haddad", family="Amira") == [register[0].reference]


def test_an_age_is_as_good_as_a_date(register, browser):
    assert register[0].reference in found(browser, birth="about 32")


def test_nothing_at_all_is_an_error_and_so_is_a_date_that_cannot_be(register, browser):
    nothing, wrong = browser.post(FIND, {}), browser.post(FIND, {"birth": "31.2.1994"})
    assert (nothing.status_code, wrong.status_code) == (400, 400)
    assert "Give at least one thing that is known" in html.unescape(nothing.content.decode())


def test_the_page_says_how_often_somebody_wrong_is_called_likely(register, browser):
    page = html.unescape(browser.post(FIND, EVERYTHING).content.decode())
    assert "About 1 in 50 such searches calls somebody wrong likely." in page
    assert page.index("Likely") < page.index(register[0].reference)


def test_whoever_is_shown_is_in_the_access_log(register, browser):
    before = [len(entries(each)) for each in register]
    found(browser, family="Haddad")
    after = [len(entries(each)) for each in register]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 0, 0, 0]


def test_typing_shows_her_by_the_beginning_of_her_name_in_another_script(register, browser):
    assert register[0].reference in typing(browser, given="Ами")
    assert f"/people/{register[0].reference}/" in typing(browser, "two", family="Had")


def test_two_letters_show_nobody_and_reach_no_record(register, browser):
    before = [len(entries(each)) for each in register]
    assert "MK-" not in typing(browser, given="Am")
    assert [len(entries(each)) for each in register] == before


def test_typing_logs_a_person_once_a_page_and_only_says_that_they_fit_again(register, browser):
    her = register[0]
    before = len(entries(her))
    assert "Amira" in typing(browser, given="Ami")
    again = typing(browser, given="Amir")
    assert f'data-again="typed-{her.reference}"' in again
    assert "Amira" not in again
    assert len(entries(her)) == before + 1
    assert "typing" in " ".join(entries(her))


def test_another_page_is_told_of_her_anew_and_logs_her_anew(register, browser):
    before = len(entries(register[0]))
    assert "Amira" in typing(browser, given="Ami")
    assert "Amira" in typing(browser, "two", given="Ami")
    assert len(entries(register[0])) == before + 2


def test_a_page_that_claims_to_be_new_each_time_comes_to_an_end(register, browser, monkeypatch):
    monkeypatch.setattr(answers, "MOST_SHOWN", 3)
    shown = [typing(browser, str(turn), given="Ami") for turn in range(5)]
    assert ["Amira" in each for each in shown] == [True, True, True, False, False]
    assert "data-over" in shown[-1]


def test_typing_comes_to_an_end_though_it_shows_nobody(register, browser, monkeypatch):
    monkeypatch.setattr(answers, "MOST_ASKED", 2)
    assert ["data-over" in typing(browser, given=f"Nobody{turn}") for turn in range(3)] == [False, True, True]


def test_somebody_restricted_since_the_page_showed_them_fits_no_more(register, browser):
    her = register[0]
    typing(browser, given="Ami")
    restrict(
        her.id, "asked for", actor=actor(Role.DATA_PROTECTION_OFFICER), basis=BASIS[Purpose.DATA_PROTECTION], now=NOW
    )
    assert her.reference not in typing(browser, given="Amir")
    assert found(browser, given="Amira") == []


def test_an_analyst_may_not_search_nor_type(register):
    browser = signed_in(officer(Role.ANALYST))
    assert [browser.get(FIND).status_code, browser.post(FIND, {"given": "Amira"}).status_code,
            browser.post(TYPED, {"given": "Amira"}).status_code] == [403, 403, 403]  # fmt: skip


def test_what_cannot_be_read_yet_is_left_out_while_typing(register, browser):
    assert register[0].reference in typing(browser, given="Amira", birth="7.3.")


def test_while_the_matcher_is_down_exact_fits_are_shown_and_the_page_says_so(register, browser, monkeypatch):
    class Gone(MatcherHere):
        def __init__(self) -> None:
            """Nothing to start."""

        def _ask(self, call, **arguments):
            raise Unavailable("the matcher", "Start it.")

    monkeypatch.setattr(node, "client", Gone)
    page = html.unescape(browser.post(FIND, {"family": "Haddad"}).content.decode())
    assert "The matcher does not answer" in page
    assert register[0].reference in page
    assert register[0].reference in typing(browser, family="Hadd")
