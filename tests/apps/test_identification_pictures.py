"""Pictures of fingers are read by a child of the worker, and then compared as templates are."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.test import override_settings
from PIL import Image

from identification_bench import answered
from identification_fingers import pictures, prints, ready
from people import NOW, amira, on_record
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import Unavailable
from stonebridge.domain.references import parse_reference
from stonebridge.identification.models import Candidate, FingerPicture, GalleryChange, Search, Task
from stonebridge.identification.prints import reading
from stonebridge.identification.prints.progress import kind_of, progress
from stonebridge.identification.queries import search_seen
from stonebridge.identification.services import prints as printing
from stonebridge.identification.services import read_pictures
from stonebridge.identification.worker import waits
from stonebridge.registry.models import BiometricRecord
from stonebridge.registry.registration import TEMPLATE, Capture
from stonebridge.registry.services import add_captures
from stonebridge.safeguards.models import HistoryEntry

LATER = NOW + timedelta(minutes=5)
pytestmark = pytest.mark.usefixtures("nothing_is_drawn")


@pytest.fixture(scope="module", autouse=True)
def _kernels() -> None:
    ready()


def yusuf(clerk, **changes: object):
    return amira(clerk, given="Yusuf", family="Okonkwo", birth="30.11.1971", sex="m", nationality="NGA", **changes)


def in_the_vault(person) -> list[BiometricRecord]:
    rows = BiometricRecord.objects.using("vault").filter(person_id=person.id, modality="finger")
    return list(rows.order_by("position", "media"))


def blank(position: int = 2) -> Capture:
    png = io.BytesIO()
    Image.new("L", (350, 450), 230).save(png, "PNG")
    return Capture("finger", position, "image/png", png.getvalue(), 350, 450)


def test_a_person_registered_twice_is_found_by_the_pictures_of_their_fingers_alone(matcher, clerk):
    one = amira(clerk, captures=pictures(7, 1))
    other = yusuf(clerk, captures=pictures(7, 2))
    assert not waits(NOW)
    assert read_pictures(NOW)
    assert not read_pictures(NOW)
    answered(matcher)
    told = {each["feature"]: each["key"] for each in on_record(Candidate).get(search__probe=other).comparisons}
    assert told["fingers"] == "fingers.same"
    assert on_record(Task).between(one.id, other.id).exists()
    rows = on_record(FingerPicture).filter(person=one)
    assert [(each.state, each.fault) for each in rows] == [("read", ""), ("read", "")]
    assert min(each.quality for each in rows) > 35
    assert min(each.minutiae for each in rows) > 20


def test_the_template_that_was_read_says_in_which_picture_and_stands_for_the_same_capture(clerk):
    one = amira(clerk, captures=pictures(7, 1, (2,)))
    read_pictures(NOW)
    template, picture = in_the_vault(one)
    assert (template.media, picture.media) == (TEMPLATE, "image/png")
    assert (template.made_from, template.taken_at, template.width) == (picture.id, picture.taken_at, picture.width)
    assert (picture.made_from, template.taken_by) == (None, "clock:search")


def test_a_search_waits_until_the_pictures_are_read(matcher, clerk):
    amira(clerk, captures=pictures(7, 1, (2,)))
    assert answered(matcher) == 0
    read_pictures(NOW)
    assert answered(matcher) == 1


def test_pictures_taken_later_ask_for_a_search_once_all_are_read(matcher, clerk):
    one = amira(clerk, captures=prints(7, 1))
    other = yusuf(clerk)
    answered(matcher)
    before = GalleryChange.objects.count()
    add_captures(other.id, pictures(7, 2), actor=clerk, basis="public_task", now=LATER)
    assert not on_record(Search).filter(state="waiting").exists()
    read_pictures(LATER)
    assert GalleryChange.objects.count() == before + 1
    assert answered(matcher, LATER) == 1
    assert on_record(Task).between(one.id, other.id).exists()


def test_a_search_asked_for_by_a_reading_has_a_reference_that_can_be_read_back_at_every_node(matcher, clerk):
    one = amira(clerk)
    answered(matcher)
    add_captures(one.id, pictures(7, 1, (2,)), actor=clerk, basis="public_task", now=LATER)
    with override_settings(NODE=replace(settings.NODE, code="eu-ms", references="FR")):
        read_pictures(LATER)
    search = on_record(Search).get(probe=one, state="waiting")
    assert parse_reference(search.reference) == search.reference
    assert search.reference.startswith("FR-")


def test_minutiae_that_a_scanner_delivers_with_the_picture_are_compared_at_once(matcher, clerk):
    one = amira(clerk, captures=pictures(7, 1, read=True))
    other = yusuf(clerk, captures=pictures(7, 2, read=True))
    assert not read_pictures(NOW)
    answered(matcher)
    assert on_record(Task).between(one.id, other.id).exists()
    assert [bool(each.made_from) for each in in_the_vault(one)] == [True, False, True, False]


def test_a_picture_without_a_finger_is_kept_and_told_and_the_others_are_read(matcher, clerk):
    one = amira(clerk, captures=[blank(2), *pictures(7, 1, (7,))])
    read_pictures(NOW)
    assert [(each.state, each.fault) for each in on_record(FingerPicture).filter(person=one)] == [
        ("failed", "empty"), ("read", ""),
    ]  # fmt: skip
    assert [each.media for each in in_the_vault(one)] == ["image/png", TEMPLATE, "image/png"]
    assert answered(matcher) == 1


def test_a_picture_that_was_altered_in_the_vault_is_not_read(clerk):
    one = amira(clerk, captures=pictures(7, 1, (2,)))
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE vault.biometric_record SET sealed = set_byte(sealed, 100, 255 - get_byte(sealed, 100))")
    read_pictures(NOW)
    assert on_record(FingerPicture).get(person=one).fault == "tampered"
    assert len(in_the_vault(one)) == 1


def test_without_a_reader_pictures_wait_and_the_search_runs_by_what_else_is_known(matcher, clerk, monkeypatch):
    monkeypatch.setattr(reading, "is_installed", lambda: False)
    one, other = amira(clerk), amira(clerk, captures=pictures(7, 1, (2,)))
    assert not read_pictures(NOW)
    assert answered(matcher) == 2
    assert on_record(Task).between(one.id, other.id).exists()
    assert on_record(FingerPicture).get(person=other).attempts == 1
    monkeypatch.undo()
    read_pictures(NOW + timedelta(hours=1))
    assert on_record(Search).filter(probe=other, state="waiting").count() == 1


def test_without_a_reader_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(reading, "is_installed", lambda: False)
    with pytest.raises(Unavailable, match=r"stonebridge\[fingerprint\]"):
        reading.read([])


def test_a_picture_read_twice_by_two_workers_makes_one_template(clerk):
    one = amira(clerk, captures=pictures(7, 1, (2,)))
    taken = printing.sealed_pictures(
        one.id, [on_record(FingerPicture).get().id], actor=printing.MACHINE, purpose=Purpose.IDENTIFICATION,
        basis=printing.BASIS, now=NOW,
    )  # fmt: skip
    read = printing._read(taken)
    printing.keep_read(one.id, read, now=NOW)
    printing.keep_read(one.id, read, now=NOW)
    assert len(in_the_vault(one)) == 2


def test_the_history_says_that_a_picture_was_read_and_how_well(clerk):
    one = amira(clerk, captures=pictures(7, 1, (2,)))
    read_pictures(NOW)
    entry = on_record(HistoryEntry).get(person_id=one.id, event="finger_read")
    assert entry.actor_reference == "clock:search"
    assert entry.detail["quality"] > 35


def test_the_application_reads_no_template_that_was_made(clerk):
    amira(clerk, captures=pictures(7, 1, (2,)))
    read_pictures(NOW)
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM vault.biometric_record")


def test_progress_is_a_count_and_the_end_says_what_to_do_with_each_finger(matcher, clerk):
    one = amira(clerk, captures=[blank(2), *pictures(7, 1, (7,))])
    search = on_record(Search).get()
    assert progress(search.reference, Purpose.REGISTRATION) == (0, 2)
    read_pictures(NOW)
    assert progress(search.reference, Purpose.REGISTRATION) == (0, 0)
    answered(matcher)
    told = search_seen(search.reference, actor=clerk, purpose=Purpose.REGISTRATION, basis="public_task", now=NOW)
    assert [each["kind"] for each in told.prints] == ["empty", "good"]
    assert told.prints[0]["advice"].startswith("No finger can be seen in it. Take it again")
    assert told.probe.id == one.id


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ({"state": "waiting"}, "waiting"),
        ({"state": "waiting", "attempts": 1}, "unread"),
        ({"state": "failed", "fault": "tampered"}, "tampered"),
        ({"state": "read", "quality": 34, "minutiae": 50}, "poor"),
        ({"state": "read", "quality": 80, "minutiae": 19}, "few"),
        ({"state": "read", "quality": 80, "minutiae": 50}, "good"),
    ],
)
def test_each_state_of_a_picture_has_its_advice(state, kind):
    assert kind_of(FingerPicture(position=2, **state)) == kind
