"""What the matcher knows about a person: statements of identity, as given, side by side."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Identity:
    """One statement of identity. Every field may be empty; nothing is invented to fill one.

    Names are as given, in any script, parts separated by spaces. ``birth`` is
    ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``: no more precise than what is known, so
    that a 1 January that stands for "some day in 1990" arrives as ``1990``.
    ``documents`` are ``ISSUER:NUMBER`` with the issuer's three-letter code, or the
    number alone. ``sex`` is ``f``, ``m``, ``x`` or empty. ``nationalities`` and the issuer are ICAO
    three-letter codes. ``fingers`` were taken with the statement: position and minutiae, see
    ``fingerprint/finger_text.py``.
    """

    given: str = ""
    family: str = ""
    father: str = ""
    mother: str = ""
    birth: str = ""
    sex: str = ""
    nationalities: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    birth_place: str = ""
    fingers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A person as the gallery holds them.

    ``visible`` is a bit mask of purposes; a search names its own mask, and a record
    takes part in it only if the two share a bit. The mask is applied before scoring.
    """

    id: UUID
    visible: int
    identities: tuple[Identity, ...]
