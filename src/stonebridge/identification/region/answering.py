"""Answering a partner who asks about a person: from the gallery, through the gate, in one bit and a handle.

A record that may not answer this partner, for whatever reason, is as if it were not there. The question itself is
in memory alone, and in nothing that this node keeps.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from stonebridge.domain.actor import Purpose
from stonebridge.domain.links import TravelDocument
from stonebridge.exchange.envelope import Envelope
from stonebridge.exchange.models import Handle
from stonebridge.exchange.partners import Partner
from stonebridge.exchange.profiles import Profile
from stonebridge.identification import thresholds
from stonebridge.identification.evidence import evidence, stored
from stonebridge.identification.matcher.client import MatcherClient
from stonebridge.identification.region.messages import NO_HIT, PROFILE, VERSIONS, hit, identities_asked
from stonebridge.identification.services.turns import lock_identities
from stonebridge.matching.engine import Hit
from stonebridge.matching.record import Identity
from stonebridge.registry.statements import VISIBLE
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.history import record
from stonebridge.safeguards.policy import Action

HANDLE_LASTS = timedelta(days=30)
BUDGET = 1.0
"""Seconds that the matcher may take for one statement."""


def answer(question: Envelope, partner: Partner, now: datetime) -> dict[str, Any]:
    """Whether somebody whom the question describes may be answered for to this partner.

    Raises:
        BadInput: the question is malformed.
        Refused: the partner may not ask for this purpose or on this basis.
        Unavailable: the matcher does not answer.
    """
    return answer_with(MatcherClient(settings.MATCHER_SOCKET), question, partner, now)


def answer_with(matcher: MatcherClient, question: Envelope, partner: Partner, now: datetime) -> dict[str, Any]:
    """``answer``, by this matcher."""
    identities = identities_asked(question.body)
    accepted = thresholds.per_thousand(Purpose(question.purpose), now.date())
    found = _strong(matcher, identities, VISIBLE.get(question.purpose, 0), accepted)
    with gate.act(question.purpose):
        gate.permit(
            partner.actor, Action.ANSWER_PARTNER, purpose=question.purpose, basis=question.basis, now=now,
            subject=f"question:{question.id}",
        )  # fmt: skip
        lock_identities(*found or [uuid4()])  # one after another, two questions could wait for each other
        for person in found:
            handle = _handle(person, question, partner, now)
            if handle is not None:
                return hit(handle)
        if not found:
            gate.rehearse(
                partner.actor, Action.ANSWER_PARTNER, purpose=question.purpose, basis=question.basis, now=now,
                to_state=partner.state,
            )  # fmt: skip
    return NO_HIT


def _handle(person: UUID, question: Envelope, partner: Partner, now: datetime) -> UUID | None:
    """A handle for this person, if anything about them may go to the partner's state."""
    try:
        permit = gate.permit(
            partner.actor, Action.ANSWER_PARTNER, purpose=question.purpose, basis=question.basis, now=now,
            persons=[person], to_state=partner.state, subject=f"question:{question.id}",
        )  # fmt: skip
    except Refused:
        return None
    given, is_new = Handle.objects.get_or_create(
        partner=partner.code, question=question.id,
        defaults={"person_id": person, "to_state": partner.state, "purpose": Purpose(question.purpose), "made_at": now,
                  "expires_at": now + HANDLE_LASTS},
    )  # fmt: skip
    if given.person_id != person:
        return None
    if is_new:
        record("partner_told", f"handle:{given.id}", person=person, permit=permit, detail={"partner": partner.code})
    return given.id


def _strong(matcher: MatcherClient, identities: tuple[Identity, ...], visible: int, accepted: float) -> list[UUID]:
    """Who fits well enough to be put to officers, were they of this node; best first. ``accepted``: wrong in 1,000."""
    if not visible:
        return []
    answers = [
        matcher.search(identity, visible=visible, limit=thresholds.TASKS_A_SEARCH, budget=BUDGET, at_least=0)
        for identity in identities
    ]
    least = thresholds.bits_from(max((answer.records for answer in answers), default=0), accepted)
    hits = [each for answer in answers for each in answer.hits if _is_strong(each, least)]
    return list(dict.fromkeys(each.id for each in sorted(hits, key=_best_first)))


def _is_strong(each: Hit, least: float) -> bool:
    shares_document = evidence(stored(each.comparisons)).document is TravelDocument.SAME
    return each.score >= least or shares_document


def _best_first(each: Hit) -> tuple[float, UUID]:
    return -each.score, each.id


PERSON_QUERY = Profile(PROFILE, VERSIONS, answer)
