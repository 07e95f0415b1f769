"""Every change of searches, judgements and links: one function, one transaction, one actor."""

from stonebridge.identification.services.judging import Answer, give_judgement
from stonebridge.identification.services.linking import assess_justification, withdraw_link
from stonebridge.identification.services.prints import note_pictures, read_pictures
from stonebridge.identification.services.searching import (
    answer_search,
    ask_about,
    compare_with_register,
    keep_up,
    note_change,
    postpone,
    request_search,
    search_again,
)

__all__ = [
    "Answer", "answer_search", "ask_about", "assess_justification", "compare_with_register", "give_judgement", "keep_up", "note_change",
    "note_pictures", "postpone", "read_pictures", "request_search", "search_again", "withdraw_link",
]  # fmt: skip
