"""A registration handed in as JSON is read whole, key by key, or refused with the key, the value and the remedy."""

import json

import pytest

from people import NOW
from stonebridge.domain.errors import BadInput
from stonebridge.registry.handed_in import LARGEST, read_registration

AMIRA = {
    "notice": "acknowledged",
    "language": "ar",
    "identity": {
        "names": [{"part": "given", "text": "أميرة"}, {"part": "given", "text": "Амира"}],
        "birth": {"text": "11 Dey 1378", "calendar": "solar_hijri"},
        "nationalities": [{"state": "XKX", "known_by": "presumed", "printed": "XKX"}],
    },
    "arrival": {
        "category": "irregular_crossing", "arrived_on": "2026-11-20", "met_at": "2026-11-21T14:05:00+01:00",
    },
    "claim": {"state": "none", "asked_on": "2026-11-21"},
    "needs": {"alone": "no"},
    "family": {"of": "mk 7f2k 93td", "relation": "child"},
}  # fmt: skip


def read(**changes: object) -> object:
    return read_registration(json.dumps(AMIRA | changes).encode(), now=NOW)


def refused(content: bytes) -> BadInput:
    with pytest.raises(BadInput) as error:
        read_registration(content, now=NOW)
    return error.value


def test_two_given_names_in_two_scripts_both_stand_as_given():
    names = read(family={}).registration.identity.names
    assert [(name.text, name.position) for name in names] == [("أميرة", 0), ("Амира", 1)]


def test_a_state_is_kept_by_its_own_code_and_as_printed():
    (known,) = read(family={}).registration.identity.nationalities
    assert (known.state, known.printed, known.known_by) == ("RKS", "XKX", "presumed")


def test_what_is_left_out_is_unknown_and_nothing_is_invented():
    registration = read(claim={}, needs={}, family={}).registration
    assert (registration.claim, registration.claim_asked_on) == ("unknown", None)
    assert set(registration.needs.values()) == {"not_asked"}


def test_a_key_that_nobody_reads_is_refused_by_name():
    error = refused(json.dumps(AMIRA | {"family": {}, "surname": "Haddad"}).encode())
    assert (error.field, error.value) == ("registration", "surname")


def test_a_key_deep_inside_that_nobody_reads_is_refused_with_its_place():
    names = [{"part": "given", "text": "Amira", "nick": "Mira"}]
    error = refused(json.dumps(AMIRA | {"family": {}, "identity": {"names": names}}).encode())
    assert error.field == "registration: identity: names 1"


def test_a_key_that_stands_twice_is_refused():
    assert refused(b'{"notice": "refused", "notice": "acknowledged"}').value == "notice"


def test_a_file_in_another_encoding_is_refused_with_the_byte():
    error = refused('{"notice": "\u017eelja"}'.encode("cp1250"))
    assert "not in UTF-8" in error.remedy


def test_what_is_no_json_is_refused_with_line_and_column():
    assert refused(b'{"notice": }').value == "line 1, column 12"


def test_a_file_that_is_nested_without_end_is_refused():
    assert "nested" in refused(b"[" * 200_000).remedy


def test_a_file_of_megabytes_is_refused_before_it_is_read():
    assert "at most" in refused(b" " * (LARGEST + 1)).remedy


def test_a_moment_without_a_time_zone_is_refused():
    arrival = AMIRA["arrival"] | {"met_at": "2026-11-21T14:05:00"}
    assert "time zone" in refused(json.dumps(AMIRA | {"family": {}, "arrival": arrival}).encode()).remedy


@pytest.mark.parametrize(
    "birth", ["31.02.1994", "1.1.2031", "1.1.1890", "30", "13.13.1994", "7.3.94", "about 140", "\u202e7.3.1994"]
)
def test_a_birth_date_that_cannot_be_is_refused(birth):
    identity = AMIRA["identity"] | {"birth": {"text": birth}}
    error = refused(json.dumps(AMIRA | {"family": {}, "identity": identity}).encode())
    assert error.field == "registration: identity: birth: text"


@pytest.mark.parametrize(
    "name", ["Amira\u202eevil", "Ami\u0000ra", "Amira 2", "A" * 201, "\U0001f600", "a\u0301\u0301\u0301\u0301\u0301"]
)
def test_a_name_that_no_name_can_be_is_refused(name):
    identity = AMIRA["identity"] | {"names": [{"part": "given", "text": name}]}
    assert refused(json.dumps(AMIRA | {"family": {}, "identity": identity}).encode()).field == "given"


@pytest.mark.parametrize(
    ("key", "value"),
    [("language", "klingon"), ("notice", "maybe"), ("read_back", "nodded"), ("documents", [{"kind": "library_card",
     "number": "1", "seen": "copy"}]), ("claim", {"state": "granted"}), ("identity", []), ("needs", {"alone": "maybe"})],
)  # fmt: skip
def test_a_value_outside_its_list_is_refused(key, value):
    assert key in refused(json.dumps(AMIRA | {"family": {}, key: value}).encode()).field


def test_nothing_is_handed_in_that_has_not_happened_yet():
    for changes, key in (
        ({"arrival": AMIRA["arrival"] | {"met_at": "2030-01-01T00:00:00+01:00"}}, "met_at"),
        ({"claim": {"state": "none", "asked_on": "2030-01-01"}}, "asked_on"),
    ):
        error = refused(json.dumps(AMIRA | changes).encode())
        assert error.field.endswith(key)
        assert "not come yet" in str(error)


def test_a_number_of_thousands_of_digits_is_refused_in_one_line():
    assert "too many digits" in str(refused(b'{"notice": ' + b"9" * 5000 + b"}"))
