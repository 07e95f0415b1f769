"""Public holidays of a state, from the library ``holidays``; those that hang on the moon are its estimates."""

from collections.abc import Iterable

from stonebridge.domain.deadlines import Holidays


def holidays_of(state: str, years: Iterable[int]) -> Holidays:
    """The days without work of a state, by its two-letter code. A state or year that is not known gives none at all."""
    import holidays  # most commands never count a day

    wanted = frozenset(years)
    supported = holidays.list_supported_countries(include_aliases=False)
    if state not in supported:
        return Holidays(state, frozenset(), frozenset())
    known = frozenset(year for year in wanted if holidays.country_holidays(state, years=[year]))
    return Holidays(
        state, frozenset(holidays.country_holidays(state, years=sorted(known))) if known else frozenset(), known
    )
