"""Records for the matcher's tests: made up, and unmistakable by their document number."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from stonebridge.matching.engine import Hit
from stonebridge.matching.gallery import Change
from stonebridge.matching.record import Identity, Record

AMIRA = Identity(
    given="Amira",
    family="Haddad",
    father="Khaled",
    mother="Zainab",
    birth="1994-03-07",
    sex="f",
    nationalities=("SYR",),
    documents=("SYR:N00712345",),
    birth_place="Aleppo",
)
HIDDEN, SHOWN = 0b10, 0b01
KEY = bytes(range(32))


def person(number: int) -> UUID:
    return UUID(int=number)


def record(number: int, identity: Identity = AMIRA, visible: int = SHOWN) -> Record:
    return Record(person(number), visible, (identity,))


def numbered(number: int, version: int = 0) -> Record:
    """Somebody with a document of their own, so that a search finds exactly this version of exactly them."""
    return record(number, replace(AMIRA, documents=(document(number, version),)))


def document(number: int, version: int = 0) -> str:
    return f"SYR:{number:05}V{version:05}"


def with_document(text: str) -> Identity:
    return Identity(documents=(text,))


def put(number: int, version: int = 0) -> Change:
    return Change(person(number), numbered(number, version))


def removed(number: int) -> Change:
    return Change(person(number), None)


def with_same_document(hits: Iterable[Hit]) -> list[int]:
    """The numbers of those whose document has the very number, not only one like it."""
    return [hit.id.int for hit in hits if "document.same" in {each.detail.key for each in hit.comparisons}]
