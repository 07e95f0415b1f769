"""The cases of a person on the person's page, and the way to open one, for whoever works for readmission or return."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from stonebridge.casework.declared import process
from stonebridge.casework.models import Case
from stonebridge.domain.actor import Purpose
from stonebridge.registry.models import Person
from stonebridge.registry.panels import Panel
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import ROLES_FOR, Action


@dataclass(frozen=True, slots=True)
class CasePanel:
    """Plain values for ``casework/_panel.html``. ``shown`` is false where the purpose does not open cases."""

    shown: bool
    reference: str = ""
    purpose: str = ""
    rows: tuple[tuple[str, str], ...] = ()


def build(permit: Permit, person: UUID) -> CasePanel:
    """The panel under the page's permit."""
    permit.require(Action.READ, person=person)
    opens = permit.purpose in {Purpose.READMISSION, Purpose.RETURN} and ROLES_FOR[Action.WORK_CASE] & permit.actor.roles
    if not opens:
        return CasePanel(shown=False)
    rows = tuple((each.reference, gettext(process(each.process)[0].title))
                 for each in Case.objects.filter(person_id=person, purpose=permit.purpose, ended_at=None))  # fmt: skip
    return CasePanel(True, Person.objects.values_list("reference", flat=True).get(id=person), permit.purpose, rows)


PANEL = Panel("cases", "casework/_panel.html", build)
