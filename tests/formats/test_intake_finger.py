"""Images of fingers as scanners and other services hand them over."""

import io
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from reference_data import reference
from stonebridge.domain.errors import BadInput
from stonebridge.formats import intake
from stonebridge.formats.malformed import Malformed

if find_spec("wsq"):
    import_module("wsq")  # teaches Pillow to write it


def print_of_a_finger(
    kind: str = "PNG", size: tuple[int, int] = (400, 500), mode: str = "L", **options: object
) -> bytes:
    out = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert(mode).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_an_image_at_500_an_inch_is_kept_pixel_for_pixel(kind: str):
    kept = intake.finger_image(print_of_a_finger(kind, dpi=(500, 500)))
    shown = Image.open(io.BytesIO(kept.png))
    assert (shown.format, shown.mode, shown.size, kept.scanned_at) == ("PNG", "L", (400, 500), 500)
    assert shown.tobytes() == Image.radial_gradient("L").resize((400, 500)).tobytes()


def test_jpeg_2000_is_read():
    kept = intake.finger_image(print_of_a_finger("JPEG2000"))
    assert (kept.width, kept.height) == (400, 500)


def test_an_image_at_1000_an_inch_is_brought_to_500():
    kept = intake.finger_image(print_of_a_finger(size=(800, 1000), dpi=(1000, 1000)))
    assert (kept.width, kept.height, kept.scanned_at) == (400, 500, 1000)


def test_a_file_that_states_no_resolution_says_so():
    assert intake.finger_image(print_of_a_finger()).scanned_at is None


def test_the_resolution_that_a_paint_program_writes_is_not_believed():
    assert intake.finger_image(print_of_a_finger(dpi=(96, 96))).scanned_at is None


def test_the_callers_resolution_is_used_where_the_file_has_none():
    kept = intake.finger_image(print_of_a_finger(size=(600, 600)), scanned_at=750)
    assert (kept.width, kept.scanned_at) == (400, 750)


def test_colour_becomes_grey():
    assert Image.open(io.BytesIO(intake.finger_image(print_of_a_finger(mode="RGB")).png)).mode == "L"


def test_the_kept_file_states_500_an_inch():
    kept = intake.finger_image(print_of_a_finger(dpi=(1000, 1000), size=(800, 800)))
    assert [round(side) for side in Image.open(io.BytesIO(kept.png)).info["dpi"]] == [500, 500]


@pytest.mark.parametrize("dpi", [(200, 200), (500, 250), (2400, 2400)])
def test_a_resolution_that_no_finger_scanner_has_is_refused(dpi: tuple[int, int]):
    with pytest.raises(Malformed) as error:
        intake.finger_image(print_of_a_finger(dpi=dpi))
    assert error.value.field == "finger image, resolution"


@pytest.mark.parametrize("size", [(60, 400), (2400, 500)])
def test_what_cannot_be_a_finger_is_refused_by_its_size(size: tuple[int, int]):
    with pytest.raises(Malformed) as error:
        intake.finger_image(print_of_a_finger(size=size))
    assert error.value.field == "finger image, dimensions"


def test_several_pages_are_refused():
    out = io.BytesIO()
    page = Image.new("L", (300, 300))
    page.save(out, "TIFF", save_all=True, append_images=[page, page])
    with pytest.raises(Malformed, match="one page"):
        intake.finger_image(out.getvalue())


def test_jpeg_is_refused_because_it_blurs_ridges():
    with pytest.raises(Malformed, match="PNG, BMP, TIFF"):
        intake.finger_image(print_of_a_finger("JPEG"))


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "JPEG2000"])
def test_an_image_cut_short_is_refused_and_named(kind: str):
    whole = print_of_a_finger(kind)
    with pytest.raises(Malformed) as error:
        intake.finger_image(whole[: len(whole) // 2])
    assert error.value.field == "finger image, content"


def test_a_resolution_given_by_the_caller_is_checked():
    with pytest.raises(BadInput, match="scanned_at"):
        intake.finger_image(print_of_a_finger(), scanned_at=90)


def test_the_public_jpeg_2000_sample_is_read():
    kept = intake.finger_image(reference("standards/data/iso-biometric/img.jp2").read_bytes(), scanned_at=500)
    assert kept.width >= 100


def test_wsq_is_read_at_the_500_an_inch_for_which_it_is_defined():
    pytest.importorskip("wsq", reason="the extra 'fingerprint' is not installed")
    kept = intake.finger_image(print_of_a_finger("WSQ"))
    assert (kept.width, kept.height, kept.scanned_at) == (400, 500, 500)


def test_a_wsq_file_cut_short_is_refused_and_named():
    pytest.importorskip("wsq", reason="the extra 'fingerprint' is not installed")
    whole = print_of_a_finger("WSQ")
    with pytest.raises(Malformed) as error:
        intake.finger_image(whole[: len(whole) // 2])
    assert error.value.field == "finger image, content"


def test_the_public_wsq_sample_is_read():
    pytest.importorskip("wsq", reason="the extra 'fingerprint' is not installed")
    kept = intake.finger_image(reference("standards/data/iso-biometric/img.wsq").read_bytes())
    assert (kept.width, kept.height) == (256, 256)


@pytest.mark.attack
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_an_image_damaged_anywhere_is_kept_or_refused_and_nothing_else(data: st.DataObject):
    kind = data.draw(st.sampled_from(["PNG", "BMP", "TIFF", "JPEG2000", *(["WSQ"] if find_spec("wsq") else [])]))
    damaged = bytearray(print_of_a_finger(kind, (120, 120)))
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(damaged) - 1), st.integers(0, 255)), max_size=20)):
        damaged[at] = byte
    with suppress(Malformed):
        intake.finger_image(bytes(damaged))
