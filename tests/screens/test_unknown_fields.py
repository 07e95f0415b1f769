"""Every address that takes something refuses a field that its page does not have, by name, and keeps nothing."""

from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from test_registration_pages import fill

from people import NOW, PASSWORD, officer, on_record
from sign_ins import enrol, signed_in
from stonebridge.accounts.models import Officer, Posting
from stonebridge.domain.actor import Role
from stonebridge.safeguards.models import EmergencyAccess, HistoryEntry, Hold

SOMEONE = UUID(int=1)
NOBODY = "MK-2222-2222"
TAKING = {
    "account_login": (), "account_logout": (), "account_reauthenticate": (), "account_change_password": (),
    "account_welcome": (), "account_work": (), "account_end_sessions": (), "mfa_authenticate": (),
    "mfa_reauthenticate": (), "mfa_activate_totp": (), "mfa_generate_recovery_codes": (), "set_language": (),
    "notice_seen": (SOMEONE,),
    "registry:page": (SOMEONE, "who"), "registry:keep": (SOMEONE, "needs"), "registry:read_back": (SOMEONE,),
    "registry:discard": (SOMEONE,), "registry:no_captures": (SOMEONE,), "registry:amend": (NOBODY,),
    "registry:document": (NOBODY,), "registry:captures": (NOBODY,), "registry:file": (NOBODY,),
    "remedies:claim": (NOBODY,), "remedies:origin": (NOBODY,),
    "finding:person": (), "finding:typed": (), "identification:again": (NOBODY,), "identification:ask": (NOBODY,), "identification:pair": (NOBODY,),
    "identification:withdraw": (NOBODY,), "identification:assess": (NOBODY,),
    "region:ask": (NOBODY,), "region:conversation": (NOBODY, NOBODY), "region:again": (NOBODY, NOBODY),
    "requests:one": (SOMEONE,), "region:keep": (NOBODY, NOBODY), "region:letters": (NOBODY,),
    "region:enter_request": (NOBODY,), "region:letter_out": (NOBODY, SOMEONE), "region:letter_step": (NOBODY, SOMEONE, "sent"),
    "told:correction": (SOMEONE,), "told:kept_back_one": (SOMEONE,), "exchange:revocation": (SOMEONE,),
    "partners:propose": (), "partners:join": (SOMEONE,), "partners:settle": (SOMEONE,), "partners:check": ("rs",),
    "partners:revoke": ("rs",),
    "protection:refer": (), "protection:referral": (NOBODY,),
    "cases:open": (NOBODY,), "cases:task": (NOBODY, "identify"), "cases:second": (NOBODY, "identify"),
    "cases:finding": (NOBODY, "non_refoulement"), "cases:leave": (NOBODY, "complete"),
    "appeals:lodge": (NOBODY,), "appeals:end": (NOBODY, NOBODY),
    "safeguards:log_check": (), "safeguards:log_export": (), "safeguards:restrictions": (),
    "safeguards:lift_restriction": (NOBODY,), "safeguards:hold": (SOMEONE,), "safeguards:emergency": (),
    "safeguards:review_emergency": (SOMEONE,),
    "accounts:new_officer": (), "accounts:organisations": (), "accounts:new_mandate": (SOMEONE,),
    "accounts:end_mandate": (SOMEONE,), "accounts:end_posting": (SOMEONE,), "accounts:settle_reset": (SOMEONE,),
    "accounts:new_posting": (SOMEONE,), "accounts:password_link": (SOMEONE,), "accounts:ask_reset": (SOMEONE,),
    "accounts:close_account": (SOMEONE,),
}  # fmt: skip
"""Every address that takes a form, with what stands in it."""
TAKES_SIGNED_BYTES = {"exchange:messages"}
"""What another node signs is no form: its envelope refuses unknown fields by itself (tests/exchange)."""
WITH_A_SCENE = {
    "account_login", "account_welcome", "mfa_authenticate", "mfa_activate_totp", "registry:read_back", "registry:amend",
    "registry:document", "registry:captures", "remedies:claim", "remedies:origin", "protection:referral",
    "safeguards:hold", "safeguards:review_emergency", "partners:join", "told:kept_back_one",
    "cases:open", "cases:task", "cases:second", "cases:finding", "cases:leave", "appeals:lodge", "appeals:end",
}  # fmt: skip
"""Those that ask for something on record before they look at the form: a test of its own each."""


