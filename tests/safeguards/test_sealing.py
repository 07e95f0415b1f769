"""Sealed content by attack: moved, cut, altered, opened with the wrong key, rotated."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stonebridge.domain.errors import BadInput, Tampered
from stonebridge.safeguards.sealing import KeyEncryptionKey, KeyRing, key_name, rewrap, seal, unseal

RECORD = UUID("0190b2f0-0000-7000-8000-000000000001")
ANOTHER = UUID("0190b2f0-0000-7000-8000-000000000002")
KEY = KeyEncryptionKey("vault.2026-q4", bytes(range(32)))
RING = KeyRing([KEY])
PORTRAIT = b"the bytes of a portrait"


def sealed() -> bytes:
    return seal(PORTRAIT, RECORD, KEY, kind="portrait")


@given(st.binary(max_size=2000))
def test_what_was_sealed_opens_as_it_was(plaintext: bytes):
    assert unseal(seal(plaintext, RECORD, KEY, kind="portrait"), RECORD, RING, kind="portrait") == plaintext


def test_the_content_cannot_be_seen_in_the_sealed_bytes():
    assert PORTRAIT not in sealed()


def test_sealing_twice_gives_different_bytes():
    assert sealed() != sealed()


def test_sealing_adds_68_bytes_and_the_name_of_the_key():
    assert len(sealed()) == len(PORTRAIT) + 68 + 2 + len(KEY.name)


def test_bytes_moved_to_another_record_do_not_open():
    with pytest.raises(Tampered, match="another record"):
        unseal(sealed(), ANOTHER, RING, kind="portrait")


def test_bytes_moved_to_another_kind_of_the_same_record_do_not_open():
    with pytest.raises(Tampered, match="another record"):
        unseal(sealed(), RECORD, RING, kind="fingerprint")


@pytest.mark.parametrize("place", range(len(sealed())))
def test_one_altered_bit_anywhere_is_noticed(place: int):
    altered = bytearray(sealed())
    altered[place] ^= 1
    with pytest.raises(Tampered):
        unseal(bytes(altered), RECORD, RING, kind="portrait")


@pytest.mark.parametrize("length", range(len(sealed())))
def test_a_cut_anywhere_is_noticed(length: int):
    with pytest.raises(Tampered):
        unseal(sealed()[:length], RECORD, RING, kind="portrait")


def test_added_bytes_are_noticed():
    with pytest.raises(Tampered):
        unseal(sealed() + b"\0", RECORD, RING, kind="portrait")


@given(st.binary(max_size=300))
def test_bytes_from_anywhere_are_refused_in_one_way(data: bytes):
    with pytest.raises(Tampered):
        unseal(data, RECORD, RING, kind="portrait")


def test_the_data_key_of_one_record_does_not_open_another():
    one, other = sealed(), seal(b"another portrait", ANOTHER, KEY, kind="portrait")
    key_at = 2 + len(KEY.name)
    mixed = one[:key_at] + other[key_at : key_at + 40] + one[key_at + 40 :]
    with pytest.raises(Tampered):
        unseal(mixed, RECORD, RING, kind="portrait")


def test_a_ring_without_the_key_names_the_key_it_lacks():
    with pytest.raises(Tampered, match=r"vault\.2026-q4"):
        unseal(sealed(), RECORD, KeyRing([KeyEncryptionKey.new("vault.2027-q1")]), kind="portrait")


def test_another_key_of_the_same_name_does_not_open():
    with pytest.raises(Tampered, match="data key"):
        unseal(sealed(), RECORD, KeyRing([KeyEncryptionKey.new(KEY.name)]), kind="portrait")


def test_after_a_rotation_the_new_key_seals_and_the_old_one_still_opens():
    ring = RING.rotated("vault.2027-q1")
    assert ring.current.name == "vault.2027-q1"
    assert unseal(sealed(), RECORD, ring, kind="portrait") == PORTRAIT


def test_re_wrapping_changes_the_key_and_leaves_the_content_as_it_is():
    before, ring = sealed(), RING.rotated("vault.2027-q1")
    after = rewrap(before, ring)
    assert key_name(after) == "vault.2027-q1"
    assert after[2 + len("vault.2027-q1") + 40 :] == before[2 + len(KEY.name) + 40 :]


def test_after_re_wrapping_the_old_key_can_go():
    ring = RING.rotated("vault.2027-q1")
    assert unseal(rewrap(sealed(), ring), RECORD, ring.without(KEY.name), kind="portrait") == PORTRAIT


def test_re_wrapping_does_not_launder_altered_bytes():
    altered, ring = bytearray(sealed()), RING.rotated("vault.2027-q1")
    altered[-1] ^= 1
    with pytest.raises(Tampered, match="altered"):
        unseal(rewrap(bytes(altered), ring), RECORD, ring, kind="portrait")


def test_a_ring_is_kept_and_read_as_a_secret_of_a_few_lines():
    ring = RING.rotated("vault.2027-q1")
    read = KeyRing.from_bytes(ring.to_bytes())
    assert read.current == ring.current
    assert read.key(KEY.name) == KEY


def test_a_key_does_not_show_itself_in_what_programs_print():
    assert repr(KEY) == "KeyEncryptionKey(name='vault.2026-q4')"


@pytest.mark.parametrize(
    "secret",
    [b"", b"one", b"one !!!!", b"one c2hvcnQ=", b"Big " + b"A" * 43 + b"=", b"\xff " + b"A" * 43 + b"="],
    ids=["empty", "no key", "not base64", "short key", "capital in the name", "name not ASCII"],
)
def test_a_secret_that_is_not_a_ring_is_refused_without_showing_it(secret: bytes):
    with pytest.raises(BadInput) as refused:
        KeyRing.from_bytes(secret)
    assert "AAAA" not in str(refused.value)


def test_two_keys_of_one_name_are_refused():
    with pytest.raises(BadInput, match="name of its own"):
        KeyRing([KEY, KeyEncryptionKey.new(KEY.name)])
