"""The words of identification, to translate: features, answers, reasons, and the sentence of a comparison."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.adjudication import DifferentReason, OpenReason, SameReason
from stonebridge.domain.links import Justified, SamePerson
from stonebridge.matching.sentences import SENTENCES

FEATURES: Mapping[str, Promise] = {
    "given_name": _("Given name"),
    "family_name": _("Family name"),
    "birth_date": _("Date of birth"),
    "sex": _("Sex"),
    "nationality": _("Nationality"),
    "father_name": _("Father's name"),
    "mother_name": _("Mother's name"),
    "birth_place": _("Place of birth"),
    "document": _("Document"),
    "relatives": _("Relatives"),
    "fingers": _("Fingers"),
    "other_data": _("Other data"),
}
ANSWERS: Mapping[SamePerson, Promise] = {
    SamePerson.YES: _("One person"),
    SamePerson.NO: _("Two persons"),
    SamePerson.UNSURE: _("Unsure"),
    SamePerson.INSUFFICIENT: _("The data do not suffice"),
}
FOUND: Mapping[str, Promise] = {"yes": _("One person"), "no": _("Two persons"), "open": _("Not yet judged")}
ANSWER_HINTS: Mapping[SamePerson, Promise] = {
    SamePerson.YES: _("Identities are joined only when two officers say so."),
    SamePerson.NO: _("They stay apart."),
    SamePerson.UNSURE: _("The pair stays open, and others look at it."),
    SamePerson.INSUFFICIENT: _("The pair stays open until there is more to go by."),
}
JUSTIFIED: Mapping[Justified, Promise] = {
    Justified.NOT_ASSESSED: pgettext_lazy("justification", "Not assessed"),
    Justified.YES: pgettext_lazy("justification", "Justified"),
    Justified.NO: pgettext_lazy("justification", "Not justified"),
}
REASONS: Mapping[str, Promise] = {
    SameReason.FINGERPRINTS_AGREE: _("Fingerprints agree"),
    SameReason.FACE_AGREES: _("The face agrees"),
    SameReason.SAME_DOCUMENT: _("The same document"),
    SameReason.SPELLING: _("Another spelling"),
    SameReason.TRANSLITERATION: _("Another transliteration"),
    SameReason.NAME_ORDER: _("Names in another order"),
    SameReason.NAME_PART_MISSING: _("A part of the name is missing"),
    SameReason.NAME_CHANGED_BY_MARRIAGE: _("Name changed by marriage"),
    SameReason.NAME_CHANGED_OFFICIALLY: _("Name changed officially"),
    SameReason.DATE_PARTS_SWAPPED: _("Day and month are swapped"),
    SameReason.DATE_IN_ANOTHER_CALENDAR: _("A date in another calendar"),
    SameReason.DATE_ESTIMATED_DIFFERENTLY: _("The date was estimated differently"),
    SameReason.SAME_FAMILY: _("The same relatives"),
    SameReason.PERSON_CONFIRMS: _("The person confirms it"),
    SameReason.FALSE_IDENTITY_DECLARED: _("A false identity was declared"),
    DifferentReason.FINGERPRINTS_DIFFER: _("Fingerprints differ"),
    DifferentReason.FACE_DIFFERS: _("The face differs"),
    DifferentReason.TWINS: _("Twins"),
    DifferentReason.RELATIVES: _("Relatives"),
    DifferentReason.COMMON_NAME: _("A common name"),
    DifferentReason.AGE_DIFFERS: _("The age differs"),
    DifferentReason.SEX_DIFFERS: _("The sex differs"),
    DifferentReason.PARENTS_DIFFER: _("The parents differ"),
    DifferentReason.NATIONALITY_DIFFERS: _("The nationality differs"),
    DifferentReason.SEEN_APART: _("Both were seen apart at one time"),
    DifferentReason.DOCUMENT_SHARED_LAWFULLY: _("A document is shared lawfully"),
    DifferentReason.DOCUMENT_OF_ANOTHER: _("One shows the document of another"),
    DifferentReason.ENTRY_MIXED_UP: _("An entry was mixed up"),
    OpenReason.POOR_QUALITY: _("Poor quality"),
    OpenReason.TOO_LITTLE_DATA: _("Too little data"),
    OpenReason.EVIDENCE_CONTRADICTS_ITSELF: _("The evidence contradicts itself"),
    OpenReason.PERSON_MUST_BE_ASKED: _("The person must be asked"),
    "other": pgettext_lazy("reason", "Another reason, in the remark"),
}
PARTS: Mapping[str, Promise] = {
    "given": _("Given name"),
    "family": _("Family name"),
    "father": _("Father's name"),
    "grandfather": _("Grandfather's name"),
    "mother": _("Mother's name"),
    "patronymic": _("Patronymic"),
    "birth": _("Name at birth"),
    "alias": _("Also known as"),
}
SEXES: Mapping[str, Promise] = {"f": _("Female"), "m": _("Male"), "x": _("Other"), "": _("Not stated")}
WHY: Mapping[str, Promise] = {
    "search": _("Found by a search"),
    "planted": _("Found by a search"),  # a known pair looks like any other
    "review": _("To be looked at again"),
}
RULES_OF_OUR_OWN = _(
    "The four colours are law for links across the information systems of the European Union (Regulations (EU) "
    "2019/817 and 2019/818, Articles 30 to 33). Inside one register they are our own rule after that model."
)


def sentence(key: str, probe: str, candidate: str) -> str:
    """A comparison in the officer's language. The values are set apart, so that no script turns another around.

    A sentence that this version does not know, from an older matcher, shows its two values.
    """
    known = SENTENCES.get(key)
    ours, theirs = (f"\u2068{value}\u2069" if value else "" for value in (probe, candidate))
    if known is None:
        return f"{ours} – {theirs}"
    return gettext(known).format(probe=ours, candidate=theirs).strip()


def outcome(key: str) -> str:
    """How far a comparison agrees, in the terms of the component: same, near, different or unknown."""
    level = key.rpartition(".")[2]
    return {"same": "same", "different": "different", "missing": "unknown"}.get(level, "near")
