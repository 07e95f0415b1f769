"""What a referral keeps from happening to a case: nothing more than whether one is open leaves the protection store."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stonebridge.casework.gates import Asked, Opening, Source
from stonebridge.protection.facts import referral_open
from stonebridge.safeguards.policy import Fact


def _referral(asked: Asked) -> tuple[Opening, Promise]:
    answers = {referral_open(each) for each in asked.records | asked.beside}
    if answers == {Fact.NO}:
        return Opening.OPEN, _("Immediate needs were asked about, and nothing is open.")
    return Opening.UNKNOWN, _("Protection has not said that nothing stands in the way. Ask the protection officer.")


REFERRAL = Source(_referral)
