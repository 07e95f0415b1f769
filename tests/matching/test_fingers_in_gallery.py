"""Persons of the gallery are found by their fingers, beside or against what they say of themselves."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from math import isfinite
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from made_fingers import finger, impression, made

from matching.matched_people import AMIRA, HIDDEN, KEY, SHOWN, person
from matching.running_matcher import started, vault_ring
from stonebridge.domain.errors import BadInput, NotFound, Unavailable
from stonebridge.formats.iso19794 import template, write
from stonebridge.identification.matcher import process
from stonebridge.identification.matcher.sealed_fingers import sealed_text
from stonebridge.matching.engine import Hit
from stonebridge.matching.fingerprint import engine
from stonebridge.matching.fingerprint.finger_text import finger_text
from stonebridge.matching.fingerprint.starting import compile_all
from stonebridge.matching.fingerprint.template import Template
from stonebridge.matching.fusion import Evidence
from stonebridge.matching.gallery import Change, Gallery
from stonebridge.matching.record import Identity, Record
from stonebridge.matching.stored_record import identity_from_json, identity_to_json
from stonebridge.safeguards.sealing import seal

OTHER = Identity(given="Yusuf", family="Okonkwo", birth="1971-11-30", sex="m", nationalities=("NGA",))


def hand(owner: int, capture: int, *positions: int) -> tuple[str, ...]:
    """Fingers of somebody, as one capture shows them."""
    return tuple(
        finger_text(at, made(impression(finger(100 * owner + at), 1000 * capture + at))) for at in positions or (2, 7)
    )


def kept(number: int, *, visible: int = SHOWN, fingers: bool = True) -> Record:
    """Somebody with a name of their own."""
    name = f"{'BCDFGHKLMN'[number % 10]}a{'rlnmdst'[number % 7]}i{'bkzv'[number % 4]}"
    said = replace(AMIRA, given=name, documents=(f"SYR:{number:05}",), birth=f"19{50 + number}-03-07")
    return Record(person(number), visible, (replace(said, fingers=hand(number, 1) if fingers else ()),))


def opened(folder: Path) -> Gallery:
    return process.open_gallery(folder, KEY)[0]


@pytest.fixture
def gallery(tmp_path: Path) -> Iterator[Gallery]:
    made_up = opened(tmp_path / "gallery")
    made_up.apply([Change(person(number), kept(number)) for number in range(12)], 12, since=0)
    yield made_up
    made_up.close()


def best(gallery: Gallery, probe: Identity, visible: int = SHOWN) -> Hit | None:
    hits = gallery.search(probe, visible, 5, 5.0).hits
    return hits[0] if hits else None


def bits(hit: Hit) -> dict[str, float]:
    return {each.feature: each.score for each in hit.comparisons}


def test_a_person_under_another_name_is_found_by_the_fingers_alone(gallery: Gallery):
    hit = best(gallery, replace(OTHER, fingers=hand(7, 2)))
    assert hit is not None
    assert hit.id == person(7)
    assert hit.score > 12
    assert hit.comparisons[0].detail.key == "fingers.same"
    assert "other_data.given" in {each.detail.key for each in hit.comparisons}


def test_the_score_is_the_sum_of_its_comparisons(gallery: Gallery):
    hit = best(gallery, replace(OTHER, fingers=hand(7, 2)))
    assert hit is not None
    assert hit.score == pytest.approx(sum(bits(hit).values()), abs=0.02)


def test_the_same_name_and_other_fingers_speak_against_each_other(gallery: Gallery):
    said = kept(7).identities[0]
    with_own = best(gallery, replace(said, fingers=hand(7, 2)))
    with_others = best(gallery, replace(said, fingers=hand(99, 2)))
    assert with_own is not None
    assert with_others is not None
    assert with_others.score < best(gallery, replace(said, fingers=())).score < with_own.score  # type: ignore[union-attr]
    assert bits(with_own)["fingers"] > 0 > bits(with_others)["fingers"]
    assert with_own.score == pytest.approx(
        Evidence(bits(with_own)["fingers"], sum(bits(with_own).values()) - bits(with_own)["fingers"]).total, abs=0.02
    )


def test_a_probe_without_fingers_is_answered_as_if_there_were_none(gallery: Gallery):
    said = replace(kept(7).identities[0], fingers=())
    hit = best(gallery, said)
    assert hit is not None
    assert hit.id == person(7)
    assert "fingers" not in bits(hit)


def test_fingers_recorded_for_the_other_hand_are_found(gallery: Gallery):
    swapped = tuple(f"{ {'2': 7, '7': 2}[text[0]] }{text[1:]}" for text in hand(3, 4))
    hit = best(gallery, replace(OTHER, fingers=swapped))
    assert hit is not None
    assert hit.id == person(3)


def test_whoever_is_not_visible_or_removed_is_not_found_by_fingers(gallery: Gallery):
    gallery.apply([Change(person(7), kept(7, visible=HIDDEN)), Change(person(8), None)], 14, since=12)
    for gone in (7, 8):
        hit = best(gallery, replace(OTHER, fingers=hand(gone, 2)))
        assert hit is None or "fingers.same" not in {each.detail.key for each in hit.comparisons}
    found = best(gallery, replace(OTHER, fingers=hand(7, 2)), HIDDEN)
    assert found is not None
    assert found.id == person(7)


def test_somebody_added_after_a_search_is_found_by_the_next(gallery: Gallery):
    assert best(gallery, replace(OTHER, fingers=hand(20, 2))) is None
    gallery.apply([Change(person(20), kept(20))], 13, since=12)
    hit = best(gallery, replace(OTHER, fingers=hand(20, 2)))
    assert hit is not None
    assert hit.id == person(20)


def test_an_explanation_says_what_the_search_said_also_after_opening_again(tmp_path: Path, gallery: Gallery):
    probe = replace(OTHER, fingers=hand(7, 2))
    hit = best(gallery, probe)
    gallery.merge()
    gallery.close()
    again = opened(tmp_path / "gallery")
    assert best(again, probe) == hit == again.explain(probe, person(7), SHOWN)
    again.close()


def test_a_gallery_that_learned_nothing_yet_changes_its_version_with_the_method(
    tmp_path: Path, gallery: Gallery, monkeypatch: pytest.MonkeyPatch
):
    before = gallery.version
    gallery.close()
    monkeypatch.setattr(engine, "METHOD", "after an update")
    updated = opened(tmp_path / "gallery")
    assert updated.version.endswith("after an update")
    with pytest.raises(NotFound):
        updated.explain(AMIRA, person(7), SHOWN, before)
    updated.close()


def test_no_minutia_stands_in_the_files_of_the_gallery(tmp_path: Path, gallery: Gallery):
    gallery.merge()
    texts = [text.partition(":")[2].encode()[:40] for number in range(12) for text in hand(number, 1)]
    content = b"".join(path.read_bytes() for path in (tmp_path / "gallery").iterdir() if path.is_file())
    assert not any(text in content for text in texts)


@pytest.mark.parametrize(
    "text", ["0:" + "A" * 8, "11:" + "A" * 8, "2:" + "A" * 7, "2:", "2:" + "A" * 8 * 65, "2:====AAAA"]
)
def test_a_finger_that_is_none_is_refused_before_it_is_kept(text: str):
    with pytest.raises(BadInput):
        identity_from_json({"fingers": [text]})


def test_a_finger_comes_back_from_its_text():
    identity = replace(AMIRA, fingers=hand(1, 1))
    assert identity_from_json(json.loads(json.dumps(identity_to_json(identity)))) == identity


def test_a_second_registration_under_another_name_is_found_through_the_socket():
    compile_all()
    with tempfile.TemporaryDirectory(prefix="sb") as folder:
        running = started(Path(folder))
        try:
            running.client.apply([Change(person(number), kept(number)) for number in range(12)], 12, since=0)
            answer = running.client.search(
                replace(OTHER, fingers=hand(7, 2)), visible=SHOWN, limit=5, budget=5.0, at_least=12
            )
        finally:
            running.kill()
    assert answer.hits[0].id == person(7)
    assert answer.hits[0].comparisons[0].detail.key == "fingers.same"


def test_while_the_comparison_of_fingers_is_made_ready_every_other_search_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "nothing_kept"))
    with tempfile.TemporaryDirectory(prefix="sb") as folder:
        running = started(Path(folder))
        running.client.apply([Change(person(number), kept(number)) for number in range(3)], 3, since=0)
        said = kept(2).identities[0]
        with pytest.raises(Unavailable, match="made ready once"):
            running.client.search(said, visible=SHOWN, limit=5, budget=5.0, at_least=3)
        answer = running.client.search(replace(said, fingers=()), visible=SHOWN, limit=5, budget=5.0, at_least=3)
        assert running.stop() == 0
    assert answer.hits[0].id == person(2)


def test_sealed_fingers_are_opened_by_the_matcher_and_only_in_their_own_place():
    compile_all()
    sealed = sealed_hand(7, 1)
    moved = [text.replace(text.split(":")[1], str(UUID(int=9))) for text in sealed]
    with tempfile.TemporaryDirectory(prefix="sb") as folder:
        running = started(Path(folder))
        try:
            running.client.apply(
                [Change(person(7), holding(7, sealed)), Change(person(8), holding(8, moved))], 2, since=0
            )
            answer = running.client.search(
                replace(OTHER, fingers=hand(7, 2)), visible=SHOWN, limit=5, budget=5.0, at_least=2
            )
            status = running.client.status()
        finally:
            running.kill()
    assert [hit.id for hit in answer.hits if hit.comparisons[0].detail.key == "fingers.same"] == [person(7)]
    assert status.trouble.startswith("Templates that do not open or hold no finger: 1;")


def sealed_hand(owner: int, capture: int) -> list[str]:
    """Two fingers as the vault keeps them."""
    kek = vault_ring().current
    return [sealed_text(id, at, seal(minutiae_record(owner, capture, at), id, kek, kind="finger"))
            for id, at in ((UUID(int=2), 2), (UUID(int=7), 7))]  # fmt: skip


def minutiae_record(owner: int, capture: int, at: int) -> bytes:
    return write(template(impression(finger(100 * owner + at), 1000 * capture + at), width=600, height=600))


def holding(number: int, fingers: list[str]) -> Record:
    """Somebody whose fingers are on the way to the matcher."""
    bare = kept(number, fingers=False)
    return replace(bare, identities=(replace(bare.identities[0], fingers=tuple(fingers)),))


def test_no_minutiae_however_absurd_break_a_search(gallery: Gallery):
    chance = np.random.default_rng(5)
    for number in range(60):
        rows = chance.integers(-32768, 32768, (number % 64 + 1, 3)).astype(np.int16)
        if number % 3 == 0:
            rows[:] = rows[0]
        absurd = replace(OTHER, fingers=(finger_text(2, Template(rows, ())),))
        assert all(isfinite(hit.score) for hit in gallery.search(absurd, SHOWN, 5, 5.0).hits)
        gallery.apply([Change(person(50), Record(person(50), SHOWN, (absurd,)))], 13 + number, since=12 + number)
