"""The sentence of every comparison, in English. Screens translate by the key."""

from stonebridge.matching.engine import Detail

SENTENCES: dict[str, str] = {
    "given_name.same": "The given name is the same: {candidate}",
    "given_name.other_spelling": "The given names {probe} and {candidate} can be two spellings of one name",
    "given_name.other_script": "The given names {probe} and {candidate} can be one name in two scripts",
    "given_name.similar": "The given names {probe} and {candidate} are similar",
    "given_name.partly": "The given names agree in part: {probe} and {candidate}",
    "given_name.in_other_field": "The given name {probe} stands among the family names of the other: {candidate}",
    "given_name.different": "The given names differ: {probe} and {candidate}",
    "given_name.missing": "Only one of the two gives this name: {probe} {candidate}",
    "family_name.same": "The family name is the same: {candidate}",
    "family_name.other_spelling": "The family names {probe} and {candidate} can be two spellings of one name",
    "family_name.other_script": "The family names {probe} and {candidate} can be one name in two scripts",
    "family_name.similar": "The family names {probe} and {candidate} are similar",
    "family_name.partly": "The family names agree in part: {probe} and {candidate}",
    "family_name.in_other_field": "The family name {probe} stands among the given names of the other: {candidate}",
    "family_name.kin": "The family names agree, {probe} and {candidate}, but relatives share that: given names differ",
    "family_name.different": "The family names differ: {probe} and {candidate}",
    "family_name.missing": "Only one of the two gives this family name: {probe} {candidate}",
    "father_name.same": "The father's name is the same: {candidate}",
    "father_name.other_spelling": "The fathers' names {probe} and {candidate} can be two spellings of one name",
    "father_name.other_script": "The fathers' names {probe} and {candidate} can be one name in two scripts",
    "father_name.similar": "The fathers' names {probe} and {candidate} are similar",
    "father_name.partly": "The fathers' names agree in part: {probe} and {candidate}",
    "father_name.kin": "The fathers' names agree, {probe} and {candidate}, but siblings share that: given names differ",
    "father_name.in_other_field": "The father's name {probe} stands among the names of the other: {candidate}",
    "father_name.missing": "Only one of the two gives the father's name: {probe} {candidate}",
    "father_name.different": "The fathers' names differ: {probe} and {candidate}",
    "mother_name.same": "The mother's name is the same: {candidate}",
    "mother_name.other_spelling": "The mothers' names {probe} and {candidate} can be two spellings of one name",
    "mother_name.other_script": "The mothers' names {probe} and {candidate} can be one name in two scripts",
    "mother_name.similar": "The mothers' names {probe} and {candidate} are similar",
    "mother_name.partly": "The mothers' names agree in part: {probe} and {candidate}",
    "mother_name.kin": "The mothers' names agree, {probe} and {candidate}, but siblings share that: given names differ",
    "mother_name.in_other_field": "The mother's name {probe} stands among the names of the other: {candidate}",
    "mother_name.missing": "Only one of the two gives the mother's name: {probe} {candidate}",
    "mother_name.different": "The mothers' names differ: {probe} and {candidate}",
    "birth_place.same": "The place of birth is the same: {candidate}",
    "birth_place.other_spelling": "The places of birth {probe} and {candidate} can be two spellings of one place",
    "birth_place.other_script": "The places of birth {probe} and {candidate} can be one place in two scripts",
    "birth_place.similar": "The places of birth {probe} and {candidate} are similar",
    "birth_place.partly": "The places of birth agree in part: {probe} and {candidate}",
    "birth_place.kin": "The places of birth agree, {probe} and {candidate}, but siblings share it: given names differ",
    "birth_place.different": "The places of birth differ: {probe} and {candidate}",
    "birth_date.same": "The date of birth is the same: {candidate}",
    "birth_date.same_month": "Year and month of birth are the same; a day is not known: {probe} and {candidate}",
    "birth_date.same_year": "The year of birth is the same; nothing more is known: {probe} and {candidate}",
    "birth_date.first_of_january": "The year of birth is the same; 1 January often stands for an unknown day: "
    "{probe} and {candidate}",
    "birth_date.day_and_month_swapped": "Day and month of birth are swapped: {probe} and {candidate}",
    "birth_date.one_digit_differs": "The dates of birth differ in one digit: {probe} and {candidate}",
    "birth_date.other_day": "The day of birth differs, month and year agree: {probe} and {candidate}",
    "birth_date.other_month": "The month of birth differs, day and year agree: {probe} and {candidate}",
    "birth_date.other_age": "Day and month of birth agree, the age differs by some years: {probe} and {candidate}",
    "birth_date.calendar_shift": "The dates of birth lie 1, 10 or 11 days apart, as two calendars or counts do: "
    "{probe} and {candidate}",
    "birth_date.vague_close": "The years of birth are at most five apart, and a day is not known for sure: "
    "{probe} and {candidate}",
    "birth_date.same_year_only": "Only the year of birth agrees: {probe} and {candidate}",
    "birth_date.off_by_one": "The years of birth are one apart, day or month differ: {probe} and {candidate}",
    "birth_date.same_day_of_year": "Day and month of birth agree, the year does not: {probe} and {candidate}",
    "birth_date.year_off_by_one": "The dates of birth differ by exactly a year: {probe} and {candidate}",
    "birth_date.close": "The dates of birth are some years apart: {probe} and {candidate}",
    "birth_date.different": "The dates of birth differ: {probe} and {candidate}",
    "relatives.shared": "Brothers, sisters or twins of {candidate} would agree in the same points: these count for less",
    "fingers.same": "The fingers are the same: {probe} of {candidate} compared agree",
    "fingers.unclear": "The fingers say little: {probe} of {candidate} compared agree",
    "fingers.different": "The fingers differ: {probe} of {candidate} compared agree",
    "other_data.given": "Somebody with these fingers may have given other data: what differs counts for less",
    "sex.same": "The sex is the same: {candidate}",
    "sex.different": "The sex differs: {probe} and {candidate}",
    "nationality.same": "A nationality is the same: {candidate}",
    "nationality.different": "The nationalities differ: {probe} and {candidate}",
    "document.same": "A document has the same issuer and number: {candidate}",
    "document.same_number": "Two documents have the same number, but the issuer is not known to be the same: "
    "{probe} and {candidate}",
    "document.similar": "Two document numbers of one issuer differ in one character: {probe} and {candidate}",
    "document.missing": "Only one of the two gives a document number: {probe} {candidate}",
    "document.different": "The document numbers differ, which a person with several documents explains: "
    "{probe} and {candidate}",
}


def sentence(detail: Detail) -> str:
    """Say a comparison in English, with both values.

    >>> sentence(Detail("sex.different", "f", "m"))
    'The sex differs: f and m'
    """
    return SENTENCES[detail.key].format(probe=detail.probe, candidate=detail.candidate).strip()
