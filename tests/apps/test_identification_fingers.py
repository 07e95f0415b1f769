"""A person registered twice under different names is found by their fingers, and a human alone says who they are."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, connections

from identification_bench import answered, judge, link_of, unlawful
from identification_fingers import prints, ready
from people import BASIS, NOW, actor, amira, on_record
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.links import Justified
from stonebridge.identification.fingers import MACHINE
from stonebridge.identification.models import Candidate, GalleryChange, Link, Search, Task
from stonebridge.registry.forms.captures import CapturesForm
from stonebridge.registry.registration import Capture
from stonebridge.registry.services import add_captures
from stonebridge.registry.vault import sealed_templates
from stonebridge.rights.models import Ground
from stonebridge.rights.services import ask_for_erasure, confirm_erasure
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.models import HistoryEntry
from stonebridge.safeguards.services import restrict

PUBLIC_TASK = "public_task"
LATER = NOW + timedelta(minutes=5)
pytestmark = pytest.mark.usefixtures("nothing_is_drawn")


@pytest.fixture(scope="module", autouse=True)
def _kernels() -> None:
    ready()


@pytest.fixture
def milo():
    return actor(Role.DATA_PROTECTION_OFFICER, "Milo Asks")


def yusuf(clerk, **changes: object):
    """Somebody who shares nothing with Amira but, where they are given, her fingers."""
    return amira(clerk, given="Yusuf", family="Okonkwo", birth="30.11.1971", sex="m", nationality="NGA", **changes)


def pair_found_by_fingers(matcher, clerk):
    """Two registrations of one person, and the task that asks about them."""
    one = amira(clerk, captures=prints(7, 1))
    other = yusuf(clerk, captures=prints(7, 2))
    answered(matcher)
    return one, other, on_record(Task).between(one.id, other.id).get(state="open")


def test_a_second_registration_under_another_name_is_found_by_fingers_alone(matcher, clerk):
    one, other, task = pair_found_by_fingers(matcher, clerk)
    candidate = on_record(Candidate).get(search__probe=other)
    told = {each["feature"]: each["key"] for each in candidate.comparisons}
    assert candidate.person_id == one.id
    assert told["fingers"] == "fingers.same"
    assert {told["given_name"], told["family_name"]} == {"given_name.different", "family_name.different"}
    assert candidate.score == pytest.approx(sum(each["score"] for each in candidate.comparisons), abs=0.05)
    link = on_record(Link).get()
    assert (link.evidence_biometrics, link.evidence_identity, link.colour) == ("same", "different", "yellow")
    assert (link.made_by, link.task_id) == ("clock:search", task.id)


def test_no_machine_and_no_single_examiner_joins_what_the_fingers_found(matcher, clerk, jana):
    one, other, task = pair_found_by_fingers(matcher, clerk)
    judge(task, jana, "yes")
    answered(matcher, LATER)
    assert (link_of(one.id, other.id).same_person, link_of(one.id, other.id).colour) == ("open", "yellow")


def test_two_examiners_join_what_the_fingers_found(matcher, clerk, jana, petar):
    one, other, task = pair_found_by_fingers(matcher, clerk)
    judge(task, jana, "yes")
    judge(task, petar, "yes")
    link = link_of(one.id, other.id)
    assert (link.same_person, link.colour) == ("yes", "yellow")
    assert {link.officer_one, link.officer_two} == {jana.reference, petar.reference}


def test_a_supervisor_who_names_the_article_makes_the_link_red(matcher, clerk, jana, vera):
    one, other, task = pair_found_by_fingers(matcher, clerk)
    judge(task, jana, "yes")
    judge(task, vera, "yes", **unlawful())
    assert (link_of(one.id, other.id).same_person, link_of(one.id, other.id).colour) == ("yes", "red")


def test_a_supervisor_who_finds_both_identities_justified_makes_the_link_white(matcher, clerk, jana, vera):
    one, other, task = pair_found_by_fingers(matcher, clerk)
    judge(task, jana, "yes")
    judge(task, vera, "yes", justified=Justified.YES, article="Article 33(1)(d)")
    assert (link_of(one.id, other.id).same_person, link_of(one.id, other.id).colour) == ("yes", "white")


def test_without_the_fingers_the_same_two_registrations_are_strangers(matcher, clerk):
    amira(clerk)
    yusuf(clerk)
    answered(matcher)
    assert not on_record(Candidate).exists()


def test_fingers_of_somebody_else_find_nobody(matcher, clerk):
    amira(clerk, captures=prints(7, 1))
    yusuf(clerk, captures=prints(8, 2))
    answered(matcher)
    assert not on_record(Task).exists()


def test_fingers_taken_later_ask_for_a_search_that_finds(matcher, clerk):
    one = amira(clerk, captures=prints(7, 1))
    other = yusuf(clerk)
    answered(matcher)
    assert not on_record(Task).exists()
    add_captures(other.id, prints(7, 2), actor=clerk, basis=PUBLIC_TASK, now=LATER)
    assert answered(matcher, LATER) == 1
    assert on_record(Task).between(one.id, other.id).get().score > 14


def test_a_page_sent_twice_asks_for_one_search(matcher, clerk):
    person, page, taken = amira(clerk), uuid4(), prints(7, 1, (2,))
    answered(matcher)
    add_captures(person.id, taken, actor=clerk, basis=PUBLIC_TASK, now=LATER, submission=page)
    add_captures(person.id, taken, actor=clerk, basis=PUBLIC_TASK, now=LATER, submission=page)
    assert on_record(Search).filter(probe=person, state="waiting").count() == 1


def test_a_portrait_alone_changes_nothing_for_the_matcher(matcher, clerk):
    person = amira(clerk)
    answered(matcher)
    before = GalleryChange.objects.count()
    add_captures(person.id, [Capture("face", 0, "image/jpeg", b"picture", 10, 10)], actor=clerk, basis=PUBLIC_TASK,
                 now=LATER)  # fmt: skip
    assert (GalleryChange.objects.count(), answered(matcher, LATER)) == (before, 0)


def test_a_template_that_is_no_finger_holds_nobody_up_and_is_told_to_the_administrator(matcher, clerk):
    broken = Capture("finger", 2, prints(7, 1, (2,))[0].media, b"FMR\0 20\0 and nothing more", 1, 1)
    one, other = amira(clerk, captures=[broken]), amira(clerk)
    assert answered(matcher) == 2
    assert on_record(Task).between(one.id, other.id).exists()
    assert matcher.status().trouble.startswith("Templates that do not open or hold no finger: 1;")


def test_a_restricted_person_is_not_found_by_fingers_and_their_template_stays_in_the_vault(matcher, clerk, milo):
    one = amira(clerk, captures=prints(7, 1))
    answered(matcher)
    restrict(one.id, "Being examined.", actor=milo, basis=BASIS[Purpose.DATA_PROTECTION], now=NOW)
    other = yusuf(clerk, captures=prints(7, 2))
    answered(matcher)
    assert not on_record(Candidate).filter(search__probe=other).exists()
    with pytest.raises(Refused):
        sealed_templates([one.id], actor=MACHINE, purpose=Purpose.IDENTIFICATION, basis=PUBLIC_TASK, now=NOW)


@pytest.mark.parametrize("role", [Role.REGISTRATION_CLERK, Role.EXAMINER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_no_officer_is_handed_a_template_not_even_sealed(clerk, role):
    person = amira(clerk, captures=prints(7, 1, (2,)))
    with pytest.raises(Refused, match="role"):
        sealed_templates(
            [person.id],
            actor=actor(role, f"{role} Curious"),
            purpose=Purpose.IDENTIFICATION,
            basis=PUBLIC_TASK,
            now=NOW,
        )


def test_the_application_reads_no_template_by_sql(clerk):
    amira(clerk, captures=prints(7, 1, (2,)))
    with (
        gate.act(Purpose.IDENTIFICATION), connection.cursor() as cursor, pytest.raises(DatabaseError, match="permission denied")
    ):  # fmt: skip
        cursor.execute("SELECT sealed FROM vault.biometric_record")


def test_no_minutia_lies_in_the_vault_the_gallery_or_the_log_in_the_clear(matcher, clerk, tmp_path):
    taken = prints(7, 1)
    amira(clerk, captures=taken)
    answered(matcher)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT sealed FROM vault.biometric_record")
        kept = [bytes(sealed) for (sealed,) in cursor.fetchall()]
    files = [path.read_bytes() for path in (tmp_path / "gallery").iterdir() if path.is_file()]
    assert len(kept) == 2
    assert not any(each.content[40:80] in content for each in taken for content in (*kept, *files))


def test_an_erased_person_leaves_the_vault_and_the_gallery(matcher, clerk, milo):
    one = amira(clerk, captures=prints(7, 1))
    answered(matcher)
    bojan = actor(Role.DATA_PROTECTION_OFFICER, "Bojan Confirms")
    oversight = BASIS[Purpose.DATA_PROTECTION]
    ask_for_erasure(one.reference, Ground.NO_LONGER_NEEDED, "Asked for it.", actor=milo, basis=oversight, now=LATER)
    confirm_erasure(one.reference, actor=bojan, basis=oversight, now=LATER)
    other = yusuf(clerk, captures=prints(7, 2))
    answered(matcher, LATER)
    assert not on_record(Candidate).filter(search__probe=other).exists()
    assert matcher.status().records == 1


def handed_in(content: bytes) -> CapturesForm:
    form = CapturesForm({}, {"finger2": SimpleUploadedFile("right_index.fmr", content)})
    form.full_clean()
    return form


def test_a_desk_hands_in_a_minutiae_record_in_place_of_a_picture():
    (taken,) = prints(7, 1, (2,))
    assert handed_in(taken.content).captures == (taken,)


@pytest.mark.parametrize("content", [b"FMR\0 20\0", b"FMR\0" + bytes(5000), b"FMR\0 99\0" + bytes(40)])
def test_a_minutiae_record_that_is_none_is_refused_at_its_field(content):
    assert handed_in(content).errors.keys() == {"finger2"}


def test_the_history_says_of_a_picture_that_it_is_compared_once_it_is_read(clerk):
    picture = Capture("finger", 3, "image/png", b"picture", 10, 10)
    person = amira(clerk, captures=[*prints(7, 1, (2,)), picture])
    taken = on_record(HistoryEntry).filter(person_id=person.id, event="finger_taken").order_by("id")
    assert [entry.detail["compared"] for entry in taken] == ["yes", "later"]
