"""Who fits what is known of a person, field by field: by stored keys and values, without a score.

The matcher finds who resembles somebody by a name or a document. What it has no index for (a day of
birth alone, a father's name alone, the name that is just being typed) is found here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from uuid import UUID

from django.db.models import Q

from stonebridge.domain.name_keys import query_keys
from stonebridge.domain.partial_date import PartialDate
from stonebridge.matching.record import Identity
from stonebridge.registry.models import IdentityStatement, NamePart
from stonebridge.registry.search import How, by_document, by_name

MOST_FITTING = 50
"""Persons of whom everything is compared; where more fit, another field is asked for."""
PARTS: dict[str, tuple[NamePart, ...]] = {
    "given": (NamePart.GIVEN, NamePart.FAMILY, NamePart.PATRONYMIC, NamePart.BIRTH, NamePart.ALIAS),
    "family": (NamePart.GIVEN, NamePart.FAMILY, NamePart.PATRONYMIC, NamePart.BIRTH, NamePart.ALIAS),
    "father": (NamePart.FATHER, NamePart.GRANDFATHER),
    "mother": (NamePart.MOTHER,),
}
"""Where a name may stand that is searched for; given and family names change places."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person who is looked for. Every field may be empty; ``birth`` None: not known."""

    given: str = ""
    family: str = ""
    father: str = ""
    mother: str = ""
    birth: PartialDate | None = None
    sex: str = ""
    nationality: str = ""
    document: str = ""
    birth_place: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not any(getattr(self, field.name) for field in fields(self))

    def identity(self) -> Identity:
        """The same as the matcher compares it."""
        return Identity(
            given=self.given, family=self.family, father=self.father, mother=self.mother,
            birth=self.birth.as_matcher_text() if self.birth else "", sex=self.sex,
            nationalities=(self.nationality,) if self.nationality else (),
            documents=(self.document,) if self.document else (), birth_place=self.birth_place,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fitting:
    """Whom everything given fits, the latest registered first; ``more``: others fit as well."""

    ids: tuple[UUID, ...]
    more: bool = False


def who_fits(known: Known, *, unfinished: bool = False) -> Fitting:
    """Persons for whom every field given fits; of an ``unfinished`` name the beginning of each word is enough.

    Used inside a transaction, whose purpose says who may be found.
    """
    if known.is_empty:
        return Fitting(())
    ids: set[UUID] | None = None
    if known.document:
        ids = set(by_document(known.document))
    for field, parts in PARTS.items():
        groups = query_keys(getattr(known, field))
        if groups:
            found = set(by_name(groups, How.BEGINNING if unfinished else How.SPELLING))
            ids = _bearing(found if ids is None else found & ids, parts, groups, unfinished=unfinished)
    stated = _stated(known)
    if ids is not None:
        stated = Q(person_id__in=ids) & stated
    statements = IdentityStatement.objects.filter(stated).order_by("-person__registered_at", "-person_id")
    found_ids = list(dict.fromkeys(statements.values_list("person_id", flat=True)[: 4 * MOST_FITTING]))
    return Fitting(tuple(found_ids[:MOST_FITTING]), more=len(found_ids) > MOST_FITTING)


def _bearing(
    ids: set[UUID], parts: Sequence[NamePart], groups: Sequence[Sequence[str]], *, unfinished: bool
) -> set[UUID]:
    """Those who bear every word in one of these parts of their names: keys are stored without it."""
    if not ids:
        return ids
    named: dict[UUID, set[str]] = {}
    rows = IdentityStatement.objects.filter(person_id__in=ids, names__part__in=parts)
    for person, text, latin in rows.values_list("person_id", "names__text", "names__latin"):
        own = named.setdefault(person, set())
        own.update(key for told in (text, latin) for group in query_keys(told or "") for key in group)
    return {
        person for person, keys in named.items()
        if all(_fits(keys, group, unfinished=unfinished) for group in groups)
    }  # fmt: skip


def _fits(keys: set[str], group: Sequence[str], *, unfinished: bool) -> bool:
    whole = {key for key in group if not key.startswith("~")}
    return bool(keys & whole) or (unfinished and any(key.startswith(group[0]) for key in keys))


def _stated(known: Known) -> Q:
    """What one statement must say."""
    stated = Q()
    if known.birth and (between := known.birth.range()):
        stated &= Q(birth_earliest__lte=between[1], birth_latest__gte=between[0])
    if known.sex:
        stated &= Q(sex=known.sex)
    if known.nationality:
        stated &= Q(nationalities__state=known.nationality)
    if known.birth_place:
        stated &= Q(birth_place__in=_places_like(known.birth_place))
    return stated


def _places_like(place: str) -> list[str]:
    """Places of birth as they stand on record, in any script, with every word of this one."""
    groups = [{key for key in group if not key.startswith("~")} for group in query_keys(place)]
    if not groups:
        return [place]
    told = IdentityStatement.objects.exclude(birth_place="").values_list("birth_place", flat=True).distinct()
    return [
        text for text in told
        if all(any(group & set(own) for own in query_keys(text)) for group in groups)
    ]  # fmt: skip
