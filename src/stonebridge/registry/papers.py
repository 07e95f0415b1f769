"""What the register prints: a person's file, and the receipt that the person keeps."""

import io
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import segno
from django.utils.timezone import localtime
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from stonebridge.registry import lists, shown
from stonebridge.registry.events import history_items
from stonebridge.registry.models import NamePart
from stonebridge.registry.panels import FilePart
from stonebridge.registry.queries import EventRead, PersonRead
from stonebridge.ui import printing

_RECEIPT_TEXTS = Path(__file__).parent / "printing" / "receipt.toml"
_ORIGINAL = "en"


def person_file(
    person: PersonRead, parts: Sequence[FilePart] = (), *, printed_by: str, at: datetime, portrait: bytes = b""
) -> bytes:
    """The file on A4 sheets, as a PDF in the officer's language: everything that the page shows, and who was told.

    ``parts`` are what other rooms add, with what they withhold. ``portrait`` is a JPEG as ``formats.intake`` keeps
    it, if the permit covers it.

    Raises:
        Unavailable: the pages could not be set.
    """
    bar = shown.bar(person)
    facts = [*bar["facts"], {"key": _("Also written"), "value": "; ".join(each["text"] for each in bar["also"]) or "–"}]
    images = {"portrait": portrait} if portrait else {}
    notice = ""
    if person.restricted_since:
        notice = _("Processing is restricted since %(day)s: %(reason)s") % {
            "day": shown.moment(person.restricted_since), "reason": person.restriction_reason,
        }  # fmt: skip
    data = printing.frame(
        _("File %(reference)s") % {"reference": person.reference}, person.reference, printed_by=printed_by, at=at
    ) | {
        "subtitle": _("Personal file; confidential. Each statement stands as it was made."),
        "name": {"text": bar["name"], "lang": bar["lang"]},
        "facts": facts,
        "notice": notice,
        "portrait_alt": _("Portrait"),
        "sections": list(_sections(person, parts)),
        "footnotes": shown.footnotes(person),
    }
    return printing.pdf("registry/person_file", data, at=at, images=images)


def receipt(person: PersonRead, *, printed_by: str, at: datetime, languages: Sequence[str] = ()) -> bytes:
    """The slip on A5, as a PDF: reference, QR code of it, what was said, next steps, rights.

    ``languages`` are printed one below the other; by default the language of the screen and the person's own,
    as far as ``receipt.toml`` holds them.

    Raises:
        Unavailable: the page could not be set.
    """
    texts = receipt_texts()
    wanted = languages or (get_language() or _ORIGINAL, person.language)
    held = [language for language in dict.fromkeys(wanted) if language in texts] or [_ORIGINAL]
    unchecked = any(not texts[language]["checked_by"] for language in held)
    remark = _("No translator has checked this translation yet; the English text is the original.")
    data = printing.frame(_("Receipt"), person.reference, printed_by=printed_by, at=at) | {
        "remark": remark if unchecked else "",
        "halves": [_half(person, language, texts[language]) for language in held[:2]],
    }
    return printing.pdf("registry/receipt", data, at=at, images={"reference": reference_code(person.reference)})


@cache
def receipt_texts() -> Mapping[str, Mapping[str, Any]]:
    """What the receipt says, by language."""
    return tomllib.loads(_RECEIPT_TEXTS.read_text(encoding="utf-8"))


def reference_code(reference: str) -> bytes:
    """A QR code that holds the reference and nothing else, as SVG."""
    drawn = io.BytesIO()
    segno.make(reference, error="m", micro=False).save(drawn, kind="svg", border=1, xmldecl=False)
    return drawn.getvalue()


def _sections(person: PersonRead, parts: Sequence[FilePart]) -> Iterable[dict[str, Any]]:
    for statement in person.statements:
        title = shown.statement_title(statement)
        if statement.superseded:
            title = _("%(title)s (another has taken its place)") % {"title": title}
        yield _section(title, rows=shown.identity_rows(statement, person.language))
    of_documents = (_("Kind"), _("Number"), _("Issued by"), _("Expires"), _("Seen"), _("Recorded"))
    yield _section(_("Documents"), of_documents, shown.document_rows(person), none=_("No document is on record."))
    for arrival in person.arrivals:
        yield _section(_("Arrival"), rows=shown.arrival_rows(arrival))
    withheld = [each for part in parts for each in part.withheld]
    left_out = {each.code for each in withheld}
    if "family" not in left_out:
        of_family = (_("Reference"), _("Relation"), _("Known by"), _("Family"))
        yield _section(_("Family"), of_family, shown.family_rows(person), none=_("No relative is on record."))
    yield _section(_("Registration"), rows=shown.registration_rows(person))
    for part in parts:
        for each in part.sections:
            yield _section(each.heading, each.columns, each.lines, none=each.none)
    if withheld:
        lines = [(each.what, each.why) for each in withheld]
        yield _section(_("What this file leaves out"), (_("What"), _("Why")), lines)
    if "history" in left_out:
        return
    told = [each for each in person.history if each.event == "disclosed"]
    yield _history(_("Who was told"), told, none=_("Nothing was handed out."))
    yield _history(_("History"), person.history, none=_("No entry."))


def _section(
    heading: Any, columns: Sequence[Any] = (), lines: Sequence[Any] = (), *, rows: Sequence[Any] = (), none: Any = ""
) -> dict[str, Any]:
    note = "" if rows or lines else none
    return {"heading": heading, "columns": columns, "lines": lines, "rows": rows, "note": note}


def _history(heading: str, events: Sequence[EventRead], *, none: str) -> dict[str, Any]:
    """Events with whoever acted, unless nobody is named."""
    columns, items = [_("When"), _("What"), pgettext("officer", "By"), _("Purpose and details")], history_items(events)
    lines = [[shown.moment(each["at"]), each["title"], each["by"], each["text"]] for each in items]
    if all(each["by"] == "–" for each in items):
        columns, lines = [*columns[:2], columns[3]], [[*line[:2], line[3]] for line in lines]
    return _section(heading, columns, lines, none=none)


def _half(person: PersonRead, language: str, texts: Mapping[str, Any]) -> dict[str, Any]:
    statement = person.statement
    latin = statement.latin(NamePart.GIVEN, NamePart.FAMILY)
    name = {"text": statement.main_name, "lang": lists.language_tag(statement.main_name, person.language),
            "note": latin if latin != statement.main_name else ""}  # fmt: skip
    registered = localtime(person.registered_at).date().isoformat()
    facts = [
        {"key": texts["name"], "value": name},
        {"key": texts["born"], "value": statement.birth.text or "–"},
        {"key": texts["registered"], "value": registered},
        {"key": texts["office"], "value": person.unit},
    ]
    shared = ("heading", "intro", "steps_heading", "steps", "rights_heading", "rights")
    return {"lang": language, "facts": facts, **{key: texts[key] for key in shared}}
