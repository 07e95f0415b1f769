"""A superuser of the database rewrites the log; whoever holds a checkpoint from before finds out, and is told what."""

from collections.abc import Callable
from pathlib import Path

import pytest

from access_log import NOON, Superuser, reads, write
from safeguards import tampering
from safeguards.tampering import contents_of, honest, retold, signed, told_with
from stonebridge.safeguards.log import export
from stonebridge.safeguards.log.export import Export
from stonebridge.safeguards.log.sequencer import Sequencer
from stonebridge.safeguards.log.store import ACCESS
from stonebridge.site.command import main

SIZE = 12


def alter(superuser: Superuser) -> None:
    superuser.do(
        "UPDATE {entry} SET event = convert_to('{{\"action\": \"none\"}}', 'UTF8') WHERE id = %s", superuser.entry_of(5)
    )


def alter_with_its_hashes(superuser: Superuser) -> None:
    superuser.do(
        "UPDATE {entry} SET event = 'x', commitment = sha256(salt || 'x'::bytea) WHERE id = %s", superuser.entry_of(5)
    )
    superuser.do("UPDATE {leaf} SET commitment = (SELECT commitment FROM {entry} WHERE id = entry_id) WHERE number = 5")
    superuser.close_the_gaps()


def charge_to_another(superuser: Superuser) -> None:
    superuser.do(
        "UPDATE {entry} SET person_tag = (SELECT person_tag FROM {leaf} WHERE number = 6) WHERE id = %s",
        superuser.entry_of(5),
    )


def charge_to_another_with_its_leaf(superuser: Superuser) -> None:
    charge_to_another(superuser)
    superuser.do("UPDATE {leaf} SET person_tag = (SELECT person_tag FROM {leaf} WHERE number = 6) WHERE number = 5")
    superuser.close_the_gaps()


def empty(superuser: Superuser) -> None:
    superuser.do("UPDATE {entry} SET salt = NULL, event = NULL WHERE id = %s", superuser.entry_of(5))


def empty_as_if_erased(superuser: Superuser) -> None:
    superuser.do(
        "UPDATE {entry} SET salt = NULL, event = NULL, erasure_id = gen_random_uuid() WHERE id = %s",
        superuser.entry_of(5),
    )


def delete_the_entry(superuser: Superuser) -> None:
    superuser.do("DELETE FROM {entry} WHERE id = %s", superuser.entry_of(5))


def delete_the_entry_and_its_leaf(superuser: Superuser) -> None:
    entry = superuser.entry_of(5)
    superuser.do("DELETE FROM {leaf} WHERE number = 5")
    superuser.do("DELETE FROM {entry} WHERE id = %s", entry)


def delete_and_close_the_gap(superuser: Superuser) -> None:
    delete_the_entry_and_its_leaf(superuser)
    superuser.close_the_gaps()


def reorder(superuser: Superuser) -> None:
    superuser.do("UPDATE {leaf} SET number = -1 WHERE number = 3")
    superuser.do("UPDATE {leaf} SET number = 3 WHERE number = 7")
    superuser.do("UPDATE {leaf} SET number = 7 WHERE number = -1")
    superuser.close_the_gaps()


def cut(superuser: Superuser) -> None:
    superuser.do("DELETE FROM {entry} WHERE id IN (SELECT entry_id FROM {leaf} WHERE number > 8)")
    superuser.do("DELETE FROM {leaf} WHERE number > 8")


def cut_with_every_checkpoint(superuser: Superuser) -> None:
    cut(superuser)
    superuser.do("DELETE FROM {checkpoint}")


def take_everything(superuser: Superuser) -> None:
    superuser.do("DELETE FROM {entry}")
    superuser.do("DELETE FROM {leaf}")
    superuser.do("DELETE FROM {checkpoint}")


def roll_a_chain_back(superuser: Superuser) -> None:
    superuser.do(
        "UPDATE {leaf} AS last SET person_length = former.person_length, person_head = former.person_head"
        " FROM {leaf} AS former WHERE last.number = 12 AND former.number = 6"
    )


def leave_waiting_for_ever(superuser: Superuser) -> None:
    write(reads(1))
    superuser.do("DELETE FROM {queue}")


ATTACKS = [
    (alter, "altered"), (alter_with_its_hashes, "altered"), (charge_to_another, "charged to another person"),
    (charge_to_another_with_its_leaf, "altered|rewritten|charged"), (empty, "altered"), (empty_as_if_erased, "altered"),
    (delete_the_entry, "deleted"), (delete_the_entry_and_its_leaf, "deleted|rewritten|altered"),
    (delete_and_close_the_gap, "deleted|rewritten|cut"), (reorder, "reordered|rewritten"), (cut, "cut"),
    (cut_with_every_checkpoint, "cut"), (take_everything, "cut"), (roll_a_chain_back, "rolled back"),
    (leave_waiting_for_ever, "not numbered"),
]  # fmt: skip


