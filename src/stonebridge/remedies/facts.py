"""What the gate learns from here: the claim for protection, and the states of origin. Unasked is unknown."""

from collections.abc import Mapping
from uuid import UUID

from stonebridge.remedies.models import Origin, ProtectionClaim
from stonebridge.safeguards.policy import Claim, Fact


def claim_of(person: UUID) -> Claim:
    """The state of the claim of this record, by its latest row."""
    latest = ProtectionClaim.objects.filter(person_id=person).order_by("-as_of", "-recorded_at", "-id").first()
    return Claim(latest.state) if latest else Claim.UNKNOWN


def origins_of(person: UUID) -> Mapping[str, Fact]:
    """For each state on record, whether it is one of origin, by its latest row."""
    return {row.state: Fact(row.is_origin) for row in Origin.objects.filter(person_id=person)}
