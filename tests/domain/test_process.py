"""Declared processes: what a declaration may not leave open, and what ours say."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from stonebridge.domain.actor import Role
from stonebridge.domain.errors import BadInput
from stonebridge.domain.process import Basis, Due, Exit, Guard, Process, Stage, Task, faults
from stonebridge.formats.diagrams import bpmn, step_table, svg
from stonebridge.formats.diagrams.layout import drawing
from stonebridge.law.load import instruments, parameters
from stonebridge.readmission.process import REQUESTED, REQUESTING, RIGHTS
from stonebridge.reintegration.process import VOLUNTARY_RETURN
from stonebridge.site.command import main
from stonebridge.site.process_commands import PROCESSES

LAW = Basis("a-law", ("1",))
WORK = Task("work", "Work", Role.CASE_WORKER, LAW)
SOUND = Process(
    "sound", "A sound process", 1,
    (Stage("open", "Open", (WORK,), (Exit("done", "Done", "closed", ("allowed",)), Exit("again", "Again", "open"))),
     Stage("closed", "Closed")),
    (Guard("allowed", "Allowed", (LAW,)),),
)  # fmt: skip
every_process = pytest.mark.parametrize("process", PROCESSES, ids=lambda each: each.id)


def tree(written: str | bytes) -> ElementTree.Element:
    return ElementTree.fromstring(written)  # noqa: S314  # our own writing


def faults_of(process: Process) -> tuple[str, ...]:
    return faults(process, instruments=["a-law"], parameters=["a-time"])


def with_open(**changes: object) -> Process:
    return replace(SOUND, stages=(replace(SOUND.stages[0], **changes), SOUND.stages[1]))


def test_a_sound_process_has_no_fault():
    assert faults_of(SOUND) == ()


@pytest.mark.parametrize(
    ("process", "fault"),
    [
        (replace(SOUND, stages=()), "sound has no stage"),
        (replace(SOUND, stages=(*SOUND.stages, Stage("island", "Island"))), "island cannot be reached"),
        (with_open(exits=(Exit("done", "Done", "nowhere", ("allowed",)),)), "open leads to nowhere, which is no stage"),
        (with_open(exits=(Exit("again", "Again", "open", ("allowed",)),)), "no end can be reached from open"),
        (with_open(exits=(*SOUND.stages[0].exits, SOUND.stages[0].exits[0])), "outcome of open done is declared twice"),
        (with_open(tasks=(WORK, WORK)), "task work is declared twice"),
        (with_open(tasks=(replace(WORK, basis=Basis("no-law", ("1",))),)), "task work cites no-law, which is not on file"),
        (with_open(tasks=(replace(WORK, basis=Basis("a-law")),)), "task work cites no article of a-law"),
        (with_open(tasks=(replace(WORK, due=Due("no-time", "x")),)), "task work is due by no-time, which is not on file"),
        (replace(SOUND, guards=()), "guard allowed is used and not declared"),
        (replace(SOUND, guards=(*SOUND.guards, Guard("idle", "Idle", (LAW,)))), "guard idle is declared and guards nothing"),
        (replace(SOUND, guards=(Guard("allowed", "Allowed", ()),)), "guard allowed has no basis"),
        (replace(SOUND, stages=(SOUND.stages[0], replace(SOUND.stages[1], tasks=(replace(WORK, id="late"),)))),
         "closed is an end and has tasks that nobody would close"),
        (replace(SOUND, stages=(*SOUND.stages, SOUND.stages[1])), "stage closed is declared twice"),
    ],
)  # fmt: skip
def test_what_a_declaration_leaves_open_is_named(process: Process, fault: str):
    assert fault in faults_of(process)


@every_process
def test_every_declared_process_is_reachable_ends_and_rests_on_law(process: Process):
    assert faults(process, instruments=instruments(), parameters=parameters()) == ()


def test_no_two_processes_share_a_name():
    assert len({each.id for each in PROCESSES}) == len(PROCESSES)


def test_a_person_may_withdraw_from_a_voluntary_return_until_boarding():
    until_boarding = [VOLUNTARY_RETURN.stage(id) for id in ("assessment", "planning", "departure")]
    assert all("withdrawn" in {each.outcome for each in stage.exits} for stage in until_boarding)


def test_every_right_guards_every_step_towards_a_transfer():
    rights = {guard.id for guard in RIGHTS}
    steps = [
        REQUESTING.exit("drafting", "submitted"), REQUESTING.exit("preparation", "depart"),
        REQUESTING.exit("transfer", "handed_over"), REQUESTED.exit("preparation", "ready"),
    ]  # fmt: skip
    assert all(rights <= set(step.guards) for step in steps)


@pytest.mark.parametrize(
    ("process", "stage"), [(REQUESTED, "decision"), (REQUESTING, "submitted")], ids=["asked", "asking"]
)
def test_silence_is_an_exit_with_a_guard_of_its_own(process: Process, stage: str):
    assert process.exit(stage, "silent").guards == ("silence",)


def test_a_reply_needs_a_second_officer():
    assert next(task for _, task in REQUESTED.tasks if task.id == "reply").second


@pytest.mark.parametrize("ask", [
    lambda: SOUND.stage("no"), lambda: SOUND.exit("open", "no"), lambda: SOUND.exit("closed", "no"), lambda: SOUND.guard("no"),
])  # fmt: skip
def test_what_a_process_does_not_have_is_refused_with_what_it_has(ask: Callable[[], object]):
    with pytest.raises(BadInput, match="'no'"):
        ask()


@every_process
def test_nothing_in_a_drawing_overlaps_or_leaves_the_sheet(process: Process):
    made = drawing(process)
    boxes = sorted([*made.stages.values(), *made.gates.values()], key=lambda box: box.y)
    assert all(one.bottom <= other.y for one, other in pairwise(boxes))
    assert all(0 <= x <= made.width and 0 <= y <= made.height for way in made.ways for x, y in way.points)


@every_process
def test_ways_along_the_right_never_lie_on_one_another(process: Process):
    long_ways = [way.points for way in drawing(process).ways if len(way.points) > 2]
    spans = [(points[-2][0], *sorted((points[-3][1], points[-2][1]))) for points in long_ways]
    assert [
        (one, other) for number, one in enumerate(spans) for other in spans[number + 1 :]
        if one[0] == other[0] and one[1] <= other[2] and other[1] <= one[2]
    ] == []  # fmt: skip


@every_process
def test_the_drawing_is_well_formed_and_names_every_stage_and_task(process: Process):
    text = " ".join(tree(svg(process)).itertext())
    assert all(stage.title in text for stage in process.stages)
    assert all(task.title in text for _, task in process.tasks)


def test_the_drawing_marks_where_a_case_stands():
    assert svg(REQUESTED, here="decision").count('aria-current="step"') == 1
    assert "aria-current" not in svg(REQUESTED)


def test_a_title_is_never_markup():
    assert "<script>" not in svg(replace(SOUND, title="<script>alert(1)</script>"))


@every_process
def test_the_bpmn_file_is_whole(process: Process):
    root = tree(bpmn(process))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    elements = {id for id in ids if id and id.startswith(("stage_", "task_", "gate_", "flow_", "start"))}
    drawn = {element.get("bpmnElement") for element in root.iter() if element.get("bpmnElement")}
    ends = {element.get(side) for element in root.iter() for side in ("sourceRef", "targetRef") if element.get(side)}
    assert len(ids) == len(set(ids))
    assert drawn == {*elements, f"process_{process.id}"}
    assert ends <= elements


@every_process
def test_a_stage_with_several_exits_leaves_through_one_gateway(process: Process):
    root = tree(bpmn(process))
    gates = [element for element in root.iter() if element.tag.endswith("exclusiveGateway")]
    assert len(gates) == sum(len(stage.exits) > 1 for stage in process.stages)


@every_process
def test_the_table_has_every_task_with_role_and_basis(process: Process):
    rows = [line for line in step_table(process).splitlines() if line.startswith("|")][2:]
    assert all(str(task.basis) in row for (_, task) in process.tasks for row in rows if f" {task.title} " in row)
    assert len(rows) == sum(max(1, len(stage.tasks)) for stage in process.stages)


def test_the_table_speaks_the_readers_language():
    assert "ОПИС" in step_table(SOUND, say=lambda text: "ОПИС" if text == "Work" else text)


@pytest.mark.parametrize("form", ["table", "svg", "bpmn"])
def test_the_command_draws_each_form(form: str, capsys: pytest.CaptureFixture[str]):
    assert main(["process", "draw", "voluntary_return", "--form", form]) == 0
    assert "Counselling" in capsys.readouterr().out


def test_the_command_lists_every_process(capsys: pytest.CaptureFixture[str]):
    assert main(["process", "list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(PROCESSES)


@pytest.mark.parametrize("arguments", [["no_such"], ["voluntary_return", "--at", "nowhere"]])
def test_the_command_refuses_what_is_not_declared(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(["process", "draw", *arguments]) == 2
    assert "cannot be used" in capsys.readouterr().err
