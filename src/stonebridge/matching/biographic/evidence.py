"""Every number that says how same persons are recorded. The other half, how strangers agree, is counted in the register.

Bits are Fellegi and Sunter's: log2 of how often a feature agrees so for one person in two
records, over how often for two strangers. The chances here are judgements from
registrations of people on the move (documents lost, clerks writing by ear, 1 January for
an unknown day), not fitted to one data set; they are rounded on purpose.
"""

import numpy as np

NAME_LEVELS = np.array([0.42, 0.28, 0.16, 0.06, 0.03])
"""Chance that a name part of one person stands in the other record at each level of likeness."""
NAME_MOST = 15.0  # bits of one name part at most: a rarer name may be a slip
LEVEL_LEAST = 0.5  # a level's strangers are at least this share of all strangers at it or better
SAME_FIELD, OTHER_FIELD = 0.25, -1.25  # bits: given names stand among given names, or do not
GIVEN_CONFLICT, FAMILY_CONFLICT = -6.0, -4.5  # bits: each has a name part that the other has not
MARRIED_CONFLICT = -3.0  # the same for a woman's family name
LEFT_OUT = -1.1  # bits: a name part is left out, or added
IN_FATHER = -2.6  # bits: a name part stands as the father's name in the other record, once in twelve
NO_NAME = -4.0  # bits: no part agrees
PARENT = 0.3  # what a parent's name counts among names, beside the person's own
SCRIPT_SHARE = 0.7  # of the bits of a rare script, counted once and not again with each name written in it
PARENT_SHARE, PARENT_MOST, PARENT_DIFFERS = 0.8, 9.0, -3.5
SEX_SAME = 0.98
NATIONALITY_SAME = 0.93
ORIGINS = 30  # the most frequent nationalities, taken apart when names are counted
PLACE_LEVELS = np.array([0.80, 0.06, 0.03, 0.01, 0.0])
PLACE_MOST, PLACE_DIFFERS = 9.0, -3.0
DOCUMENT_SAME, DOCUMENT_NEAR, DOCUMENT_DIFFERS = 24.0, 9.0, -1.5
DOCUMENT_SAME_NUMBER = 10.0  # bits: the issuer of either is not known, or another
RELATIVES_CONFLICT = -10.0  # bits: no given name agrees, where brothers and sisters are the other explanation
BACKGROUND = 200
NAME_USUAL, PLACE_USUAL, NATIONALITY_USUAL = 0.001, 0.01, 0.08
"""Shares before anything is counted, with the weight of ``BACKGROUND`` persons: a small register knows little."""
SIBLINGS, TWINS = 0.6, 0.02
"""Expected brothers and sisters, and twins, of a person in the same register."""

DAY_LEARNED = -3.0, -2.0
"""Bits: a full date where the register has a 1 January, in the same year and in another: days are forgotten oftener than learned."""

BIRTH = (
    "", "same", "first_of_january", "same_year", "day_and_month_swapped", "other_day", "other_month",
    "one_digit_differs", "year_off_by_one", "other_age", "calendar_shift", "vague_off_by_one", "vague_off_by_two",
    "vague_close", "same_year_only", "off_by_one", "close", "different", "same_month", "same_day_of_year",
    "first_of_january_once",
)  # fmt: skip
"""Levels of the birth date; the first is "not known"."""
BIRTH_CHANCE = np.array(
    [
        1.0, 0.77, 0.5, 0.82, 0.045, 0.03, 0.02, 0.02, 0.045, 0.025, 0.012, 0.10, 0.05, 0.03, 0.003, 0.003, 0.003,
        0.004, 0.85, 0.004, 0.35,
    ]
)  # fmt: skip
"""Chance of each level for one person; full dates (two to ten, fourteen to seventeen, nineteen) share one sum, vague ones another."""
TWICE = 0.05
"""Other rows of the same person that a row has on average, before anything is compared."""
