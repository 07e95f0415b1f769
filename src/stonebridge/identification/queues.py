"""What waits at the desk of whoever judges pairs."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stonebridge.accounts.doors import Desk
from stonebridge.accounts.queues import Queue
from stonebridge.domain.actor import Purpose
from stonebridge.identification.queries import open_to
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import ROLES_FOR, Action


def waiting_at(desk: Desk) -> list[Queue]:
    """The pairs on which this officer can still give an opinion: how many, and by when."""
    if not desk.actor.roles & ROLES_FOR[Action.JUDGE] or Purpose.IDENTIFICATION not in desk.actor.purposes:
        return []
    with gate.act(Purpose.IDENTIFICATION):
        due = list(open_to(desk.actor).values_list("due_at", flat=True))
    return [
        Queue(
            _("Pairs to judge"),
            _("Records that may be of one person. Judge from the evidence; the score comes after."),
            reverse("identification:queue"),
            len(due),
            _("Judge the next pair"),
            due_at=min(due, default=None),
            overdue=sum(moment < desk.now for moment in due),
        )
    ]
