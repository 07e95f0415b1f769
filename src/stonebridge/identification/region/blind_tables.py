"""The tables that partners look numbers up in: made for each partner and purpose, kept true, thrown away within a day.

A table holds those records alone that may answer its partner, as the database judges; all others are not in it. Its
length is one of few, and what a change replaces is mixed with padding that is replaced as well. The worker makes and
keeps them; the key never leaves, and ends with the row that holds it.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import connection

from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput
from stonebridge.domain.exact_tokens import TokenKind, exact_token
from stonebridge.exchange import voprf
from stonebridge.exchange.partners import Partner, partners
from stonebridge.identification.models import BlindChange, BlindPart, BlindTable
from stonebridge.identification.region.blind_rows import (
    HALF,
    PLACES,
    ROW,
    ROWS_A_PART,
    handle_of,
    key_of_handles,
    sealed,
    size_for,
    tag,
)  # fmt: skip
from stonebridge.law import codes
from stonebridge.registry.models import Document
from stonebridge.registry.statements import SEARCHABLE_FOR
from stonebridge.safeguards import gate
from stonebridge.safeguards.sealing import KeyEncryptionKey, KeyRing, seal, unseal

QUERY, TABLE, VERSION = "blind_query", "blind_table", 1
EPOCH, RENEWED_AFTER = timedelta(hours=24), timedelta(hours=23)
ANSWERED_FOR = tuple(each for each in SEARCHABLE_FOR if each is not Purpose.REGISTRATION)
NOISE = 32
"""Rows that each change of a table replaces at least, padding made up."""
NATIONAL = "national_number"
_KIND = "blind key"
_FOLLOWING = 0x626C696E64  # advisory lock of whoever changes tables
_NOBODY = bytes(HALF)
_JUDGED = """
SELECT p.id FROM registry_person p
 WHERE EXISTS (SELECT 1 FROM registry_document d WHERE d.person_id = p.id AND d.issuing_state <> '')
   AND (%(all)s OR p.id = ANY (%(persons)s)) AND may_be_told(p.id, %(state)s)
"""
_CONCERNED = """
SELECT DISTINCT m FROM unnest(%s::uuid[]) AS r, identity_of(r) AS i,
    LATERAL (SELECT i AS n UNION SELECT y FROM yellow_neighbours(ARRAY(SELECT identity_of(r))) AS y) AS near,
    identity_of(near.n) AS m
"""


@dataclass(slots=True)
class _Open:
    """A table while it is made or changed: its rows in memory, and which parts have to be written."""

    table: BlindTable
    rows: list[bytearray]
    persons: list[bytearray]
    touched: set[int]

    def slots(self) -> Iterator[tuple[int, int, bytes]]:
        for number, persons in enumerate(self.persons):
            for slot in range(ROWS_A_PART):
                yield number, slot, bytes(persons[slot * HALF : (slot + 1) * HALF])

    def put(self, number: int, slot: int, row: bytes, person: bytes) -> None:
        self.rows[number][slot * ROW : (slot + 1) * ROW] = row
        self.persons[number][slot * HALF : (slot + 1) * HALF] = person
        self.touched.add(number)


def tokens_of(documents: Iterable[Document]) -> list[bytes]:
    """The tokens of these documents, each once; one whose number or issuer is of no use has none."""
    made = []
    for each in documents:
        kind = TokenKind.NATIONAL if each.kind == NATIONAL else TokenKind.DOCUMENT
        try:
            made.append(exact_token(kind, each.issuing_state, each.number, codes.states()))
        except BadInput:
            continue
    return list(dict.fromkeys(made))


def keep_tables(now: datetime) -> bool:
    """Make the tables that are due, and judge anew whoever changed since the last time."""
    noted = list(BlindChange.objects.order_by("id").values_list("id", "person_id"))
    listed = partners()
    for purpose in ANSWERED_FOR:
        looking = {each.code: each for each in listed if QUERY in each.profiles and purpose in each.purposes}
        with gate.act(purpose):
            _throw_away(looking, now)
            standing = set(BlindTable.objects.values_list("partner", flat=True))
        for code in sorted(set(looking) - standing):
            with gate.act(purpose):
                _make(looking[code], purpose, now)
        if noted:
            with gate.act(purpose):
                _follow({person for _, person in noted}, standing & set(looking))
    BlindChange.objects.filter(id__in=[id for id, _ in noted]).delete()
    return False


def open_key(table: BlindTable) -> bytes:
    """The scalar of a table."""
    return unseal(bytes(table.key), table.id, KeyRing([_own_key()]), kind=_KIND)


def _throw_away(looking: dict[str, Partner], now: datetime) -> None:
    """What is past its hour, or of a partner that looks no more or speaks for another state now."""
    for each in BlindTable.objects.all():
        to = looking.get(each.partner)
        if to is None or to.state != each.state or now >= each.begins_at + RENEWED_AFTER:
            each.delete()


def _make(to: Partner, purpose: Purpose, now: datetime) -> None:
    id, key = uuid4(), voprf.random_scalar()
    table = BlindTable(
        id=id, partner=to.code, state=to.state, purpose=purpose, key=seal(key, id, _own_key(), kind=_KIND),
        public=voprf.public_key(key), begins_at=now, ends_at=now + EPOCH,
    )  # fmt: skip
    wanted = _tokens(_judged(to.state))
    made = _empty(table, sum(len(each) for each in wanted.values()))
    _add(made, wanted, key)
    table.save(force_insert=True)
    BlindPart.objects.bulk_create(_part(made, number) for number in range(len(made.rows)))


def _follow(changed: set[UUID], standing: set[str]) -> None:
    """Take out of each table whoever changed, and put in again whoever may be told now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FOLLOWING])
        cursor.execute(_CONCERNED, [list(changed)])
        concerned = [person for (person,) in cursor.fetchall()]
    for table in BlindTable.objects.filter(partner__in=standing):
        parts = list(table.parts.all())
        made = _Open(
            table, [bytearray(each.rows) for each in parts], [bytearray(each.persons) for each in parts], set()
        )
        replaced = _settle(made, concerned, _tokens(_judged(table.state, concerned)), open_key(table))
        if replaced is None:
            table.delete()  # the next step makes a longer one, under another key
            continue
        if not replaced:
            continue
        _blur(made, max(0, NOISE - replaced))
        for number in made.touched:
            part = _part(made, number)
            table.parts.filter(number=number).update(rows=part.rows, persons=part.persons, digest=part.digest)


