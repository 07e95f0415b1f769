"""The pages of the documentation that nobody keeps by hand: law, rules, processes, commands, settings and errors.

``scripts/docs`` writes them to ``build/docs`` and fails when the law has a loose end: a function
that cites an instrument without a file, or that no test names.
"""

import argparse
import ast
import pkgutil
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import stonebridge.domain
from stonebridge.domain import errors
from stonebridge.domain.cite import CITATIONS
from stonebridge.formats.diagrams import step_table
from stonebridge.law.check import unknown_citations
from stonebridge.law.load import instruments, parameters
from stonebridge.safeguards import policy

ROOT = Path(__file__).resolve().parents[3]
PAGES = ROOT / "build" / "docs"
DOORS = ("service", "form", "command", "import", "message")


def pages() -> dict[str, str]:
    """Every generated page by its file name."""
    _load_rules()
    made = {"law.md": _law(), "rules.md": _rules(), "settings.md": _settings(), "errors.md": _errors()}
    return made | {"commands.md": _commands(), "processes.md": _processes()}


def loose_ends() -> Iterator[str]:
    """What does not join article, function and test."""
    _load_rules()
    yield from unknown_citations()
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    for function in CITATIONS:
        if function.rpartition(".")[2] not in tests:
            yield f"{function} cites an article, but no test names it"


def _load_rules() -> None:
    for module in pkgutil.walk_packages(stonebridge.domain.__path__, "stonebridge.domain."):
        import_module(module.name)


def _law() -> str:
    text = "# Law\n\nEach instrument with its values and the functions that apply it. The status says how far a statement was checked;\n"
    text += "`stonebridge law check` lists what a named officer has yet to confirm.\n"
    for instrument in instruments().values():
        text += f"\n## {instrument.short}\n\n{instrument.title}. {instrument.published}. *{instrument.status}*\n"
        text += f"\n{instrument.note}\n" if instrument.note else ""
        values = [
            (parameter, value)
            for parameter in parameters().values()
            for value in parameter.values
            if value.instrument == instrument.id
        ]
        if values:
            text += "\n| Value | Article | In force | Number | Status |\n|---|---|---|---|---|\n"
        for parameter, value in values:
            number = f"{value.value} {value.unit.replace('_', ' ')}"
            text += f"| {parameter.title} | {value.article} | {value.in_force} | {number} | {value.status} |\n"
        applied = [
            (name, citation)
            for name, citations in sorted(CITATIONS.items())
            for citation in citations
            if citation.instrument == instrument.id
        ]
        if applied:
            text += "\n| Article | Applied by |\n|---|---|\n"
        for name, citation in applied:
            text += f"| {', '.join(citation.articles)} | `{name.removeprefix('stonebridge.')}` |\n"
    return text


def _rules() -> str:
    text = "# The gate's rules\n\nIn the order of `safeguards/policy.py`. *Second wall* is what enforces the rule again, in the database.\n"
    text += "\n| Rule | Articles | Second wall | Who can change the facts |\n|---|---|---|---|\n"
    for rule in policy.RULES:
        cited = "; ".join(str(citation) for citation in CITATIONS.get(f"{policy.__name__}.{rule.name}", ()))
        match rule.second_wall:
            case policy.Wall(where):
                wall = f"`{where}`"
            case policy.GateAlone(because):
                wall = f"none: {because}"
        emergency = " A running emergency opens it for reading." if rule.opened_by_emergency else ""
        text += f"| {rule.sentence}{emergency} | {cited} | {wall} | {rule.changed_by.replace('_', ' ')} |\n"
    return text + _doors()


def _doors() -> str:
    """Each rule at each door: refused there by a test, or the written reason why it cannot be met there."""
    reasons = tomllib.loads((ROOT / "tests/rule_reasons.toml").read_text(encoding="utf-8"))
    everywhere = reasons.pop("every_rule")
    text = "\n## At each door\n\n*Refused*: `tests/apps/test_walls_rules.py` tries it there and is refused by this rule alone. Elsewhere the\n"
    text += "door does not lead to what the rule judges, for the reason given.\n"
    text += f"\n| Rule | {' | '.join(door.capitalize() for door in DOORS)} |\n|{'---|' * (len(DOORS) + 1)}\n"
    for rule in policy.RULES:
        not_there = everywhere | reasons.get(rule.name, {})
        cells = [not_there.get(door, "refused") for door in DOORS]
        text += f"| `{rule.name}` | {' | '.join(cells)} |\n"
    return text


def _settings() -> str:
    text = "# Settings\n\nRead from the environment. A secret is better given as `NAME_FILE`, the path of a file that only the node's user reads.\n"
    text += "Nonsense stops the start.\n\n| Name | Kind | Default, limits |\n|---|---|---|\n"
    tree = ast.parse((ROOT / "src/stonebridge/site/settings.py").read_text(encoding="utf-8"))
    read = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        match call:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="environment"), attr=kind), args=[ast.Constant(name), *rest]
            ):
                limits = [ast.unparse(argument) for argument in rest if kind != "secret"]
                limits += [f"{keyword.arg} {ast.unparse(keyword.value)}" for keyword in call.keywords]
                read.append(f"| `{name!s}` | {kind} | {'; '.join(f'`{each}`' for each in limits)} |\n")
    roles = (
        "`DATABASE_URL` for the role `app`, and `DATABASE_URL_…` for `vault`, `protection`, `log`, `retention`, `owner`"
    )
    return text + "".join(sorted(read)) + f"\nThe databases' addresses: {roles}.\n"


def _errors() -> str:
    text = (
        "# Errors\n\nEverything an officer can meet has a code, names what it is about, and ends with the next step.\n"
    )
    text += "\n| Code | Meaning |\n|---|---|\n"
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.StonebridgeError):
            meaning = " ".join((kind.__doc__ or "").split())
            text += f"| `{kind.code}` | {meaning} |\n"
    return text


def _processes() -> str:
    from stonebridge.site.process_commands import PROCESSES

    text = "# Processes\n\nWhat a case can go through, from the declarations that run it. `agreement` is the one under which the case runs;\n"
    text += "`national_law` is a law that the node names: until it does, there is no rule on file.\n\n"
    return text + "\n".join(step_table(each) for each in PROCESSES)


def _commands() -> str:
    from stonebridge.site.command import parser_of_all

    text = "# Commands\n\nWhat `.venv/bin/stonebridge` can be told to do. Exit status 0: done; 1: done, and the answer is no; 2: not done.\n"
    for name, parser in _each_command(parser_of_all()):
        text += f"\n## {name}\n\n```text\n{parser.format_help().strip()}\n```\n"
    return text


def _each_command(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield inner.prog, inner
                yield from _each_command(inner)


def main() -> int:
    """Write the pages, print every loose end, and answer 1 if there is any."""
    PAGES.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (PAGES / name).write_text(text, encoding="utf-8")
    loose = list(loose_ends())
    sys.stdout.writelines(f"{end}\n" for end in loose)
    return 1 if loose else 0


if __name__ == "__main__":
    sys.exit(main())
