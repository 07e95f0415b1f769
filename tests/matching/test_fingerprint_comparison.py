"""Comparing one finger with one."""

import csv
import subprocess
import sys
from math import pi
from pathlib import Path

import pytest
from made_fingers import finger, impression, made, write_finger
from PIL import Image

from stonebridge.formats.iso19794 import Point
from stonebridge.matching.fingerprint import starting
from stonebridge.matching.fingerprint.comparison import compare
from stonebridge.matching.fingerprint.starting import folder
from stonebridge.site.command import main

ONE, OTHER = finger(1), finger(2)


def scores(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def test_two_impressions_of_a_finger_speak_for_the_same_finger():
    assert compare(made(impression(ONE, 1)), made(impression(ONE, 2, turn=-0.3))).score > 10


def test_two_fingers_speak_against_the_same_finger():
    assert compare(made(impression(ONE, 1)), made(impression(OTHER, 2))).score < 0


@pytest.mark.parametrize("turn", [pi / 2, pi, -2.5])
def test_a_finger_is_found_however_it_is_turned(turn: float):
    assert compare(made(ONE), made(impression(ONE, 3, turn=turn))).score > 10


def test_the_alignment_follows_skin_that_is_stretched():
    straight = compare(made(ONE), made(impression(ONE, 4, lost=0, stretch=0)))
    stretched = compare(made(ONE), made(impression(ONE, 4, lost=0, stretch=30)))
    assert len(stretched.pairs) > 0.8 * len(straight.pairs)


def test_the_pairs_name_the_places_of_the_minutiae_in_the_records():
    seen = impression(ONE, 5, lost=0)
    assert {i - j for i, j in compare(made(ONE), made(seen)).pairs} == {0}


def test_a_minutia_is_paired_once():
    pairs = compare(made(ONE), made(impression(ONE, 6))).pairs
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)


def test_a_part_of_a_finger_is_enough():
    part = tuple(p for p in impression(ONE, 7, turn=0) if p.x < 310)
    assert compare(made(ONE), made(part)).score > 0


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_few_minutiae_speak_for_nobody(count: int):
    assert compare(made(ONE[:count]), made(ONE)).score < 0
    assert compare(made(ONE), made(ONE[:count])).score < 0


def test_the_same_place_recorded_many_times_counts_once():
    assert compare(made(ONE[:1] * 60), made(ONE[:1] * 60)).score < 0


def test_minutiae_at_opposite_borders_of_the_largest_image_are_no_danger():
    corners = tuple(Point(x, y, 0.0, 1, 80) for x in (0, 16383) for y in (0, 16383))
    assert compare(made(corners), made(corners + ONE)).score < 0


def test_of_more_than_sixty_four_minutiae_the_best_are_compared():
    crowd = finger(3, 110)
    assert len(made(crowd)) == 64
    assert compare(made(crowd), made(impression(crowd, 8))).score > 10


def test_the_command_tells_score_and_pairs_and_draws_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    files = [write_finger(tmp_path / f"{n}.iso", impression(ONE, n)) for n in (1, 2)]
    assert main(["fingerprint", "compare", *map(str, files), "--draw", str(tmp_path / "drawn.png")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert float(lines[0].removeprefix("score ")) > 10
    assert lines[1] == f"pairs {len(lines) - 2}"
    assert Image.open(tmp_path / "drawn.png").width > 600


def test_a_table_of_pairs_is_scored_in_its_own_order(tmp_path: Path):
    write_finger(tmp_path / "one" / "1.iso", impression(ONE, 1))
    write_finger(tmp_path / "one" / "2.iso", impression(ONE, 2))
    write_finger(tmp_path / "other.iso", impression(OTHER, 1))
    table = tmp_path / "pairs.csv"
    table.write_text("a,b\none/1.iso,other.iso\nother.iso,one/2.iso\none/1.iso,one/2.iso\n", encoding="utf-8")
    assert main(["fingerprint", "score-pairs", str(table), "--out", str(tmp_path / "scores.csv")]) == 0
    rows = scores(tmp_path / "scores.csv")
    assert [(row["a"], row["b"]) for row in rows][2] == ("one/1.iso", "one/2.iso")
    assert [float(row["score"]) > 0 for row in rows] == [False, False, True]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    write_finger(tmp_path / "1.iso", impression(ONE, 1))
    (tmp_path / "bad.iso").write_bytes(b"FMR\0 20\0")
    table = tmp_path / "pairs.csv"
    table.write_text("a,b\n1.iso,bad.iso\n1.iso,none.iso\n1.iso,1.iso\n", encoding="utf-8")
    assert main(["fingerprint", "score-pairs", str(table), "--out", str(tmp_path / "scores.csv")]) == 1
    told = capsys.readouterr().err
    assert "bad.iso" in told
    assert "none.iso" in told
    assert [row["score"] != "" for row in scores(tmp_path / "scores.csv")] == [False, False, True]


def test_a_table_without_two_columns_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "pairs.csv").write_text("a\n1.iso\n", encoding="utf-8")
    assert main(["fingerprint", "score-pairs", str(tmp_path / "pairs.csv"), "--out", str(tmp_path / "s.csv")]) == 2
    assert "columns a and b" in capsys.readouterr().err


def test_fingerprints_are_compared_without_a_node(tmp_path: Path):
    file = write_finger(tmp_path / "1.iso", ONE)
    words = "import sys; from stonebridge.site.command import main; main(sys.argv[1:]); print('django' in sys.modules)"
    run = [sys.executable, "-c", words, "fingerprint", "compare", str(file), str(file)]
    told = subprocess.run(run, capture_output=True, text=True, check=True, env={"HOME": str(tmp_path)})
    assert told.stdout.endswith("False\n")


def test_machine_code_is_kept_apart_for_each_state_of_the_kernels_in_a_folder_that_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    now = folder.__wrapped__()
    assert now is not None
    assert now.parent == tmp_path
    changed = tmp_path / "room"
    changed.mkdir()
    (changed / "tuning.py").write_text("SEEDS = 4\n", encoding="utf-8")
    monkeypatch.setattr(starting, "HERE", changed)
    assert folder.__wrapped__() not in {now, None}
