"""Birth dates: reading them, how two agree, and what that weighs given how the register's dates are spread.

A 1 January, and a year without a day, say little: how little is counted in the register
itself, by year, because registrars heap unknown days there.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.biographic.evidence import BIRTH, BIRTH_CHANCE, DAY_LEARNED
from stonebridge.matching.kernels import kernel

LAST_YEAR = 2111
_BIRTH = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
LEVELS = len(BIRTH)


class BirthShares(NamedTuple):
    """How the register's dates are spread: share of each year, of 1 January within it, of each day among full dates."""

    year: NDArray[np.float64]
    first: NDArray[np.float64]
    day: NDArray[np.float64]  # month * 32 + day


@lru_cache(maxsize=1 << 17)
def read_birth(text: str) -> int:
    """``YYYY[-MM[-DD]]`` as year * 512 + month * 32 + day, unknown parts 0; 0 for nothing, -1 for what is no date.

    What cannot be is kept as far as it can be: 31 February is some day of February, month 23
    on day 5 is 23 May.

    >>> divmod(read_birth("1990-03-07"), 512)
    (1990, 103)
    >>> read_birth("1990-02-31") == read_birth("1990-02"), read_birth("1990-00-00") == read_birth("1990")
    (True, True)
    >>> read_birth("soon")
    -1
    """
    if not text:
        return 0
    found = _BIRTH.fullmatch(text.strip())
    if not found:
        return -1
    year, month, day = (int(part or 0) for part in found.groups())
    if not 1850 <= year < LAST_YEAR - 10 or month > 31 or day > 31:
        return -1
    if month > 12:
        month, day = (day, month) if 1 <= day <= 12 else (0, 0)
    if not month or day > (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month]:
        day = 0
    return year * 512 + month * 32 + day


@kernel
def count_births(key: Any) -> Any:
    """Count years, first Januaries by year, and days among full dates other than 1 January."""
    year = np.zeros(2112)
    first = np.zeros(2112)
    day = np.zeros(512)
    for place in range(len(key)):
        date = key[place]
        if date > 0:
            year[date >> 9] += 1
            if date & 511 == 33:
                first[date >> 9] += 1
            elif date & 31:
                day[date & 511] += 1
    return year, first, day


def birth_shares(key: NDArray[np.int32]) -> BirthShares:
    """Smoothed shares, so that no year and no day is impossible."""
    return smoothed(*count_births(key))


def smoothed(year: NDArray[np.float64], first: NDArray[np.float64], day: NDArray[np.float64]) -> BirthShares:
    """Shares of what ``count_births`` counted."""
    known = max(year.sum(), 1.0)
    lived = np.zeros(2112)
    lived[1900:2040] = 1.0
    spread = np.convolve(year, np.ones(5) / 5, "same")
    years = (0.85 * year + 0.15 * spread + 0.3 * lived) / (known + 0.3 * lived.sum())
    january = (first + 5.0 * (first.sum() / known)) / (year + 5.0)
    usual = np.zeros(512)
    for month in range(1, 13):
        usual[month * 32 + 1 : month * 32 + 31] = 1 / 360
    days = (day + 400 * usual) / (day.sum() + 400)
    return BirthShares(np.maximum(years, 1e-7), np.clip(january, 1e-4, 0.999), np.maximum(days, 2e-5))


@kernel
def birth_level(probe: int, kept: Any) -> int:
    """The level at which two known dates agree, see ``BIRTH``; 0 where either is unknown."""
    if probe <= 0 or kept <= 0:
        return 0
    year, other_year = probe >> 9, kept >> 9
    apart = abs(year - other_year)
    day_of_year, other_day_of_year = probe & 511, kept & 511
    if day_of_year == 33 or other_day_of_year == 33 or day_of_year & 31 == 0 or other_day_of_year & 31 == 0:
        if apart == 0:
            if day_of_year == 33 and other_day_of_year == 33:
                return 2
            if day_of_year > 33 and other_day_of_year > 33 and (day_of_year >> 5) == (other_day_of_year >> 5):
                return 18
            if (day_of_year == 33) != (other_day_of_year == 33) and (day_of_year & 31) and (other_day_of_year & 31):
                return 20
            return 3
        return 11 if apart == 1 else 12 if apart == 2 else 13 if apart <= 5 else 17
    if probe == kept:
        return 1
    month, day = day_of_year >> 5, day_of_year & 31
    other_month, other_day = other_day_of_year >> 5, other_day_of_year & 31
    if apart == 0:
        if month == other_day and day == other_month:
            return 4
        days = abs((month * 61 // 2 + day) - (other_month * 61 // 2 + other_day))
        if days <= 1 or (month != other_month and (days == 10 or days == 11)):
            return 10
        if month == other_month:
            return 10 if days == 10 or days == 11 else 5
        return 6 if day == other_day else 14
    if day_of_year == other_day_of_year:
        if apart == 1:
            return 8
        if _one_digit(year, other_year):
            return 7
        return 9 if apart <= 5 else 19
    if apart == 1 and month == other_day and day == other_month:
        return 15
    return 15 if apart == 1 else 16 if apart <= 5 else 17


@kernel
def _one_digit(one: int, other: int) -> bool:
    """Whether two years differ in one digit, or by two neighbouring digits exchanged."""
    tens, units = (one // 10) % 10, one % 10
    other_tens, other_units = (other // 10) % 10, other % 10
    if one // 100 == other // 100:
        return tens == other_tens or units == other_units or (tens == other_units and units == other_tens)
    return tens == other_tens and units == other_units


@kernel
def birth_bits(probe: int, shares: Any, chance: Any, out: Any) -> None:
    """Fill ``out`` with the bits of every level for one probe date."""
    for level in range(len(out)):
        out[level] = 0.0
    if probe <= 0:
        return
    year = probe >> 9
    at = max(6, min(year, 2100))
    share = shares.year[at]
    near = shares.year[at - 1] + shares.year[at + 1]
    five = shares.year[at - 5 : at + 6].sum() - share - near
    two = shares.year[at - 2] + shares.year[at + 2]
    digits = 0.0
    for other in range(1900, 2040):
        if other != year and abs(other - year) > 1 and _one_digit(year, other):
            digits += shares.year[other]
    day = shares.day[probe & 511]
    first = shares.first[at]
    strangers = np.empty(len(out))
    strangers[0] = 1.0
    strangers[1] = share * (1 - first) * day
    strangers[2] = share * first
    strangers[3] = share
    strangers[4] = share * (1 - first) * day
    strangers[5] = share * (1 - first) / 13
    strangers[6] = share * (1 - first) / 31
    strangers[7] = digits * day
    strangers[8] = near * day
    strangers[9] = five * day
    strangers[10] = share * (1 - first) * 6 / 365
    strangers[11] = near
    strangers[12] = two
    strangers[13] = max(five - two, 1e-4)
    strangers[14] = share * 0.88
    strangers[15] = near
    strangers[16] = five
    strangers[17] = max(1 - share - near - five, 0.05)
    strangers[18] = share / 12
    strangers[19] = day
    strangers[20] = share * (1 - first) if probe & 511 == 33 else share * first
    for level in range(1, len(out)):
        out[level] = np.log2(chance[level] / max(strangers[level], 1e-9))
    if probe & 511 > 33 and probe & 31:
        out[20] += DAY_LEARNED[0]
        for level in range(11, 14):
            out[level] += DAY_LEARNED[1]
    out[1] = max(out[1], 0.0)


__all__ = ["BIRTH_CHANCE", "LEVELS", "BirthShares", "birth_bits", "birth_level", "birth_shares", "read_birth"]
