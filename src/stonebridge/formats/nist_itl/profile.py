"""What a named profile asks of a transaction: a table of field rules, and where a file departs from it.

``PRUEM`` is the dactyloscopic profile of the region's police agreement, after the public
interface control document in the annex of Council Decision 2008/616/JHA, chapter 2, which
narrows INTERPOL INT-I 4.22. The annex of the Western Balkan implementing agreement has not been
read; a rule marked RECALLED stands from memory of the Decision and warns, nothing more.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from stonebridge.formats.nist_itl.reading import contents
from stonebridge.formats.nist_itl.records import BinaryRecord, TaggedRecord, Transaction


class Status(StrEnum):
    """How far a rule's source has been read."""

    SECONDARY = "secondary"
    RECALLED = "recalled"


@dataclass(frozen=True, slots=True)
class Rule:
    """One field of one record type: how often it occurs, and what its information items look like."""

    type: int
    number: int
    name: str
    pattern: str
    required: bool = True
    subfields: int = 1  # at most so many
    items: int = 1  # exactly so many in each subfield; 0: any number
    status: Status = Status.RECALLED


@dataclass(frozen=True, slots=True)
class Finding:
    """A departure from the profile."""

    record: str
    field: str
    message: str
    status: Status


@dataclass(frozen=True, slots=True)
class Profile:
    """A named profile: the record types it knows, its transactions and its rules."""

    name: str
    types: frozenset[int]
    transactions: tuple[str, ...]
    rules: tuple[Rule, ...]
    fingers: range = range(15)
    impressions: range = range(10)


_NUMBER = r"\d{1,12}"
_DAY = r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
_AGENCY = r"[A-Z]{2}/.{1,29}"
_IMAGE = (
    (2, "IDC", r"\d{1,2}"),
    (3, "IMP", r"\d{1,2}"),
    (4, "SRC", r".{1,35}"),
    (5, "date of capture", _DAY),
    (6, "HLL", r"\d{1,5}"),
    (7, "VLL", r"\d{1,5}"),
    (8, "SLC", r"[012]"),
    (9, "HPS", r"\d{1,5}"),
    (10, "VPS", r"\d{1,5}"),
    (11, "CGA", r"NONE|WSQ20|JP2|JP2L|JPEGB|JPEGL|PNG"),
    (12, "BPX", r"8"),
)

PRUEM = Profile(
    name="Prüm dactyloscopic, INT-I 4.22",
    types=frozenset({1, 2, 4, 9, 10, 13, 14, 15}),
    transactions=("CPS", "PMS", "MPS", "SRE", "ERR"),
    rules=(
        Rule(1, 1, "LEN", _NUMBER, status=Status.SECONDARY),
        Rule(1, 2, "VER", r"0[2-5]0\d", status=Status.SECONDARY),
        Rule(1, 3, "CNT", r"\d{1,2}", subfields=1000, items=2, status=Status.SECONDARY),
        Rule(1, 4, "TOT", r"[A-Z]{3,4}"),
        Rule(1, 5, "DAT", _DAY),
        Rule(1, 6, "PRY", r"[1-9]", required=False),
        Rule(1, 7, "DAI", _AGENCY, status=Status.SECONDARY),
        Rule(1, 8, "ORI", _AGENCY, status=Status.SECONDARY),
        Rule(1, 9, "TCN", r"\d{10}[A-Z]", status=Status.SECONDARY),
        Rule(1, 10, "TCR", r"\d{10}[A-Z]", required=False),
        Rule(1, 11, "NSR", r"\d\d\.\d\d"),
        Rule(1, 12, "NTR", r"\d\d\.\d\d"),
        Rule(1, 13, "DOM", r"INT-I|\d\.\d\d", items=2, status=Status.SECONDARY),
        Rule(1, 14, "GMT", r"\d{14}Z", required=False),
        Rule(1, 15, "DCS", r"[\w.-]{1,12}", required=False, items=0),
        Rule(2, 2, "IDC", r"\d{1,2}"),
        Rule(2, 3, "SYS", r"0422", status=Status.SECONDARY),
        Rule(2, 7, "CNO", r".{1,32}"),
        Rule(2, 8, "SQN", r"\d{4}(,\d{4})?", required=False),
        Rule(2, 9, "MID", r".{1,4}", required=False),
        Rule(2, 10, "CRN", r".{1,32}", required=False),
        Rule(9, 2, "IDC", r"\d{1,2}"),
        Rule(9, 3, "IMP", r"\d{1,2}"),
        Rule(9, 4, "FMT", r"[SU]"),
        Rule(10, 2, "IDC", r"\d{1,2}"),
        Rule(10, 3, "IMT", r"[A-Z]{4,11}"),
        Rule(10, 12, "CSP", r"UNK|GRAY|RGB|SRGB|YCC", status=Status.SECONDARY),
        *(Rule(kind, n, name, pattern) for kind in (13, 14, 15) for n, name, pattern in _IMAGE),
        Rule(13, 13, "FGP", r"1[0-9]|\d", subfields=6),
        Rule(14, 13, "FGP", r"1[0-4]|\d", subfields=6),
        Rule(15, 13, "PLP", r"2\d|3[0-6]", subfields=1),
    ),
)


