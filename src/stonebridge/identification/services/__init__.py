"""Every change of searches, judgements and links: one function, one transaction, one actor."""

from stonebridge.identification.services.searching import answer_search, keep_up, note_change, postpone, request_search

__all__ = ["answer_search", "keep_up", "note_change", "postpone", "request_search"]