def names(resolver: URLResolver | None = None, space: str = "") -> dict[str, URLPattern]:
    """Every address of the node by its name."""
    found: dict[str, URLPattern] = {}
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            found |= names(pattern, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            found[f"{space}{pattern.name}"] = pattern
    return found


def everybody() -> Officer:
    """An officer who is in post in every role."""
    made = officer(Role.ADMINISTRATOR, "In Every Role")
    first = made.postings.get()
    Posting.objects.bulk_create(
        Posting(officer=made, organisation=first.organisation, unit=first.unit, role=role, starts_on=first.starts_on,
                appointed_by="test")
        for role in Role if role != first.role
    )  # fmt: skip
    return made


@pytest.fixture
def browser() -> Client:
    return signed_in(everybody())


def refused(browser: Client, address: str) -> bool:
    """Whether a stray field, and a stray file, are refused by name, with value and remedy; and no event is kept."""
    before = on_record(HistoryEntry).count()
    answers = [
        browser.post(address, {"evil": "one of mine"}),
        browser.post(address, {"evil": SimpleUploadedFile("one of mine", b"x")}),
    ]
    told = ["evil" in each.text and "one of mine" in each.text and "no such field" in each.text for each in answers]
    return (
        [each.status_code for each in answers] == [400, 400] and all(told) and before == on_record(HistoryEntry).count()
    )


@pytest.mark.parametrize("name", sorted(names()))
def test_every_address_that_takes_something_is_on_the_list(name, browser):
    pattern = names()[name]
    known = {"uuid:": SOMEONE, "slug:": "who", "str:": NOBODY, "int:": 2}
    arguments = {
        each: next(value for kind, value in known.items() if f"<{kind}{each}>" in _route(name)) for each in _parts(name)
    }
    assert pattern.name
    looks_only = browser.post(reverse(name, kwargs=arguments)).status_code == 405
    assert looks_only or name in TAKING or name in TAKES_SIGNED_BYTES


def _parts(name: str) -> list[str]:
    return [each.partition(":")[2].partition(">")[0] for each in _route(name).split("<")[1:]]


def _route(name: str) -> str:
    return str(names()[name].pattern)


@pytest.mark.parametrize("name", sorted(set(TAKING) - WITH_A_SCENE))
def test_a_field_that_the_page_does_not_have_is_refused_by_name(name, browser):
    assert refused(browser, reverse(name, args=TAKING[name]))


@pytest.mark.parametrize("name", ["amend", "document", "captures"])
def test_nothing_is_added_to_a_record_with_an_unknown_field(name, browser, person):
    assert refused(browser, reverse(f"registry:{name}", args=[person.reference]))


@pytest.mark.parametrize("name", ["claim", "origin"])
def test_no_claim_and_no_origin_is_recorded_with_an_unknown_field(name, browser, person):
    assert refused(browser, reverse(f"remedies:{name}", args=[person.reference]))


def test_no_referral_is_closed_with_an_unknown_field(browser, person):
    given = {"about": person.reference, "kind": "fear", "reason": "She looks at the door."}
    made = browser.post("/referrals/new/", given).headers["Location"]
    assert refused(browser, made)


def test_no_hold_is_assigned_with_an_unknown_field(browser, person):
    hold = on_record(Hold).create(person_id=person.id, fact="former_identity", arose_at=NOW, arose_from="MK-LINK-0001")
    assert refused(browser, reverse("safeguards:hold", args=[hold.id]))


def test_no_emergency_is_reviewed_with_an_unknown_field(browser):
    browser.post("/oversight/emergency/", {"reason": "A child is missing."})
    assert refused(browser, reverse("safeguards:review_emergency", args=[EmergencyAccess.objects.get().id]))


def test_nobody_is_registered_with_an_unknown_field(browser):
    fill(browser, SOMEONE)
    assert refused(browser, reverse("registry:read_back", args=[SOMEONE]))


def test_nobody_signs_in_with_an_unknown_field():
    assert refused(Client(), "/account/login/")


def test_a_code_is_not_taken_with_an_unknown_field():
    browser, who = Client(), officer(Role.EXAMINER)
    enrol(who)
    browser.post("/account/login/", {"login": who.email, "password": PASSWORD})
    assert refused(browser, "/account/2fa/authenticate/")


def test_no_authenticator_is_enrolled_with_an_unknown_field():
    browser = Client()
    browser.post("/account/login/", {"login": officer(Role.EXAMINER).email, "password": PASSWORD})
    assert refused(browser, "/account/2fa/enrol/")


def test_no_password_is_set_with_an_unknown_field(browser):
    new = officer(Role.EXAMINER, "New Here")
    browser.post(reverse("accounts:password_link", args=[new.id]))
    link = browser.post(reverse("accounts:password_link", args=[new.id])).context["link"]
    assert refused(Client(), link.partition("testserver")[2])


@pytest.mark.parametrize("act", ["task/acknowledge", "second/acknowledge", "find/non_refoulement", "leave/complete"])
def test_nothing_is_done_to_a_case_with_an_unknown_field(act, browser, person):
    opening = f"/cases/open/{person.reference}/?purpose=readmission"
    assert refused(browser, opening)
    case = browser.post(opening, {"process": "readmission_requested", "counterpart": "FR"}).url.split("?")[0]
    assert refused(browser, f"{case}{act}/?purpose=readmission")
