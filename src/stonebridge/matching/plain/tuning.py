"""Every number that tunes the plain engine, in bits unless said otherwise. Chosen by hand, not learned."""

FEW = 8  # persons: a rarer name counts as unseen
UNSEEN, COMMONEST, RAREST = 8.0, 1.5, 12.0
AGREES = {"same": 1.0, "other_spelling": 0.9, "other_script": 0.9, "similar": 0.45}  # share of a name's rarity
GIVEN_DIFFERS, FAMILY_DIFFERS, PARENT_DIFFERS, PLACE_DIFFERS, PART_DIFFERS = -10.0, -5.0, -4.0, -1.5, -2.0
IN_OTHER_FIELD = 0.9  # share of the rarity
KIN = {"different": (0.5, 0.0), "similar": (0.75, 0.5)}  # given names: share left to family name; to parents and place
WEIGHT = {"father_name": 0.7, "mother_name": 0.7, "birth_place": 0.5}  # share of a name's rarity
BIRTH = {
    "same": 12.0, "same_month": 7.0, "day_and_month_swapped": 7.0, "one_digit_differs": 5.0, "year_off_by_one": 5.0,
    "same_year": 3.5, "first_of_january": 3.0, "close": -1.0, "different": -8.0,
}  # fmt: skip
SEX = {"same": 1.0, "different": -5.0}
NATIONALITY = {"same": 2.0, "different": -2.0}
DOCUMENT = {"same": 25.0, "same_number": 10.0, "similar": 6.0, "different": 0.0}
SHOWN_FROM = 4.0  # a lower score is no candidate
COMPARED_AT_MOST = 400  # candidates proposed by the index, strongest first
INDEX_BIRTH, INDEX_DOCUMENT, INDEX_SIMILAR = 8.0, 25.0, 0.5  # weights for proposing, never shown
