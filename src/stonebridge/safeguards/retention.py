"""How long each table that holds a person is kept, and for what: the schedule that every new table must join.

Only the periods that are running code today are promised; for the others the schedule
says what ends the keeping, and that the node's law has still to set the days. Nothing
erases a person by itself: two officers do (``stonebridge person erase``), when
``stonebridge person due`` lists that the days of ``node.toml`` are over.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from stonebridge.domain.actor import Purpose


@dataclass(frozen=True, slots=True)
class Kept:
    """``until`` says what ends the keeping. ``is_enforced``: the node does it by itself today."""

    purpose: Purpose
    until: str
    is_enforced: bool = False


WITH_THE_PERSON = "with the person's record, whose days stand in node.toml; two officers erase it then"
_REGISTRATION = Kept(Purpose.REGISTRATION, WITH_THE_PERSON)
_IDENTIFICATION = Kept(Purpose.IDENTIFICATION, WITH_THE_PERSON)
_CLAIM = Kept(Purpose.PROTECTION_CLAIM, WITH_THE_PERSON)
_REFERRAL = Kept(Purpose.REFERRAL, "with the referral; the days are for the node's law to set")
_CASE = Kept(Purpose.READMISSION, WITH_THE_PERSON)
_OVERSIGHT = Kept(Purpose.DATA_PROTECTION, "with the history of the record, which outlives a correction")
_LOG = Kept(Purpose.DATA_PROTECTION, "erasure by the role retention empties an entry; its proof stays")

SCHEDULE: Mapping[str, Kept] = {
    "exchange.Question": _OVERSIGHT,
    "exchange.Outgoing": _OVERSIGHT,
    "exchange.Incoming": _OVERSIGHT,
    "exchange.Handle": Kept(Purpose.DATA_PROTECTION, "opens nothing after its last day; kept as who was answered what"),
    "registry.Person": _REGISTRATION,
    "registry.IdentityStatement": _REGISTRATION,
    "registry.Name": _REGISTRATION,
    "registry.SearchKey": _REGISTRATION,
    "registry.Nationality": _REGISTRATION,
    "registry.Document": _REGISTRATION,
    "registry.Arrival": _REGISTRATION,
    "registry.FamilyMember": _REGISTRATION,
    "registry.BiometricRecord": _REGISTRATION,
    "registry.Draft": Kept(Purpose.REGISTRATION, "until it expires; the worker deletes it then", is_enforced=True),
    "identification.GalleryChange": _IDENTIFICATION,
    "identification.GalleryPosition": _IDENTIFICATION,
    "identification.BlindChange": Kept(
        Purpose.IDENTIFICATION, "until every table has followed; the worker deletes it then", is_enforced=True
    ),
    "identification.FingerPicture": _IDENTIFICATION,
    "identification.Search": _IDENTIFICATION,
    "identification.Candidate": _IDENTIFICATION,
    "identification.Task": _IDENTIFICATION,
    "identification.Judgement": _IDENTIFICATION,
    "identification.Link": _IDENTIFICATION,
    "remedies.ProtectionClaim": _CLAIM,
    "remedies.Origin": _CLAIM,
    "remedies.Disclosure": _OVERSIGHT,
    "remedies.Remedy": _CLAIM,
    "casework.Case": _CASE,
    "casework.Step": _CASE,
    "casework.Work": _CASE,
    "casework.Finding": _CASE,
    "protection.Screening": _REFERRAL,
    "protection.Referral": _REFERRAL,
    "safeguards.HistoryEntry": _OVERSIGHT,
    "safeguards.Restriction": _OVERSIGHT,
    "safeguards.Hold": _OVERSIGHT,
    "rights.Erasure": Kept(
        Purpose.DATA_PROTECTION, "whom and why until it is carried out; then the two officers alone", is_enforced=True
    ),
    "access_log.Entry": _LOG,
    "access_log.ProtectionEntry": _LOG,
}
"""Every table that holds a person, by its label."""
