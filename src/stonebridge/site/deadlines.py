"""``stonebridge deadlines``: every date of a readmission application, with its article and its arithmetic."""

import argparse
from collections.abc import Iterable
from datetime import date

from stonebridge.domain.agreements import Agreement, Clocks, Procedure
from stonebridge.domain.deadlines import Deadline, Holidays, Reading
from stonebridge.domain.errors import BadInput
from stonebridge.domain.parameters import DatedValue
from stonebridge.law.agreements import agreement, agreements
from stonebridge.law.holidays import holidays_of
from stonebridge.law.load import instruments, parameters
from stonebridge.site.preparation import Commands

NAMES = ("deadlines",)
_LAST_YEAR = 2200
_SPAN = 3  # years for which holidays are looked up, from the first date on


def add(commands: "Commands[argparse.ArgumentParser]") -> None:
    """``deadlines``."""
    parser = commands.add_parser("deadlines", help="the dates of a readmission application, each with its article")
    known = ", ".join(each.id for each in agreements())
    parser.add_argument("--agreement", required=True, help=f"one of: {known}")
    parser.add_argument(
        "--received", required=True, type=_day, help="day on which the application was received, 2026-11-21"
    )
    parser.add_argument(
        "--requesting", metavar="STATE", help="the other side's two-letter code, where a protocol or holidays matter"
    )
    parser.add_argument("--procedure", choices=tuple(Procedure), default=Procedure.NORMAL, type=Procedure)
    parser.add_argument("--extended", action="store_true", help="more time was asked for, with reasons")
    parser.add_argument("--agreed", type=_day, help="day of the agreement; without it, silence is assumed")
    parser.add_argument("--transferred", type=_day, help="day of the transfer")
    parser.set_defaults(run=_run)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2026-11-21") from error


def _run(arguments: argparse.Namespace) -> int:
    chosen = agreement(arguments.agreement)
    _check_order(arguments)
    other = arguments.requesting
    if other is not None and other not in chosen.parties:
        raise BadInput("requesting", other, f"Parties of {chosen.id} are: {', '.join(chosen.parties)}.")
    clocks = Clocks(chosen, other, parameters(), _sides(chosen, other, arguments.received))
    reply = clocks.reply(arguments.received, arguments.procedure, extended=arguments.extended)
    print(f"{chosen.id}: {instruments()[chosen.instrument].title}")
    _show("Answer to the application", reply)
    agreed = [arguments.agreed] if arguments.agreed else [reading.last_day for reading in reply.readings]
    _show("Transfer", clocks.transfer(agreed))
    if arguments.transferred:
        _show("Request to take back a person readmitted in error", clocks.error(arguments.transferred))
    if not other:
        print("\nNo requesting state was named: its protocol and its holidays are not counted. Add --requesting STATE.")
    return 0


def _check_order(arguments: argparse.Namespace) -> None:
    """An application is received, then agreed to, then followed by a transfer, in years that can be reckoned with."""
    before, what = arguments.received, "received"
    for name in ("received", "agreed", "transferred"):
        day: date | None = getattr(arguments, name)
        if day is None:
            continue
        if day.year > _LAST_YEAR:
            raise BadInput(name, day.isoformat(), f"Give a day up to {_LAST_YEAR}.")
        if day < before:
            raise BadInput(
                name, day.isoformat(), f"This lies before {what}, {before.isoformat()}. Correct one of both."
            )
        before, what = day, name


def _sides(chosen: Agreement, other: str | None, start: date) -> tuple[Holidays, ...]:
    years = range(start.year, start.year + _SPAN)
    return tuple(holidays_of(state, years) for state in (chosen.partner, other) if state)


def _show(title: str, limit: Deadline) -> None:
    print(f"\n{title}")
    print(f"  act by        {limit.act_by:%a %d %b %Y}")
    print(f"  rely on from  {_reliance(limit)}")
    print(
        f"  silence       {limit.on_silence.replace('_', ' ') if limit.on_silence else 'no text on file says what it means'}"
    )
    for value in limit.values:
        print(f"  {value.instrument}, Article {value.article}: {_marked(value)}")
        for line in _by_day(each for each in limit.readings if each.value is value):
            print(f"    {line}")


def _reliance(limit: Deadline) -> str:
    if limit.rely_on_from is None:
        return "no day: the holidays of both sides are not known"
    but = "" if limit.is_founded else ", once an officer has confirmed the values; until then it founds nothing"
    return f"{limit.rely_on_from:%a %d %b %Y}{but}"


def _by_day(readings: Iterable[Reading]) -> list[str]:
    """The arithmetic of one reading for each last day, the earliest first."""
    first: dict[date, str] = {}
    for reading in readings:
        first.setdefault(reading.last_day, reading.arithmetic)
    return [first[day] for day in sorted(first)]


def _marked(value: DatedValue) -> str:
    apart = f"; not read: {', '.join(value.recalled)}" if value.recalled else ""
    return f"{value.value} {value.unit.replace('_', ' ')}, {value.status}{apart}"
