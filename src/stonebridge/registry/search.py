"""The one search box: names in any script, public references, numbers of documents.

It finds by keys that were stored with each record, so that every hit can be explained:
written as typed, another spelling of it, or beginning with it. It joins nothing and
scores nothing; the matcher does that, on its own. Whom the purpose does not open does not
appear, and every record shown is in the access log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import connection

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput, NotFound
from stonebridge.domain.name_keys import query_keys, search_keys
from stonebridge.domain.references import parse_reference
from stonebridge.registry.models import Person, SearchKey
from stonebridge.registry.queries import NameRead, StatementRead, best_statement, person_of, statements_of
from stonebridge.registry.services import document_key
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.policy import Action

LONGEST = 200
SHOWN = 25
SHORTEST_BEGINNING = 3
SHORTEST_NUMBER = 4


class How(StrEnum):
    """Why a record is found, the surest first."""

    REFERENCE = "reference"
    DOCUMENT = "document"
    AS_TYPED = "as_typed"
    SPELLING = "spelling"
    BEGINNING = "beginning"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Found:
    """One record that fits. ``name`` is the name by which it was found; ``statement`` the one to go by."""

    reference: str
    how: How
    name: tuple[NameRead, ...]
    statement: StatementRead
    language: str
    documents: tuple[str, ...]
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found. ``closed`` counts records that the gate kept shut; ``more`` says that others fit too."""

    found: tuple[Found, ...]
    closed: int = 0
    more: bool = False
    mistyped: str = ""


def search(text: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> Answer:
    """Everybody who fits, the best kind of fit first.

    Raises:
        Refused: the gate says no.
        BadInput: a text too long to be a name, or with invisible characters.
    """
    asked = _asked(text)
    with gate.act(purpose):
        gate.permit(actor, Action.SEARCH, purpose=purpose, basis=basis, now=now)
        if not asked:
            return Answer(())
        fits, mistyped = _fitting(asked)
        shown = fits[:SHOWN]
        opened: set[UUID] = set()
        # In the order of identifiers, so that two searches never wait for each other crosswise.
        for id in sorted(shown):
            try:
                gate.permit(actor, Action.SEARCH, purpose=purpose, basis=basis, now=now, persons=[id])
            except Refused:
                continue
            opened.add(id)
        found = sorted(_read([id for id in shown if id in opened], asked), key=lambda each: _RANK[each.how])
        return Answer(tuple(found), closed=len(shown) - len(opened), more=len(fits) > SHOWN, mistyped=mistyped)


def _asked(text: str) -> str:
    if len(text) > LONGEST:
        raise BadInput("q", text, f"Search for at most {LONGEST} characters. Check what was pasted.")
    if any(not char.isprintable() and not char.isspace() and char not in "\u200c\u200d" for char in text):
        raise BadInput("q", text, "It holds an invisible character. Type it instead of pasting it.")
    return " ".join(text.split())


def _fitting(asked: str) -> tuple[list[UUID], str]:
    """Identifiers of records that fit, without a look into them; and why a reference was mistyped, if it was."""
    mistyped = ""
    try:
        return [person_of(parse_reference(asked))], ""
    except NotFound:
        pass  # the number of a document may happen to read like a reference
    except BadInput as error:
        compact = "".join(char for char in asked if char.isalnum())
        mistyped = error.remedy if len(compact) == 10 and asked.count("-") == 2 else ""
    ids = dict.fromkeys(by_document(asked))
    groups = query_keys(asked)
    for way in (How.SPELLING, How.BEGINNING, How.SOUND):
        if len(ids) <= SHOWN:
            ids.update(dict.fromkeys(by_name(groups, way)))
    return list(ids), mistyped


def by_document(asked: str) -> list[UUID]:
    """Persons with a document whose number begins so."""
    number = document_key(asked)
    if len(number) < SHORTEST_NUMBER or not any(char.isdigit() for char in number):
        return []
    return _begin_with("document", number)


def by_name(groups: Sequence[Sequence[str]], way: How) -> list[UUID]:
    """Records of which every word searched for fits: by its whole key, by its beginning too, or by its consonants too."""
    fitting: set[UUID] | None = None
    for group in groups:
        keys = group if way is How.SOUND else _whole(group)
        same = set(SearchKey.objects.filter(kind="name", key__in=keys).values_list("person_id", flat=True))
        if way is not How.SPELLING and len(group[0]) >= SHORTEST_BEGINNING:
            same.update(_begin_with("name", group[0]))
        fitting = same if fitting is None else fitting & same
    return list(Person.objects.filter(id__in=fitting or ()).order_by("-registered_at").values_list("id", flat=True))


def _whole(keys: Iterable[str]) -> set[str]:
    """The keys that keep their vowels."""
    return {key for key in keys if not key.startswith("~")}


def _begin_with(kind: str, key: str) -> list[UUID]:
    """Persons with a key that begins so. Compared by range: these operators are leakproof, so the index serves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT person_id FROM registry_searchkey WHERE kind = %s AND key ~>=~ %s AND key ~<~ %s LIMIT 500",
            [kind, key, key + "\U0010ffff"],
        )
        return [id for (id,) in cursor.fetchall()]


def _read(ids: list[UUID], asked: str) -> list[Found]:
    persons = (
        Person.objects.filter(id__in=ids)
        .order_by("-registered_at", "id")
        .prefetch_related("statements__names", "statements__nationalities", "documents")
    )
    return [_found(person, asked) for person in persons]


def _found(person: Person, asked: str) -> Found:
    statements = statements_of(person)
    best = best_statement(statements)
    documents = tuple(each.number for each in person.documents.all())
    how, name = _why(statements, best, documents, person.reference, asked)
    return Found(person.reference, how, name, best, person.language, documents, person.registered_at)


def _why(
    statements: tuple[StatementRead, ...], best: StatementRead, documents: tuple[str, ...], reference: str, asked: str
) -> tuple[How, tuple[NameRead, ...]]:
    try:
        if parse_reference(asked) == reference:
            return How.REFERENCE, best.names
    except BadInput:
        pass
    words = asked.casefold().split()
    groups = query_keys(asked)
    by_spelling: tuple[NameRead, ...] = ()
    for statement in statements:
        texts = " ".join(f"{name.text} {name.latin}" for name in statement.names).casefold().split()
        if groups and set(words) <= set(texts):
            return How.AS_TYPED, statement.names
        if groups and not by_spelling and all(_keys_of(statement) & _whole(group) for group in groups):
            by_spelling = statement.names
    if by_spelling:
        return How.SPELLING, by_spelling
    if any(document_key(number).startswith(document_key(asked)) for number in documents if document_key(asked)):
        return How.DOCUMENT, best.names
    for statement in statements:
        keys = _keys_of(statement)
        if groups and all(any(key.startswith(group[0]) for key in keys) or keys & _whole(group) for group in groups):
            return How.BEGINNING, statement.names
    return How.SOUND, best.names


def _keys_of(statement: StatementRead) -> set[str]:
    return {key for name in statement.names for text in (name.text, name.latin) if text for key in search_keys(text)}


_RANK = {how: place for place, how in enumerate(How)}
