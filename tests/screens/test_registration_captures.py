"""Portrait and fingerprints at registration: decoded by a confined child, kept with the draft, sealed in the vault."""

import io
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from PIL import Image
from test_registration_pages import NEEDS, WHO, fill, registered

from people import actor, amira, officer
from sign_ins import signed_in
from stonebridge.domain.actor import Purpose, Role
from stonebridge.registry.models import Draft, Person
from stonebridge.safeguards import gate


def picture(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (300, 400)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new(mode, size, 128).save(out, kind, **({"dpi": (500, 500)} if mode == "L" else {}))
    return SimpleUploadedFile(f"picture.{kind.lower()}", out.getvalue())


def in_the_vault() -> list[tuple[str, int, str]]:
    with connections["vault"].cursor() as cursor:
        cursor.execute("SELECT modality, position, missing FROM vault.biometric_record ORDER BY modality, position")
        return cursor.fetchall()


def test_portrait_and_prints_come_into_the_vault_with_the_registration():
    browser, draft = signed_in(officer(Role.REGISTRATION_CLERK)), uuid4()
    fill(browser, draft)
    files = {"portrait": picture(), "finger2": picture(mode="L"), "finger3_missing": "injured"}
    answer = browser.post(f"/people/new/{draft}/needs/", NEEDS | files)
    assert answer.status_code == 302
    assert in_the_vault() == []
    page = browser.post(f"/people/new/{draft}/read-back/", {"read_back": "signed"}, follow=True)
    assert in_the_vault() == [("face", 0, ""), ("finger", 2, ""), ("finger", 3, "injured")]
    assert "/portrait/" in page.content.decode()


def test_the_portrait_is_shown_to_whoever_may_look_and_each_look_is_logged():
    browser, draft = signed_in(officer(Role.REGISTRATION_CLERK)), uuid4()
    fill(browser, draft)
    browser.post(f"/people/new/{draft}/needs/", NEEDS | {"portrait": picture()})
    browser.post(f"/people/new/{draft}/read-back/", {"read_back": "signed"})
    with gate.act(Purpose.REGISTRATION):
        reference = Person.objects.get().reference
    answer = browser.get(f"/people/{reference}/portrait/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(answer.content)).size == (300, 400)
    assert signed_in(officer(Role.BORDER_OFFICER)).get(f"/people/{reference}/portrait/").status_code == 403


def test_images_lie_in_the_draft_sealed_and_are_shown_again():
    browser, draft = signed_in(officer(Role.REGISTRATION_CLERK)), uuid4()
    fill(browser, draft)
    browser.post(f"/people/new/{draft}/needs/", NEEDS | {"portrait": picture()})
    assert b"JFIF" not in bytes(Draft.objects.get().sealed_captures)
    assert "data:image/jpeg;base64," in browser.get(f"/people/new/{draft}/needs/").content.decode()


def test_images_stay_when_something_else_on_the_page_is_wrong():
    browser, draft = signed_in(officer(Role.REGISTRATION_CLERK)), uuid4()
    fill(browser, draft)
    answer = browser.post(f"/people/new/{draft}/needs/", NEEDS | {"claim": "", "portrait": picture()})
    assert answer.status_code == 422
    assert "data:image/jpeg;base64," in answer.content.decode()


def test_a_file_that_is_no_picture_is_refused_at_its_field_and_nothing_is_kept():
    browser, draft = signed_in(officer(Role.REGISTRATION_CLERK)), uuid4()
    fill(browser, draft)
    script = SimpleUploadedFile("portrait.png", b"<script>alert(1)</script>")
    answer = browser.post(f"/people/new/{draft}/needs/", NEEDS | {"portrait": script})
    assert answer.status_code == 422
    assert 'id="id_portrait-error"' in answer.content.decode()
    assert bytes(Draft.objects.get().sealed_captures) == b""


def test_an_empty_file_is_refused_at_its_field():
    browser, draft = signed_in(officer(Role.REGISTRATION_CLERK)), uuid4()
    fill(browser, draft)
    answer = browser.post(f"/people/new/{draft}/needs/", NEEDS | {"finger1": SimpleUploadedFile("a.png", b"")})
    assert answer.status_code == 422


def test_files_that_are_together_too_large_are_refused_and_not_silently_dropped():
    browser, draft = signed_in(officer(Role.REGISTRATION_CLERK)), uuid4()
    fill(browser, draft)
    large = SimpleUploadedFile("portrait.png", b"\x89PNG\r\n\x1a\n" + bytes(13 << 20))
    answer = browser.post(f"/people/new/{draft}/needs/", NEEDS | {"portrait": large})
    assert answer.status_code == 422
    assert "Hand them in one by one" in answer.content.decode()


def test_prints_of_a_child_who_may_be_too_young_are_refused_with_the_whole_registration_until_taken_out():
    browser, draft = signed_in(officer(Role.REGISTRATION_CLERK)), uuid4()
    fill(browser, draft, who={"birth": "about 5"})
    browser.post(f"/people/new/{draft}/needs/", NEEDS | {"finger2": picture(mode="L")})
    assert "may be under the minimum age" in browser.get(f"/people/new/{draft}/read-back/").content.decode()
    refused = browser.post(f"/people/new/{draft}/read-back/", {"read_back": "signed"})
    assert refused.status_code == 403
    assert registered() == 0
    browser.post(f"/people/new/{draft}/no-captures/")
    browser.post(f"/people/new/{draft}/read-back/", {"read_back": "signed"})
    assert registered() == 1


def test_further_prints_of_a_person_on_record_are_sealed_beside_the_former():
    person = amira(actor(Role.REGISTRATION_CLERK))
    clerk = signed_in(officer(Role.REGISTRATION_CLERK, "Second Clerk"))
    empty = clerk.post(f"/people/{person.reference}/captures/", {})
    assert empty.status_code == 422
    answer = clerk.post(f"/people/{person.reference}/captures/", {"finger1": picture("BMP", "L")})
    assert answer.status_code == 302
    assert in_the_vault() == [("finger", 1, "")]


def test_a_file_under_a_name_that_the_page_does_not_have_is_refused():
    browser, draft = signed_in(officer(Role.REGISTRATION_CLERK)), uuid4()
    answer = browser.post(f"/people/new/{draft}/who/", WHO | {"finger11": picture()})
    assert answer.status_code == 400
