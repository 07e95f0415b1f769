"""A process as a table of steps: stage, task, role, basis, time limit, ways on and their guards."""

from collections.abc import Callable

from stonebridge.domain.process import Process, Stage

Say = Callable[[str], str]
COLUMNS = ("Stage", "Task", "Role", "Legal basis", "Time limit", "Leads to")


def as_given(text: str) -> str:
    """Titles as they were declared, in English."""
    return text


def step_table(process: Process, *, say: Say = as_given) -> str:
    """The table in Markdown, with a list of guards below it. ``say`` translates headings and titles."""
    lines = [
        f"## {say(process.title)}",
        "",
        "| " + " | ".join(say(each) for each in COLUMNS) + " |",
        "|" + "---|" * len(COLUMNS),
    ]
    for stage in process.stages:
        rows = [
            (
                say(task.title)
                + (f" ({say('optional')})" if task.optional else "")
                + (f" ({say('second officer')})" if task.second else ""),
                say(task.role.value.replace("_", " ")),
                str(task.basis),
                f"{task.due.parameter}, {task.due.since}" if task.due else "",
            )
            for task in stage.tasks
        ] or [("", "", "", "")]
        for number, row in enumerate(rows):
            first = number == 0
            lines.append(
                "| "
                + " | ".join([say(stage.title) if first else "", *row, _exits(process, stage, say) if first else ""])
                + " |"
            )
    if process.guards:
        lines += ["", f"{say('Guards: only a clear answer opens them')}:", ""]
        lines += [
            f"- `{guard.id}`: {say(guard.title)} ({'; '.join(map(str, guard.basis))})" for guard in process.guards
        ]
    return "\n".join(lines) + "\n"


def _exits(process: Process, stage: Stage, say: Say) -> str:
    if stage.is_end:
        return say("end")
    return "; ".join(
        f"{say(each.title)} → {say(process.stage(each.to).title)}"
        + (f" [{', '.join(each.guards)}]" if each.guards else "")
        for each in stage.exits
    )
