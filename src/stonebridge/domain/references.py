"""Public references that people read out, write down and type.

``MK-7F2K-93TD``: the node, seven random characters and a check character. The alphabet has no
vowels, so that no word appears, and one of each pair that eyes confuse (0 O, 1 I, 2 Z, 5 S,
6 G, 8 B). Its size is prime, so that the check character finds every single wrong character
and every swap of two.
"""

import secrets
from collections.abc import Callable

from stonebridge.domain.errors import BadInput

ALPHABET = "0123456789CDFHJKMNPRTWX"

_LOOK_ALIKES = str.maketrans("OQILZSGBСНКМРТХЈОВЗФЏ", "00112568CHKMPTXJ083FD")
"""What people type for a character of the alphabet, Cyrillic keys included."""

_SEPARATORS = str.maketrans("", "", " -–—_./\u00a0\u2011")


def new_reference(node: str, *, choose: Callable[[str], str] = secrets.choice) -> str:
    """A fresh random reference of the node with this two-letter code: 31 bits, unique only by the register's key."""
    body = "".join(choose(ALPHABET) for _ in range(7))
    return _shown(node.upper(), body + _check_character(node.upper(), body))


def parse_reference(text: str, *, field: str = "reference") -> str:
    """The reference as it is kept. Case, spaces, dashes and look-alikes are forgiven; a wrong check character is not.

    Raises ``BadInput`` for what is no reference, and for one that was mistyped.
    """
    plain = text.upper().translate(_SEPARATORS)
    node, body = plain[:2], plain[2:].translate(_LOOK_ALIKES)
    if len(plain) != 10 or not (node.isascii() and node.isalpha()) or not all(char in ALPHABET for char in body):
        raise BadInput(field, text, "A reference looks like MK-7F2K-93TD: two letters, then twice four characters.")
    if _check_character(node, body[:-1]) != body[-1]:
        raise BadInput(field, text, "One character is wrong or two are swapped. Compare it with the receipt.")
    return _shown(node, body)


def _check_character(node: str, body: str) -> str:
    values = [ord(char) for char in node] + [ALPHABET.index(char) for char in body]
    return ALPHABET[-sum((place + 2) * value for place, value in enumerate(values)) % len(ALPHABET)]


def _shown(node: str, body: str) -> str:
    return f"{node}-{body[:4]}-{body[4:]}"
