"""What a machine-readable zone fills in about a document, and what it says that does not agree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.codes import StateKind
from stonebridge.domain.errors import BadInput
from stonebridge.formats import mrz
from stonebridge.law import codes
from stonebridge.registry import lists
from stonebridge.ui.wording import remedy_of

FIELDS = {
    "document_code": _("Kind of document"), "document_number": _("Number"), "issuing_state": _("Issued by"),
    "expiry_date": _("Valid until"), "names": _("Names"), "birth_date": _("Date of birth"), "sex": _("Sex"),
    "nationality": _("Nationality"), "optional_data": _("Optional data"), "zone": _("The whole zone"),
}  # fmt: skip
ISSUERS = frozenset({StateKind.STATE, StateKind.ORGANISATION, StateKind.HISTORIC})
EXPIRES = ("expires_day", "expires_month", "expires_year")
Row = tuple[str | Promise, str, str | Promise]


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields of a document. ``expires`` are day, month and year as typed."""

    kind: str
    number: str
    issuer: str
    expires: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a zone says. ``filled`` holds values for fields that were empty; what was typed is never in it."""

    filled: Mapping[str, str]
    differs: Sequence[Row]
    """Field, what was typed, and what is printed."""
    findings: Sequence[Row]
    """Field, what is printed, and what to do; such a field is not filled in."""
    printed: Sequence[tuple[str | Promise, str]]
    """What the zone says of the person, to compare by eye."""


def read_zone(text: str, typed: Typed, today: date) -> Reading:
    """Read a zone beside what was typed. A value whose check digit does not hold is said, and filled in nowhere.

    Raises:
        Malformed: this is no zone.
    """
    zone = mrz.read(text)
    findings: list[Row] = [(FIELDS[each.field], each.value, _remedy(each)) for each in zone.findings]
    doubtful = {each.field for each in zone.findings}
    filled: dict[str, str] = {}
    differs: list[Row] = []
    for offer in _offers(zone, typed, today):
        if offer.field in doubtful:
            continue
        if not offer.values:
            findings.append((FIELDS[offer.field], offer.printed, offer.remedy))
        elif not offer.typed:
            filled |= offer.values
        elif not offer.agrees:
            differs.append((FIELDS[offer.field], offer.typed, offer.printed))
    return Reading(filled, differs, findings, _of_the_person(zone, today, doubtful))


@dataclass(frozen=True, slots=True)
class _Offer:
    """What a zone has for one field: ``values`` by the parts of a form; none where it cannot be used as printed."""

    field: str
    values: Mapping[str, str]
    typed: str
    printed: str
    agrees: bool
    remedy: str | Promise


def _offers(zone: mrz.Mrz, typed: Typed, today: date) -> Iterator[_Offer]:
    kind, issuer, expires = _kind(zone.document_code), _issuer(zone.issuing_state), zone.expiry.as_expiry(today)
    yield _Offer(
        "document_code", {"kind": kind} if kind else {}, lists.document_name(typed.kind),
        lists.document_name(kind) or zone.document_code, typed.kind == kind, _("Choose the kind from the document itself."),
    )  # fmt: skip
    yield _Offer(
        "document_number", {"number": zone.document_number} if zone.document_number else {}, typed.number,
        zone.document_number, _letters(typed.number) == _letters(zone.document_number),
        _("The zone prints no number. Write it as the document shows it."),
    )  # fmt: skip
    yield _Offer(
        "issuing_state", {"issuer": issuer} if issuer else {}, lists.state_name(typed.issuer),
        lists.state_name(issuer) or zone.issuing_state, typed.issuer == issuer,
        _("No state or organisation has this code. Choose from the list, or leave it empty."),
    )  # fmt: skip
    day = expires.earliest if expires.earliest == expires.latest else None
    parts = (str(day.day), str(day.month), str(day.year)) if day else ("", "", "")
    yield _Offer(
        "expiry_date", dict(zip(EXPIRES, parts, strict=True)) if day else {}, ".".join(filter(None, typed.expires)),
        date_format(day, "j F Y") if day else zone.expiry.text,
        tuple(part.lstrip("0") for part in typed.expires) == parts,
        _("It is no whole date. Write it if the document shows one."),
    )  # fmt: skip


def _kind(code: str) -> str:
    """The kind that the code names; none where the second letter may make it a special one, which a list only recalls."""
    of_code = {each.mrz: each.code for each in codes.document_types() if each.mrz}
    return "" if len(code) > 1 and code in of_code else of_code.get(code[:1], "")


def _issuer(printed: str) -> str:
    try:
        state = codes.states().canonical(printed)
    except BadInput:
        return ""
    return state.code if state.kind in ISSUERS else ""


def _letters(number: str) -> str:
    return "".join(char for char in number.upper() if char.isalnum())


def _of_the_person(zone: mrz.Mrz, today: date, doubtful: set[str]) -> list[tuple[str | Promise, str]]:
    born = zone.birth.as_birth(today)
    on = date_format(born.earliest, "j F Y") if born.earliest and born.earliest == born.latest else zone.birth.text
    cut = now_("(may be cut short)") if zone.names_may_be_cut else ""
    said = [
        ("names", _("Family name"), zone.surname), ("names", _("Given name"), f"{zone.given_names} {cut}".strip()),
        ("birth_date", _("Born"), on), ("sex", _("Sex"), str(lists.SEXES[zone.sex]) if zone.sex else ""),
        ("nationality", _("Nationality"), lists.state_name(_canonical(zone.nationality))),
    ]  # fmt: skip
    return [(what, value) for field, what, value in said if value and field not in doubtful]


def _canonical(printed: str) -> str:
    try:
        return codes.states().canonical(printed).code
    except BadInput:
        return printed


def _remedy(finding: mrz.Finding) -> str:
    """What to do, and which letters a machine may have mistaken if there is one way to mend it."""
    remedy = remedy_of(BadInput(finding.field, finding.value, finding.remedy))
    if len(finding.proposals) != 1:
        return remedy
    mistaken = [
        now_("line %(line)s, column %(column)s: %(proposed)s instead of %(read)s")
        % {"line": each.line, "column": each.column, "proposed": each.proposed, "read": each.read}
        for each in finding.proposals[0]
    ]
    return now_("%(remedy)s It would hold with %(changes)s.") % {"remedy": remedy, "changes": "; ".join(mistaken)}
