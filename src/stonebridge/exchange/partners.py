"""Who our partners are: a list that this node signs with its own key, so that nobody slips in through the database.

A partner joins when one officer proposes it and another has compared the fingerprint of its key, by telephone or in
person. Revoking takes one officer and holds from the next message on.
"""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeGuard
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection

from stonebridge.accounts.doors import DEFAULT_BASIS
from stonebridge.domain.actor import Actor, ActorKind, Purpose
from stonebridge.domain.errors import BadInput, NotFound, Tampered, WrongState
from stonebridge.exchange.envelope import CODE
from stonebridge.exchange.evidence import bundle
from stonebridge.exchange.models import Outgoing, PartnerList, PartnerProposal
from stonebridge.exchange.transports.signatures import public_key
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.history import record
from stonebridge.safeguards.policy import Action

REVOKED = "partner_revoked"
"""The profile by which other partners are told; it names no person."""
NODE, LETTER = "node", "letter"
BY_LETTER = frozenset({"follow_up", "follow_up_answer"})
"""What can be said by letter: messages that must arrive, which officers read on both sides."""
QUOTA = 200
"""Messages an hour and purpose that a partner may send, unless its entry says otherwise."""
_KEY = re.compile(r"[0-9a-f]{64}")
_LISTING = 0x706172746E65  # advisory lock of whoever writes the list anew


class Why(StrEnum):
    """Why a partner was revoked, as the others are told; the sentence behind it stays here."""

    KEY_COMPROMISED = "key_compromised"
    MISUSE = "misuse"
    AGREEMENT_ENDED = "agreement_ended"
    TECHNICAL = "technical"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Partner:
    """Another node as this one knows it.

    ``state`` is its ICAO code; ``address`` where its messages go; ``key`` its public key, 32 bytes in hexadecimal;
    ``profiles`` the versions that it understands of each profile; ``quota`` what it may send us an hour and purpose;
    ``certificate`` the SHA-256 of the TLS certificate that its address must show, where it is pinned.
    ``by`` says how it is reached: by its node, or by letter, and then ``address`` is a postal or e-mail address, there is no
    key, and no question of hit or no hit can be put to it.
    """

    code: str
    state: str
    names: dict[str, str]
    address: str
    key: str
    profiles: dict[str, list[int]]
    purposes: list[str]
    quota: int = QUOTA
    certificate: str = ""
    by: str = NODE

    @property
    def has_node(self) -> bool:
        return self.by == NODE

    @property
    def mark(self) -> str:
        """What two officers compare before it joins: the fingerprint of its key, or of the address of its letters."""
        return fingerprint(self.key if self.has_node else self.address.encode().hex())

    def name(self, language: str) -> str:
        """Its name in a language, else in English."""
        return self.names.get(language, self.names["en"])

    @property
    def actor(self) -> Actor:
        """The actor that its system is to the gate; of nodes, and of no person, every partner may speak."""
        purposes = frozenset(Purpose(each) for each in self.purposes) | {Purpose.ADMINISTRATION}
        return Actor(ActorKind.PARTNER, f"partner:{self.code}", self.names["en"], purposes=purposes)


def partners() -> tuple[Partner, ...]:
    """The partners in force, by their code.

    Raises:
        Tampered: the list is not what this node signed.
    """
    latest = _latest()
    if latest is None:
        return ()
    content = bytes(latest.content)
    try:
        _key().public_key().verify(bytes(latest.signature), content)
    except InvalidSignature:
        raise Tampered("the list of partners", "its signature is not this node's") from None
    listed = json.loads(content)
    if datetime.fromisoformat(listed["at"]) != latest.made_at:
        raise Tampered("the list of partners", "an earlier list stands as the latest")
    return tuple(sorted((Partner(**each) for each in listed["partners"]), key=lambda each: each.code))


def nodes() -> tuple[Partner, ...]:
    """Those that have a node, by their code. Raises as ``partners``."""
    return tuple(each for each in partners() if each.has_node)


def partner(code: str) -> Partner:
    """The partner of this code.

    Raises:
        NotFound: there is none in force.
    """
    found = next((each for each in partners() if each.code == code), None)
    if found is None:
        raise NotFound("partner", code)
    return found


def fingerprint(key: str) -> str:
    """What two people read to one another, of a public key in hexadecimal."""
    return bundle.fingerprint(bytes.fromhex(key))


