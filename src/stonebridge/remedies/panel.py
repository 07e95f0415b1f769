"""What stands on a person's page and in their file about their claim for protection and their states of origin."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stonebridge.registry import lists, shown
from stonebridge.registry.models import Person
from stonebridge.registry.panels import TELLS_OF_CLAIMS, FilePart, FileSection, Panel, Withheld
from stonebridge.registry.queries import officers
from stonebridge.remedies.labels import CLAIMS, COLOURS, EFFECTS, ORIGINS
from stonebridge.remedies.models import Origin, ProtectionClaim
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import ROLES_FOR, Action, Claim, Fact

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
        columns=(_("State of the claim"), _("Asked on"), _("How it is known"), _("Recorded"), pgettext_lazy("officer", "By")),
        rows=tuple(
            (CLAIMS[Claim(each.state)], shown.day(each.asked_on), each.reason or "–", shown.moment(each.recorded_at),
             by.get(each.recorded_by, each.recorded_by))
            for each in claims
        ),
        origin_columns=(_("State"), _("Is it a state of origin?"), _("Why"), _("Recorded"), pgettext_lazy("officer", "By")),
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
    return frozenset() if permit.purpose in TELLS_OF_CLAIMS and not permit.to_state else ABOUT_CLAIMS


def file(permit: Permit, person: UUID) -> FilePart:
    """The claim and the states of origin for a file; another state learns neither, whatever is on record."""
    permit.require(Action.DISCLOSE, person=person)
    if permit.to_state or permit.purpose not in TELLS_OF_CLAIMS:
        why = _("No other state learns of it.") if permit.to_state else _("The purpose of this file does not open it.")
        return FilePart(withheld=(Withheld("claim", _("Claim for protection, and states of origin"), why),))
    claims = list(ProtectionClaim.objects.filter(person_id=person).order_by("-as_of", "-recorded_at", "-id"))
    origins = list(Origin.objects.filter(person_id=person).order_by("state", "-recorded_at", "-id"))
    return FilePart(
        data={
            "claims": [
                {"state": each.state, "asked_on": each.asked_on, "how_known": each.reason, "recorded_at": each.recorded_at}
                for each in claims
            ],
            "origins": [
                {"state": each.state, "is_origin": each.is_origin, "why": each.reason, "recorded_at": each.recorded_at}
                for each in origins
            ],
        },
        sections=(
            FileSection(
                _("Claim for protection"),
                (_("State of the claim"), _("Asked on"), _("How it is known"), _("Recorded")),
                [(CLAIMS[Claim(each.state)], shown.day(each.asked_on), each.reason or "–", shown.moment(each.recorded_at))
                 for each in claims],
                _("Nobody has asked yet whether this person claims protection."),
            ),
            FileSection(
                _("States of origin"),
                (_("State"), _("Is it a state of origin?"), _("Why"), _("Recorded")),
                [(lists.state_name(each.state), ORIGINS[Fact(each.is_origin)], each.reason or "–",
                  shown.moment(each.recorded_at)) for each in origins],
                _("No state is recorded."),
            ),
        ),
    )  # fmt: skip


PANEL = Panel("claim", "remedies/_panel.html", build, leaves_out, file)
