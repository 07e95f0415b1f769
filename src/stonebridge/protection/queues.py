"""What waits at the desks of protection, and at no other."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stonebridge.accounts.doors import Desk
from stonebridge.accounts.queues import Queue
from stonebridge.domain.actor import Purpose
from stonebridge.protection.services import open_referrals
from stonebridge.safeguards.policy import ROLES_FOR, Action


def waiting_at(desk: Desk) -> list[Queue]:
    """The open referrals, for those who may read them."""
    if not desk.actor.roles & ROLES_FOR[Action.READ_REFERRAL] or Purpose.REFERRAL not in desk.actor.purposes:
        return []
    return [
        Queue(
            _("Open referrals"),
            _("People who were referred for protection. Nobody outside protection sees that they were."),
            reverse("protection:referrals"),
            open_referrals(desk.actor),
            _("Read the referrals"),
        )
    ]
