"""What a node does by itself, each duty at a pace of its own and not held up by the others.

The access log is numbered and signed, searches are answered, and what is past its day is
forgotten. A duty that fails (the database restarts, the matcher is down, a log that was
changed) says so once and tries again after a pause that doubles; the others go on.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime

import psycopg
from django.contrib.sessions.backends.db import SessionStore
from django.db import Error as DatabaseFault
from django.db import connections
from django.utils import timezone

from stonebridge.accounts.models import Notice
from stonebridge.domain.actor import Role
from stonebridge.domain.errors import StonebridgeError, Tampered
from stonebridge.exchange.greeting import greet_due
from stonebridge.exchange.outbox import deliver_due
from stonebridge.exchange.witnessing import Witnesses
from stonebridge.identification.models import GalleryChange
from stonebridge.identification.region.again import ask_due
from stonebridge.identification.region.blind_tables import keep_tables
from stonebridge.identification.services import read_pictures
from stonebridge.identification.worker import answer_due, forget_positions, waits
from stonebridge.registry.models import Draft
from stonebridge.rights.due import tell_of_due
from stonebridge.safeguards.log.sequencer import BATCH, Sequencer

LONGEST_PAUSE = 10.0
"""Seconds between two tries of a duty that keeps failing."""
LOOK_ANYWAY = 5.0
"""Seconds after which the matcher is asked for its state although nothing seems to wait."""
TAMPERED = "log_tampered"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do every so often.

    ``work`` answers whether more waits, so that it is called again at once. ``finish`` is called once when the
    node stops.
    """

    name: str
    every: float  # seconds
    work: Callable[[datetime], bool]
    finish: Callable[[datetime], None] | None = None


def run(stop: threading.Event) -> None:
    """Do every duty until ``stop`` is set; then finish what is begun and return.

    A fault in the program ends the process, so that whoever supervises it starts it anew.
    """
    keep(duties(), stop)


def duties() -> Sequence[Duty]:
    """What this node does by itself."""
    log = LogDuty()
    return (
        Duty("the access log", 1.0, log.step, log.finish),
        Duty("searches", 0.2, Searches().answer),
        Duty("pictures of fingers", 0.5, read_pictures),
        Duty("messages to partners", 1.0, deliver_due),
        Duty("questions to partners", 5.0, ask_due),
        Duty("greetings", 10.0, greet_due),
        Duty("tables for blind questions", 1.0, keep_tables),
        Duty("witnesses", 5.0, Witnesses().step),
        Duty("forgetting", 60.0, forget_expired),
        Duty("retention", 3600.0, tell_of_due),
    )


def keep(duties: Sequence[Duty], stop: threading.Event) -> None:
    """Do ``duties`` until ``stop`` is set, each in a thread with database connections of its own."""
    with ThreadPoolExecutor(max_workers=len(duties)) as threads:
        kept = [threads.submit(_keep_one, duty, stop) for duty in duties]
        wait(kept, return_when=FIRST_EXCEPTION)
        stop.set()
    for each in kept:
        each.result()


def _keep_one(duty: Duty, stop: threading.Event) -> None:
    try:
        _repeat(duty, stop)
        if duty.finish is not None:
            _try(duty.name, duty.finish)
    finally:
        connections.close_all()


def _repeat(duty: Duty, stop: threading.Event) -> None:
    pause, last_trouble = duty.every, ""
    while not stop.is_set():
        trouble, more = _try(duty.name, duty.work, quiet_about=last_trouble)
        if trouble:
            pause = min(2 * pause, max(LONGEST_PAUSE, duty.every))
        else:
            pause = duty.every
            if last_trouble:
                logger.warning("%s: goes on", duty.name)
        last_trouble = trouble
        if not more:
            stop.wait(pause)


def _try(name: str, work: Callable[[datetime], bool | None], *, quiet_about: str = "") -> tuple[str, bool]:
    """Do it once; the trouble met, if any, and whether more waits. Connections that may be dead are dropped."""
    try:
        return "", bool(work(timezone.now()))
    except (StonebridgeError, DatabaseFault, psycopg.Error) as error:
        connections.close_all()
        trouble = str(error).strip() or type(error).__name__
        if trouble != quiet_about:
            logger.warning("%s waits: %s", name, trouble)
        return trouble, False


class LogDuty:
    """Numbers and signs both logs, within a minute of each entry, and again when the node stops."""

    def __init__(self) -> None:
        self._sequencer = Sequencer()

    def step(self, now: datetime) -> bool:
        """One step of the sequencer.

        Raises:
            Tampered: the log is not what it was. Data protection and the administrator are told, once.
        """
        try:
            return self._sequencer.step(now) >= BATCH
        except Tampered as error:
            tell_of_tampering(str(error), now)
            raise

    def finish(self, now: datetime) -> None:
        """Sign what is there, so that nothing waits unsigned while the node is down."""
        self._sequencer.checkpoint(now)


class Searches:
    """Keeps the gallery up and answers searches: at once when something waits, and every few seconds besides.

    The matcher may have been restarted, or have lost what it held, without anything in the database that says so.
    """

    def __init__(self) -> None:
        self._looked_at = -math.inf  # of the monotonic clock

    def answer(self, now: datetime) -> bool:
        """Answer what is due, if anything is."""
        if time.monotonic() - self._looked_at < LOOK_ANYWAY and not _something_waits(now):
            return False
        answered = answer_due(now)
        self._looked_at = time.monotonic()
        return answered > 0


def _something_waits(now: datetime) -> bool:
    return waits(now) or GalleryChange.objects.filter(sequenced__isnull=True).exists()


def tell_of_tampering(text: str, now: datetime) -> None:
    """Leave a notice for those who must look, unless one that nobody has seen yet says the same."""
    for role in (Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR):
        if not Notice.objects.filter(role=role, kind=TAMPERED, text=text, seen_at__isnull=True).exists():
            Notice.objects.create(role=role, kind=TAMPERED, text=text, made_at=now)


def forget_expired(now: datetime) -> bool:
    """Delete drafts and sessions whose day has passed, and old positions of the gallery.

    Emergency access needs no deed: the gate reads its end.
    """
    Draft.objects.filter(expires_at__lt=now).delete()
    SessionStore.clear_expired()
    forget_positions()
    return False
