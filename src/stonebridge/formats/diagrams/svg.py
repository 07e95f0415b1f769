"""A process as SVG: no script, no style from elsewhere; words are words, so that they can be read aloud and found."""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from stonebridge.domain.process import Process, Stage, Task
from stonebridge.formats.diagrams.layout import END_SIZE, LEFT, Drawing, Way, drawing, lines_of
from stonebridge.formats.diagrams.table import Say, as_given

_INK, _SOFT, _LINE, _GROUND, _HERE = "#1b2a32", "#4f5f68", "#7b8990", "#eef2f3", "#ffe9a8"
_LETTERS = 26
_WORDS = 70


def svg(process: Process, *, here: str = "", say: Say = as_given) -> str:
    """Draw a process. ``here`` is the stage at which a case stands, drawn with a mark and a heavier border.

    ``say`` translates titles.
    """
    made = drawing(process)
    title = say(made.process.title)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {made.width} {made.height}" width="{made.width}" '
        f'height="{made.height}" role="img" aria-labelledby="title" font-family="Source Sans 3, sans-serif" font-size="13">',
        f'<title id="title">{escape(title)}</title>',
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="M0 0 8 4 0 8z" fill="{_SOFT}"/></marker></defs>',
        f'<text x="{LEFT}" y="28" font-size="19" font-weight="600" fill="{_INK}">{escape(title)}</text>',
    ]
    parts += _start(made)
    for stage in made.process.stages:
        parts += _end(made, stage, here, say) if stage.is_end else _stage(made, stage, here, say)
    for way in made.ways:
        parts += _way(way, say)
    for gate in made.gates.values():
        middle = gate.y + gate.height // 2
        points = f"{gate.middle},{gate.y} {gate.x + gate.width},{middle} {gate.middle},{gate.bottom} {gate.x},{middle}"
        parts.append(f'<polygon points="{points}" fill="white" stroke="{_INK}"/>')
    return "\n".join([*parts, "</svg>"])


def _start(made: Drawing) -> Iterator[str]:
    box, first = made.start, made.stages[made.process.stages[0].id]
    yield f'<circle cx="{box.middle}" cy="{box.y + END_SIZE // 2}" r="{END_SIZE // 2}" fill="white" stroke="{_INK}"/>'
    yield f'<path d="M{box.middle} {box.bottom}V{first.y}" stroke="{_SOFT}" fill="none" marker-end="url(#arrow)"/>'


def _stage(made: Drawing, stage: Stage, here: str, say: Say) -> Iterator[str]:
    box, is_here = made.stages[stage.id], stage.id == here
    fill, width = (_HERE, 3) if is_here else (_GROUND, 1)
    current = ' aria-current="step"' if is_here else ""
    yield f"<g id={quoteattr(f'stage-{stage.id}')}{current}>"
    yield (f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="6" fill="{fill}" '
           f'stroke="{_INK}" stroke-width="{width}"/>')  # fmt: skip
    mark = "▸ " if is_here else ""
    yield f'<text x="{box.x + 12}" y="{box.y + 20}" font-weight="600" fill="{_INK}">{mark}{escape(say(stage.title))}</text>'
    for task in stage.tasks:
        yield from _task(made, task, say)
    yield "</g>"


def _task(made: Drawing, task: Task, say: Say) -> Iterator[str]:
    box = made.tasks[task.id]
    dashes = ' stroke-dasharray="5 3"' if task.optional else ""
    due = f"; {task.due.parameter} ({task.due.since})" if task.due else ""
    yield f"<g><title>{escape(f'{say(task.title)} ({task.role.value}; {task.basis}{due})')}</title>"
    yield f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="4" fill="white" stroke="{_LINE}"{dashes}/>'
    for number, line in enumerate(list(lines_of(say(task.title), _LETTERS))[:3]):
        yield f'<text x="{box.x + 7}" y="{box.y + 16 + 14 * number}" font-size="12" fill="{_INK}">{escape(line)}</text>'
    clock = "◷ " if task.due else ""
    yield f'<text x="{box.x + 7}" y="{box.bottom - 6}" font-size="11" fill="{_SOFT}">{clock}{escape(str(task.basis))}</text></g>'


def _end(made: Drawing, stage: Stage, here: str, say: Say) -> Iterator[str]:
    box = made.stages[stage.id]
    fill = _HERE if stage.id == here else "white"
    yield f"<g id={quoteattr(f'stage-{stage.id}')}>"
    yield f'<circle cx="{box.middle}" cy="{box.y + END_SIZE // 2}" r="{END_SIZE // 2 - 1}" fill="{fill}" stroke="{_INK}" stroke-width="3"/>'
    yield f'<text x="{box.x - 10}" y="{box.y + 20}" text-anchor="end" font-weight="600" fill="{_INK}">{escape(say(stage.title))}</text></g>'


def _way(way: Way, say: Say) -> Iterator[str]:
    route = "M" + " L".join(f"{x} {y}" for x, y in way.points)
    words = say(way.exit.title)
    if way.exit.guards:
        words += f" [{', '.join(way.exit.guards)}]"
    first, *rest = lines_of(words, _WORDS)
    x, y = way.words
    yield f'<g><title>{escape(words)}</title><path d="{route}" stroke="{_SOFT}" fill="none" marker-end="url(#arrow)"/>'
    yield (f'<text x="{x}" y="{y}" font-size="11" fill="{_INK}" stroke="white" stroke-width="3" paint-order="stroke">'
           f"{escape(first)}{'…' if rest else ''}</text></g>")  # fmt: skip
