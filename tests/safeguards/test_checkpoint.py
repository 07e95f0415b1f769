from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from stonebridge.domain.errors import BadInput, Tampered
from stonebridge.safeguards.log.checkpoint import (
    COSIGNATURE,
    Checkpoint,
    Note,
    SigningKey,
    TreeHead,
    VerifierKey,
    cosigned_at,
    open_checkpoint,
)

ORIGIN = "stonebridge/mk/access"
LOG = SigningKey(ORIGIN, bytes(range(32)))
WITNESS = SigningKey("oversight.example", bytes(range(1, 33)))
CHECKPOINT = Checkpoint(ORIGIN, TreeHead(7, bytes(32), b"\x01" * 32), TreeHead(2, b"\x02" * 32, b"\x03" * 32))
SIGNED = LOG.sign(CHECKPOINT.to_text()).to_bytes()
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

# The example of golang.org/x/mod/sumdb/note, the first implementation of signed notes.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
SOFA = (
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
).encode()


def test_a_note_of_the_first_implementation_verifies_with_its_published_key():
    key, note = VerifierKey.from_text(PETER), Note.from_bytes(PETERS_NOTE)
    Ed25519PublicKey.from_public_bytes(key.public).verify(note.signatures[0].value, note.text.encode())
    assert note.signatures[0].key_id == key.id == bytes.fromhex("c74f20a3")


@pytest.mark.parametrize("data", [PETERS_NOTE, SOFA, SIGNED])
def test_a_note_is_written_back_byte_for_byte(data):
    assert Note.from_bytes(data).to_bytes() == data


def test_the_cosignature_of_the_published_example_carries_its_time():
    assert int.from_bytes(Note.from_bytes(SOFA).signatures[1].value[:8], "big") == 1679315147


def test_a_key_is_read_back_as_it_is_published():
    assert VerifierKey.from_text(PETER).to_text() == PETER
    assert VerifierKey.from_text(WITNESS.verifier(COSIGNATURE).to_text()) == WITNESS.verifier(COSIGNATURE)


def test_a_checkpoint_has_origin_size_and_root_and_then_our_two_lines():
    lines = CHECKPOINT.to_text().splitlines()
    assert lines[:3] == [ORIGIN, "7", "A" * 43 + "="]
    assert [line.split()[0] for line in lines[3:]] == ["persons", "protection"]


def test_a_signed_checkpoint_opens_with_the_key_of_its_log():
    assert open_checkpoint(SIGNED, LOG.verifier()) == CHECKPOINT


def test_a_checkpoint_with_one_digit_changed_is_refused():
    with pytest.raises(Tampered, match="does not fit"):
        open_checkpoint(SIGNED.replace(b"\n7\n", b"\n8\n"), LOG.verifier())


def test_a_checkpoint_signed_by_somebody_else_is_refused():
    other = SigningKey(ORIGIN, bytes(32))
    with pytest.raises(Tampered, match="has not signed"):
        open_checkpoint(other.sign(CHECKPOINT.to_text()).to_bytes(), LOG.verifier())


def test_a_key_signs_for_its_own_log_alone():
    foreign = Checkpoint("stonebridge/rs/access", CHECKPOINT.head)
    with pytest.raises(Tampered, match="another log"):
        open_checkpoint(LOG.sign(foreign.to_text()).to_bytes(), LOG.verifier())


def test_a_witness_says_when_it_cosigned():
    note = WITNESS.cosign(Note.from_bytes(SIGNED), NOON)
    assert cosigned_at(note.to_bytes(), [WITNESS.verifier(COSIGNATURE)]) == {"oversight.example": NOON}


def test_a_cosigned_checkpoint_still_opens_with_the_key_of_its_log():
    note = WITNESS.cosign(Note.from_bytes(SIGNED), NOON)
    assert open_checkpoint(note.to_bytes(), LOG.verifier()) == CHECKPOINT


def test_unknown_witnesses_are_ignored():
    note = WITNESS.cosign(Note.from_bytes(SIGNED), NOON)
    assert cosigned_at(note.to_bytes(), [LOG.verifier(COSIGNATURE)]) == {}


def test_a_cosignature_moved_to_another_checkpoint_is_refused():
    mine = WITNESS.cosign(Note.from_bytes(SIGNED), NOON).signatures[1]
    later = LOG.sign(Checkpoint(ORIGIN, TreeHead(8, bytes(32), bytes(32))).to_text())
    moved = Note(later.text, (*later.signatures, mine))
    with pytest.raises(Tampered, match="oversight"):
        cosigned_at(moved.to_bytes(), [WITNESS.verifier(COSIGNATURE)])


def test_the_time_of_a_cosignature_cannot_be_changed():
    early, late = (
        WITNESS.cosign(Note.from_bytes(SIGNED), at).signatures[1] for at in (NOON, NOON + timedelta(hours=1))
    )
    mixed = early._replace(value=late.value[:8] + early.value[8:])
    note = Note.from_bytes(SIGNED)
    with pytest.raises(Tampered):
        cosigned_at(Note(note.text, (*note.signatures, mixed)).to_bytes(), [WITNESS.verifier(COSIGNATURE)])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\n\n",
        SIGNED[:-1],
        SIGNED + b"\n",
        SIGNED.replace(b"\n\n", b"\n"),
        SIGNED.replace("—".encode(), b"-"),
        SIGNED.replace(b"7\n", b"7\r\n"),
        SIGNED.replace(b"/access ", b"/acc+ss "),
        SIGNED[:-2] + b"*\n",
        SIGNED + b"x" * 70_000,
    ],
)
def test_what_is_not_exactly_a_note_is_refused(data):
    with pytest.raises(BadInput):
        Note.from_bytes(data)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n7\n", "\n07\n"),
        ("\n7\n", "\n-7\n"),
        ("\n7\n", "\n٧\n"),
        ("\n7\n", "\n" + "9" * 20 + "\n"),
        ("AAA=\n", "AAB=\n"),
        ("AAA=\n", "AA==\n"),
        ("persons ", "people "),
        ("protection 2", "protection  2"),
        ("protection 2", "protection two"),
        (ORIGIN, ""),
        ("AgI=", ""),
    ],
)
def test_what_is_not_exactly_a_checkpoint_is_refused(old, new):
    text = CHECKPOINT.to_text()
    assert old in text
    with pytest.raises(BadInput):
        Checkpoint.from_text(text.replace(old, new))


@pytest.mark.parametrize("text", ["", "name", PETER[:-1], PETER.replace("c74f", "c74e"), PETER.replace("+AR", "+BR")])
def test_a_mistyped_key_is_refused(text):
    with pytest.raises(BadInput, match="copy it whole"):
        VerifierKey.from_text(text)


def test_a_key_needs_a_name_that_fits_on_a_signature_line():
    with pytest.raises(BadInput):
        SigningKey("two words", bytes(32))
