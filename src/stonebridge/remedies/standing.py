"""What of an identity stands in the way of a transfer or a return: its claims, and its appeals and court orders."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stonebridge.casework.gates import Asked, Opening, Source
from stonebridge.remedies.facts import claim_of
from stonebridge.remedies.models import Remedy
from stonebridge.safeguards.policy import Claim, Fact


def _claim(asked: Asked) -> tuple[Opening, Promise]:
    claims = {claim_of(each) for each in asked.records | asked.beside}
    if Claim.UNKNOWN in claims:
        return Opening.UNKNOWN, _("Nobody has asked whether the person claims protection, or it is not known.")
    if claims <= {Claim.NONE, Claim.FINALLY_REJECTED}:
        return Opening.OPEN, _("The person was asked and claims no protection, or the claim is finally rejected.")
    return Opening.SHUT, _("A claim for protection stands.")


def _remedy(asked: Asked) -> tuple[Opening, Promise]:
    running = Remedy.objects.filter(person_id__in=asked.records | asked.beside, ended_on__isnull=True)
    effects = set(running.values_list("suspends", flat=True))
    if Fact.YES in effects:
        return Opening.SHUT, _("An appeal or a court order suspends it.")
    if Fact.UNKNOWN in effects:
        return Opening.UNKNOWN, _("An appeal or a court order is on file, and nobody has said whether it suspends.")
    return Opening.OPEN, _("No appeal and no court order that suspends is on file.")


CLAIM = Source(_claim)
REMEDY = Source(_remedy, alone=False)
