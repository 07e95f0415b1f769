"""Sets pages with Typst. Runs in the confined child alone, with fonts and templates in memory."""

import json
import os
from pathlib import Path

import typst

from stonebridge.formats.malformed import Malformed

FONTS = Path(__file__).parent / "static" / "built" / "fonts" / "print"
# Every style once, so that each font is read before the walls go up.
_WARMING = 'A *A* #text(font: "Noto Sans Arabic")[م *م*]'
_MISSING_LETTER = "could not be displayed"
_held: list[typst.Fonts] = []


def prepare() -> None:
    """Read the fonts and set a small page."""
    os.environ["RAYON_NUM_THREADS"] = "2"  # Typst's pool, which would else grow with the machine
    _held.append(typst.Fonts(False, False, [str(FONTS)]))
    _compile(
        {"main.typ": f'#set document(title: "-")\n#set text(font: "Source Sans 3")\n{_WARMING}'.encode()},
        "null",
        "pdf",
        0,
    )


def work(given: bytes) -> tuple[dict[str, int], bytes]:
    """The pages.

    Raises:
        Malformed: Typst cannot set them; the value is its message.
    """
    order = json.loads(given)
    files = {name: text.encode() for name, text in order["files"].items()}
    try:
        return {}, _compile(files, order["data"], order["form"], order["at"])
    except typst.TypstError as error:
        if _MISSING_LETTER not in str(error):
            raise Malformed("page", "layout", str(error)[:300], "Tell the administrator.") from error
    # Archival PDF forbids letters that no font has. The person's name counts more: the page is set, and says so.
    return {}, _compile(files, order["data"], order["form"], order["at"], complete=False)


def _compile(files: dict[str, bytes], data: str, form: str, at: int, *, complete: bool = True) -> bytes:
    inputs = {"data": data, "complete": "yes" if complete else "no"}
    compiler = typst.Compiler(  # type: ignore[type-var]  # its stub leaves out the files in memory that its manual describes
        files, font_paths=_held[0], ignore_system_fonts=True, sys_inputs=inputs
    )
    if form == "png":
        made = compiler.compile(format="png", ppi=110.0, timestamp=at)
    else:
        made = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"] if complete else [], timestamp=at)
    first = made[0] if isinstance(made, list) else made
    return first or b""
