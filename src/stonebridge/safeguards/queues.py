"""What waits at the desks of administrators, supervisors and data protection."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stonebridge.accounts.doors import Desk
from stonebridge.accounts.models import SecondFactorReset
from stonebridge.accounts.queues import Queue
from stonebridge.domain.actor import Purpose
from stonebridge.safeguards import gate
from stonebridge.safeguards.models import EmergencyAccess, Hold, Restriction
from stonebridge.safeguards.policy import ROLES_FOR, Action

REVIEW_WITHIN = timedelta(days=1)


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
    if desk.actor.roles & ROLES_FOR[Action.ASSIGN_HOLD]:
        with gate.act(Purpose.IDENTIFICATION):
            holds = Hold.objects.filter(assigned_at__isnull=True).count()
        queues.append(
            Queue(
                _("Holds to assign"),
                _("What a withdrawn link has left in the way. Until you say whose it is, it stays."),
                reverse("safeguards:holds"),
                holds,
                _("Assign the oldest hold"),
            )
        )
    if desk.actor.roles & ROLES_FOR[Action.READ_LOG]:
        waiting = EmergencyAccess.objects.filter(reviewed_at__isnull=True)
        ended = list(waiting.order_by("ends_at").values_list("ends_at", flat=True))
        queues.append(
            Queue(
                _("Emergencies to review"),
                _("Each use of emergency access is reviewed within a day of its end."),
                reverse("safeguards:emergencies"),
                len(ended),
                _("Review the first emergency"),
                due_at=ended[0] + REVIEW_WITHIN if ended else None,
                overdue=sum(end + REVIEW_WITHIN < desk.now for end in ended),
            )
        )
        with gate.act(Purpose.DATA_PROTECTION):
            restricted = Restriction.objects.filter(lifted_at__isnull=True).count()
        queues.append(
            Queue(
                _("Restrictions in force"),
                _("Records that nobody else may touch."),
                reverse("safeguards:restrictions"),
                restricted,
                next_step="",
            )
        )
    return queues