def keys_of(code: str) -> list[str]:
    """Every key in hexadecimal that a partner has ever had in our lists, the first one first; of revoked ones too.

    None for a partner that is reached by letter.
    """
    lists = PartnerList.objects.order_by("number").values_list("content", flat=True)
    entries = (each for content in lists for each in json.loads(bytes(content))["partners"])
    return list(dict.fromkeys(each["key"] for each in entries if each["code"] == code and each["key"]))


def own_key() -> str:
    """This node's public key in hexadecimal, for its partners."""
    return public_key(settings.EXCHANGE_KEY).hex()


def own_key_id() -> str:
    """The name under which this node's key stands in the lists of its partners."""
    return str(settings.NODE.code)


def propose(partner: Partner, *, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> UUID:
    """Propose a partner; somebody else must join it.

    Raises:
        Refused: the gate says no.
        BadInput: the entry cannot be used.
    """
    _check(partner)
    with gate.act(purpose):
        permit = permit_to_manage(actor, purpose, basis, now, partner.code)
        made = PartnerProposal.objects.create(
            code=partner.code, content=asdict(partner), proposed_at=now, proposed_by=actor.reference
        )
        record("partner_proposed", f"partner:{partner.code}", person=None, permit=permit,
               detail={"fingerprint": partner.mark})  # fmt: skip
        return made.id


def join(proposal: UUID, compared: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> Partner:
    """Join a proposed partner, by somebody else than who proposed it, who has ``compared`` this fingerprint.

    Raises:
        Refused: the gate says no.
        NotFound: no such proposal.
        WrongState: it is settled, or the same officer proposed it.
        BadInput: the fingerprint is another.
    """
    with gate.act(purpose):
        found = PartnerProposal.objects.select_for_update().filter(id=proposal).first()
        if found is None:
            raise NotFound("proposal", proposal)
        permit = permit_to_manage(actor, purpose, basis, now, found.code)
        if found.settled_at is not None:
            raise WrongState("this proposal", "settled", "a new proposal")
        if found.proposed_by == actor.reference:
            raise WrongState("this proposal", "your own", "another officer, who compares the fingerprint as well")
        joined = Partner(**found.content)
        if compared.replace(" ", "").lower() != joined.mark.replace(" ", ""):
            raise BadInput("fingerprint", compared, "It differs from what was proposed. Do not join; call the partner.")
        found.settled_at, found.settled_by = now, actor.reference
        found.save(update_fields=["settled_at", "settled_by"])
        _write(permit, add=joined)
        record("partner_joined", f"partner:{joined.code}", person=None, permit=permit,
               detail={"fingerprint": joined.mark})  # fmt: skip
        return joined


def revoke(
    code: str, reason: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime, why: Why = Why.OTHER
) -> None:
    """Take a partner off the list; nothing of it is answered from now on. Every other partner is told, without the reason.

    Raises:
        Refused: the gate says no.
        NotFound: no such partner.
        BadInput: no reason.
    """
    if not reason.strip():
        raise BadInput("reason", reason, "Say why nothing may come from this partner any more.")
    with gate.act(purpose):
        permit = permit_to_manage(actor, purpose, basis, now, code)
        _write(permit, remove=partner(code).code)
        record("partner_revoked", f"partner:{code}", person=None, permit=permit,
               detail={"reason": reason[:200], "why": why.value})  # fmt: skip
        _tell_others(permit, code, why)


def proposals() -> list[PartnerProposal]:
    """Proposals that wait for a second officer."""
    return list(PartnerProposal.objects.filter(settled_at__isnull=True).order_by("proposed_at"))


def permit_to_manage(actor: Actor, purpose: Purpose, basis: str, now: datetime, code: str) -> Permit:
    """Ask the gate, inside ``act``, whether somebody may see to this partner.

    Raises:
        Refused: the gate says no.
    """
    return gate.permit(actor, Action.MANAGE_PARTNERS, purpose=purpose, basis=basis, now=now, subject=f"partner:{code}")


def _tell_others(permit: Permit, code: str, why: Why) -> None:
    """Put word of a revocation in the outbox for each partner that is left, inside the transaction of the permit."""
    permit.require(Action.MANAGE_PARTNERS)
    body = {"partner": code, "revoked_at": permit.at.isoformat(), "why": why.value}
    for each in partners():
        Outgoing.objects.create(
            partner=each.code, to_state=each.state, conversation=uuid4(), sequence=1, profile=REVOKED, version=1,
            purpose=Purpose.ADMINISTRATION, basis=DEFAULT_BASIS[Purpose.ADMINISTRATION], body=body, made_at=permit.at,
            made_by=permit.actor.reference,
        )  # fmt: skip


def _write(permit: Permit, *, add: Partner | None = None, remove: str = "") -> None:
    """Sign the list anew, inside the transaction of the permit, one writer at a time."""
    permit.require(Action.MANAGE_PARTNERS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LISTING])
    latest, at = _latest(), permit.at
    if latest is not None:
        at = max(at, latest.made_at + timedelta(microseconds=1))
    gone = {remove, add.code if add else ""}
    listed = [each for each in partners() if each.code not in gone] + ([add] if add else [])
    written: dict[str, Any] = {
        "node": settings.NODE.code, "at": at.isoformat(),
        "partners": [asdict(each) for each in sorted(listed, key=lambda each: each.code)],
    }  # fmt: skip
    content = json.dumps(written, ensure_ascii=False, sort_keys=True).encode()
    PartnerList.objects.create(
        content=content, signature=_key().sign(content), made_at=at, made_by=permit.actor.reference
    )


def _latest() -> PartnerList | None:
    """The list in force, by the moment that its signature covers: whoever adds an old one again changes nothing."""
    return PartnerList.objects.order_by("-made_at", "-number").first()


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(settings.EXCHANGE_KEY)


def _check(partner: Partner) -> None:
    """Everything of an entry that somebody wrote by hand, types included."""
    for field, usable, remedy in (
        ("code", _is_code(partner.code), "Give the code of another node, as its node.toml has it."),
        ("state", _is_text(partner.state) and len(partner.state) == 3, "Give its ICAO code of three letters."),
        ("names", _are_names(partner.names), "Give its names by language, in English (en) at least."),
        ("by", partner.by in {NODE, LETTER}, f"Say how it is reached: {NODE} or {LETTER}."),
        *(_reached_by_letter(partner) if partner.by == LETTER else _reached_by_node(partner)),
        ("profiles", _are_profiles(partner.profiles), "Give the versions that it understands of each profile."),
        ("purposes", _are_purposes(partner.purposes), "Name purposes of the closed list."),
        (
            "certificate",
            _is_fingerprint(partner.certificate),
            "Give the SHA-256 of its certificate: 64 hexadecimal digits.",
        ),
        ("quota", type(partner.quota) is int and partner.quota >= 1, "Give a whole number of at least 1."),
    ):
        if not usable:
            raise BadInput(field, getattr(partner, field), remedy)


def _reached_by_node(partner: Partner) -> tuple[tuple[str, bool, str], ...]:
    return (
        ("address", _is_address(partner.address), "Give the address of its node, with https://."),
        ("key", _is_foreign_key(partner.key), "Give its own public key: 64 hexadecimal digits, small letters."),
    )


def _reached_by_letter(partner: Partner) -> tuple[tuple[str, bool, str], ...]:
    profiles = partner.profiles if isinstance(partner.profiles, dict) else {}
    address = partner.address if _is_text(partner.address) else ""
    return (
        ("address", 5 <= len(address.strip()) <= 300, "Give its postal or e-mail address."),
        ("key", partner.key == "", "Leave the key empty: its letters are signed by hand."),
        ("profiles", set(profiles) <= BY_LETTER, f"By letter only these can be said: {', '.join(sorted(BY_LETTER))}."),
    )


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def _is_code(value: object) -> bool:
    return _is_text(value) and CODE.fullmatch(value) is not None and value != settings.NODE.code


def _are_names(value: object) -> bool:
    return isinstance(value, dict) and "en" in value and all(map(_is_text, value.values()))


def _is_address(value: object) -> bool:
    try:
        address = urlsplit(value) if _is_text(value) else None
        return address is not None and bool(address.hostname) and address.port != 0 and address.scheme in _schemes()
    except ValueError:
        return False


def _schemes() -> set[str]:
    return {"https"} if settings.MODE == "production" else {"http", "https"}


def _is_foreign_key(value: object) -> bool:
    return _is_text(value) and _KEY.fullmatch(value) is not None and value != own_key()


def _is_fingerprint(value: object) -> bool:
    return _is_text(value) and (value == "" or _KEY.fullmatch(value) is not None)


def _are_profiles(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(each, list) and all(type(version) is int for version in each) for each in value.values()
    )


def _are_purposes(value: object) -> bool:
    return isinstance(value, list) and all(_is_text(each) and each in set(Purpose) for each in value)
