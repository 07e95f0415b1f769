"""A node's matcher for the tests of identification, and the pairs of people that it finds."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from matching.matched_people import KEY
from matching.running_matcher import RunningMatcher, started, vault_ring
from people import BASIS, NOW, amira, on_record
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.domain.links import Justified, SamePerson
from stonebridge.identification.matcher import protocol
from stonebridge.identification.matcher.client import MatcherClient
from stonebridge.identification.matcher.process import Matcher, biographic
from stonebridge.identification.matcher.sealed_fingers import FingerOpener
from stonebridge.identification.models import Link, Task
from stonebridge.identification.seen import mark_of
from stonebridge.identification.services import Answer, give_judgement
from stonebridge.identification.worker import answer_due
from stonebridge.matching.fingerprint.engine import WithFingers
from stonebridge.matching.gallery import Gallery
from stonebridge.registry.models import Person
from stonebridge.safeguards import gate

PUBLIC_TASK = BASIS[Purpose.IDENTIFICATION]
JUDGES = (Role.EXAMINER, Role.SUPERVISOR)


@contextmanager
def running_matcher() -> Iterator[RunningMatcher]:
    """A matcher process with an empty gallery in a short folder."""
    with tempfile.TemporaryDirectory(prefix="sb") as folder:
        running = started(Path(folder))
        try:
            yield running
        finally:
            running.kill()


class MatcherHere(MatcherClient):
    """The matcher itself in this process: what it is asked and answers goes through JSON, but no socket."""

    def __init__(self, folder: Path) -> None:
        self._matcher = Matcher(
            Gallery(folder, KEY, WithFingers(biographic(folder))), "", False, FingerOpener(vault_ring())
        )

    def _ask(self, call: str, **arguments: object) -> dict[str, object]:
        request = json.loads(json.dumps({"call": call, **arguments}))
        message = json.loads(json.dumps(self._matcher.answer(request)))
        if "answer" not in message:
            raise protocol.error_from_json(message)
        return message["answer"]


def answered(matcher: "RunningMatcher | MatcherHere", now=NOW) -> int:
    """Let the worker do what is due."""
    return answer_due(now, matcher=matcher if isinstance(matcher, MatcherHere) else matcher.client)


def found_pair(matcher: MatcherHere, clerk: Actor, former=None, newcomer=None) -> tuple[Person, Person, Task]:
    """Two registrations of Amira, of which the second is changed by ``newcomer``, and the task that asks about them."""
    one = amira(clerk, **(former or {}))
    other = amira(clerk, **(newcomer or {}))
    answered(matcher)
    return one, other, on_record(Task).between(one.id, other.id).get(state="open")


REASON = {"yes": "spelling", "no": "common_name", "unsure": "too_little_data", "insufficient": "too_little_data"}


def looked_at(task: Task) -> str:
    """The mark of the page that shows this task now."""
    with gate.act(Purpose.IDENTIFICATION):
        return mark_of(task)


def judge(task: Task, officer: Actor, same: str, *, now=NOW, seen: str = "", **more: object) -> None:
    """Give this officer's opinion."""
    answer = Answer(
        same_person=SamePerson(same), reasons=(REASON[same],), remark="Compared by hand.", seen=seen or looked_at(task),
        **more,  # type: ignore[arg-type]  # fields of an answer, by name
    )  # fmt: skip
    give_judgement(task.reference, answer, actor=officer, basis=PUBLIC_TASK, now=now)


def unlawful(article: str = "Article 32(1)(d)") -> dict[str, object]:
    """A supervisor's second answer."""
    return {"justified": Justified.NO, "article": article}


def link_of(one: UUID, other: UUID) -> Link | None:
    """The link in force between two."""
    first, second = sorted((one, other))
    return on_record(Link).filter(first_id=first, second_id=second, ended_at__isnull=True).first()
