"""Readmission agreements between states: which one holds, and which of its values.

States are two-letter codes of ISO 3166 as partners use them, and ``XK`` for Kosovo*. ``EU`` stands for the
Union's members, Denmark apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stonebridge.domain.deadlines import Deadline, Holidays, Pause, deadline
from stonebridge.domain.errors import NoRuleMatched
from stonebridge.domain.parameters import DatedValue, Parameter


class Procedure(StrEnum):
    NORMAL = "normal"
    ACCELERATED = "accelerated"


@dataclass(frozen=True, slots=True)
class Protocol:
    """What one state and the partner agreed on below an agreement."""

    state: str
    instrument: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement between the parties of one side and one partner."""

    id: str
    instrument: str
    parties: tuple[str, ...]
    partner: str
    protocols: tuple[Protocol, ...] = ()

    def instruments(self, counterpart: str | None) -> tuple[str, ...]:
        """The agreement, and the protocol with this counterpart where there is one."""
        return (self.instrument, *(each.instrument for each in self.protocols if each.state == counterpart))


@dataclass(frozen=True, slots=True)
class Choice:
    """The agreement that holds between two states, and why."""

    agreement: Agreement
    counterpart: str
    why: str


def choose(agreements: Iterable[Agreement], requesting: str, requested: str) -> Choice:
    """The agreement under which one state asks another.

    Raises:
        NoRuleMatched: none on file, or several.
    """
    found = [
        Choice(each, party, f"{each.id} holds between {each.partner} and {party}, which is one of its parties")
        for each in agreements
        for party, partner in ((requesting, requested), (requested, requesting))
        if each.partner == partner and party in each.parties
    ]
    if len(found) != 1:
        named = ", ".join(choice.agreement.id for choice in found) or "no agreement on file"
        raise NoRuleMatched("readmission agreement", f"{requesting} to {requested} ({named})")
    return found[0]


@dataclass(frozen=True, slots=True)
class Clocks:
    """The time limits of one agreement with one counterpart, counted by the holidays of both sides."""

    agreement: Agreement
    counterpart: str | None
    parameters: Mapping[str, Parameter]
    sides: tuple[Holidays, ...]

    def reply(
        self, received_on: date, procedure: Procedure = Procedure.NORMAL, *, extended: bool = False,
        pauses: Sequence[Pause] = (),
    ) -> Deadline:  # fmt: skip
        """The time to answer an application; ``extended`` if the requested state asked for more with reasons.

        Raises:
            NoRuleMatched: nothing on file, for example no accelerated procedure; or an extension of it.
        """
        accelerated = procedure is Procedure.ACCELERATED
        question = "readmission.reply_within_accelerated" if accelerated else "readmission.reply_within"
        if extended and accelerated:
            raise NoRuleMatched("extension of the time to answer", "the accelerated procedure")
        extensions = self._values("readmission.reply_extension", received_on) if extended else ()
        if extended and not extensions:
            raise NoRuleMatched("extension of the time to answer", self.agreement.id)
        return self._count(question, [received_on], received_on, extensions, pauses)

    def transfer(self, agreed: Iterable[date]) -> Deadline:
        """The time to hand the person over, from agreement; several days where silence may have agreed."""
        days = sorted(set(agreed))
        return self._count("readmission.transfer_within", days, days[0])

    def error(self, transferred_on: date) -> Deadline:
        """The time to ask that a person readmitted in error be taken back."""
        return self._count("readmission.error_within", [transferred_on], transferred_on)

    def application(self, learnt_on: date) -> Deadline:
        """The time to apply for a third-country national or stateless person."""
        return self._count("readmission.application_within", [learnt_on], learnt_on)

    def _values(self, question: str, day: date) -> tuple[DatedValue, ...]:
        found = []
        for instrument in self.agreement.instruments(self.counterpart):
            known = [v for v in self.parameters[question].values if v.instrument == instrument and v.in_force <= day]
            found += [max(known, key=lambda value: value.in_force)] if known else []
        return tuple(found)

    def _count(
        self, question: str, starts: Iterable[date], day: date, extensions: Sequence[DatedValue] = (),
        pauses: Sequence[Pause] = (),
    ) -> Deadline:  # fmt: skip
        values = self._values(question, day)
        if not values:
            raise NoRuleMatched(question, f"{self.agreement.id} on {day}")
        return deadline(question, values, starts, sides=self.sides, extensions=extensions, pauses=pauses)
