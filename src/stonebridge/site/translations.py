"""The compiled translation catalogues, made from the ``.po`` files beside them. Git ignores them.

``python -m stonebridge.site.translations`` needs no gettext on the machine. Entries that
are marked fuzzy are left out: a guess is never shown to a person.
"""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[3]


def compile_catalogues(root: Path = ROOT) -> list[Path]:
    """Compile each catalogue that is newer than its compiled form; answers those that were."""
    made = []
    for source in sorted(
        [*root.glob("src/**/locale/*/LC_MESSAGES/*.po"), *root.glob("nodes/*/locale/*/LC_MESSAGES/*.po")]
    ):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        with source.open("rb") as read, target.open("wb") as written:
            write_mo(written, read_po(read, locale=source.parts[-3]))
        made.append(target)
    return made


if __name__ == "__main__":
    sys.stdout.writelines(f"{path}\n" for path in compile_catalogues())
