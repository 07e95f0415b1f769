"""Partners, their state, and what their logs say, in the words of the page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count
from django.template.defaultfilters import date as written
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from stonebridge.accounts.labels import PURPOSES
from stonebridge.domain.actor import Purpose
from stonebridge.exchange.contacts import contacts
from stonebridge.exchange.models import Contact, Cosigned, Received, WitnessAlarm, Witnessed
from stonebridge.exchange.partners import LETTER, Partner, partners

HOUR = timedelta(hours=1)
ANSWERS, SILENT, UNTRIED = "answers", "silent", "untried"
STATES = {ANSWERS: _("Answers"), SILENT: _("Does not answer"), UNTRIED: _("Not tried yet"), LETTER: _("By letter")}
COLOURS = {ANSWERS: "green", SILENT: "red", UNTRIED: "grey", LETTER: "blue"}
ALARMS = {
    "missing": _("No checkpoint, or no signature under one, has come for 15 minutes"),
    "rolled back": _("The log is shorter than it was"),
    "two histories": _("The log shows two different histories"),
    "rewritten": _("Entries that were witnessed are not there any more as they were"),
    "forged": _("A checkpoint came that the log has not signed"),
    "another key": _("The log signs with another key"),
}


@dataclass(frozen=True, slots=True)
class PartnerShown:
    """A partner in the list. ``used`` are messages of this hour by purpose, each with the quota."""

    entry: Partner
    name: str
    state: str
    text: str | Promise
    colour: str
    since: datetime | None
    fingerprint: str
    used: tuple[tuple[str | Promise, int], ...]


def partners_shown(now: datetime) -> tuple[PartnerShown, ...]:
    """Every partner in force with its state, inside the transaction of a permit."""
    known = contacts()
    counted = Received.objects.filter(received_at__gt=now - HOUR).values_list("sender", "purpose").annotate(Count("id"))
    used: dict[str, dict[str, int]] = {}
    for sender, purpose, count in counted:
        used.setdefault(sender, {})[purpose] = count
    return tuple(_shown(each, known.get(each.code), used.get(each.code, {})) for each in partners())


def _shown(entry: Partner, contact: Contact | None, used: dict[str, int]) -> PartnerShown:
    state = state_of(contact) if entry.has_node else LETTER
    since = None if contact is None else contact.silent_since or contact.answered_at
    return PartnerShown(
        entry, entry.name(get_language() or "en"), state, STATES[state], COLOURS[state], since, entry.mark if entry.has_node else "",
        tuple((PURPOSES[Purpose(each)], used.get(each, 0)) for each in entry.purposes),
    )  # fmt: skip


def state_of(contact: Contact | None) -> str:
    """Whether a partner answers, is silent, or was never tried."""
    if contact is None:
        return UNTRIED
    return SILENT if contact.silent_since else ANSWERS


@dataclass(frozen=True, slots=True)
class AlarmShown:
    """An alarm of a witness in words."""

    row: WitnessAlarm
    whose: str
    text: str | Promise


def alarm_shown(row: WitnessAlarm) -> AlarmShown:
    """Whose log it is about, and what was seen."""
    partner = {"partner": _name(row.partner)}
    whose = say("Our access log, as %(partner)s sees it") if row.is_ours else say("The access log of %(partner)s")
    return AlarmShown(row, whose % partner, ALARMS.get(row.kind, row.kind))


def _name(code: str) -> str:
    return next((each.name(get_language() or "en") for each in partners() if each.code == code), code)


def witness_rows(code: str) -> list[dict[str, str | Promise]]:
    """Who witnesses whose log, between this node and a partner."""
    ours, theirs = Cosigned.objects.filter(witness=code).first(), Witnessed.objects.filter(partner=code).first()
    if code not in settings.NODE.witnesses:
        mine = say("It is no witness of our access log")
    elif ours is None or ours.cosigned_at is None:
        mine = say("It is to witness our access log, and has signed nothing yet")
    else:
        mine = say("It signed the latest checkpoint of our access log on %(at)s") % {"at": _moment(ours.cosigned_at)}
    if theirs is None or theirs.note is None:
        other = say("It has sent us no checkpoint of its access log")
    else:
        other = say("We signed the latest checkpoint of its access log on %(at)s") % {"at": _moment(theirs.seen_at)}
    return [{"key": _("Our log"), "value": mine}, {"key": _("Its log"), "value": other}]


def _moment(at: datetime) -> str:
    return str(written(localtime(at), "j F Y, H:i"))
