"""The history of a person in words: what happened, and what is to be known about it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from stonebridge.accounts.labels import CLOCKS, PURPOSES
from stonebridge.domain.actor import Purpose
from stonebridge.registry import lists
from stonebridge.registry.forms.captures import FINGERS, MISSING
from stonebridge.registry.queries import EventRead

EVENTS = {
    "registered": _("Registered"),
    "kept_from_partner": _("Kept from what a partner gave"),
    "claim_recorded": _("Claim for protection recorded"),
    "origin_recorded": _("State of origin recorded"),
    "identity_stated": _("Identity stated anew"),
    "document_added": _("Document added"),
    "finger_taken": _("Fingerprint taken"),
    "face_taken": _("Portrait taken"),
    "finger_read": _("Picture of a finger read for comparison"),
    "restricted": _("Processing restricted"),
    "restriction_lifted": _("Restriction lifted"),
    "hold_left": _("Hold left by a withdrawn link"),
    "hold_assigned": _("Hold assigned"),
    "disclosed": _("File handed out"),
    "pair_put_to_judgement": _("A pair with another record put to judgement"),
    "judgement_given": _("Judgement given"),
    "link_made": _("Linked with another record"),
    "link_withdrawn": _("Link withdrawn"),
    "search_asked": _("Search asked for"),
    "search_answered": _("Search answered"),
    "letter_taken_out": _("A letter to a partner was taken out to be sent"),
    "letter_sent": _("A letter to a partner was sent"),
    "letter_received": _("The receipt of a letter was entered"),
    "request_entered": _("What a partner asks in a letter was entered"),
    "answer_entered": _("What a partner answered by letter was entered"),
    "case_opened": _("Case opened"),
    "task_done": _("Work of a case done"),
    "task_seconded": _("Work of a case confirmed by a second officer"),
    "gate_found": _("What stands in the way of a case found out"),
    "case_moved": _("Case moved on"),
    "remedy_recorded": _("Appeal or court order recorded"),
    "remedy_ended": _("Appeal or court order ended"),
    "partner_asked": _("A partner was asked about this person"),
    "partner_answered": _("A partner answered"),
    "partner_silent": _("A partner did not answer"),
    "more_asked": _("A partner was asked for more"),
    "given_to_partner": _("Data given to a partner"),
    "postponed_to_partner": _("A partner’s request postponed"),
    "correction_sent": _("A partner is told that what it was given has changed"),
    "correction_kept_back": _("Word to a partner kept back; data protection decides"),
    "kept_back_decided": _("A message that was kept back decided"),
    "correction_noted": _("A correction of a partner acknowledged"),
    "partner_told": _("A partner was told that somebody who fits is known here"),
}
CLAIMS = {
    "none": _("claims no protection"),
    "pending": _("claims protection"),
    "granted": _("protection granted"),
    "withdrawn": _("claim withdrawn"),
    "finally_rejected": _("finally rejected"),
    "unknown": _("not asked, or not known"),
}
ORIGINS = {"yes": _("a state of origin"), "no": _("no state of origin"), "unknown": _("not known")}
COLOURS = {
    "yellow": _("Yellow link"),
    "white": _("White link"),
    "green": _("Green link"),
    "red": _("Red link"),
}
SAME_PERSON = {
    "yes": _("the same person"),
    "no": _("different persons"),
    "unsure": _("unsure whether the same person"),
    "insufficient": _("not enough to judge"),
    "unknown": _("not yet judged"),
}
COMPARED = {
    "yes": _("compared with others"),
    "later": _("a picture: compared once the worker has read it"),
    "no": _("a picture: kept, and not compared yet"),
}
FORMS = {"pdf": _("as pages"), "json": _("as data")}
READING = {
    "tampered": _("the picture is not what was kept"),
    "empty": _("no finger can be seen in it"),
    "broken": _("it cannot be read"),
}
Listed = Mapping[Any, str | Promise]


def _of(listed: Listed) -> Callable[[str], str]:
    return lambda value: str(listed.get(value, value))


WORDS: Mapping[str, Callable[[str], str]] = {
    "category": _of(lists.CATEGORIES),
    "notice": lambda value: now_("notice: %(answer)s") % {"answer": lists.NOTICES.get(value, value)},
    "state": lambda value: str(CLAIMS[value]) if value in CLAIMS else lists.state_name(value),
    "is_origin": _of(ORIGINS),
    "standing": _of(lists.STANDINGS),
    "kind": lists.document_name,
    "seen": _of(lists.SEEN),
    "missing": _of(MISSING),
    "position": lambda value: str(FINGERS[int(value)]) if value != "0" else "",
    "compared": _of(COMPARED),
    "quality": lambda value: now_("quality %(number)s of 100") % {"number": value},
    "reading": _of(READING),
    "colour": _of(COLOURS),
    "same_person": _of(SAME_PERSON),
    "rule": lambda value: now_("rule %(number)s") % {"number": value},
    "candidates": lambda value: now_("candidates: %(count)s") % {"count": value},
    "recipient": lambda value: now_("to %(recipient)s") % {"recipient": value},
    "to_state": lists.state_name,
    "form": _of(FORMS),
    "digest": lambda value: f"SHA-256 {value[:16]}…",
    "reason": str,
    "matcher_version": lambda value: "",
    "likely_from": lambda value: "",
    "wrong_in_thousand": lambda value: "",
}
"""How each detail of an event is said; nothing for what only engineers ask for."""


def history_items(history: Iterable[EventRead]) -> list[dict[str, Any]]:
    """The timeline, in the order given."""
    return [
        {
            "title": EVENTS.get(each.event, each.event.replace("_", " ")), "by": CLOCKS.get(each.by, each.by), "at": each.happened_at,
            "text": " · ".join([str(PURPOSES[Purpose(each.purpose)]), *_details(each.detail)]),
        }
        for each in history
    ]  # fmt: skip


def _details(detail: Mapping[str, object]) -> list[str]:
    said = []
    for key, value in detail.items():
        if value in ("", None):
            continue
        words = WORDS.get(key)
        said.append(words(str(value)) if words else f"{key.replace('_', ' ')}: {value}")
    return [each for each in said if each]
