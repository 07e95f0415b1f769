"""A small log in memory, and everything that somebody might do to it."""

import random
from collections.abc import Callable
from uuid import UUID

from stonebridge.safeguards.log import merkle
from stonebridge.safeguards.log.checkpoint import Checkpoint, TreeHead
from stonebridge.safeguards.log.entry import entry_hash, person_tag
from stonebridge.safeguards.log.export import Row
from stonebridge.safeguards.log.person_map import Chain, PersonMap
from stonebridge.safeguards.log.witness import Held

ORIGIN = "stonebridge/mk/access"
KEY = bytes(range(32))
SIZE = 60
HELD = 40
PERSONS = [person_tag(KEY, UUID(int=number)) for number in range(6)]


def honest(size: int = SIZE, seed: int = 7) -> list[Row]:
    """A log of ``size`` entries about six persons, as an honest node tells it."""
    choose = random.Random(seed)
    return retold([(choose.choice(PERSONS), choose.randbytes(32)) for _ in range(size)])


def retold(contents: list[tuple[bytes, bytes]]) -> list[Row]:
    """Rows for (tag, inner hash) with numbers and chains made anew: what a careful forger writes."""
    chains = PersonMap()
    rows = []
    for number, (tag, inner) in enumerate(contents, start=1):
        chain = chains.add(tag, entry_hash(tag, inner))
        rows.append(Row(number, tag, inner, *chain))
    return rows


def contents_of(rows: list[Row]) -> list[tuple[bytes, bytes]]:
    return [(row.tag, row.commitment) for row in rows]


def signed(rows: list[Row]) -> Checkpoint:
    """What the node says of ``rows``: their root, and the map of the chains that it tells."""
    told = {row.tag: Chain(row.length, row.head) for row in rows}
    root = merkle.root([entry_hash(row.tag, row.commitment) for row in rows])
    return Checkpoint(ORIGIN, TreeHead(len(rows), root, PersonMap(told).root()))


def held(rows: list[Row], *, leaves: bool) -> Held:
    """What a witness kept of the first rows: the checkpoint, and the leaf hashes too if it ever checked them."""
    kept = rows[:HELD]
    return Held([signed(kept)], b"".join(entry_hash(r.tag, r.commitment) for r in kept) if leaves else b"")


Attack = Callable[[list[Row], random.Random], list[Row]]


def _one(choose: random.Random) -> int:
    return choose.randrange(HELD)


def _other(row: Row, choose: random.Random) -> bytes:
    return choose.choice([tag for tag in PERSONS if tag != row.tag])


def alter_an_event(rows: list[Row], choose: random.Random) -> list[Row]:
    at = _one(choose)
    return [*rows[:at], rows[at]._replace(commitment=choose.randbytes(32)), *rows[at + 1 :]]


def alter_an_event_and_rehash(rows: list[Row], choose: random.Random) -> list[Row]:
    return retold(contents_of(alter_an_event(rows, choose)))


def flip_one_bit(rows: list[Row], choose: random.Random) -> list[Row]:
    at, bit = _one(choose), choose.randrange(256)
    flipped = (int.from_bytes(rows[at].commitment, "big") ^ 1 << bit).to_bytes(32, "big")
    return retold(contents_of([*rows[:at], rows[at]._replace(commitment=flipped), *rows[at + 1 :]]))


def delete(rows: list[Row], choose: random.Random) -> list[Row]:
    at = _one(choose)
    return rows[:at] + rows[at + 1 :]


def delete_and_renumber(rows: list[Row], choose: random.Random) -> list[Row]:
    return retold(contents_of(delete(rows, choose)))


def delete_a_person(rows: list[Row], choose: random.Random) -> list[Row]:
    gone = rows[_one(choose)].tag
    return retold([content for content in contents_of(rows) if content[0] != gone])


def swap(rows: list[Row], choose: random.Random) -> list[Row]:
    first, second = choose.sample(range(HELD), 2)
    changed = list(rows)
    changed[first], changed[second] = changed[second], changed[first]
    return changed


def swap_and_renumber(rows: list[Row], choose: random.Random) -> list[Row]:
    return retold(contents_of(swap(rows, choose)))


def cut(rows: list[Row], choose: random.Random) -> list[Row]:
    return rows[: _one(choose)]


def cut_and_refill(rows: list[Row], choose: random.Random) -> list[Row]:
    at = _one(choose)
    return retold(contents_of(rows[:at]) + contents_of(honest(SIZE, seed=choose.randrange(100, 10**9)))[at:])


def insert(rows: list[Row], choose: random.Random) -> list[Row]:
    at, contents = _one(choose), contents_of(rows)
    return retold([*contents[:at], (choose.choice(PERSONS), choose.randbytes(32)), *contents[at:]])


def double(rows: list[Row], choose: random.Random) -> list[Row]:
    at, contents = choose.randrange(HELD - 1), contents_of(rows)
    return retold([*contents[:at], contents[at], *contents[at:]])


def charge_to_another(rows: list[Row], choose: random.Random) -> list[Row]:
    at, contents = _one(choose), contents_of(rows)
    return retold([*contents[:at], (_other(rows[at], choose), contents[at][1]), *contents[at + 1 :]])


def move_to_the_end(rows: list[Row], choose: random.Random) -> list[Row]:
    at, contents = _one(choose), contents_of(rows)
    return retold([*contents[:at], *contents[at + 1 :], contents[at]])


def told_with(rows: list[Row], mapped: Callable[[int, Row], bytes | None]) -> list[Row]:
    """Rows whose chains are those of a node that maps each entry to the tag that ``mapped`` gives, or to none."""
    chains, told = PersonMap(), []
    for index, row in enumerate(rows):
        tag = mapped(index, row)
        chain = chains[row.tag] if tag is None else chains.add(tag, entry_hash(row.tag, row.commitment))
        told.append(row._replace(length=chain.length, head=chain.head))
    return told


def leave_out_of_the_map(rows: list[Row], choose: random.Random) -> list[Row]:
    at = choose.randrange(SIZE)
    return told_with(rows, lambda index, row: None if index == at else row.tag)


def map_to_another(rows: list[Row], choose: random.Random) -> list[Row]:
    at = choose.randrange(SIZE)
    other = _other(rows[at], choose)
    return told_with(rows, lambda index, row: other if index == at else row.tag)


def roll_a_chain_back(rows: list[Row], choose: random.Random) -> list[Row]:
    """From some entry on, the node tells a person's chain as if it had stopped."""
    at = choose.randrange(SIZE)
    return told_with(rows, lambda index, row: None if index >= at and row.tag == rows[at].tag else row.tag)


def tell_a_false_head(rows: list[Row], choose: random.Random) -> list[Row]:
    at = choose.randrange(SIZE)
    return [*rows[:at], rows[at]._replace(head=choose.randbytes(32)), *rows[at + 1 :]]


AGAINST_THE_HISTORY: list[Attack] = [
    alter_an_event, alter_an_event_and_rehash, flip_one_bit, delete, delete_and_renumber, delete_a_person, swap,
    swap_and_renumber, cut, cut_and_refill, insert, double, charge_to_another, move_to_the_end,
]  # fmt: skip
AGAINST_A_PERSON: list[Attack] = [leave_out_of_the_map, map_to_another, roll_a_chain_back, tell_a_false_head]
