"""Follow every link inside the documentation: each must lead to a file, and to a heading where it names one.

Standard library only. Links to other machines are not followed.
"""

import re
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = {".venv", ".state", "node_modules", "build"}
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def main() -> int:
    pages = [path for path in sorted(ROOT.rglob("*.md")) if not LEFT_OUT & set(path.relative_to(ROOT).parts)]
    faults = [fault for page in pages for fault in faults_of(page)]
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{len(pages)} pages of documentation, {len(faults)} dead links")
    return 1 if faults else 0


def faults_of(page: Path) -> list[str]:
    """The links of ``page`` that lead nowhere."""
    text = CODE.sub("", page.read_text(encoding="utf-8"))
    found = []
    for groups in LINK.findall(text):
        link = groups[0] or groups[1]
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists():
            found.append(f"{page.relative_to(ROOT)}: {link}: no such file")
        elif anchor and target.suffix == ".md" and anchor not in anchors_of(target):
            found.append(f"{page.relative_to(ROOT)}: {link}: no such heading")
    return found


def anchors_of(page: Path) -> set[str]:
    """The headings of ``page`` as links name them."""
    return {anchor(heading) for heading in HEADING.findall(CODE.sub("", page.read_text(encoding="utf-8")))}


def anchor(heading: str) -> str:
    kept = "".join(char for char in heading.lower() if char in " -_" or unicodedata.category(char)[0] in "LN")
    return kept.strip().replace(" ", "-")


if __name__ == "__main__":
    raise SystemExit(main())
