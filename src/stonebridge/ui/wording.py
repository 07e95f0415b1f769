"""Errors of the rooms below the screens in the officer's language.

The domain speaks English and knows no catalogue. Its remedies stand here once more, as
sentences to translate, with a name for each part that changes; a remedy that is not listed
is shown as it is.
"""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from stonebridge.domain.errors import BadInput, NotFound, StonebridgeError

LONGEST_SHOWN = 40
"""Characters of a value at fault that are shown."""

REMEDIES = (
    # names
    gettext_noop("A name has at most %(most)s characters. Check what was pasted."),
    gettext_noop("Write the name as it was said or printed."),
    gettext_noop("More than three accents stand on one letter. Type the name again."),
    gettext_noop("A name has no digits. Put numbers of documents in their own field."),
    gettext_noop("It holds an invisible character (%(character)s). Type the name instead of pasting it."),
    gettext_noop("It holds a character that is no letter (%(character)s). Remove it."),
    gettext_noop("Write at least one name. A single name goes here; do not invent a second."),
    # dates
    gettext_noop("A %(calendar)s year lies between %(first)s and %(last)s; check the calendar chosen."),
    gettext_noop("Give the month as well, or the year alone."),
    gettext_noop("The day comes first, then the month: a month is 1 to %(last)s. Check the order."),
    gettext_noop(
        "Month %(month)s of %(year)s (%(calendar)s) has %(days)s days. Correct the day, or give month and year alone."
    ),
    gettext_noop("%(month)s is no month of the %(calendar)s calendar. Give it as a number."),
    gettext_noop("Give the year with four digits, for example 07.03.1990."),
    gettext_noop("Give a year (1990), month and year (3.1990) or day, month and year (07.03.1990)."),
    gettext_noop("For an age write 'about 30' or '30 years'; for a year give four digits."),
    gettext_noop("This lies after today, %(today)s. Check the year and the calendar."),
    gettext_noop("This makes the person older than %(years)s. Check the year and the calendar."),
    gettext_noop("An age lies between 0 and %(years)s years."),
    # machine-readable zones
    gettext_noop("Only A to Z, 0 to 9 and < stand in a zone; read it again."),
    gettext_noop("A zone has 3 lines of 30 characters, 2 of 36, or 2 of 44; read it again."),
    gettext_noop("Only letters stand here; look at the document."),
    gettext_noop("M, F or < stands here; look at the document."),
    gettext_noop("The check digit does not hold; read the zone again or look at the document."),
    gettext_noop("The check digit over the whole zone does not hold; read it again."),
    gettext_noop("Digits stand here, or << for an unknown part; look at the document."),
    # statements
    gettext_noop("Another statement has taken its place. Load the page again."),
    # references and searches
    gettext_noop("A reference looks like MK-7F2K-93TD: two letters, then twice four characters."),
    gettext_noop("One character is wrong or two are swapped. Compare it with the receipt."),
    gettext_noop("Search for at most %(most)s characters. Check what was pasted."),
    gettext_noop("It holds an invisible character. Type it instead of pasting it."),
    gettext_noop("No state or status has this code. Choose from the list."),
    # files
    gettext_noop("The file is empty; choose it again."),
    gettext_noop("Give a file of at most %(most)s MB."),
    gettext_noop(
        "PDF files are not read in this release. Save the page as a JPEG or PNG image, or record the document without its scan."
    ),
    gettext_noop("Give one of these: %(kinds)s."),
    gettext_noop("It is damaged or cut short; save it anew, or give another copy."),
    gettext_noop("It is damaged or asks for too much; give another copy."),
    gettext_noop("Reading it takes too long; give a plainer, smaller file."),
    gettext_noop("Give a still picture of one page, not an animation or a series."),
    gettext_noop("Give a smaller picture: at most %(most)s megapixels, or 12 as WebP, which takes more memory."),
    gettext_noop("Give a picture of a face, at least %(least)s pixels wide and high."),
    gettext_noop("Save it with 8 bits a colour, as JPEG or PNG."),
    gettext_noop("Save it in grey with 8 bits a pixel."),
    gettext_noop(
        "At 500 an inch each side must be %(least)s to %(most)s pixels: give one finger or one hand, and state the resolution."
    ),
    gettext_noop("Scan fingers at %(usual)s, the same across and down; %(least)s to %(most)s can be used."),
    gettext_noop("This node reads no WSQ: install the extra 'fingerprint', or give PNG."),
)
CALENDARS: Mapping[str, Promise] = {
    "gregorian": gettext_lazy("Gregorian"),
    "solar hijri": gettext_lazy("Solar Hijri"),
    "lunar hijri": gettext_lazy("Lunar Hijri"),
    "ethiopian": gettext_lazy("Ethiopian"),
    "bikram sambat": gettext_lazy("Bikram Sambat"),
}
_PART = re.compile(r"%\\\((\w+)\\\)s|%\((\w+)\)s")


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(_PART.sub(lambda found: f"(?P<{found[1] or found[2]}>.+?)", re.escape(sentence)), re.DOTALL)


_PATTERNS = tuple((_pattern(sentence), sentence) for sentence in REMEDIES)


def remedy_of(error: BadInput) -> str:
    """The remedy, translated as far as the catalogue knows it."""
    for pattern, sentence in _PATTERNS:
        if found := pattern.fullmatch(error.remedy):
            parts = {name: str(CALENDARS.get(part, part)) for name, part in found.groupdict().items()}
            return gettext(sentence) % parts if parts else gettext(sentence)
    return gettext(error.remedy)


def beside_field(error: BadInput) -> str:
    """The value at fault and the remedy, for below the field."""
    shown = beginning(str(error.value))
    return f"“{shown}”: {remedy_of(error)}" if shown.strip() else remedy_of(error)


def beginning(text: str) -> str:
    """As much of a text at fault as is shown, with a dot for each character that cannot be seen."""
    shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    return "".join(char if char.isprintable() else "·" for char in shown)


def in_words(error: StonebridgeError) -> str:
    """The whole error for a page of its own."""
    if isinstance(error, BadInput):
        return gettext("%(field)s: %(fault)s") % {"field": error.field, "fault": beside_field(error)}
    if isinstance(error, NotFound):
        return gettext("Nothing by the reference %(reference)s is known to you. Check it, or search.") % {
            "reference": error.reference
        }
    return str(error)
