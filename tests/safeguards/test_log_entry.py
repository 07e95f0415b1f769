import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from stonebridge.domain.actor import Actor, ActorKind
from stonebridge.domain.errors import BadInput
from stonebridge.safeguards.log.entry import Event, Outcome, entry_hash, new_id, person_tag, seal

KEY = bytes(range(32))
PERSON = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
CLERK = Actor(ActorKind.OFFICER, "0f8f6f8a-0000-7000-8000-000000000001", "Vesna Ilievska", unit="Tabanovce")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def read_by_the_clerk(**changes) -> Event:
    asked = {
        "action": "read", "purpose": "registration", "basis": "mk-law-asylum-2018 38", "person": PERSON,
        "outcome": Outcome.PERMITTED, "at": NOON, "detail": {"page": "person"},
    }  # fmt: skip
    return Event.of(CLERK, **asked | changes)


def test_an_event_is_read_back_as_it_was_written():
    event = read_by_the_clerk()
    assert Event.from_bytes(event.to_bytes()) == event


def test_the_bytes_are_json_with_sorted_keys_and_without_spaces():
    written = read_by_the_clerk(detail={"б": "Ѓорѓи"}).to_bytes()
    read = json.loads(written)
    assert written == json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert "Ѓорѓи".encode() in written


def test_the_same_moment_gives_the_same_bytes_in_every_time_zone():
    event = read_by_the_clerk()
    elsewhere = replace(event, at=NOON.astimezone(timezone(timedelta(hours=5, minutes=30))))
    assert elsewhere.to_bytes() == event.to_bytes()
    assert b"2026-11-24T12:00:00.000000+00:00" in event.to_bytes()


def test_the_name_of_the_actor_is_not_in_the_log():
    assert b"Ilievska" not in read_by_the_clerk().to_bytes()


def test_identifiers_are_uuids_of_version_7_and_sort_by_time():
    earlier, later = new_id(NOON), new_id(NOON + timedelta(milliseconds=1))
    assert (earlier.version, earlier.variant) == (7, UUID(int=0x8 << 60).variant)
    assert earlier < later
    assert new_id(NOON) != new_id(NOON)


def test_a_leaf_is_the_tag_and_the_salted_event():
    sealed = seal(read_by_the_clerk(), KEY, salt=bytes(32))
    inner = hashlib.sha256(bytes(32) + sealed.event).digest()
    tag = hmac.new(KEY, PERSON.bytes, hashlib.sha256).digest()
    assert entry_hash(sealed.tag, sealed.commitment) == hashlib.sha256(b"\x00" + tag + inner).digest()


def test_the_same_event_sealed_twice_gives_different_commitments():
    event = read_by_the_clerk()
    assert seal(event, KEY).commitment != seal(event, KEY).commitment


def test_an_entry_about_nobody_has_a_tag_too():
    assert person_tag(KEY, None) != person_tag(KEY, PERSON)
    assert len(person_tag(KEY, None)) == 32


@pytest.mark.parametrize(
    "changes",
    [
        {"at": datetime(2026, 11, 24, 12, 0)},  # noqa: DTZ001 the case under test
        {"action": ""},
        {"purpose": ""},
        {"basis": "x" * 1001},
        {"basis": "\ud800"},
        {"detail": {"rules": "x" * 1001}},
        {"detail": {"rules": 3}},
        {"detail": {str(n): "" for n in range(17)}},
    ],
)
def test_an_event_that_cannot_be_kept_is_refused(changes):
    with pytest.raises(BadInput):
        read_by_the_clerk(**changes)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"\xff",
        read_by_the_clerk().to_bytes() + b" ",
        read_by_the_clerk().to_bytes().replace(b'"v":1', b'"v":2'),
        read_by_the_clerk().to_bytes().replace(b'"unit"', b'"unti"'),
        read_by_the_clerk().to_bytes().replace(b"permitted", b"perhaps"),
        read_by_the_clerk().to_bytes().replace(b":", b": ", 1),
    ],
)
def test_bytes_that_are_not_exactly_an_event_are_refused(data):
    with pytest.raises(BadInput):
        Event.from_bytes(data)
