"""``stonebridge person candidates``, ``task`` and ``link``: the bench at a terminal, as whoever is signed in there.

The same services and queries as on the screens, so that a terminal tells no more: no score
and nobody else's opinion before one's own.
"""

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from stonebridge.accounts.command_session import actor_from_session
from stonebridge.accounts.doors import DEFAULT_BASIS
from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.adjudication import reasons_for
from stonebridge.domain.errors import BadInput
from stonebridge.domain.links import Justified, SamePerson
from stonebridge.domain.references import parse_reference
from stonebridge.identification import queries
from stonebridge.identification.labels import sentence
from stonebridge.identification.link_queries import Statement, link_seen
from stonebridge.identification.records import RecordSeen
from stonebridge.identification.services import Answer, assess_justification, give_judgement, withdraw_link

PURPOSE = Purpose.IDENTIFICATION
SIGNS = {"same": "=", "different": "≠", "missing": "?"}


def add(subparsers: Any) -> None:
    """Add ``person candidates``, ``task`` and ``link`` to the commands of ``stonebridge``."""
    acts = subparsers.choices["person"].get_default("acts")
    parser = _act(acts, "candidates", _candidates, "show whom the last search for a person found")
    parser.add_argument("--purpose", choices=list(Purpose), help="for what; by default one of your own")

    tasks = subparsers.add_parser("task", help="judge whether two records are one person").add_subparsers(
        title="acts", metavar="ACT", required=True
    )
    _act(tasks, "list", _list, "list the pairs that wait for you, most urgent first", refers=False)
    _act(tasks, "show", _show, "show both records of a pair, what was compared, and the mark to judge it by")
    parser = _act(tasks, "judge", _judge, "give your opinion on a pair that you have looked at")
    parser.add_argument("answer", metavar="ANSWER", choices=list(SamePerson), help=", ".join(SamePerson))
    parser.add_argument("--seen", required=True, metavar="MARK", help="the mark that 'task show' printed")
    parser.add_argument("--reason", required=True, action="append", metavar="CODE", help="may be repeated")
    parser.add_argument("--remark", default="", help="needed with 'yes', and with the reason 'other'")
    parser.add_argument("--justified", choices=list(Justified), default=Justified.NOT_ASSESSED, help="for supervisors")
    parser.add_argument("--article", default="", help="the article on which that rests")

    links = subparsers.add_parser("link", help="show, withdraw and assess links between records").add_subparsers(
        title="acts", metavar="ACT", required=True
    )
    _act(links, "show", _link, "show a link, how it came about and how it ended")
    parser = _act(links, "withdraw", _withdraw, "withdraw a link; the identities fall back to what they were")
    parser.add_argument("--reason", required=True, help="a sentence that somebody else can judge")
    parser = _act(links, "justify", _justify, "say whether what a link shows is lawful")
    parser.add_argument("justified", metavar="ANSWER", choices=[Justified.YES, Justified.NO], help="yes or no")
    parser.add_argument("--article", required=True, help="the article on which this rests")
    parser.add_argument("--reason", required=True, help="a sentence that somebody else can judge")


def _act(
    acts: Any, name: str, run: Callable[[argparse.Namespace], int | None], text: str, *, refers: bool = True
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=text, description=text.capitalize() + ".")
    if refers:
        parser.add_argument("reference", metavar="REFERENCE", help="for example MK-7F2K-93TD")
    parser.add_argument("--basis", help="legal basis, as listed; by default that of the purpose")
    parser.set_defaults(run=run)
    return parser


def _here(arguments: argparse.Namespace, purpose: Purpose = PURPOSE) -> dict[str, Any]:
    """Who acts, on which basis, and when."""
    now = timezone.now()
    return {"actor": actor_from_session(now), "basis": arguments.basis or DEFAULT_BASIS[purpose], "now": now}


def _candidates(arguments: argparse.Namespace) -> int:
    purpose = _purpose(arguments.purpose, actor_from_session())
    reference = queries.latest_search(parse_reference(arguments.reference), purpose)
    found = queries.search_seen(reference, purpose=purpose, **_here(arguments, purpose))
    if found.state != "answered":
        print(f"Search {reference} is under way{f': {found.trouble}' if found.trouble else ''}.")
        return 1
    for each in found.candidates:
        waits = f"\tpair {each.task} waits for you" if each.task else ""
        print(f"{each.record.reference}\t{each.record.name.text}{waits}")
        _print_comparisons(each.comparisons)
    if not found.candidates:
        print("Nobody on record resembles this person.")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    waiting = queries.queue(**_here(arguments))
    for each in waiting:
        print("\t".join((each.reference, each.probe, each.candidate, each.why, f"due {each.due_at:%Y-%m-%d %H:%M}")))
    if not waiting:
        print("No pair waits for you.")
    return 0


