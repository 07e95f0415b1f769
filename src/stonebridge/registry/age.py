"""Whether somebody may be too young for biometrics, from what was stated about their birth."""

from datetime import date

from stonebridge.domain.age import age_on, may_take_fingerprints
from stonebridge.domain.eurodac import Category, category_rule
from stonebridge.domain.partial_date import PartialDate
from stonebridge.law.load import parameters
from stonebridge.safeguards.policy import Fact


def under_minimum_age(birth: PartialDate, category: str, on: date) -> Fact:
    """Whether the person is under the minimum age of the category; in doubt they count as younger.

    An age that nobody stated is a doubt: the officer estimates one and states it first.
    """
    minimum = category_rule(Category(category), parameters(), on).minimum_age.value
    return Fact.NO if may_take_fingerprints(age_on(birth, on), minimum).may_take else Fact.YES
