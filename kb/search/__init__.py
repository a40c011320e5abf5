"""Searching Chinese: fold, segment, query, snippet. Opens no database and writes no HTML."""

from kb.folding import fold
from kb.search.query import match_query
from kb.search.snippet import Snippet, highlights, snippet, stands_alone, starts_numbers
from kb.search.zh import segment

__all__ = [
    "Snippet",
    "fold",
    "highlights",
    "match_query",
    "segment",
    "snippet",
    "stands_alone",
    "starts_numbers",
]
