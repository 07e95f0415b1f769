"""Everything that was said in a conversation, first things first: by whom, on what basis, and what proves it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.actor import Purpose
from stonebridge.exchange.evidence.bundle import message_holds
from stonebridge.exchange.evidence.making import came_as_evidence, keys_with, sent_as_evidence
from stonebridge.exchange.letters import BY
from stonebridge.exchange.models import Handle, Incoming, Outgoing, Question
from stonebridge.exchange.partners import partners
from stonebridge.identification.region.follow_up import ANSWER, ASK
from stonebridge.registry.queries import officers
from stonebridge.registry.shown import basis_name

WANTED = {
    "names": _("Names, with those of the parents"), "birth": _("Date and place of birth"), "sex": _("Sex"),
    "nationalities": _("Nationalities"), "documents": _("Documents"),
}  # fmt: skip
SENT = {
    ASK: _("Asked for more"), "correction": _("Told that what it was given is corrected or erased"),
    "link_withdrawn": _("Told that a link no longer holds"), "acknowledgement": _("Acknowledged what the partner said"),
}  # fmt: skip
CAME = {
    ASK: _("The partner asks for more"), "correction": _("The partner corrects or erases what it gave"),
    "link_withdrawn": _("A link that rested on our data no longer holds"),
    "acknowledgement": _("An officer of the partner acknowledged it"),
}  # fmt: skip
ON_THE_WAY = {
    "waiting": _("on its way; it is sent again until a receipt is here"),
    "kept_back": _("kept back; data protection has been told"),
}


def timeline(conversation: UUID) -> list[dict[str, Any]]:
    """The steps of a conversation, inside the transaction of a permit that covers its person."""
    sent = list(Outgoing.objects.filter(conversation=conversation))
    came = list(Incoming.objects.filter(conversation=conversation))
    question = Question.objects.filter(conversation=conversation).first()
    steps = [*_asked(question), *_told(came), *map(_sent, sent), *map(_came, came)]
    by = officers({each["by"] for each in steps})
    for each in steps:
        each["by"] = by.get(each["by"], each["by"])
    return sorted(steps, key=lambda each: each["at"])


def _asked(question: Question | None) -> Iterator[dict[str, Any]]:
    if question is None:
        return
    basis = _basis(question.purpose, question.basis)
    yield _step(say("Asked whether it knows this person"), question.asked_at, question.asked_by, basis)
    kept = say("Neither node keeps the bytes of a question, so this rests on our record alone.")
    if question.answered_at is not None:
        said = say("Answered: hit") if question.state == "hit" else say("Answered: no hit")
        yield _step(said, question.answered_at, partner_name(question.partner), kept)
    elif question.tried_at is not None:
        tried = say("It has not answered. Tried: %(tries)s times.") % {"tries": question.tries}
        yield _step(say("Asked, not answered"), question.tried_at, "", tried)


def _told(came: Iterable[Incoming]) -> Iterator[dict[str, Any]]:
    """The hit that a partner was told of, where it is the one that asks."""
    handles = {each.body["handle"] for each in came if each.profile == ASK and each.body.get("handle")}
    for each in Handle.objects.filter(id__in=handles):
        text = say("What it asked is not kept.")
        yield _step(say("Told the partner that we know somebody who fits"), each.made_at, "", text)


def _sent(row: Outgoing) -> dict[str, Any]:
    _, received = message_holds(sent_as_evidence(row), row.partner, _keys(row.partner))
    state = _letter_state(row) or ON_THE_WAY.get(row.state) or (
        say("received; the partner’s signed receipt is verified") if received
        else say("received; the receipt cannot be verified")
    )  # fmt: skip
    said = SENT.get(row.profile) or _answer(row) or say("Sent: %(kind)s") % {"kind": row.profile}
    return _step(said, row.made_at, row.made_by, *_content(row), _basis(row.purpose, row.basis), str(state))


def _came(row: Incoming) -> dict[str, Any]:
    signed, _receipt = message_holds(came_as_evidence(row), settings.NODE.code, _keys(row.sender))
    state = say("its signature is verified") if signed else say("its signature cannot be verified any more")
    if row.evidence.get("by") == BY:
        state = say("entered by hand from the partner’s letter; no key signed it")
    said = CAME.get(row.profile) or _answer(row) or say("Came: %(kind)s") % {"kind": row.profile}
    digest = say("Digest of what came (SHA-256): %(digest)s") % {"digest": f"{row.digest[:16]}…"}
    return _step(
        said, row.received_at, partner_name(row.sender), *_content(row), _basis(row.purpose, row.basis), digest, state
    )


def _letter_state(row: Outgoing) -> str:
    """How far a letter has come; nothing of a message between nodes, or of a letter that nobody has sent."""
    kept = row.receipt or {}
    if kept.get("by") != BY:
        return ""
    if row.state == "received":
        return say("by letter; received on %(received_on)s, receipt %(reference)s") % kept
    return say("by letter; sent on %(sent_on)s, its receipt is not here yet") % kept


def _answer(row: Outgoing | Incoming) -> str:
    if row.profile != ANSWER:
        return ""
    if row.body.get("answer") == "postponed":
        return say("Postponed: the partner names no reason") if isinstance(row, Incoming) else say("Postponed")
    return say("Data given")


def _content(row: Outgoing | Incoming) -> list[str]:
    if row.profile != ASK:
        return []
    return [wanted_text(wanted_of(row.body)), str(row.body["reason"])]


def wanted_of(body: Mapping[str, Any]) -> tuple[str | Promise, ...]:
    """What is asked for, in the order of the form."""
    return tuple(text for name, text in WANTED.items() if name in body["wanted"])


def wanted_text(wanted: Iterable[str | Promise]) -> str:
    """What is asked for, in one line; a semicolon apart, because some have commas of their own."""
    return "; ".join(map(str, wanted))


def partner_name(code: str) -> str:
    """A partner's name in the language of the page; its code where it is no partner any more."""
    return next((each.name(get_language() or "en") for each in partners() if each.code == code), code)


def _keys(partner: str) -> dict[str, list[bytes]]:
    return {code: [bytes.fromhex(key) for key in keys] for code, keys in keys_with(partner).items()}


def _basis(purpose: str, basis: str) -> str:
    return say("Legal basis: %(basis)s") % {"basis": basis_name(Purpose(purpose), basis)}


def _step(title: str | Promise, at: datetime, by: str, *texts: str) -> dict[str, Any]:
    return {"title": title, "at": at, "by": by, "lines": texts}