def check(transaction: Transaction, profile: Profile) -> list[Finding]:
    """Every departure of ``transaction`` from ``profile``, in the order of the file. Raises ``Malformed``."""
    findings: list[Finding] = []
    head = transaction.head
    kind = head.text(4) if 4 in head else ""
    if kind not in profile.transactions:
        known = ", ".join(profile.transactions)
        findings.append(Finding(head.name, "1.004", f"{kind!r} is none of {known}", Status.RECALLED))
    for record_type, _ in contents(head):
        if record_type not in profile.types:
            text = f"Type {record_type} is not part of {profile.name}"
            findings.append(Finding(head.name, "1.003", text, Status.SECONDARY))
    for record in transaction.records:
        findings += _image_codes(record, profile) if isinstance(record, BinaryRecord) else _fields(record, profile)
    return findings


def _fields(record: TaggedRecord, profile: Profile) -> list[Finding]:
    found = []
    for rule in profile.rules:
        if rule.type == record.type:
            message = _broken(rule, record)
            if message:
                found.append(Finding(record.name, f"{rule.type}.{rule.number:03d}", message, rule.status))
    return found


def _broken(rule: Rule, record: TaggedRecord) -> str:
    """What is wrong with the field of ``rule``, empty where nothing is."""
    occurrences = sum(field.number == rule.number for field in record.fields)
    if not occurrences:
        return f"{rule.name} is missing" if rule.required else ""
    if occurrences > 1:
        return f"{rule.name} stands {occurrences} times"
    subfields = record.items(rule.number)
    if len(subfields) > rule.subfields:
        return f"{rule.name} has {len(subfields)} subfields; at most {rule.subfields} are allowed"
    for subfield in subfields:
        if rule.items and len(subfield) != rule.items:
            return f"{rule.name} has {len(subfield)} information items; {rule.items} are asked for"
        for item in subfield:
            if not re.fullmatch(rule.pattern, item):
                return f"{rule.name}: {item[:40]!r} does not fit {rule.pattern}"
    return ""


def _image_codes(record: BinaryRecord, profile: Profile) -> list[Finding]:
    if record.type != 4:
        return []
    found = []
    if record.impression not in profile.impressions:
        found.append(Finding(record.name, "4.003", f"impression {record.impression} is not known", Status.SECONDARY))
    unknown = [finger for finger in record.fingers if finger not in profile.fingers]
    if unknown:
        found.append(Finding(record.name, "4.004", f"finger positions {unknown} are not known", Status.SECONDARY))
    return found
