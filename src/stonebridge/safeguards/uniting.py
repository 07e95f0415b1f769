"""How the facts of several records become those of one identity, and whether parting them would let more out. Pure."""

from stonebridge.safeguards.policy import Claim, Fact, Facts

_CLAIM_ORDER = (Claim.PENDING, Claim.GRANTED, Claim.UNKNOWN, Claim.WITHDRAWN, Claim.FINALLY_REJECTED)


def unite_claims(claims: list[Claim]) -> Claim:
    """One claim for an identity: the most protective of its records'; none only if each was asked."""
    if not claims:
        return Claim.UNKNOWN
    return next((claim for claim in _CLAIM_ORDER if claim in claims), Claim.NONE)


def unite_facts(facts: list[Fact], *, weight: Fact = Fact.YES) -> Fact:
    """One fact for an identity: ``weight`` if any record says so, else unknown if any is, else the other."""
    if not facts:
        return Fact.UNKNOWN
    if weight in facts:
        return weight
    return Fact.UNKNOWN if Fact.UNKNOWN in facts else facts[0]


_OPENNESS_OF_CLAIM = {Claim.NONE: 2, Claim.FINALLY_REJECTED: 1}


def claim_in_doubt(claim: Claim, beside: list[Claim]) -> Claim:
    """The claim of an identity beside open links: unknown where somebody's there would keep more from going out."""
    openness = _OPENNESS_OF_CLAIM.get(claim, 0)
    return Claim.UNKNOWN if any(_OPENNESS_OF_CLAIM.get(each, 0) < openness for each in beside) else claim


def opens_more(part: Facts, whole: Facts) -> bool:
    """Whether something could leave the node about ``part`` of an identity that could not about the ``whole``."""

    def is_opened(now: Fact, before: Fact) -> bool:
        return now is Fact.NO and before is not Fact.NO

    return (
        _OPENNESS_OF_CLAIM.get(part.claim, 0) > _OPENNESS_OF_CLAIM.get(whole.claim, 0)
        or is_opened(part.referral_open, whole.referral_open)
        or is_opened(part.unassigned_hold, whole.unassigned_hold)
        or any(is_opened(part.origin(state), whole.origin(state)) for state in {*part.origins, *whole.origins})
    )
