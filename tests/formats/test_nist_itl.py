"""ANSI/NIST-ITL files in the traditional encoding."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_data import reference
from stonebridge.formats.malformed import Malformed
from stonebridge.formats.nist_itl import Encoding, compose, finger_image, read, tagged, write
from stonebridge.formats.nist_itl.profile import PRUEM, check

HEAD = {
    4: "CPS",
    5: "20261124",
    7: "RS/MUP",
    8: "MK/MVR",
    9: "2600000001X",
    11: "19.69",
    12: "19.69",
    13: ["INT-I", "4.22"],
}
TRAP = b"\xff\x1c14.999:\x1d\x1c999:\x00"  # an image that holds every separator and a false label
TYPE_2 = tagged(2, 0, {3: "0422", 7: "12/2026", 30: "Ђорђевић / Đorđević"}, encoding=Encoding.UTF_8)
TYPE_4 = finger_image(1, TRAP, width=500, height=500, fingers=(2,))
TYPE_14 = tagged(14, 2, {3: "0", 13: ["2"]}, image=TRAP)
FILE = write(compose(HEAD, [TYPE_2, TYPE_4, TYPE_14]))

SAMPLES = [
    "biomeval-type9.an2k",
    "jet-testEbts.eft",
    "own-type2-utf8-dcs3.an2",
    "type-1.an2",
    "type-13.an2",
    "type-4-tpcard.an2",
    "type-9-10-14.an2",
]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_file_is_written_back_byte_for_byte(name: str):
    data = reference("standards/data/nist-itl/" + name).read_bytes()
    assert write(read(data)) == data


def test_cyrillic_text_is_read_where_the_file_declares_utf_8():
    data = reference("standards/data/nist-itl/own-type2-utf8-dcs3.an2").read_bytes()
    assert "Ђорђевић" in read(data).of_type(2)[0].text(30)


def test_a_card_of_fourteen_images_gives_its_positions_and_sizes():
    data = reference("standards/data/nist-itl/type-4-tpcard.an2").read_bytes()
    images = read(data).of_type(4)
    assert [image.fingers for image in images] == [(n,) for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 12, 11, 13)]
    assert images[0].size == (804, 752)


def test_an_image_that_looks_like_fields_comes_back_whole():
    assert [read(FILE).of_type(kind)[0].image for kind in (4, 14)] == [TRAP, TRAP]


def test_a_file_we_compose_reads_back_with_its_text():
    found = read(FILE)
    assert found.of_type(2)[0].text(30) == "Ђорђевић / Đorđević"
    assert found.head.items(3) == [["1", "3"], ["2", "0"], ["4", "1"], ["14", "2"]]
    assert write(found) == FILE


def test_a_file_we_compose_is_read_alike_by_another_implementation():
    nistitl = pytest.importorskip("nistitl", reason="the peer nistitl is not installed")
    data = write(compose(HEAD, [tagged(2, 0, {3: "0422", 7: "12/2026"}), TYPE_4]))
    message = nistitl.Message()
    message.parse(data)
    written = message.NIST
    assert written == data


@pytest.mark.parametrize("separator", ["\x1c", "\x1d", "\x1e", "\x1f"])
def test_a_separator_inside_a_value_is_refused(separator: str):
    with pytest.raises(Malformed, match=r"Type-2 record, 2\.030"):
        tagged(2, 0, {30: f"a{separator}b"})


def test_text_that_the_declared_encoding_cannot_hold_is_refused():
    with pytest.raises(Malformed, match=r"2\.030"):
        tagged(2, 0, {30: "Ђорђевић"})


def test_text_that_is_not_what_1_015_declares_names_its_field():
    data = write(compose(HEAD, [tagged(2, 0, {30: "Ђ"}, encoding=Encoding.UTF_8)]))
    broken = data.replace("Ђ".encode(), b"\xff\xff")
    with pytest.raises(Malformed, match=r"Type-2 record, 2\.030"):
        read(broken).of_type(2)[0].text(30)


def test_contents_that_list_another_designation_are_refused():
    with pytest.raises(Malformed, match=r"Type-2 record, 2\.002"):
        read(FILE.replace(b"2.002:0", b"2.002:7"))


def test_contents_that_count_wrong_are_refused():
    with pytest.raises(Malformed, match=r"Type-1 record, 1\.003"):
        read(FILE.replace(b"1.003:1\x1f3", b"1.003:1\x1f4"))


def test_bytes_after_the_last_record_are_refused():
    with pytest.raises(Malformed, match="file, end"):
        read(FILE + b"\x00")


def test_a_record_that_ends_before_its_length_is_refused():
    inner = FILE.replace(b"\x1d2.007", b"\x1c2.007")
    with pytest.raises(Malformed, match="Type-2 record"):
        read(inner)


def test_a_complete_search_follows_the_pruem_profile():
    made = compose(HEAD, [tagged(2, 0, {3: "0422", 7: "12/2026"}), TYPE_4])
    assert check(made, PRUEM) == []


def test_a_departure_from_the_profile_names_the_field():
    made = compose({**HEAD, 4: "AMN", 9: "17"}, [tagged(2, 0, {3: "0300"})])
    assert [finding.field for finding in check(made, PRUEM)] == ["1.004", "1.009", "2.003", "2.007"]


def test_every_mutated_file_is_read_whole_or_refused():
    assert {outcome(mutated(FILE, seed)) for seed in range(8000)} == {"same", "refused"}


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_read_whole_or_refused(tail: bytes):
    assert outcome(b"1.001:" + tail) in ("same", "refused")


def mutated(data: bytes, seed: int) -> bytes:
    """``data`` with a few bytes changed, doubled or cut; separators and digits are the likeliest new ones."""
    chance = random.Random(seed)
    changed = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        changed[chance.randrange(len(changed))] = chance.choice(b"\x1c\x1d\x1e\x1f0123456789.:\x00\xff")
    return bytes(changed[: chance.choice((len(changed), len(changed), chance.randrange(1, len(changed) + 1)))])


def outcome(data: bytes) -> str:
    """``same``: read, every text tried, written back alike; ``refused``; any other error escapes and fails the test."""
    try:
        found = read(data)
        check(found, PRUEM)
    except Malformed:
        return "refused"
    return "same" if write(found) == data else "changed"