def _show(arguments: argparse.Namespace) -> int:
    pair = queries.bench(parse_reference(arguments.reference), **_here(arguments))
    for side, record in (("probe", pair.probe), ("candidate", pair.candidate)):
        _print_record(side, record)
    _print_comparisons(pair.comparisons)
    if pair.own:
        print(f"Your opinion: {pair.own.same_person} ({', '.join(pair.own.reasons)}); score {pair.score} bits")
    elif pair.is_open:
        print(f"Mark: {pair.mark}")
    else:
        print("This pair is settled, or it is not yours to judge.")
    return 0


def _judge(arguments: argparse.Namespace) -> int:
    answer = SamePerson(arguments.answer)
    known = [code.value for code in reasons_for(answer)]
    if not set(arguments.reason) <= set(known):
        raise BadInput("--reason", ", ".join(arguments.reason), f"With {answer} choose among: {', '.join(known)}.")
    reference = parse_reference(arguments.reference)
    give_judgement(
        reference,
        Answer(
            same_person=answer, reasons=tuple(arguments.reason), seen=arguments.seen, remark=arguments.remark,
            justified=Justified(arguments.justified), article=arguments.article,
        ),
        **_here(arguments),
    )  # fmt: skip
    print(f"Your opinion on {reference} is recorded.")
    return 0


def _link(arguments: argparse.Namespace) -> int:
    seen = link_seen(parse_reference(arguments.reference), **_here(arguments))
    print(f"{seen.first.reference} {seen.first.name.text} and {seen.second.reference} {seen.second.name.text}")
    if seen.waits:
        print(f"Pair {seen.waits} waits for your opinion; what links the two is shown once you have given it.")
        return 1
    for each in seen.statements:
        _print_statement(each)
    return 0


def _withdraw(arguments: argparse.Namespace) -> int:
    reference = parse_reference(arguments.reference)
    withdraw_link(reference, arguments.reason, **_here(arguments))
    print(f"Link {reference} is withdrawn.")
    return 0


def _justify(arguments: argparse.Namespace) -> int:
    made = assess_justification(
        parse_reference(arguments.reference), Justified(arguments.justified), arguments.article,
        reason=arguments.reason, **_here(arguments),
    )  # fmt: skip
    print(f"Link {made.reference} is {made.colour} now.")
    return 0


def _print_record(side: str, record: RecordSeen) -> None:
    print(f"{side}\t{record.reference}\t{record.name.text}")
    for statement in record.statements:
        names = ", ".join(f"{part}: {text.text}" for part, text in statement.names)
        states = ",".join(statement.nationalities)
        print(f"  {statement.standing}: {names}; born {statement.birth or '?'}; {statement.sex or '?'}; {states}")
    for document in record.documents:
        print(f"  document {document.text} ({document.note})")


def _print_comparisons(comparisons: Sequence[dict[str, object]]) -> None:
    for each in comparisons:
        key = str(each["key"])
        with override("en"):  # as everything else that a terminal says
            said = sentence(key, str(each["probe"]), str(each["candidate"]))
        print(f"  {SIGNS.get(key.rpartition('.')[2], '≈')} {said}")


def _print_statement(statement: Statement) -> None:
    said = {"open": "not yet judged", "yes": "one person", "no": "two persons"}[statement.same_person]
    by = ", ".join(statement.officers) or statement.made_by
    print(
        f"{statement.made_at:%Y-%m-%d %H:%M}\t{statement.reference}\t{statement.colour}\t{said}\t{statement.rule}\t{by}"
    )
    if statement.justified != Justified.NOT_ASSESSED:
        print(f"  justified: {statement.justified}, {statement.justified_article} ({statement.justified_by})")
    if statement.ended_at:
        print(f"  ended {statement.ended_at:%Y-%m-%d %H:%M} by {statement.ended_by}: {statement.ended_reason}")


def _purpose(asked: str | None, actor: Actor) -> Purpose:
    if asked:
        return Purpose(asked)
    return PURPOSE if PURPOSE in actor.purposes else min(actor.purposes, default=PURPOSE)
