"""What stands around a message: a closed form, few sizes, a salt of its own."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput
from stonebridge.exchange.envelope import SIZES, Envelope, from_bytes, to_bytes

SENT = Envelope(
    profile="person_query", version=1, sender="mk", recipient="rs", id=UUID(int=1), conversation=UUID(int=2), sequence=1,
    purpose=Purpose.IDENTIFICATION, basis="public_task", role="examiner", case="MK-1",
    sent_at=datetime(2026, 11, 23, 10, 0, tzinfo=UTC), salt="ab" * 32, body={"given": "Амира"},
)  # fmt: skip


def changed(**fields: object) -> bytes:
    """The message with fields put in place of others, as long as before where it can be."""
    written = json.loads(to_bytes(SENT)) | fields
    written["pad"] = fields.get("pad", "")
    if isinstance(written["pad"], str):
        bare = len(json.dumps(written, ensure_ascii=False).encode())
        written["pad"] += " " * (SIZES[0] - bare)
    return json.dumps(written, ensure_ascii=False).encode()


def escaped(**fields: object) -> bytes:
    """The message with fields put in place of others, all beyond ASCII escaped."""
    written = json.loads(to_bytes(SENT)) | fields | {"pad": ""}
    written["pad"] = " " * (SIZES[0] - len(json.dumps(written)))
    return json.dumps(written).encode()


def test_a_message_comes_back_as_it_was_written():
    assert from_bytes(to_bytes(SENT)) == SENT


def test_messages_of_different_length_are_equally_long():
    assert len(to_bytes(replace(SENT, body={}))) == len(to_bytes(replace(SENT, body={"given": "x" * 2000}))) == SIZES[0]


@pytest.mark.parametrize("size", SIZES)
def test_a_message_at_the_edge_of_a_size_fits_it(size: int):
    bare = len(to_bytes(replace(SENT, body={"a": ""})).replace(b" ", b""))
    assert len(to_bytes(replace(SENT, body={"a": "x" * (size - bare)}))) == size


def test_a_message_that_no_size_holds_is_refused():
    with pytest.raises(BadInput, match="at most"):
        to_bytes(replace(SENT, body={"a": "x" * SIZES[-1]}))


@pytest.mark.parametrize(
    "fields",
    [
        {"more": 1}, {"format": 2}, {"format": True}, {"pad": "secret"}, {"pad": 1}, {"version": 0}, {"version": "1"},
        {"sequence": 1.0}, {"sender": "MK"}, {"recipient": ""}, {"id": "1"}, {"purpose": "curiosity"},
        {"basis": "because I can"}, {"role": 1}, {"case": "x" * 41}, {"sent_at": "2026-11-23T10:00:00"},
        {"sent_at": "today"}, {"salt": "00"}, {"body": []}, {"profile": "../x"},
    ],
)  # fmt: skip
def test_whatever_does_not_fit_the_closed_form_is_refused(fields: dict[str, object]):
    with pytest.raises(BadInput):
        from_bytes(changed(**fields))


@pytest.mark.attack
@pytest.mark.parametrize("text", ["\ud800", "\0"])
def test_text_that_no_database_keeps_is_refused_wherever_it_stands(text: str):
    assert from_bytes(escaped(role="x", body={"x": [{"x": "x"}]}))
    for fields in ({"role": text}, {"case": text}, {"body": {"x": [{"x": text}]}}, {"body": {"x": [{text: "x"}]}}):
        with pytest.raises(BadInput):
            from_bytes(escaped(**fields))


@pytest.mark.attack
@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_json_does_not_have_are_refused(number: float):
    with pytest.raises(BadInput):
        from_bytes(escaped(body={"x": [number]}))


def test_an_error_repeats_nothing_of_what_came_in():
    with pytest.raises(BadInput) as caught:
        from_bytes(changed(basis="CANARY about a person"))
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"x" * SIZES[0], b"[" * SIZES[0], b"\xff" * SIZES[0], b" " * 17])
def test_what_is_no_message_is_refused(content: bytes):
    with pytest.raises(BadInput):
        from_bytes(content)


def test_a_key_twice_is_refused():
    twice = to_bytes(SENT).replace(b'"case":"MK-1"', b'"case":"MK-1","case":"MK-2"')
    with pytest.raises(BadInput):
        from_bytes(
            twice[: SIZES[0] - 3] + b'"}' if len(twice) == SIZES[0] else twice.replace(b" ", b"", len(twice) - SIZES[0])
        )


def test_an_answer_goes_back_to_whoever_asked():
    answer = SENT.answered({"answer": "no_hit"}, id=UUID(int=3), salt="cd" * 32, at=SENT.sent_at)
    assert (answer.sender, answer.recipient, answer.sequence, answer.conversation) == ("rs", "mk", 2, SENT.conversation)
    assert answer.role == ""
