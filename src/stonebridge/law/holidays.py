"""Public holidays of a state, from the library ``holidays``; those that hang on the moon are its estimates, marked as uncertain."""

from collections.abc import Iterable

from stonebridge.domain.deadlines import Holidays

_ESTIMATED = "estimated)"


def holidays_of(state: str, years: Iterable[int]) -> Holidays:
    """The days without work of a state, by its two-letter code. A state or year that is not known gives none at all."""
    import holidays  # most commands never count a day

    wanted = frozenset(years)
    supported = holidays.list_supported_countries(include_aliases=False)
    if state not in supported:
        return Holidays(state, frozenset(), frozenset())
    found = {year: holidays.country_holidays(state, years=[year], language="en_US") for year in wanted}
    known = frozenset(year for year, days in found.items() if days)
    named = {day: name for days in found.values() for day, name in days.items()}
    uncertain = frozenset(day for day, name in named.items() if _ESTIMATED in name)
    return Holidays(state, frozenset(named), known, uncertain)