def _judged(state: str, persons: Sequence[UUID] | None = None) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_JUDGED, {"all": persons is None, "persons": list(persons or ()), "state": state})
        return [person for (person,) in cursor.fetchall()]


def _tokens(persons: Sequence[UUID]) -> dict[UUID, list[bytes]]:
    """The tokens of each person who has any, in no order that tells when they were registered."""
    shown: dict[UUID, list[Document]] = {}
    for each in Document.objects.filter(person_id__in=persons).exclude(issuing_state=""):
        shown.setdefault(each.person_id, []).append(each)
    return {person: tokens for person, documents in shown.items() if (tokens := tokens_of(documents))}


def _settle(made: _Open, concerned: Sequence[UUID], wanted: dict[UUID, list[bytes]], key: bytes) -> int | None:
    """Let these persons have the rows that they should; how many were replaced, or None where there is no room.

    A row that stays right stays where it is: one that moved would show that it is no padding.
    """
    meant = {each.bytes: each for each in concerned}
    leaving: dict[UUID, dict[bytes, tuple[int, int]]] = {}
    for number, slot, about in made.slots():
        if about in meant:
            row = bytes(made.rows[number][slot * ROW : slot * ROW + HALF])
            leaving.setdefault(meant[about], {})[row] = (number, slot)
    coming: dict[UUID, list[bytes]] = {}
    for person, tokens in wanted.items():
        own = leaving.get(person, {})
        for token in tokens:
            y = voprf.Suite().output(key, token)
            stays = next((each for place in range(PLACES) if (each := tag(y, place)) in own), None)
            if stays is None:
                coming.setdefault(person, []).append(token)
            else:
                del own[stays]
    gone = [place for own in leaving.values() for place in own.values()]
    for number, slot in gone:
        made.put(number, slot, secrets.token_bytes(ROW), _NOBODY)
    if sum(map(len, coming.values())) > sum(about == _NOBODY for _, _, about in made.slots()):
        return None
    return len(gone) + _add(made, coming, key)


def _empty(table: BlindTable, rows: int) -> _Open:
    parts = range(size_for(rows) // ROWS_A_PART)
    return _Open(
        table, [bytearray(secrets.token_bytes(ROWS_A_PART * ROW)) for _ in parts],
        [bytearray(ROWS_A_PART * HALF) for _ in parts], set(parts),
    )  # fmt: skip


def _add(made: _Open, wanted: dict[UUID, list[bytes]], key: bytes) -> int:
    """Put a row for each token into places drawn among the padding; how many."""
    if not wanted:
        return 0
    suite, table = voprf.Suite(), made.table
    handles = key_of_handles(settings.EXCHANGE_KEY, table.partner, table.purpose, table.begins_at.date())
    free, tags = [], set()
    for number, slot, about in made.slots():
        if about == _NOBODY:
            free.append((number, slot))
        else:
            tags.add(bytes(made.rows[number][slot * ROW : slot * ROW + HALF]))
    secrets.SystemRandom().shuffle(free)
    count = 0
    for person, tokens in wanted.items():
        for token in tokens:
            y = suite.output(key, token)
            place = next((each for each in range(PLACES) if tag(y, each) not in tags), None)
            if place is None or not free:
                continue
            number, slot = free.pop()
            tags.add(tag(y, place))
            made.put(number, slot, tag(y, place) + sealed(y, place, handle_of(person, handles)), person.bytes)
            count += 1
    return count


def _blur(made: _Open, rows: int) -> None:
    """Replace padding in the parts that change anyway, so that few changes look like one another."""
    padding = [(number, slot) for number, slot, person in made.slots() if person == _NOBODY and number in made.touched]
    for number, slot in secrets.SystemRandom().sample(padding, min(rows, len(padding))):
        made.put(number, slot, secrets.token_bytes(ROW), _NOBODY)


def _part(made: _Open, number: int) -> BlindPart:
    rows = bytes(made.rows[number])
    return BlindPart(
        table=made.table, number=number, rows=rows, persons=bytes(made.persons[number]),
        digest=hashlib.sha256(rows).hexdigest(),
    )  # fmt: skip


def _own_key() -> KeyEncryptionKey:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"stonebridge blind key 1")
    return KeyEncryptionKey("blind", derived.derive(settings.EXCHANGE_KEY))
