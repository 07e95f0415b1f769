"""Numbers by which one person is asked for exactly, in the one form that every node makes of them.

Two nodes meet on a number only if both write it alike. A token is the kind, the state as travel documents print it,
and the number in Latin capitals and digits: spaces, hyphens, stops, slashes and the filler of a machine-readable zone
are dropped, and Cyrillic or Greek capitals that look like Latin ones become these, because a keyboard tells nothing
about what is printed. Nothing else is folded: O and 0 stay two.
"""

import re
import unicodedata
from enum import StrEnum

from stonebridge.domain.codes import StateCodes
from stonebridge.domain.errors import BadInput

SHORTEST, LONGEST = 4, 30
"""Letters and digits of a number; one that is shorter is guessed at once, and no document is longer."""
_DROPPED = re.compile(r"[\s\-‐‑–./\\<·]+")
_LOOKS_LIKE = str.maketrans("АВЕЅІЈКМНОРСТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABESIJKMHOPCTXYABEZHIKMNOPTYX")
_NUMBER = re.compile(rf"[0-9A-Z]{{{SHORTEST},{LONGEST}}}")


class TokenKind(StrEnum):
    DOCUMENT = "document"
    """The number of a document, beside who issued it."""
    NATIONAL = "national"
    """The number that a state's register of persons gives for life, beside that state."""


def exact_token(kind: TokenKind, issuer: str, number: str, states: StateCodes) -> bytes:
    """The token of a number, in the form that is asked by.

    Raises:
        BadInput: no such issuer, or the number is too short, too long, or has a sign that none has; the field is named.
    """
    state = states.canonical(issuer, field="issuer").code
    plain = _DROPPED.sub("", unicodedata.normalize("NFKC", number).upper()).translate(_LOOKS_LIKE)
    if not _NUMBER.fullmatch(plain):
        raise BadInput(
            "number", number, f"Give {SHORTEST} to {LONGEST} digits and Latin letters, as the document prints them."
        )
    return b"\0".join((kind.encode(), state.encode(), plain.encode()))
