"""One form of a number on every node, whoever typed it and by which keyboard."""

import pytest

from stonebridge.domain.errors import BadInput
from stonebridge.domain.exact_tokens import TokenKind, exact_token
from stonebridge.law.codes import states

KNOWN = states()


def token(number: str, issuer: str = "SRB", kind: TokenKind = TokenKind.DOCUMENT) -> bytes:
    return exact_token(kind, issuer, number, KNOWN)


@pytest.mark.parametrize(
    "written",
    ["AB123456", "ab 123 456", "AB-123.456", "AB123456<<<", "АВ123456", "ΑΒ123456", "ＡＢ１２３４５６", "A/B\\123·456"],
)
def test_one_number_is_one_token_however_it_is_written(written: str):
    assert token(written) == b"document\0SRB\0AB123456"


@pytest.mark.parametrize(
    ("printed", "means"), [("D", b"D"), ("DEU", b"D"), ("d<<", b"D"), ("XKX", b"RKS"), ("srb", b"SRB")]
)
def test_an_issuer_has_one_code_whichever_is_printed(printed: str, means: bytes):
    assert token("AB123456", printed).split(b"\0")[1] == means


def test_the_number_of_a_document_is_not_that_of_a_person():
    assert token("0703994450017") != token("0703994450017", kind=TokenKind.NATIONAL)


def test_o_and_zero_stay_two():
    assert token("AB12340") != token("AB1234O")


@pytest.mark.parametrize("number", ["", "123", "A" * 31, "AB12345#", "AB1234Ж", "رقم12345", "not known!"])
def test_what_is_no_number_is_refused_by_its_field(number: str):
    with pytest.raises(BadInput) as caught:
        token(number)
    assert caught.value.field == "number"


@pytest.mark.parametrize("issuer", ["", "XYZ", "Serbia"])
def test_an_issuer_that_there_is_not_is_refused_by_its_field(issuer: str):
    with pytest.raises(BadInput) as caught:
        token("AB123456", issuer)
    assert caught.value.field == "issuer"
