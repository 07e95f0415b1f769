"""Where everything of a drawn process stands: a ladder of stages from top to bottom, by-ways along the right.

The exit to the stage just below goes straight down. Every other way leaves at the right, runs along a channel
of its own, and enters its stage from the right; ways whose spans do not touch share a channel.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from stonebridge.domain.process import Exit, Process, Stage

TASK_WIDTH, TASK_HEIGHT, GAP = 168, 64, 12
HEAD, PAD = 30, 12
PER_ROW = 4
STAGE_WIDTH = PER_ROW * TASK_WIDTH + (PER_ROW - 1) * GAP + 2 * PAD
LEFT, TOP, BETWEEN = 30, 70, 92
END_SIZE, GATE_SIZE = 30, 34
FIRST_CHANNEL, CHANNEL = 150, 22

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, width, height."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Way:
    """An exit, drawn: through these points, with its words beginning at ``words``."""

    stage: Stage
    exit: Exit
    points: tuple[Point, ...]
    words: Point


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole: boxes by the identifier of their stage or task, gates where a stage has several exits."""

    process: Process
    width: int
    height: int
    start: Box
    stages: dict[str, Box]
    tasks: dict[str, Box]
    gates: dict[str, Box]
    ways: tuple[Way, ...]


def drawing(process: Process) -> Drawing:
    """Lay a process out. The same process always gives the same drawing."""
    stages, tasks, gates = {}, {}, {}
    y = TOP + BETWEEN // 2
    for stage in process.stages:
        stages[stage.id] = box = _stage_box(stage, y)
        for number, task in enumerate(stage.tasks):
            row, column = divmod(number, PER_ROW)
            tasks[task.id] = Box(
                box.x + PAD + column * (TASK_WIDTH + GAP),
                box.y + HEAD + row * (TASK_HEIGHT + GAP),
                TASK_WIDTH,
                TASK_HEIGHT,
            )
        if len(stage.exits) > 1:
            gates[stage.id] = Box(box.middle - GATE_SIZE // 2, box.bottom + 14, GATE_SIZE, GATE_SIZE)
        y = box.bottom + (BETWEEN if stage.exits else 26)
    ways, right = _ways(process, stages, gates)
    start = Box(LEFT + STAGE_WIDTH // 2 - END_SIZE // 2, TOP - END_SIZE // 2, END_SIZE, END_SIZE)
    return Drawing(process, right + 40, y + 10, start, stages, tasks, gates, tuple(ways))


def _stage_box(stage: Stage, y: int) -> Box:
    if stage.is_end:
        return Box(LEFT + STAGE_WIDTH // 2 - END_SIZE // 2, y, END_SIZE, END_SIZE)
    rows = max(1, -(-len(stage.tasks) // PER_ROW))
    return Box(LEFT, y, STAGE_WIDTH, HEAD + rows * (TASK_HEIGHT + GAP))


def _ways(process: Process, stages: dict[str, Box], gates: dict[str, Box]) -> tuple[list[Way], int]:
    order = {stage.id: place for place, stage in enumerate(process.stages)}
    straight: list[tuple[Stage, Exit]] = []
    round_about: list[tuple[Stage, Exit]] = []
    for stage in process.stages:
        for each in stage.exits:
            is_next = order[each.to] == order[stage.id] + 1 and stage.id not in {s.id for s, _ in straight}
            (straight if is_next else round_about).append((stage, each))
    ways = [_straight(stage, each, stages, gates) for stage, each in straight]
    taken: list[list[tuple[int, int]]] = []
    entries: dict[str, int] = {}
    for stage, each in sorted(round_about, key=lambda pair: abs(order[pair[1].to] - order[pair[0].id])):
        leave = _leaving_y(stage, each, stages, gates, straight)
        entry = _entry_y(stages[each.to], entries, each.to)
        span = (min(leave, entry) - 8, max(leave, entry) + 8)
        channel = _channel(taken, span)
        ways.append(
            _round_about(
                stage, each, stages, gates, (leave, entry), LEFT + STAGE_WIDTH + FIRST_CHANNEL + CHANNEL * channel
            )
        )
    return ways, LEFT + STAGE_WIDTH + FIRST_CHANNEL + CHANNEL * len(taken)


def _straight(stage: Stage, each: Exit, stages: dict[str, Box], gates: dict[str, Box]) -> Way:
    source, target = gates.get(stage.id, stages[stage.id]), stages[each.to]
    return Way(
        stage,
        each,
        ((source.middle, source.bottom), (target.middle, target.y)),
        (source.middle + 8, source.bottom + 16),
    )


def _leaving_y(
    stage: Stage, each: Exit, stages: dict[str, Box], gates: dict[str, Box], straight: list[tuple[Stage, Exit]]
) -> int:
    """Ways that leave one gate do so one below the other, from its right corner downwards."""
    others = [exit for exit in stage.exits if (stage, exit) not in straight]
    box = gates.get(stage.id)
    if box is None:
        return stages[stage.id].bottom - 14
    return box.y + GATE_SIZE // 2 - 14 + 16 * others.index(each)


def _entry_y(target: Box, entries: dict[str, int], id: str) -> int:
    number = entries[id] = entries.get(id, -1) + 1
    if target.height == END_SIZE:
        return target.y + END_SIZE // 2
    return target.y + 14 + 10 * (number % 6)


def _channel(taken: list[list[tuple[int, int]]], span: tuple[int, int]) -> int:
    for number, spans in enumerate(taken):
        if all(span[1] < first or last < span[0] for first, last in spans):
            spans.append(span)
            return number
    taken.append([span])
    return len(taken) - 1


def _round_about(
    stage: Stage, each: Exit, stages: dict[str, Box], gates: dict[str, Box], levels: tuple[int, int], channel: int
) -> Way:
    leave, entry = levels
    target = stages[each.to]
    gate = gates.get(stage.id)
    first = (
        (gate.x + gate.width, gate.y + GATE_SIZE // 2) if gate else (stages[stage.id].x + stages[stage.id].width, leave)
    )
    points = [first, *([(first[0] + 10, first[1]), (first[0] + 10, leave)] if gate and leave != first[1] else [])]
    points += [(channel, leave), (channel, entry), (target.x + target.width, entry)]
    return Way(stage, each, tuple(points), (LEFT + STAGE_WIDTH - 250, leave - 4))


def lines_of(text: str, letters: int) -> Iterator[str]:
    """A text in lines of at most so many letters, broken between words."""
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > letters:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    if line:
        yield line
