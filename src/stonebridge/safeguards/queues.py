"""What waits at the desks of administrators, supervisors and data protection."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stonebridge.accounts.doors import Desk
from stonebridge.accounts.models import SecondFactorReset
from stonebridge.accounts.queues import Queue
from stonebridge.safeguards.policy import ROLES_FOR, Action


def waiting_at(desk: Desk) -> list[Queue]:
    """The queues of this room for the roles at the desk."""
    queues = []
    if desk.actor.roles & ROLES_FOR[Action.POST]:
        others = SecondFactorReset.objects.filter(settled_at__isnull=True).exclude(asked_by=desk.actor.reference)
        queues.append(
            Queue(
                _("Second factors to take away"),
                _("Another administrator has asked; you do it or decline."),
                reverse("accounts:officers"),
                others.exclude(officer_id=desk.actor.reference).count(),
                _("Answer the request for a second factor"),
            )
        )
    return queues
