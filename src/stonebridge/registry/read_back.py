"""What is read back to the person before anything is registered, names in the order of their language."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.names import is_placeholder
from stonebridge.registry import lists
from stonebridge.registry.forms.needs import ASKED, CLAIMS, NEEDS
from stonebridge.registry.models import NamePart
from stonebridge.registry.registration import StatedName
from stonebridge.registry.shown import birth_text, moment
from stonebridge.registry.wizard import Assembled

BY_ANCESTORS = frozenset({"ar", "fa", "prs", "haz", "ps", "ku", "ckb", "so", "am", "ti", "om"})
"""Languages in which somebody is called by their own name, then their father's and grandfather's."""
FAMILY_FIRST = frozenset({"hu", "zh", "vi"})

_ANCESTORS = (NamePart.GIVEN, NamePart.FATHER, NamePart.GRANDFATHER, NamePart.FAMILY)
_USUAL = (NamePart.GIVEN, NamePart.PATRONYMIC, NamePart.FAMILY)


def in_order(names: tuple[StatedName, ...], language: str) -> list[StatedName]:
    """The first name's parts in the order in which the language says them, then the mother's, then further names."""
    if language in BY_ANCESTORS:
        order: tuple[NamePart, ...] = _ANCESTORS
    elif language in FAMILY_FIRST:
        order = (NamePart.FAMILY, NamePart.GIVEN)
    else:
        order = _USUAL
    rest = tuple(part for part in NamePart if part not in order)
    rank = {part: place for place, part in enumerate((*order, *rest))}
    return sorted(names, key=lambda name: (name.position, rank[name.part]))


def read_back_sections(draft: UUID, together: Assembled) -> list[dict[str, Any]]:
    """One card a page, each with a way back to it."""
    return [
        _section(draft, "who", _("Who you say you are"), _who(together)),
        _section(draft, "documents", _("Your documents"), _documents(together)),
        _section(draft, "arrival", _("Your arrival and family"), _arrival(together)),
        _section(draft, "needs", _("What you need"), _needs(together)),
    ]


def _section(draft: UUID, page: str, title: object, rows: list[dict[str, Any]]) -> dict[str, Any]:
    change = {"text": _("Change"), "url": f"{reverse('registry:page', args=[draft, page])}?return=1"}
    return {"title": title, "rows": rows, "actions": [change]}


def _who(together: Assembled) -> list[dict[str, Any]]:
    cleaned = together.who.cleaned_data
    language = cleaned["language"]
    stated = together.who.stated()
    rows: list[dict[str, Any]] = []
    for name in in_order(stated.names, language):
        notes = [name.latin] if name.latin and name.latin != name.text else []
        if is_placeholder(name.text):
            notes.append(str(_("This looks like a stand-in for a missing name. If it is one, leave it out.")))
        value = {"text": name.text, "lang": lists.language_tag(name.text, language), "note": " · ".join(notes)}
        rows.append({"key": lists.PARTS[name.part], "value": value})
    nationalities = "; ".join(
        f"{lists.state_name(each.state)}, {str(lists.KNOWN_BY[each.known_by]).lower()}" for each in stated.nationalities
    )
    place = ", ".join(part for part in (stated.birth_place, lists.state_name(stated.birth_state)) if part)
    return [
        *rows,
        {"key": _("Born"), "value": birth_text(stated.birth)},
        {"key": _("Sex"), "value": lists.SEXES[stated.sex]},
        {"key": _("Place of birth"), "value": place or _("Not known")},
        {"key": _("Nationality"), "value": nationalities or _("Not known")},
        {"key": _("Stateless"), "value": lists.STATELESS[stated.stateless]},
        {"key": _("Language spoken"), "value": lists.language_name(language) or _("Not known")},
        {"key": _("Interpreter"), "value": cleaned["interpreter"] or "–"},
        {"key": _("Notice"), "value": lists.NOTICES[cleaned["notice"]]},
    ]


def _documents(together: Assembled) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for each in together.documents.stated():
        until = date_format(each.expires_on, "j F Y") if each.expires_on else "–"
        note = " · ".join(
            str(part) for part in (lists.state_name(each.issuing_state) or "–", until, lists.SEEN[each.seen])
        )
        rows.append({"key": lists.document_name(each.kind), "value": {"text": each.number, "note": note}})
    cleaned = together.documents.cleaned_data
    if cleaned["no_documents"]:
        text = str(lists.NO_DOCUMENTS[cleaned["no_documents"]])
        rows.append({"key": _("No documents"), "value": {"text": text, "note": cleaned["no_documents_account"]}})
    return rows or [{"key": _("Documents"), "value": _("None named")}]


def _arrival(together: Assembled) -> list[dict[str, Any]]:
    cleaned, arrival = together.arrival.cleaned_data, together.arrival.stated()
    rows: list[dict[str, Any]] = [
        {"key": _("Category"), "value": dict(lists.categories())[arrival.category]},
        {"key": _("Arrived on"), "value": date_format(arrival.arrived_on, "j F Y")},
        {"key": _("Met at"), "value": moment(arrival.met_at)},
        {"key": _("Crossing point"), "value": lists.crossing_name(arrival.crossing_point) or "–"},
        {"key": _("Place"), "value": arrival.place or "–"},
        {"key": _("Came"), "value": lists.COMPANY.get(arrival.company, _("Not known"))},
    ]
    if cleaned["relation"]:
        rows.append({"key": _("Place in the family"), "value": {"text": str(lists.RELATIONS[cleaned["relation"]]),
                                                                "note": cleaned["family_of"]}})  # fmt: skip
    return rows


def _needs(together: Assembled) -> list[dict[str, Any]]:
    cleaned = together.needs.cleaned_data
    asked = date_format(cleaned["claim_asked_on"], "j F Y") if cleaned["claim_asked_on"] else ""
    rows: list[dict[str, Any]] = [
        {"key": NEEDS[need], "value": ASKED[answer]} for need, answer in together.needs.needs().items()
    ]
    return [
        *rows,
        {
            "key": _("Claim for international protection"),
            "value": {"text": str(CLAIMS[cleaned["claim"]]), "note": asked},
        },
    ]
