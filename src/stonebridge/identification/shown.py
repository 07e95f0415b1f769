"""Records and comparisons in the words of the page, as the components of ``ui`` take them."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from stonebridge.accounts.labels import CLOCKS
from stonebridge.identification.labels import (
    ANSWERS,
    FEATURES,
    FOUND,
    JUSTIFIED,
    PARTS,
    REASONS,
    SEXES,
    outcome,
    sentence,
)
from stonebridge.identification.link_queries import Statement
from stonebridge.identification.queries import Given
from stonebridge.identification.records import RecordSeen, Text
from stonebridge.registry import lists
from stonebridge.registry.events import COLOURS

Row = dict[str, Any]
STANDINGS = {"declared": _("As declared"), "documented": _("As documented"), "established": _("As established")}
SEEN = {"original": _("original seen"), "copy": _("copy seen"), "claimed": _("only spoken of")}
EVIDENCE = {
    "same": _("the same"), "similar": _("similar"), "different": _("different"), "absent": _("not compared"),
}  # fmt: skip


def comparison_rows(comparisons: Sequence[dict[str, object]]) -> list[Row]:
    """Each feature with its sentence, the two values beside it; no bits, because they add up to the score."""
    rows = []
    for each in comparisons:
        feature, key = str(each["feature"]), str(each["key"])
        probe, candidate = str(each["probe"]), str(each["candidate"])
        if feature == "sex":
            probe, candidate = (str(SEXES.get(value, value)) for value in (probe, candidate))
        if feature == "nationality":
            probe, candidate = (_states(value) for value in (probe, candidate))
        rows.append(
            {
                "feature": FEATURES.get(feature, feature),
                "probe": _value(probe),
                "candidate": _value(candidate),
                "outcome": outcome(key),
                "sentence": sentence(key, probe, candidate),
            }
        )
    return rows


def record_rows(probe: RecordSeen, candidate: RecordSeen) -> list[Row]:
    """Everything that was stated of both, beside each other: a key and the values on either side."""
    sides = [_told(each) for each in (probe, candidate)]
    keys = dict.fromkeys(key for side in sides for key in side)
    return [{"key": key, "probe": sides[0].get(key, []), "candidate": sides[1].get(key, [])} for key in keys]


def bits(score: float | None) -> str:
    """A score with its unit; empty where it stays hidden."""
    if score is None:
        return ""
    return say("%(bits)s bits of evidence") % {"bits": f"{score:.1f}"}


def chance(value: float | None) -> str:
    """A chance as a whole number of per cent, never quite none or all; empty where it stays hidden."""
    if value is None:
        return ""
    if value < 0.01:
        return say("less than 1 per cent")
    return say("more than 99 per cent") if value > 0.99 else say("%(number)s per cent") % {"number": round(100 * value)}


def given_shown(opinion: Given) -> Row:
    """An opinion in words."""
    return {
        "officer": opinion.officer,
        "answer": ANSWERS[opinion.same_person],  # type: ignore[index]  # stored values of the enumeration
        "reasons": [REASONS.get(each, each) for each in opinion.reasons],
        "remark": opinion.remark,
        "justified": JUSTIFIED[opinion.justified] if opinion.justified != "not_assessed" else "",  # type: ignore[index]  # as above
        "article": opinion.article,
        "at": opinion.given_at,
    }


def statement_shown(statement: Statement) -> Row:
    """A link of the line in words."""
    biometrics, identity, document = (EVIDENCE[each] for each in statement.evidence)
    return {
        "statement": statement,
        "said": str(FOUND[statement.same_person]),
        "maker": CLOCKS.get(statement.made_by.removeprefix("clock:"), statement.made_by),
        "evidence": say("Biometrics %(biometrics)s, identity data %(identity)s, travel document %(document)s")
        % {"biometrics": biometrics, "identity": identity, "document": document},
        "rule": rule_shown(statement),
        "justified": JUSTIFIED[statement.justified],  # type: ignore[index]  # stored values of the enumeration
        "judgements": [given_shown(each) for each in statement.judgements],
    }


def paper_row(row: Row) -> Row:
    """A comparison as the printed sheet takes it: what differs is set in bold there."""
    return row | {
        "feature": str(row["feature"]),
        "outcome": "differs" if row["outcome"] == "different" else row["outcome"],
        "sentence": row["sentence"].replace("\u2068", "").replace("\u2069", ""),
    }


def opinion_line(opinion: Row) -> list[str]:
    """An opinion as a line of the printed sheet: when, who, what, why."""
    reasons = ", ".join(str(each) for each in opinion["reasons"])
    return [
        date_format(localtime(opinion["at"]), "j F Y, H:i"), opinion["officer"], str(opinion["answer"]),
        " – ".join(part for part in (reasons, opinion["remark"]) if part),
    ]  # fmt: skip


def link_facts(line: Sequence[Row]) -> list[Row]:
    """What the links of a pair say, the latest first, as keys and values of the printed sheet."""
    facts = []
    for each in line:
        statement: Statement = each["statement"]
        said = f"{COLOURS[statement.colour]}. {each['said']}. {each['evidence']}. {each['rule']}."
        if statement.justified != "not_assessed":
            said += f" {each['justified']}, {statement.justified_article} ({statement.justified_by})."
        if statement.ended_at is not None:
            ended = date_format(localtime(statement.ended_at), "j F Y, H:i")
            said += " " + say("Ended %(at)s by %(by)s: %(reason)s") % {
                "at": ended, "by": statement.ended_by, "reason": statement.ended_reason,
            }  # fmt: skip
        made = date_format(localtime(statement.made_at), "j F Y, H:i")
        facts.append({"key": f"{made}, {statement.reference}", "value": said})
    return facts


def rule_shown(statement: Statement) -> str:
    """The row of the table that gave the colour, and whether it is law across systems or ours."""
    if not statement.article:
        return statement.rule
    if statement.is_own_rule:
        return say("Our own rule %(rule)s, after Article %(article)s") % {
            "rule": statement.rule, "article": statement.article,
        }  # fmt: skip
    return say("After Article %(article)s") % {"article": statement.article}


def crumbs(here: str) -> list[Row]:
    """Where the page lies: below the pairs to judge."""
    return [{"text": _("Pairs to judge"), "url": reverse("identification:queue")}, {"text": here}]


def person_url(reference: str) -> str:
    """The page of a record, where the node has one."""
    try:
        return reverse("registry:person", args=[reference])
    except NoReverseMatch:
        return ""


def _told(record: RecordSeen) -> dict[str, list[Text]]:
    told: dict[str, list[Text]] = {}

    def tell(key: object, text: Text) -> None:
        values = told.setdefault(str(key), [])
        if text.text and text not in values:
            values.append(text)

    for statement in record.statements:
        for part, label in PARTS.items():
            for text in (told for kind, told in statement.names if kind == part):
                tell(label, text)
        tell(_("Date of birth"), Text(statement.birth, note=_between(statement.born_between)))
        tell(_("Sex"), Text(str(SEXES.get(statement.sex, statement.sex))))
        tell(_("Place of birth"), Text(statement.birth_place))
        for state in statement.nationalities:
            tell(_("Nationality"), Text(lists.state_name(state)))
    for document in record.documents:
        tell(_("Document"), Text(document.text, note=str(SEEN.get(document.note, document.note))))
    for arrived_on, place in record.arrivals:
        day = date_format(arrived_on, "j F Y")
        tell(pgettext("of a person", "Arrived"), Text(f"{day}, {place}" if place else day))
    registered = date_format(localtime(record.registered_at), "j F Y, H:i")
    tell(pgettext("of a person", "Registered"), Text(registered, note=record.unit))
    tell(_("Statements of identity"), Text(
        ", ".join(f"{STANDINGS[each.standing]} ({date_format(each.stated_at, 'j F Y')})" for each in record.statements)
    ))  # fmt: skip
    return told


def _states(given: str) -> str:
    """The states of a comparison by their names; the codes stay beside them."""
    return re.sub(r"\b[A-Z]{1,3}\b", lambda code: lists.state_name(code[0]), given)


def _between(days: tuple[date, date] | None) -> str:
    if days is None:
        return ""
    return " – ".join(dict.fromkeys(date_format(day, "j F Y") for day in days))


def _value(text: str) -> Row:
    """A value as given. Scripts of their own are set apart for the browser and for whoever listens."""
    if not text:
        return {"text": "—"}
    if any("\u0600" <= char <= "\u06ff" for char in text):
        return {"text": text, "lang": "und-Arab"}
    if any("\u0400" <= char <= "\u04ff" for char in text):
        return {"text": text, "lang": "und-Cyrl"}
    return {"text": text}
