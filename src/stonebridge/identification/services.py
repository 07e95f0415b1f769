"""Every change of searches, judgements and links: one function, one transaction, one entry in the history."""

from uuid import UUID

from django.conf import settings

from stonebridge.domain.references import new_reference
from stonebridge.identification.models import GalleryChange, Search
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import Action


def note_change(permit: Permit, person: UUID) -> None:
    """Note, in the transaction that changes a person, that the matcher must renew them."""
    permit.require(Action.REGISTER, Action.AMEND, Action.RESTRICT, person=person)
    GalleryChange.objects.create(person_id=person, made_at=permit.at)


def request_search(permit: Permit, person: UUID) -> None:
    """Ask, in the transaction that registers or amends a person, for a search for them among all others."""
    permit.require(Action.REGISTER, Action.AMEND, person=person)
    Search.objects.create(
        reference=new_reference(settings.NODE.code),
        probe_id=person,
        asked_by=permit.actor.reference,
        asked_at=permit.at,
    )
