"""Finding a finger in a gallery."""

import csv
from math import pi
from pathlib import Path

import numpy as np
import pytest
from made_fingers import finger, impression, made, write_finger

from stonebridge.matching.fingerprint import search
from stonebridge.matching.fingerprint.comparison import compare
from stonebridge.matching.fingerprint.search import Fingers
from stonebridge.site.command import main
from stonebridge.site.fingerprint import reading

GALLERY = [made(impression(finger(seed), seed)) for seed in range(900)]
FINGERS = Fingers(GALLERY)


@pytest.mark.parametrize("turn", [0.1, pi / 2, pi])
def test_a_finger_is_found_among_many_however_it_is_turned(turn: float):
    probe = made(impression(finger(417), 5000, turn=turn))
    assert FINGERS.search(probe, 5)[0].place == 417


def test_candidates_come_best_first_and_no_more_than_asked_for():
    found = FINGERS.search(made(impression(finger(3), 5001)), 7)
    assert len(found) == 7
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_what_may_not_be_seen_is_not_found():
    visible = np.ones(len(FINGERS), np.bool_)
    visible[417] = False
    found = FINGERS.search(made(impression(finger(417), 5002)), 900, visible)
    assert 417 not in [each.place for each in found]


def test_nobody_is_found_where_nobody_may_be_seen():
    assert FINGERS.search(GALLERY[0], 10, np.zeros(len(FINGERS), np.bool_)) == []


def test_nobody_is_found_in_an_empty_gallery():
    assert Fingers([]).search(GALLERY[0], 10) == []


def test_two_threads_find_what_one_finds():
    probe = made(impression(finger(11), 5003))
    assert Fingers(GALLERY, threads=2).search(probe, 20) == FINGERS.search(probe, 20)


def test_the_first_look_leaves_no_score_different(monkeypatch: pytest.MonkeyPatch):
    probe = made(impression(finger(12), 5004))
    whole = FINGERS.search(probe, 1)
    monkeypatch.setattr(search, "SMALL", 0)
    assert FINGERS.search(probe, 1) == whole


def test_a_part_of_a_finger_is_found_where_the_first_look_would_miss_it():
    part = made(tuple(point for point in impression(finger(20), 5005, turn=0) if point.x < 260))
    assert len(part) < 20
    assert FINGERS.search(part, 1)[0].place == 20


def test_a_candidate_scores_as_when_both_are_compared():
    probe = made(impression(finger(12), 5004))
    best = FINGERS.search(probe, 1)[0]
    assert best.score == pytest.approx(compare(GALLERY[best.place], probe).score, abs=1e-3)


def test_a_probe_without_minutiae_finds_nobody_above_zero():
    assert [each for each in FINGERS.search(made(()), 10) if each.score > 0] == []


def test_the_command_writes_ranks_and_names_seen_from_the_folders(tmp_path: Path):
    for seed in range(6):
        write_finger(tmp_path / "gallery" / "left" / f"{seed}.iso", impression(finger(seed), seed))
    write_finger(tmp_path / "probes" / "p.iso", impression(finger(4), 77))
    out = tmp_path / "results.csv"
    folders = ["--gallery", str(tmp_path / "gallery"), "--probes", str(tmp_path / "probes")]
    assert main(["fingerprint", "identify", *folders, "--top", "3", "--out", str(out)]) == 0
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    assert (rows[0]["probe"], rows[0]["candidate"]) == ("p.iso", "left/4.iso")


def test_a_file_in_the_gallery_that_is_no_record_is_named_and_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    write_finger(tmp_path / "gallery" / "1.iso", finger(1))
    (tmp_path / "gallery" / "note.txt").write_text("no record", encoding="utf-8")
    folders = ["--gallery", str(tmp_path / "gallery"), "--probes", str(tmp_path / "gallery")]
    assert main(["fingerprint", "identify", *folders, "--out", str(tmp_path / "r.csv")]) == 1
    assert "note.txt" in capsys.readouterr().err
    assert (tmp_path / "r.csv").read_text("utf-8").startswith("probe,rank,candidate,score\n1.iso,1,1.iso,")


def test_a_gallery_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folders = ["--gallery", str(tmp_path / "none"), "--probes", str(tmp_path)]
    assert main(["fingerprint", "identify", *folders, "--out", str(tmp_path / "r.csv")]) == 2
    assert "none" in capsys.readouterr().err


def test_many_files_are_read_by_several_processes_and_those_that_cannot_be_read_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(reading, "MANY", 1)
    files = [write_finger(tmp_path / f"{seed}.iso", impression(finger(seed), seed)) for seed in range(3)]
    (tmp_path / "bad.iso").write_bytes(b"FMR")
    out = tmp_path / "out" / "results.csv"
    folders = ["--gallery", str(tmp_path), "--probes", str(tmp_path)]
    assert main(["fingerprint", "identify", *folders, "--top", "1", "--threads", "2", "--out", str(out)]) == 1
    with out.open(newline="", encoding="utf-8") as file:
        assert [(row["probe"], row["candidate"]) for row in csv.DictReader(file)] == [(f.name, f.name) for f in files]
    assert capsys.readouterr().err.count("bad.iso") == 2
