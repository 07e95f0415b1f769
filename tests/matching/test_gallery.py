"""What is acknowledged stays, what is damaged is noticed, what is removed is gone."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from matching.matched_people import AMIRA, HIDDEN, SHOWN, document, person, put, record, removed
from matching.opened_gallery import found, opened
from stonebridge.domain.errors import NotFound, Tampered, Unavailable, WrongState
from stonebridge.matching.gallery import Change, Gallery, set_aside
from stonebridge.matching.record import Identity


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "gallery"


@pytest.fixture
def gallery(folder: Path) -> Iterator[Gallery]:
    """Ten persons in a segment, and then one more in the journal: position 11."""
    made = opened(folder)
    made.apply([put(number) for number in range(10)], 10, since=0)
    made.merge()
    made.apply([put(10)], 11, since=10)
    yield made
    made.close()


@pytest.fixture
def stored(gallery: Gallery, folder: Path) -> Path:
    """The files of that gallery, closed."""
    gallery.close()
    return folder


def one(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def test_what_was_acknowledged_is_there_after_a_restart(stored: Path):
    again = opened(stored)
    assert (again.position, len(again), found(again, document(3)), found(again, document(10))) == (11, 11, [3], [10])


def test_a_change_is_found_at_once(gallery: Gallery):
    gallery.apply([put(3, version=1)], 12, since=11)
    assert (found(gallery, document(3, 1)), found(gallery, document(3, 0))) == ([3], [])


def test_the_same_changes_again_are_no_error_and_no_change(gallery: Gallery):
    assert gallery.apply([removed(10)], 11, since=10) == 11
    assert found(gallery, document(10)) == [10]


def test_changes_that_would_leave_a_gap_are_refused(gallery: Gallery):
    with pytest.raises(WrongState, match="position 11"):
        gallery.apply([put(12)], 14, since=13)


def test_a_removed_record_leaves_nothing_behind_after_a_merge(gallery: Gallery, folder: Path):
    before = {path.name for path in folder.glob("segment-*")}
    gallery.apply([removed(number) for number in range(11)], 22, since=11)
    gallery.merge()
    assert not list(folder.glob("segment-*"))
    assert before.isdisjoint(path.name for path in folder.iterdir())
    gallery.close()
    assert len(opened(folder)) == 0


def test_nothing_of_a_person_lies_readable_on_the_disk(stored: Path):
    assert all(b"Amira" not in path.read_bytes() and b"00003V" not in path.read_bytes() for path in stored.iterdir())


def test_the_files_are_readable_by_their_owner_alone(stored: Path):
    assert {path.stat().st_mode & 0o077 for path in stored.glob("*-*")} == {0}


def test_many_changes_are_merged_by_themselves(gallery: Gallery, folder: Path):
    gallery.apply([put(number) for number in range(300)], 311, since=11)
    assert one(folder, "journal-*").stat().st_size < 100


def test_two_processes_cannot_have_one_gallery(gallery: Gallery, folder: Path):
    with pytest.raises(Unavailable, match="Another process"):
        opened(folder)


@pytest.mark.parametrize("pattern", ["segment-*", "table-*", "journal-*", "manifest"])
def test_an_altered_file_is_noticed_and_named(stored: Path, pattern: str):
    path = one(stored, pattern)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(Tampered, match=f"{path.name}.*rebuild"):
        opened(stored)


@pytest.mark.parametrize("pattern", ["segment-*", "table-*", "journal-*", "manifest"])
@pytest.mark.parametrize("left", [0, 10, 40, -1])
def test_a_truncated_file_is_noticed_and_named(stored: Path, pattern: str, left: int):
    path = one(stored, pattern)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(Tampered, match=f"{path.name}.*rebuild"):
        opened(stored)


@pytest.mark.parametrize("pattern", ["segment-*", "table-*", "journal-*", "manifest"])
def test_a_missing_file_is_noticed_and_named(stored: Path, pattern: str):
    path = one(stored, pattern)
    path.unlink()
    with pytest.raises(Tampered, match=f"{path.name}.*rebuild"):
        opened(stored)


@pytest.mark.parametrize("pattern", ["segment-*", "journal-*", "table-*"])
def test_a_file_swapped_with_that_of_another_gallery_is_noticed(stored: Path, tmp_path: Path, pattern: str):
    other = opened(tmp_path / "other")
    other.apply([put(number) for number in range(10)], 10, since=0)
    other.merge()
    other.apply([put(11)], 11, since=10)
    shutil.copy(one(tmp_path / "other", pattern), one(stored, pattern))
    with pytest.raises(Tampered, match="rebuild"):
        opened(stored)


def test_an_old_segment_put_back_in_place_of_the_new_is_noticed(gallery: Gallery, folder: Path, tmp_path: Path):
    shutil.copy(one(folder, "segment-*"), tmp_path / "old")
    gallery.apply([put(number, 1) for number in range(10)], 21, since=11)
    gallery.merge()
    gallery.close()
    shutil.copy(tmp_path / "old", one(folder, "segment-*"))
    with pytest.raises(Tampered, match=r"segment-.*rebuild"):
        opened(folder)


def test_chunks_in_another_order_are_noticed(folder: Path):
    made = opened(folder)
    made.apply([put(1)], 1, since=0)
    first = one(folder, "journal-*").stat().st_size
    made.apply([put(2)], 2, since=1)
    made.close()
    path = one(folder, "journal-*")
    content = path.read_bytes()
    path.write_bytes(content[:32] + content[first:] + content[32:first])
    with pytest.raises(Tampered, match="journal"):
        opened(folder)


def test_another_key_opens_nothing(stored: Path):
    with pytest.raises(Tampered, match="this key"):
        opened(stored, key=bytes(32))


def test_an_unacknowledged_rest_of_a_change_is_forgotten(stored: Path):
    with one(stored, "journal-*").open("ab") as journal:
        journal.write(b"half a frame")
    again = opened(stored)
    again.apply([put(11)], 12, since=11)
    again.close()
    assert found(opened(stored), document(11)) == [11]


def test_what_a_crashed_merge_left_is_cleaned_away(stored: Path):
    (stored / "segment-0000").write_bytes(b"unfinished")
    (stored / "manifest.part").write_bytes(b"unfinished")
    again = opened(stored)
    assert len(again) == 11
    assert not (stored / "segment-0000").exists()


ON_A_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from matching.test_gallery import *
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
gallery = opened(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, resource.RLIM_INFINITY))
with pytest.raises(Unavailable, match="free some space"):
    gallery.apply([put(number, 1) for number in range(100)], 111, since=11)
assert (gallery.position, found(gallery, document(3))) == (11, [3])
with pytest.raises(Unavailable, match="free some space"):
    resource.setrlimit(resource.RLIMIT_FSIZE, (600, resource.RLIM_INFINITY))
    gallery.merge()
assert (gallery.position, found(gallery, document(3))) == (11, [3])
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
gallery.apply([put(number, 1) for number in range(100)], 111, since=11)
"""


