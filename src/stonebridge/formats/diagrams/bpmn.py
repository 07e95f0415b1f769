"""A process as BPMN 2.0 with its layout, for whoever reads such files. Nothing executes it.

A stage is a sub-process whose tasks may be done in any order; several exits leave through an exclusive gateway;
a stage without an exit is an end event. Role, legal basis, time limit and guards stand in the documentation of
their element. Of BPMN no more is used, and no more is claimed.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from stonebridge.domain.process import Process, Stage
from stonebridge.formats.diagrams.layout import Box, Drawing, Point, drawing
from stonebridge.formats.diagrams.table import Say, as_given

_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_DD = "http://www.omg.org/spec/DD/20100524/DI"
_PREFIXES = {"bpmn": _MODEL, "bpmndi": _DI, "dc": _DC, "di": _DD}


def bpmn(process: Process, *, say: Say = as_given) -> bytes:
    """The file, in UTF-8. ``say`` translates titles."""
    for prefix, namespace in _PREFIXES.items():
        register_namespace(prefix, namespace)
    made = drawing(process)
    root = Element(
        f"{{{_MODEL}}}definitions",
        id=f"definitions_{process.id}",
        targetNamespace=f"urn:stonebridge:process:{process.id}",
    )
    _elements(root, process, say)
    _diagram(root, made)
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _elements(root: Element, process: Process, say: Say) -> None:
    holder = _in(root, "process", f"process_{process.id}", say(process.title), isExecutable="false")
    _in(holder, "startEvent", "start")
    for stage in process.stages:
        if stage.is_end:
            _in(holder, "endEvent", f"stage_{stage.id}", say(stage.title))
            continue
        whole = _in(holder, "subProcess", f"stage_{stage.id}", say(stage.title))
        for task in stage.tasks:
            due = f"\nTime limit: {task.due.parameter}, from {task.due.since}" if task.due else ""
            second = "\nNeeds a second officer" if task.second else ""
            optional = "\nOptional" if task.optional else ""
            element = _in(whole, "userTask", f"task_{task.id}", say(task.title))
            SubElement(
                element, f"{{{_MODEL}}}documentation"
            ).text = f"Role: {task.role.value}\nBasis: {task.basis}{due}{second}{optional}"
        if len(stage.exits) > 1:
            _in(holder, "exclusiveGateway", f"gate_{stage.id}")
    for id, source, target, title, guards in _flows(process):
        flow = _in(holder, "sequenceFlow", id, say(title) if title else None, sourceRef=source, targetRef=target)
        for guard in guards:
            known = process.guard(guard)
            SubElement(
                flow, f"{{{_MODEL}}}documentation"
            ).text = f"Guard: {say(known.title)} ({'; '.join(map(str, known.basis))})"


def _flows(process: Process) -> Iterator[tuple[str, str, str, str, tuple[str, ...]]]:
    """Identifier, source, target, title and guards of every flow."""
    yield "flow_start", "start", f"stage_{process.stages[0].id}", "", ()
    for stage in process.stages:
        if len(stage.exits) > 1:
            yield f"flow_{stage.id}", f"stage_{stage.id}", f"gate_{stage.id}", "", ()
        for each in stage.exits:
            yield _flow_id(stage, each.outcome), _source(stage), f"stage_{each.to}", each.title, each.guards


def _flow_id(stage: Stage, outcome: str) -> str:
    return f"flow_{stage.id}_{outcome}"


def _source(stage: Stage) -> str:
    return f"gate_{stage.id}" if len(stage.exits) > 1 else f"stage_{stage.id}"


def _in(parent: Element, kind: str, id: str, name: str | None = None, **more: str) -> Element:
    return SubElement(parent, f"{{{_MODEL}}}{kind}", {"id": id, **({"name": name} if name else {}), **more})


def _diagram(root: Element, made: Drawing) -> None:
    process = made.process
    diagram = SubElement(root, f"{{{_DI}}}BPMNDiagram", id="diagram")
    plane = SubElement(diagram, f"{{{_DI}}}BPMNPlane", id="plane", bpmnElement=f"process_{process.id}")
    _shape(plane, "start", made.start)
    for stage in process.stages:
        _shape(plane, f"stage_{stage.id}", made.stages[stage.id], expanded=not stage.is_end)
        for task in stage.tasks:
            _shape(plane, f"task_{task.id}", made.tasks[task.id])
        if stage.id in made.gates:
            _shape(plane, f"gate_{stage.id}", made.gates[stage.id])
    first = made.stages[process.stages[0].id]
    _edge(plane, "flow_start", ((made.start.middle, made.start.bottom), (first.middle, first.y)))
    for id, gate in made.gates.items():
        _edge(plane, f"flow_{id}", ((gate.middle, made.stages[id].bottom), (gate.middle, gate.y)))
    for way in made.ways:
        _edge(plane, _flow_id(way.stage, way.exit.outcome), way.points)


def _shape(plane: Element, id: str, box: Box, *, expanded: bool = False) -> None:
    more = {"isExpanded": "true"} if expanded else {}
    shape = SubElement(plane, f"{{{_DI}}}BPMNShape", {"id": f"shape_{id}", "bpmnElement": id, **more})
    SubElement(shape, f"{{{_DC}}}Bounds", x=str(box.x), y=str(box.y), width=str(box.width), height=str(box.height))


def _edge(plane: Element, id: str, points: tuple[Point, ...]) -> None:
    edge = SubElement(plane, f"{{{_DI}}}BPMNEdge", id=f"edge_{id}", bpmnElement=id)
    for x, y in points:
        SubElement(edge, f"{{{_DD}}}waypoint", x=str(x), y=str(y))
