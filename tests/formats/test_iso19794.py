"""Minutiae records of ISO/IEC 19794-2 and ANSI 378."""

import json
import random
from math import pi

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_data import reference
from stonebridge.formats.iso19794 import Kind, Layout, Minutia, Point, Record, View, read, template, write
from stonebridge.formats.malformed import Malformed

POINTS = (Point(100, 40, pi / 2, 1, 90), Point(30, 200, 0.0, 2, 55))
SMALL = write(template(POINTS, width=300, height=400, position=7))


KINDS = {"ENDING": "ENDING", "BIFURCATION": "BIFURCATION", "OTHER": "OTHER", "EITHER": "OTHER"}


def iso_2011(quality: int | None) -> Record:
    """A record of the 2011 layout, with a quality record and a certificate."""
    fields = {
        "captured": bytes(9),
        "qualities": b"\x50\x00\x11\x00\x01",
        "certificates": b"\x00\x11\x02",
        "position": 2,
        "x_density": 197,
        "y_density": 197,
        "width": 320,
        "height": 480,
        "minutia_form": (5 if quality is None else 6) << 4,
    }
    view = View(fields, (Minutia(10, 20, 64, Kind.ENDING, quality), Minutia(30, 40, 250, Kind.BIFURCATION, quality)))
    return Record(Layout.ISO_2011, {"certified": 1}, (view, view))


def ansi_2009() -> Record:
    """A record of the 2009 layout of ANSI 378, image size in the view."""
    fields = {"position": 7, "width": 512, "height": 500, "x_density": 197, "y_density": 197}
    view = View(fields, (Minutia(10, 20, 45, Kind.ENDING, 30),), extended=b"\x00\x01\x00\x05\x00")
    return Record(Layout.ANSI_2009, {"vendor": 66, "subformat": 17}, (view,))


@pytest.mark.parametrize(
    "name",
    [
        "finger-minutiae/ansi378v2004-sample.dat",
        "finger-minutiae/ansi378v2009-sample.dat",
        "finger-minutiae/iso19794p2v2005-sample.dat",
        "iso-biometric/fmr.ansi2004",
        "iso-biometric/fmr.ansi2007",
        "iso-biometric/fmr.iso2005",
    ],
)
def test_a_sample_record_is_written_back_byte_for_byte(name: str):
    data = reference("standards/data/" + name).read_bytes()
    assert write(read(data)) == data


@pytest.mark.parametrize("name", ["ansi378v2004-sample", "ansi378v2009-sample", "iso19794p2v2005-sample"])
def test_a_sample_record_decodes_as_another_implementation_decodes_it(name: str):
    record = read(reference(f"standards/data/finger-minutiae/{name}.dat").read_bytes())
    expected = json.loads(reference(f"standards/data/finger-minutiae/{name}.json").read_text())
    assert [[(m.kind.name, m.x, m.y, m.angle, m.quality) for m in view.minutiae] for view in record.views] == [
        [(KINDS[m["type"]], m["positionX"], m["positionY"], m["angle"], m["quality"]) for m in finger["minutiae"]]
        for finger in expected["fingerprints"]
    ]
    assert [record.size(view) for view in record.views] == [(512, 512), (512, 512)]


@pytest.mark.parametrize("record", [iso_2011(None), iso_2011(40), ansi_2009()], ids=["2011 short", "2011", "2009"])
def test_a_record_of_a_newer_layout_reads_back_as_it_was_made(record: Record):
    found = read(write(record))
    assert found.layout == record.layout
    assert [view.minutiae for view in found.views] == [view.minutiae for view in record.views]
    assert [view.extended for view in found.views] == [view.extended for view in record.views]


def test_angles_are_counted_in_steps_of_their_layout():
    assert read(SMALL).points(read(SMALL).views[0])[0].angle == pytest.approx(pi / 2)
    assert ansi_2009().points(ansi_2009().views[0])[0].angle == pytest.approx(pi / 2)


def test_positions_are_given_at_500_dpi_whatever_the_resolution():
    record = Record(
        Layout.ISO_2005, {"x_density": 394, "y_density": 197}, (View({}, (Minutia(80, 80, 0, Kind.OTHER, 1),)),)
    )
    assert record.points(record.views[0])[0][:2] == (40, 80)


def test_a_template_keeps_the_best_255_minutiae():
    many = tuple(Point(n, n, 0.0, 1, n % 100) for n in range(300))
    kept = read(write(template(many, width=400, height=400))).views[0].minutiae
    assert len(kept) == 255
    assert min(m.quality or 0 for m in kept) == 15


def test_a_file_of_another_format_is_refused_by_name():
    with pytest.raises(Malformed, match="minutiae record, format"):
        read(b"FIR\x00010\x00" + bytes(40))


def test_a_cut_record_names_the_view_and_the_minutia_where_it_ends():
    cut = SMALL[:8] + (31).to_bytes(4, "big") + SMALL[12:31]
    with pytest.raises(Malformed, match="view 1, minutia 1"):
        read(cut)


def test_a_coordinate_beyond_the_layout_is_refused_when_written():
    with pytest.raises(Malformed, match="view 1, minutia 1"):
        write(template((Point(20000, 1, 0.0, 1, 1),), width=300, height=300))


@pytest.mark.parametrize("made", [SMALL, write(iso_2011(40)), write(ansi_2009())], ids=["2005", "2011", "2009"])
def test_every_mutated_record_is_read_whole_or_refused(made: bytes):
    assert {outcome(mutated(made, seed)) for seed in range(4000)} <= {"same", "refused"}


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_after_the_mark_are_read_whole_or_refused(tail: bytes):
    assert outcome(b"FMR\0" + tail) in ("same", "refused")


def mutated(data: bytes, seed: int) -> bytes:
    """``data`` with a few bytes changed, cut or added."""
    chance = random.Random(seed)
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed[: chance.choice((len(changed), chance.randrange(1, len(changed) + 1)))])


def outcome(data: bytes) -> str:
    """``same``: read and written back alike; ``refused``; any other error escapes and fails the test."""
    try:
        record = read(data)
    except Malformed:
        return "refused"
    return "same" if write(record) == data else "changed"