@pytest.fixture
def checkpoint(witness: Path, tmp_path: Path) -> Path:
    """The checkpoint that somebody outside holds; the node's own witness has lost what it had."""
    write(reads(SIZE))
    Sequencer().checkpoint(NOON)
    held = tmp_path / "held.checkpoint"
    (witness / "access-000000000001.checkpoint").rename(held)
    return held


@pytest.fixture
def superuser(server, node_database) -> Superuser:
    return Superuser(server.superuser_url(node_database.name))


def test_an_honest_log_is_told_to_be_so(checkpoint, capsys):
    assert main(["log", "verify", "--checkpoint", str(checkpoint)]) == 0
    assert "stonebridge/mk/access: 12 entries, nothing wrong" in capsys.readouterr().out


@pytest.mark.parametrize(("attack", "told"), ATTACKS, ids=[attack.__name__ for attack, _ in ATTACKS])
def test_what_a_superuser_did_is_told_against_a_checkpoint_held_outside(checkpoint, superuser, capsys, attack, told):
    attack(superuser)
    assert main(["log", "verify", "--checkpoint", str(checkpoint)]) == 1
    said = capsys.readouterr().out
    assert "things wrong" in said
    assert any(f": {kind}: " in said for kind in told.split("|")), said


def test_a_cut_log_looks_whole_to_whoever_holds_nothing(checkpoint, superuser, capsys):
    take_everything(superuser)
    assert main(["log", "verify"]) == 0


def test_what_is_told_names_the_entry_and_says_what_is_wrong_with_it(checkpoint, superuser, capsys):
    delete_the_entry(superuser)
    main(["log", "verify", "--checkpoint", str(checkpoint)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "stonebridge/mk/access: 12 entries, 1 things wrong"
    assert lines[1].startswith("  entry 5: deleted: its leaf is there, but entry ")


def test_a_file_that_is_no_checkpoint_is_refused_with_its_name(tmp_path, capsys):
    (tmp_path / "letter").write_text("Dear Sir")
    assert main(["log", "verify", "--checkpoint", str(tmp_path / "letter")]) == 2
    assert main(["log", "verify", "--checkpoint", str(tmp_path / "nothing")]) == 2
    assert "nothing" in capsys.readouterr().err


def test_a_checkpoint_that_the_log_did_not_sign_is_refused(checkpoint, tmp_path):
    forged = tmp_path / "forged"
    forged.write_bytes(checkpoint.read_bytes().replace(b"\n12\n", b"\n13\n"))
    assert main(["log", "verify", "--checkpoint", str(forged)]) == 2


# a node that lies with its own key, against the witness that recomputes the map


def told_by_the_node(path: Path, rows: list) -> Path:
    note = ACCESS.signing_key.sign(signed(rows).to_text()).to_bytes()
    with path.open("w", encoding="ascii", newline="\n") as file:
        export.write(Export(note, [], len(rows), rows), file)
    return path


def watched(tmp_path: Path, rows: list) -> int:
    file = told_by_the_node(tmp_path / "export", rows)
    key = ACCESS.signing_key.verifier().to_text()
    return main(["log", "witness", str(file), "--state", str(tmp_path / "mine"), "--key", key])


def not_mapped(rows: list) -> list:
    return told_with(rows, lambda index, row: None if index == 16 else row.tag)


def mapped_to_another(rows: list) -> list:
    other = next(tag for tag in tampering.PERSONS if tag != rows[16].tag)
    return told_with(rows, lambda index, row: other if index == 16 else row.tag)


def rolled_back(rows: list) -> list:
    theirs = [row for row in rows if row.tag == rows[-1].tag]
    return [*rows[:-1], rows[-1]._replace(length=theirs[-3].length, head=theirs[-3].head)]


def rewritten(rows: list) -> list:
    return retold([*contents_of(rows)[:16], (rows[16].tag, bytes(32)), *contents_of(rows)[17:]])


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        (not_mapped, "entry 17: not mapped"),
        (mapped_to_another, "entry 17: charged to another person"),
        (rolled_back, "entry 60: rolled back"),
    ],
)
def test_a_witness_tells_what_the_map_leaves_out_although_the_node_signed_it(
    tmp_path, capsys, lie: Callable[[list], list], told: str
):
    assert watched(tmp_path, lie(honest())) == 1
    said = capsys.readouterr().out
    assert told in said
    assert "not cosigned" in said


def test_a_witness_cosigns_what_is_honest_and_what_grew_honestly(tmp_path, capsys):
    assert watched(tmp_path, honest()[:40]) == 0
    assert watched(tmp_path, honest()) == 0
    assert "60 entries, nothing wrong; cosigned" in capsys.readouterr().out


def test_a_witness_that_saw_the_log_before_tells_what_was_rewritten_since(tmp_path, capsys):
    watched(tmp_path, honest()[:40])
    assert watched(tmp_path, rewritten(honest())) == 1
    assert "entry 17: altered" in capsys.readouterr().out
