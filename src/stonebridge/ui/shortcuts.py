"""The keyboard shortcuts of every page, declared once.

The sheet, the plain help page and the script all read this list. A letter alone never fires while
someone types, and every shortcut can be changed or switched off (WCAG 2.2, 2.1.4).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A key and what it does. A page element takes part by ``data-shortcut="<code>"``.

    ``keys`` is a key as the keyboard names it, after ``Ctrl+`` where that is held; empty means switched off.
    """

    code: str
    keys: str
    label: Promise


SHORTCUTS = (
    Shortcut("help", "?", _("Show the keyboard shortcuts")),
    Shortcut("search", "/", _("Go to the search box")),
    Shortcut("new", "n", _("Register a person")),
    Shortcut("next", "j", _("Next item in the list")),
    Shortcut("previous", "k", _("Previous item in the list")),
    Shortcut("open", "Enter", _("Open the item")),
    Shortcut("edit", "e", _("Edit")),
    Shortcut("save", "Ctrl+s", _("Save the draft")),
    Shortcut("submit", "Ctrl+Enter", _("Send the form")),
    Shortcut("answer_yes", "1", _("Pair: one person")),
    Shortcut("answer_no", "2", _("Pair: two persons")),
    Shortcut("answer_unsure", "3", _("Pair: unsure")),
    Shortcut("answer_insufficient", "4", _("Pair: the data do not suffice")),
    Shortcut("remark", "5", _("Pair: write the remark")),
    Shortcut("fingers", "f", _("Pair: compare the fingers")),
)


def shortcuts(chosen: Mapping[str, str] | None = None) -> tuple[Shortcut, ...]:
    """The shortcuts as an officer has chosen them: code to keys; an empty text switches one off."""
    own = chosen or {}
    return tuple(replace(each, keys=own.get(each.code, each.keys)) for each in SHORTCUTS)
