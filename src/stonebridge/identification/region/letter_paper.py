"""A letter to a partner on A4: what it asks or tells, for a person who reads it, and the digest of the file beside it."""

from datetime import datetime

from django.utils.translation import gettext as _

from stonebridge.exchange.letters import Letter
from stonebridge.identification.region.conversation import PARTS
from stonebridge.identification.region.timeline import WANTED, wanted_text
from stonebridge.matching.stored_record import identity_from_json
from stonebridge.registry import lists
from stonebridge.ui import printing


def letter_paper(letter: Letter, *, basis: str, printed_by: str, at: datetime) -> bytes:
    """The letter as a PDF in the officer's language.

    Raises:
        Unavailable: the pages could not be set.
    """
    body, row = letter.row.body, letter.row
    asks = "wanted" in body
    postponed = body.get("answer") == "postponed"
    title = _("Request about a person") if asks else _("Answer to your request")
    facts = [
        {"key": _("Our reference") if asks else _("Your reference"), "value": row.case},
        {"key": _("Legal basis"), "value": basis},
    ]
    if asks:
        wanted = [text for name, text in WANTED.items() if name in body["wanted"]]
        facts += [
            {"key": _("What we ask for"), "value": wanted_text(wanted)},
            {"key": _("What it is needed for"), "value": body["reason"]},
        ]
    data = printing.frame(title, row.case, printed_by=printed_by, at=at) | {
        "to": [line.strip() for line in f"{letter.to.names['en']}\n{letter.to.address}".splitlines()],
        "facts": facts,
        "persons": [_rows(each) for each in body.get("identities", ())],
        "persons_heading": _("The person, as stated to us"),
        "notice": _("This request is postponed.") if postponed else "",
        "file": _("The same message goes as a signed file. Its digest (SHA-256): %(digest)s")
        % {"digest": letter.digest},
        "signature": _("Name, signature, seal"),
    }
    return printing.pdf("identification/letter", data, at=at)


def _rows(stored: dict[str, object]) -> list[dict[str, object]]:
    identity = identity_from_json(stored)
    rows: list[dict[str, object]] = []
    for name, text in PARTS.items():
        value = getattr(identity, name)
        if isinstance(value, tuple):
            value = ", ".join(map(lists.state_name, value) if name == "nationalities" else value)
        elif name == "sex":
            value = str(lists.SEXES.get(value, value))
        if value:
            rows.append({"key": text, "value": value})
    return rows
