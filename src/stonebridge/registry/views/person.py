"""A person's record: read under the gate, added to, never overwritten."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from stonebridge.accounts.doors import Desk, door
from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput
from stonebridge.domain.references import parse_reference
from stonebridge.registry import shown
from stonebridge.registry.events import history_items
from stonebridge.registry.queries import PanelRead, PersonRead, person_of, read_panels, read_person
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import ROLES_FOR, Action

READERS = (
    Purpose.REGISTRATION, Purpose.IDENTIFICATION, Purpose.PROTECTION_CLAIM, Purpose.BORDER_CHECK, Purpose.READMISSION,
    Purpose.RETURN, Purpose.DATA_PROTECTION,
)  # fmt: skip
RECEIPT_FOR = (Purpose.REGISTRATION, Purpose.PROTECTION_CLAIM, Purpose.DATA_PROTECTION)


@door(*READERS)
@require_GET
def person(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Everything of the record that this purpose opens, with the purpose and the basis under which it is shown."""
    reference = canonical(reference)
    if reference != request.resolver_match.kwargs["reference"]:  # type: ignore[union-attr]  # a resolved request
        return redirect("registry:person", reference)
    read, panels = open_record(desk, reference, Action.READ)
    return render(request, "registry/person.html", _context(desk, read) | {"panels": panels})


def open_record(desk: Desk, reference: str, action: Action) -> tuple[PersonRead, tuple[PanelRead, ...]]:
    """A record and its panels under a permit for ``action``, complete before anything is shown.

    Raises:
        Refused: the gate says no.
        NotFound: nobody has this reference.
    """
    with gate.act(desk.purpose):
        id = person_of(canonical(reference))
        permit = gate.permit(desk.actor, action, purpose=desk.purpose, basis=desk.basis, now=desk.now, persons=[id])
        return read_person(permit, id), read_panels(permit, id) if action is Action.READ else ()


def reading(desk: Desk, action: Action) -> Action:
    """Under which act to open a page that leads to ``action``: a role that may not do it is refused at the page already."""
    return Action.READ if ROLES_FOR[action] & desk.actor.roles else action


def canonical(reference: str) -> str:
    """The reference as it is kept; one that cannot be read stands as it was typed, and nobody has it."""
    try:
        return parse_reference(reference)
    except BadInput:
        return reference


def _context(desk: Desk, read: PersonRead) -> dict[str, object]:
    return {
        "person": read,
        "bar": shown.bar(read),
        "portrait": _portrait(desk, read),
        "under": shown.under(desk),
        "statements": [
            {
                "title": shown.statement_title(each), "rows": shown.identity_rows(each, read.language),
                "current": each.id == read.statement.id, "superseded": each.superseded,
            }
            for each in reversed(read.statements)
        ],
        "document_columns": (_("Kind"), _("Number"), _("Issued by"), _("Valid until"), _("Seen"), _("Recorded")),
        "documents": shown.document_rows(read),
        "arrivals": [shown.arrival_rows(each) for each in reversed(read.arrivals)],
        "family_columns": (_("Reference"), _("Place in the family"), _("How it is known"), _("Family")),
        "family": shown.family_rows(read),
        "registration": shown.registration_rows(read),
        "history": history_items(read.history),
        "holds": [shown.HOLDS.get(fact, fact) for fact in read.holds],
        "footnotes": shown.footnotes(read),
        "may": may(desk.actor),
        "prints_receipt": not desk.actor.purposes.isdisjoint(RECEIPT_FOR),
    }  # fmt: skip


def _portrait(desk: Desk, read: PersonRead) -> str:
    """The address of the portrait, where one was taken and this desk may look at it; looking is logged apart."""
    taken = any(each.event == "face_taken" and not each.detail.get("missing") for each in read.history)
    allowed = ROLES_FOR[Action.READ_BIOMETRICS] & desk.actor.roles
    shown_for = desk.purpose in {Purpose.REGISTRATION, Purpose.IDENTIFICATION}
    if not (taken and allowed and shown_for):
        return ""
    return f"{reverse('registry:portrait', args=[read.reference])}?purpose={desk.purpose}"


def may(actor: Actor) -> dict[str, bool]:
    """Which ways to offer; whether they open is for the gate to say."""
    return {action.value: bool(ROLES_FOR[action] & actor.roles) for action in Action}
