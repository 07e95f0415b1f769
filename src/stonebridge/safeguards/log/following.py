"""What a witness that sees checkpoints alone finds wrong: a log that was rolled back, forked or rewritten.

It holds the last checkpoint that it signed, and lets a new one follow only with proofs that both logs, of access and
of protection, have only grown since. What stands in the logs it never learns.
"""

from collections.abc import Sequence

from stonebridge.safeguards.log import merkle
from stonebridge.safeguards.log.checkpoint import Checkpoint, TreeHead
from stonebridge.safeguards.log.person_map import PersonMap
from stonebridge.safeguards.log.witness import Finding, Tampering

EMPTY = TreeHead(0, merkle.EMPTY_ROOT, PersonMap().root())


def protection_of(checkpoint: Checkpoint) -> TreeHead:
    """What a checkpoint of the access log says of the protection log; that of an empty one where it says nothing."""
    return checkpoint.protection or EMPTY


def follow(
    held: Checkpoint, given: Checkpoint, proof: Sequence[bytes], protection_proof: Sequence[bytes]
) -> Finding | None:
    """What is wrong with ``given`` as the next checkpoint after ``held``; None when it only goes on."""
    if given.origin != held.origin:
        return Finding(Tampering.FORKED, None, f"the log calls itself {given.origin}; held is {held.origin}")
    return _grown("the log", held.head, given.head, proof) or _grown(
        "the protection log", protection_of(held), protection_of(given), protection_proof
    )


def _grown(log: str, old: TreeHead, new: TreeHead, proof: Sequence[bytes]) -> Finding | None:
    if new == old:
        return None
    if new.size < old.size:
        return Finding(Tampering.ROLLED_BACK, None, f"{log} has {new.size} entries; {old.size} were witnessed")
    if new.size == old.size:
        return Finding(Tampering.FORKED, None, f"two states of {log} with {new.size} entries differ")
    if old.size and not merkle.is_consistent(old.size, old.root, new.size, new.root, proof):
        return Finding(
            Tampering.REWRITTEN, None, f"the first {old.size} entries of {log} are not those that were witnessed"
        )
    return None
