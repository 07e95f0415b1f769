"""The catalogue of translations, kept without GNU gettext.

``python -m stonebridge.ui.messages`` reads every template and module of the node and brings
``src/stonebridge/locale/<language>/LC_MESSAGES/django.po`` up to date; ``--check`` changes nothing
and fails on a stale or incomplete catalogue. Entries are sorted and carry no line numbers, so that
two branches merge.
"""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as BabelMessage
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from stonebridge.matching.sentences import SENTENCES

SOURCE = Path(__file__).parents[1]
LOCALE = SOURCE / "locale"
# Function name to the places of context, singular and plural among its arguments.
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
SAME_IN_EVERY_LANGUAGE = frozenset({"%(field)s: %(fault)s", "%(officer)s, %(at)s"})
"""Messages without a word in them: the only ones that a translation may leave as they are."""
_LITERAL = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_IN_TEMPLATE = re.compile(rf"(?<!\w)(_|n?p?gettext)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)", re.DOTALL)


@dataclass(frozen=True, order=True, slots=True)
class Message:
    """A sentence to translate; ``plural`` is its form for several."""

    text: str
    context: str = ""
    plural: str = ""


def main(arguments: list[str]) -> int:
    """Update each catalogue, or with ``--check`` print what is wrong and answer 1 if anything is."""
    catalogues = sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))
    wanted = frozenset(messages())
    if "--check" in arguments:
        faults = [fault for path in catalogues for fault in faults_of(path, wanted)]
        sys.stdout.writelines(f"{fault}\n" for fault in faults)
        return 1 if faults else 0
    for path in catalogues:
        update(path, wanted)
    return 0


def messages() -> Iterator[Message]:
    """Every message of the node, from its modules and its templates, and the sentences of the comparisons."""
    for path in sorted(SOURCE.rglob("*.py")):
        yield from messages_of_module(path.read_text())
    for path in sorted(SOURCE.glob("*/templates/**/*.*")):
        yield from messages_of_template(path.read_text())
    yield from (Message(sentence) for sentence in SENTENCES.values())


def messages_of_module(text: str) -> Iterator[Message]:
    """The messages that a module marks by a call with literal texts, whatever it calls the function."""
    tree = ast.parse(text)
    called = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            name = called.get(name, name)
            texts = [each.value if isinstance(each, ast.Constant) else None for each in node.args]
            yield from _message(name, texts)


def messages_of_template(text: str) -> Iterator[Message]:
    """The messages in a template's tags and filters."""
    for name, literals in _IN_TEMPLATE.findall(templatize(text)):
        yield from _message(name, list(ast.literal_eval(f"({literals},)")))


def _message(name: str, texts: Sequence[object]) -> Iterator[Message]:
    if name not in CALLS:
        return
    chosen = [texts[place] if place is not None and place < len(texts) else "" for place in CALLS[name]]
    if all(isinstance(each, str) for each in chosen) and chosen[1]:
        context, singular, plural = (str(each) for each in chosen)
        yield Message(singular, context, plural)


def update(path: Path, wanted: frozenset[Message]) -> None:
    """Add what is new, drop what nobody says any more, keep every translation and the head of the file."""
    head = path.read_text().split("\n\n", 1)[0].rstrip("\n")
    known = {_key(entry): entry.string for entry in _read(path) if entry.id}
    new = Catalog(locale=path.parents[1].name)
    for message in sorted(wanted):
        ids = (message.text, message.plural) if message.plural else message.text
        new.add(ids, known.get(message, ""), context=message.context or None)
    body = BytesIO()
    write_po(body, new, width=110, sort_output=True, omit_header=True)
    path.write_text(f"{head}\n\n{body.getvalue().decode().strip()}\n")


def faults_of(path: Path, wanted: frozenset[Message]) -> list[str]:
    """What a catalogue lacks, has too much, or has in doubt."""
    language = path.parents[1].name
    known = {_key(entry): entry for entry in _read(path) if entry.id}
    missing = [f"{language}: missing: {message.text!r}" for message in sorted(wanted - known.keys())]
    stale = [f"{language}: nobody says any more: {message.text!r}" for message in sorted(known.keys() - wanted)]
    open_ones = [f"{language}: not translated: {key.text!r}" for key, entry in known.items() if not _is_said(entry)]
    left = [
        f"{language}: left in English: {key.text!r}"
        for key, entry in known.items()
        if key.text not in SAME_IN_EVERY_LANGUAGE and {key.text, key.plural} & set(_forms(entry))
    ]
    return missing + stale + open_ones + left


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def _key(entry: BabelMessage) -> Message:
    text, plural = entry.id if isinstance(entry.id, (list, tuple)) else (entry.id, "")
    return Message(text, entry.context or "", plural)


def _is_said(entry: BabelMessage) -> bool:
    return all(_forms(entry)) and not entry.fuzzy


def _forms(entry: BabelMessage) -> tuple[str, ...]:
    return tuple(entry.string) if isinstance(entry.string, (list, tuple)) else (entry.string or "",)


if __name__ == "__main__":
    from django.conf import settings

    settings.configure()
    raise SystemExit(main(sys.argv[1:]))
