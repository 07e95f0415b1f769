import io
import random
from datetime import UTC, datetime
from uuid import UUID

import pytest

from safeguards import tampering
from safeguards.tampering import HELD, KEY, PERSONS, SIZE, contents_of, honest, retold, signed
from stonebridge.domain.actor import ActorKind
from stonebridge.domain.errors import BadInput
from stonebridge.safeguards.log import export, merkle
from stonebridge.safeguards.log.checkpoint import TreeHead
from stonebridge.safeguards.log.entry import Event, Outcome, entry_hash, person_tag
from stonebridge.safeguards.log.person_map import PersonMap
from stonebridge.safeguards.log.witness import Held, Tampering, charged_wrongly, examine

ROWS = honest()
WITH_LEAVES = tampering.held(ROWS, leaves=True)
WITH_CHECKPOINT = tampering.held(ROWS, leaves=False)
SEEDS = range(30)


def kinds(rows, held=WITH_LEAVES, checkpoint=None) -> set[tuple[Tampering, int | None]]:
    report = examine(rows, checkpoint or signed(rows), held)
    return {(finding.kind, finding.number) for finding in report.findings}


@pytest.mark.parametrize("held", [Held(), WITH_CHECKPOINT, WITH_LEAVES], ids=["nothing", "checkpoint", "leaves"])
def test_an_honest_log_is_clean(held):
    report = examine(ROWS, signed(ROWS), held)
    assert report.findings == []
    assert bytes(report.leaves) == b"".join(entry_hash(row.tag, row.commitment) for row in ROWS)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("held", [WITH_CHECKPOINT, WITH_LEAVES], ids=["checkpoint", "leaves"])
@pytest.mark.parametrize("attack", tampering.AGAINST_THE_HISTORY, ids=lambda attack: attack.__name__)
def test_a_rewritten_history_is_found_even_when_the_log_signs_it(attack, held, seed):
    rows = attack(ROWS, random.Random(seed))
    assert kinds(rows, held)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("attack", tampering.AGAINST_A_PERSON, ids=lambda attack: attack.__name__)
def test_a_false_chain_of_a_person_is_found_even_when_the_log_signs_it(attack, seed):
    rows = attack(ROWS, random.Random(seed))
    assert kinds(rows, Held())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("attack", tampering.AGAINST_A_PERSON, ids=lambda attack: attack.__name__)
def test_true_rows_under_a_map_that_leaves_something_out_are_found(attack, seed):
    false_map = signed(attack(ROWS, random.Random(seed)))
    honest_head = signed(ROWS).head
    told = false_map.head.persons != honest_head.persons
    assert bool(kinds(ROWS, Held(), false_map)) == told


def test_an_altered_entry_is_named():
    rows = retold([*contents_of(ROWS)[:16], (PERSONS[0], bytes(32)), *contents_of(ROWS)[17:]])
    assert kinds(rows) == {(Tampering.ALTERED, 17)}


def test_a_deleted_entry_is_named():
    assert (Tampering.DELETED, 17) in kinds(ROWS[:16] + ROWS[17:])


def test_a_deleted_entry_is_named_even_when_the_rest_is_renumbered():
    rows = retold(contents_of(ROWS)[:16] + contents_of(ROWS)[17:])
    assert kinds(rows) == {(Tampering.DELETED, 17)}


def test_swapped_entries_are_named():
    contents = contents_of(ROWS)
    contents[3], contents[16] = contents[16], contents[3]
    assert kinds(retold(contents)) == {(Tampering.REORDERED, 4), (Tampering.REORDERED, 17)}


def test_an_entry_slipped_in_is_named():
    contents = contents_of(ROWS)
    rows = retold([*contents[:16], (PERSONS[0], bytes(32)), *contents[16:]])
    assert kinds(rows) == {(Tampering.INSERTED, 17)}


def test_a_log_that_was_cut_below_a_checkpoint_is_told_by_its_last_entry():
    assert kinds(ROWS[: HELD - 5], WITH_CHECKPOINT) == {(Tampering.CUT, HELD - 4)}


def test_rows_missing_at_the_end_of_a_signed_log_are_a_cut():
    assert kinds(ROWS[:-2], Held(), signed(ROWS)) == {(Tampering.CUT, SIZE - 1)}


def test_an_entry_that_is_logged_but_not_mapped_is_named():
    rows = tampering.told_with(ROWS, lambda index, row: None if index == 16 else row.tag)
    assert kinds(rows, Held()) == {(Tampering.NOT_MAPPED, 17)}


def test_an_entry_that_is_counted_for_another_person_is_named():
    other = next(tag for tag in PERSONS if tag != ROWS[16].tag)
    rows = tampering.told_with(ROWS, lambda index, row: other if index == 16 else row.tag)
    assert kinds(rows, Held()) == {(Tampering.MISCHARGED, 17)}


