"""Portraits as people hand them in: what is kept, and what is refused with a remedy."""

import io
import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from stonebridge.formats import intake
from stonebridge.formats.confined import Limits, run
from stonebridge.formats.malformed import Malformed

WORKER = "stonebridge.formats.intake.portrait_worker"


def picture(kind: str = "JPEG", size: tuple[int, int] = (400, 500), **options: object) -> bytes:
    image = Image.radial_gradient("L").resize(size).convert("RGB")
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png_that_claims(width: int, height: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_portrait_of_each_accepted_kind_is_kept_as_jpeg(kind: str):
    kept = intake.portrait(picture(kind))
    assert (Image.open(io.BytesIO(kept.jpeg)).format, kept.width, kept.height) == ("JPEG", 400, 500)


def test_a_large_portrait_is_made_smaller_and_keeps_its_shape():
    kept = intake.portrait(picture(size=(4000, 3000)))
    assert (kept.width, kept.height) == (1200, 900)


def test_where_it_was_taken_and_by_which_camera_is_not_kept():
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825)[2] = (41.0, 59.0, 0.0)
    kept = intake.portrait(picture(exif=exif, comment=b"secret comment"))
    assert dict(Image.open(io.BytesIO(kept.jpeg)).getexif()) == {}
    assert b"CameraMaker" not in kept.jpeg
    assert b"secret comment" not in kept.jpeg


def test_a_portrait_taken_with_the_camera_on_its_side_is_set_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = intake.portrait(picture(size=(600, 400), exif=exif))
    assert (kept.width, kept.height) == (400, 600)


def test_what_is_transparent_becomes_white():
    out = io.BytesIO()
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(out, "PNG")
    assert Image.open(io.BytesIO(intake.portrait(out.getvalue()).jpeg)).getpixel((100, 100)) == (255, 255, 255)


def test_a_second_format_behind_the_picture_does_not_survive():
    kept = intake.portrait(picture() + b"PK\x03\x04<script>alert(1)</script>%PDF-1.7")
    assert b"script" not in kept.jpeg
    assert kept.jpeg.endswith(b"\xff\xd9")


def test_a_second_format_inside_the_picture_does_not_survive():
    kept = intake.portrait(picture(comment=b"<?php system('id'); ?>*/=1;alert(1)/*"))
    assert b"php" not in kept.jpeg


@pytest.mark.parametrize(
    ("data", "field", "value"),
    [
        (b"", "portrait, size", "0 bytes"),
        (b"\xff\xd8\xff" + bytes(intake.LARGEST_UPLOAD), "portrait, size", f"{intake.LARGEST_UPLOAD + 3} bytes"),
        (b"%PDF-1.7 ...", "portrait, type", "PDF"),
        (b"GIF89a" + bytes(30), "portrait, type", "GIF"),
        (b"<svg onload=alert(1)>", "portrait, type", "SVG"),
        (b"PK\x03\x04" + bytes(30), "portrait, type", "ZIP"),
        (b"hello", "portrait, type", "unknown"),
        (b"BM" + bytes(60), "portrait, type", "BMP"),
    ],
)
def test_what_is_no_portrait_is_refused_by_what_it_is(data: bytes, field: str, value: str):
    with pytest.raises(Malformed) as error:
        intake.portrait(data)
    assert (error.value.field, error.value.value) == (field, value)
    assert error.value.remedy


def test_a_pdf_is_refused_with_what_to_do_instead():
    with pytest.raises(Malformed, match="Save the page as a JPEG or PNG image"):
        intake.portrait(b"%PDF-1.4\n%\xe2\xe3")


def test_a_picture_cut_short_is_refused_and_named():
    with pytest.raises(Malformed, match="damaged or cut short") as error:
        intake.portrait(picture()[:1500])
    assert error.value.field == "portrait, content"


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_by_its_dimensions():
    bomb = png_that_claims(60_000, 60_000, bytes(10_000_000))
    with pytest.raises(Malformed, match="25 megapixels") as error:
        intake.portrait(bomb)
    assert error.value.field == "portrait, dimensions"


def test_a_picture_just_over_the_bound_is_refused_with_its_dimensions():
    with pytest.raises(Malformed) as error:
        intake.portrait(png_that_claims(5001, 5000, b""))
    assert error.value.value == "5001 x 5000 pixels"


def test_text_chunks_that_unpack_to_gigabytes_are_not_unpacked():
    body = b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9)
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    whole = picture("PNG")
    with pytest.raises(Malformed) as error:
        intake.portrait(whole[:33] + chunk + whole[33:])
    assert error.value.field == "portrait, content"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_is_refused(kind: str):
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    with pytest.raises(Malformed, match="still picture"):
        intake.portrait(out.getvalue())


@pytest.mark.parametrize("size", [(100, 400), (3000, 130)])
def test_what_cannot_show_a_face_is_refused_by_its_shape(size: tuple[int, int]):
    with pytest.raises(Malformed) as error:
        intake.portrait(picture(size=size))
    assert error.value.value == f"{size[0]} x {size[1]} pixels"


def test_sixteen_bits_a_colour_are_refused_with_what_to_do():
    out = io.BytesIO()
    Image.new("I;16", (300, 300)).save(out, "PNG")
    with pytest.raises(Malformed, match="8 bits a colour"):
        intake.portrait(out.getvalue())


def test_reading_that_takes_too_long_is_ended_and_said():
    with pytest.raises(Malformed, match="takes too long"):
        run(WORKER, picture(), record="portrait", limits=Limits(patience=0.01))


@pytest.mark.parametrize(("kind", "size"), [("PNG", (5000, 5000)), ("JPEG", (5000, 5000)), ("WEBP", (4000, 3000))])
def test_the_largest_portrait_is_read_within_256_megabytes(kind: str, size: tuple[int, int]):
    answer = run(WORKER, picture(kind, size), record="portrait", limits=Limits())
    assert answer.number("peak_kib", 1, 256 * 1024)


@pytest.mark.attack
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_picture_damaged_anywhere_is_kept_or_refused_and_nothing_else(data: st.DataObject):
    kind = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"]))
    damaged = bytearray(picture(kind, (130, 140)))
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(damaged) - 1), st.integers(0, 255)), max_size=20)):
        damaged[at] = byte
    with suppress(Malformed):
        intake.portrait(bytes(damaged))
