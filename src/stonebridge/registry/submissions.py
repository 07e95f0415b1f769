"""A page that is handed in twice makes one change.

The page carries a random number of its own. What it adds takes its identifier from that number and from what was
typed: the same once more is found on record and changes nothing; a page that somebody went back to and corrected
adds what it says now.
"""

from hashlib import sha256
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

from stonebridge.safeguards.gate import Permit


def identifier(submission: UUID | None, person: UUID, *content: object, permit: Permit) -> UUID:
    """The identifier of what this officer adds to a person's record with these contents; a new one without a number."""
    if submission is None:
        return uuid7()
    digests = [sha256(each if isinstance(each, bytes) else repr(each).encode()).hexdigest() for each in content]
    return uuid5(submission, "\n".join((permit.actor.reference, str(person), *digests)))