def test_a_chain_that_was_rolled_back_is_named():
    theirs = [row for row in ROWS if row.tag == ROWS[-1].tag]
    last = theirs[-1]._replace(length=theirs[-3].length, head=theirs[-3].head)
    rows = [*ROWS[: last.number - 1], last, *ROWS[last.number :]]
    assert kinds(rows, Held()) == {(Tampering.ROLLED_BACK, last.number)}


def test_a_map_rolled_back_under_true_rows_is_told():
    checkpoint = signed(ROWS)
    false = TreeHead(SIZE, checkpoint.head.root, signed(ROWS[:-1]).head.persons)
    report = examine(ROWS, type(checkpoint)(checkpoint.origin, false), Held())
    assert [finding.kind for finding in report.findings] == [Tampering.NOT_MAPPED]


def test_two_histories_of_one_size_are_told():
    other = retold(contents_of(honest(SIZE, seed=8)))
    assert (Tampering.FORKED, None) in kinds(ROWS, Held([signed(other)]))


def test_every_checkpoint_held_is_compared():
    forged = [signed(ROWS[:10]), signed(honest(20, seed=9)), signed(ROWS[:30])]
    report = examine(ROWS, signed(ROWS), Held(forged))
    assert [str(finding) for finding in report.findings] == [
        "the log: rewritten: the first 20 entries are not those of the checkpoint held of 20 entries"
    ]


def test_the_log_of_another_node_is_told():
    checkpoint = signed(ROWS)
    elsewhere = type(checkpoint)("stonebridge/rs/access", checkpoint.head)
    assert (Tampering.FORKED, None) in kinds(ROWS, WITH_LEAVES, elsewhere)


PROTECTION = [merkle.leaf_hash(bytes([number])) for number in range(9)]


def with_protection(leaves, size=SIZE):
    checkpoint = signed(ROWS[:size])
    head = TreeHead(len(leaves), merkle.root(leaves), PersonMap().root())
    return type(checkpoint)(checkpoint.origin, checkpoint.head, head)


def test_the_protection_log_is_watched_by_its_leaf_hashes_alone():
    held = Held([with_protection(PROTECTION[:5], HELD)])
    assert examine(ROWS, with_protection(PROTECTION), held, protection=PROTECTION).is_clean


@pytest.mark.parametrize(
    ("leaves", "kind"),
    [
        ([*PROTECTION[:2], PROTECTION[8], *PROTECTION[3:]], Tampering.REWRITTEN),
        (PROTECTION[:2] + PROTECTION[3:], Tampering.REWRITTEN),
        (PROTECTION[:4], Tampering.CUT),
    ],
)
def test_a_protection_log_that_was_changed_is_told(leaves, kind):
    held = Held([with_protection(PROTECTION[:5], HELD)])
    report = examine(ROWS, with_protection(leaves), held, protection=leaves)
    assert [finding.kind for finding in report.findings] == [kind]


def event_about(person: UUID | None) -> bytes:
    at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    return Event(
        id=UUID(int=1), at=at, actor_kind=ActorKind.OFFICER, actor="1", action="read", purpose="registration",
        basis="6(1)(e)", person=person, outcome=Outcome.PERMITTED,
    ).to_bytes()  # fmt: skip


def test_who_holds_the_key_finds_entries_charged_to_another_person():
    right = (1, person_tag(KEY, UUID(int=5)), event_about(UUID(int=5)))
    wrong = (2, person_tag(KEY, UUID(int=6)), event_about(UUID(int=5)))
    unreadable = (3, person_tag(KEY, None), b"{}")
    findings = charged_wrongly([right, wrong, unreadable], KEY)
    assert [(finding.kind, finding.number) for finding in findings] == [
        (Tampering.MISCHARGED, 2),
        (Tampering.ALTERED, 3),
    ]


def exported() -> str:
    file = io.StringIO()
    export.write(export.Export(b"a note", PROTECTION, SIZE, ROWS), file)
    return file.getvalue()


def test_an_export_is_read_back_as_it_was_written():
    read = export.read(io.StringIO(exported()))
    assert (read.note, read.protection, read.size, list(read.rows)) == (b"a note", PROTECTION, SIZE, ROWS)


def test_an_export_names_nobody_and_nothing_that_happened():
    assert len(exported().splitlines()) == 5 + SIZE + len(PROTECTION)
    assert "read" not in exported()


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("log export 1", "log export 2", 1),
        ("note ", "nota ", 2),
        ("note YS", "note Y!", 2),
        ("protection 9", "protection nine", 3),
        ("entries 60", "entries 61", 74),
        ("entries 60", "entries 59", 73),
        ("\nend\n", "\nen", 74),
        ("=\n17 ", "=\n-17 ", 30),
        ("=\n17 ", "=\n17  ", 30),
    ],
)
def test_a_damaged_export_is_refused_with_its_line(old, new, line):
    assert old in exported()
    with pytest.raises(BadInput, match=f"line {line} of the export"):
        list(export.read(io.StringIO(exported().replace(old, new))).rows)
