"""What stands on a person's page about their claim for protection and their states of origin."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.actor import Purpose
from stonebridge.registry import lists, shown
from stonebridge.registry.models import Person
from stonebridge.registry.panels import Panel
from stonebridge.registry.queries import officers
from stonebridge.remedies.labels import CLAIMS, COLOURS, EFFECTS, ORIGINS
from stonebridge.remedies.models import Origin, ProtectionClaim
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import ROLES_FOR, Action, Claim, Fact

TELLS_OF_CLAIMS = frozenset(
    {Purpose.REGISTRATION, Purpose.PROTECTION_CLAIM, Purpose.READMISSION, Purpose.RETURN, Purpose.DATA_PROTECTION}
)
"""A border check and an identification need not know of a claim for protection."""
ABOUT_CLAIMS = frozenset({"claim_recorded", "origin_recorded"})


@dataclass(frozen=True, slots=True)
class ClaimPanel:
    """Plain values for ``remedies/_panel.html``. ``shown`` is false where the purpose does not open it."""

    shown: bool
    reference: str = ""
    state: str | Promise = ""
    colour: str = ""
    effect: str | Promise = ""
    rows: tuple[tuple[object, ...], ...] = ()
    columns: tuple[Promise, ...] = ()
    origins: tuple[tuple[object, ...], ...] = ()
    origin_columns: tuple[Promise, ...] = ()
    may_claim: bool = False
    may_origin: bool = False


def build(permit: Permit, person: UUID) -> ClaimPanel:
    """The panel under the page's permit."""
    permit.require(Action.READ, person=person)
    if permit.purpose not in TELLS_OF_CLAIMS:
        return ClaimPanel(shown=False)
    claims = list(ProtectionClaim.objects.filter(person_id=person).order_by("-as_of", "-recorded_at", "-id"))
    origins = list(Origin.objects.filter(person_id=person).order_by("state", "-recorded_at", "-id"))
    by = officers({each.recorded_by for each in claims} | {each.recorded_by for each in origins})
    state = Claim(claims[0].state) if claims else Claim.UNKNOWN
    return ClaimPanel(
        shown=True,
        reference=Person.objects.values_list("reference", flat=True).get(id=person),
        state=CLAIMS[state],
        colour=COLOURS[state],
        effect=EFFECTS[state],
        columns=(_("State of the claim"), _("Asked on"), _("How it is known"), _("Recorded"), _("By")),
        rows=tuple(
            (CLAIMS[Claim(each.state)], shown.day(each.asked_on), each.reason or "–", shown.moment(each.recorded_at),
             by.get(each.recorded_by, each.recorded_by))
            for each in claims
        ),
        origin_columns=(_("State"), _("Is it a state of origin?"), _("Why"), _("Recorded"), _("By")),
        origins=tuple(
            (lists.state_name(each.state), ORIGINS[Fact(each.is_origin)], each.reason or "–",
             shown.moment(each.recorded_at), by.get(each.recorded_by, each.recorded_by))
            for each in origins
        ),
        may_claim=bool(ROLES_FOR[Action.RECORD_CLAIM] & permit.actor.roles),
        may_origin=bool(ROLES_FOR[Action.RECORD_ORIGIN] & permit.actor.roles),
    )  # fmt: skip


def leaves_out(permit: Permit, person: UUID) -> frozenset[str]:
    """The events that the history does not show for a purpose which need not know of a claim."""
    return frozenset() if permit.purpose in TELLS_OF_CLAIMS else ABOUT_CLAIMS


PANEL = Panel("claim", "remedies/_panel.html", build, leaves_out)
