"""The profile ``person_query``: who a person says they are, in one message; ``no_hit`` or a handle in the answer.

The schema is closed and holds what the matcher compares. It has no field for a claim, a referral, a case or a remark.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from stonebridge.domain.errors import BadInput
from stonebridge.matching.record import Identity
from stonebridge.matching.stored_record import identity_from_json, identity_to_json

PROFILE = "person_query"
VERSIONS = (1,)
STATEMENTS = 5
"""Statements of identity in one question, the latest of them."""
NO_HIT: dict[str, Any] = {"answer": "no_hit", "handle": ""}


def question_body(identities: Sequence[Identity]) -> dict[str, Any]:
    """What is asked: each different statement once."""
    return {"identities": [identity_to_json(each) for each in list(dict.fromkeys(identities))[-STATEMENTS:]]}


def identities_asked(body: dict[str, Any]) -> tuple[Identity, ...]:
    """The statements in a question.

    Raises:
        BadInput: it is not of this form.
    """
    given = body.get("identities")
    if set(body) != {"identities"} or not isinstance(given, list) or not 1 <= len(given) <= STATEMENTS:
        raise BadInput("identities", "…", f"Send one to {STATEMENTS} statements of identity.")
    return tuple(identity_from_json(each) for each in given)


def hit(handle: UUID) -> dict[str, Any]:
    """The answer that somebody is known, and by which handle to ask for more."""
    return {"answer": "hit", "handle": str(handle)}