def test_a_full_disk_leaves_the_former_state_and_the_gallery_goes_on_once_there_is_room(stored: Path):
    tests = str(Path(__file__).resolve().parents[1])
    subprocess.run([sys.executable, "-c", ON_A_FULL_DISK, str(stored)], check=True, env={"PYTHONPATH": tests})
    again = opened(stored)
    assert (again.position, len(again), found(again, document(3, 1))) == (111, 100, [3])


def test_a_rebuild_answers_nothing_until_it_is_finished(gallery: Gallery):
    gallery.begin_rebuild()
    gallery.apply([put(1, 5)], 0, since=0)
    with pytest.raises(Unavailable, match="being rebuilt"):
        found(gallery, document(1, 5))
    assert gallery.finish_rebuild(20) == 20
    assert (len(gallery), found(gallery, document(1, 5))) == (1, [1])


def test_a_rebuild_that_was_interrupted_is_still_unfinished_after_a_restart(gallery: Gallery, folder: Path):
    gallery.begin_rebuild()
    gallery.apply([put(1)], 0, since=0)
    gallery.close()
    assert not opened(folder).complete


def test_a_damaged_gallery_is_set_aside_and_a_new_one_begun(stored: Path):
    one(stored, "segment-*").unlink()
    aside = set_aside(stored)
    assert (aside / "manifest").exists()
    assert opened(stored).position == 0


def test_an_invisible_record_is_neither_found_nor_explained(gallery: Gallery):
    gallery.apply([Change(person(50), record(50, visible=HIDDEN))], 12, since=11)
    assert found(gallery, "SYR:N00712345") == []
    with pytest.raises(NotFound):
        gallery.explain(AMIRA, person(50), SHOWN)


def test_an_earlier_version_explains_as_it_did(folder: Path):
    gallery = opened(folder)
    gallery.apply([Change(person(n), record(n, Identity(given="Amira"))) for n in range(40)], 40, since=0)
    version, before = gallery.version, gallery.explain(AMIRA, person(1), SHOWN)
    gallery.apply([Change(person(n), record(n, Identity(given="Amira"))) for n in range(400)], 400, since=40)
    assert gallery.version != version
    assert gallery.explain(AMIRA, person(1), SHOWN) != before
    assert gallery.explain(AMIRA, person(1), SHOWN, version) == before
    gallery.close()
    assert opened(folder).explain(AMIRA, person(1), SHOWN, version) == before
