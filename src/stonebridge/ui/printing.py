"""Printed pages: a Typst template, plain data, a PDF.

    printing.pdf("registry/person_file", data, at=now)

reads ``registry/printing/person_file.typ``. The data travel as JSON and are never part of the
template's source, so that nothing in a name can be a command. A confined child sets the pages: it
has our fonts and templates in memory and can open no file. The same data and time give the same
bytes. The PDF is tagged and conforms to PDF/A-2a and PDF/UA-1, as Typst writes it; where our fonts lack
a letter, the page says so and conforms to neither.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stonebridge.domain.errors import BadInput, Unavailable
from stonebridge.formats.confined import Limits, run
from stonebridge.formats.malformed import Malformed

PACKAGE = Path(__file__).parents[1]
PAPER = PACKAGE / "ui" / "paper" / "paper.typ"
_LIMITS = Limits(memory=1 << 30, cpu=20, patience=40.0, answer=32 << 20, threads=2)
_NAME = re.compile(r"([a-z_]+)/([a-z_]+)")


def pdf(template: str, data: Mapping[str, object], *, at: datetime, images: Mapping[str, bytes] | None = None) -> bytes:
    """Set ``data`` with ``template`` ("app/name").

    ``data`` hold what JSON can, and lazy texts; ``images`` are JPEG, PNG or SVG, which the template finds
    by name: ``picture("name")``.
    ``at`` is the moment of printing, which the PDF carries.

    Raises:
        BadInput: no such template.
        Unavailable: the pages could not be set, or no child could be started.
    """
    return _set(template, data, at, images or {}, form="pdf")


def png(template: str, data: Mapping[str, object], *, at: datetime, images: Mapping[str, bytes] | None = None) -> bytes:
    """The first page of the same as a picture, to show before it is printed. Errors as ``pdf``."""
    return _set(template, data, at, images or {}, form="png")


def frame(title: str, reference: str, *, printed_by: str, at: datetime) -> dict[str, object]:
    """What ``paper.typ`` needs of every page: title, authority, reference, language, and who printed it when."""
    language = get_language() or "en"
    authority = settings.NODE.authority
    moment = date_format(localtime(at), "j F Y, H:i")
    return {
        "title": title,
        "reference": reference,
        "lang": language,
        "authority": authority.get(language) or next(iter(authority.values())),
        "incomplete": _(
            "This printer lacks letters of some names: an empty box stands for each. The record holds them."
        ),
        "foot": _("Printed %(moment)s by %(officer)s") % {"moment": moment, "officer": printed_by},
    }


def plain(value: object) -> Any:
    """The same with every lazy text translated and addresses of pages left out, so that JSON and paper can hold it."""
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items() if key != "url"}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _set(template: str, data: Mapping[str, object], at: datetime, images: Mapping[str, bytes], *, form: str) -> bytes:
    order = {
        "form": form,
        "at": int(at.timestamp()),
        "data": json.dumps({**plain(data), "images": {name: list(content) for name, content in images.items()}}),
        "files": {"main.typ": _source(template), "paper.typ": PAPER.read_text(encoding="utf-8")},
    }
    try:
        answer = run("stonebridge.ui.printing_worker", json.dumps(order).encode(), record=template, limits=_LIMITS)
    except Malformed as error:
        raise Unavailable("printing", f"The page {template} could not be set: {error.value}") from error
    if not answer.content.startswith(b"%PDF-" if form == "pdf" else b"\x89PNG"):
        raise Unavailable("printing", "The answer is no page; tell the administrator.")
    return answer.content


def _source(template: str) -> str:
    named = _NAME.fullmatch(template)
    path = PACKAGE / named[1] / "printing" / f"{named[2]}.typ" if named else None
    if path is None or not path.exists():
        raise BadInput("template", template, "Name a template of a room, for example registry/receipt.")
    return path.read_text(encoding="utf-8")
