"""Two connections at once: what each did and when, so that a test can say in which order it must have been."""

import os
import random
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from threading import Barrier, Thread
from uuid import UUID

import psycopg
from django.db import DatabaseError, connections

from stonebridge.domain.errors import StonebridgeError

ROUNDS = int(os.environ.get("STONEBRIDGE_ATTACK_ROUNDS", "200"))
PAUSE = 0.003  # seconds at most between two steps, so that both orders happen


@dataclass(slots=True)
class Turn:
    """One side of a race. ``ending`` is when it began to commit, ``ended`` when that was acknowledged."""

    done: bool = False
    refusal: str = ""
    ending: float = 0.0
    ended: float = 0.0
    seen: list[object] = field(default_factory=list)


def race(*sides: Callable[[Turn], None]) -> list[Turn]:
    """Let the sides begin together; each fills in its turn. Connections of Django are closed afterwards."""
    barrier, turns = Barrier(len(sides)), [Turn() for _ in sides]

    def run(side: Callable[[Turn], None], turn: Turn) -> None:
        try:
            barrier.wait(10)
            pause()
            side(turn)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=pair) for pair in zip(sides, turns, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return turns


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do these at the same time; ``done``, the code of the error or the database's fault, sorted."""
    ended: list[str] = []

    def side(act: Callable[[], object]) -> None:
        try:
            act()
            ended.append("done")
        except StonebridgeError as error:
            ended.append(error.code)
        except DatabaseError as error:
            ended.append(f"fault: {error}")

    race(*(lambda turn, act=act: side(act) for act in acts))
    return sorted(ended)


def pause() -> None:
    time.sleep(random.uniform(0, PAUSE))


def by_sql(
    address: str, statement: str, *parameters: object, purpose: str = "identification"
) -> Callable[[Turn], None]:
    """A side that does one statement in a transaction of its own and dawdles before it commits."""

    def side(turn: Turn) -> None:
        with closing(psycopg.connect(address)) as connection:
            try:
                connection.execute("SELECT set_config('stonebridge.purpose', %s, true)", [purpose])
                connection.execute(statement, parameters)
                pause()
                turn.ending = time.monotonic()
                connection.commit()
                turn.ended, turn.done = time.monotonic(), True
            except psycopg.Error as error:
                turn.refusal = str(error).split("\n")[0]

    return side


def overtaken(slow: Turn, fact: Turn) -> bool:
    """Whether ``slow`` went through although ``fact``, which forbids it, was acknowledged before it began to commit."""
    return slow.done and fact.done and fact.ended < slow.ending


def fresh() -> UUID:
    return UUID(int=random.getrandbits(128))
