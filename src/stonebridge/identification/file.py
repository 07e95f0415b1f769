"""What a person's file says of identification: the records found to be theirs, and the links with colour and state."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.links import Justified
from stonebridge.identification.labels import FOUND, JUSTIFIED
from stonebridge.identification.link_queries import leaves_out, panel
from stonebridge.identification.models import Link
from stonebridge.registry import shown
from stonebridge.registry.events import COLOURS
from stonebridge.registry.models import Person
from stonebridge.registry.panels import FilePart, FileSection, Panel, Withheld
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import Action


def file_part(permit: Permit, person: UUID) -> FilePart:
    """Records and links for a file. A record that is not of this identity is not named; another state learns of none."""
    permit.require(Action.DISCLOSE, person=person)
    if permit.to_state:
        held = Withheld("links", _("Links to other records"), _("They serve this authority’s own examination."))
        return FilePart(withheld=(held,))
    records = list(Person.objects.filter(id__in=permit.persons).order_by("registered_at", "id"))
    named = {each.id: each.reference for each in records}
    links = list(Link.objects.filter(Q(first_id=person) | Q(second_id=person)).order_by("made_at", "id"))
    others = [named.get(each.second_id if each.first_id == person else each.first_id, "") for each in links]
    return FilePart(
        data={
            "identity": [
                {"reference": each.reference, "registered_at": each.registered_at, "unit": each.unit} for each in records
            ],
            "links": [
                {"reference": each.reference, "colour": each.colour, "same_person": each.same_person, "other": other,
                 "justified": each.justified, "article": each.justified_article, "made_at": each.made_at,
                 "ended_at": each.ended_at}
                for each, other in zip(links, others, strict=True)
            ],
        },
        sections=(
            FileSection(
                _("Records of this person"), (_("Reference"), _("Registered"), _("Unit")),
                [(each.reference, shown.moment(each.registered_at), each.unit) for each in records],
            ),
            FileSection(
                _("Links"), (_("Link"), _("Colour"), _("What was found"), _("Justified?"), _("Other record"), _("State")),
                [(each.reference, COLOURS[each.colour], FOUND[each.same_person], JUSTIFIED[Justified(each.justified)],
                  other or "–", _state(each))
                 for each, other in zip(links, others, strict=True)],
                _("There is no link to another record."),
            ),
        ),
        withheld=(
            Withheld(
                "other_records", _("Records of other persons"),
                _("They are theirs: a link names a record only while it is found to be of this person."),
            ),
        ),
    )  # fmt: skip


def _state(link: Link) -> str:
    if link.ended_at is None:
        return now_("In force since %(moment)s") % {"moment": shown.moment(link.made_at)}
    return now_("Ended %(moment)s") % {"moment": shown.moment(link.ended_at)}


PANEL = Panel("identification", "identification/_panel.html", panel, leaves_out, file_part)
