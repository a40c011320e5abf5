"""Searching Chinese: fold, segment, query, snippet. Opens no database and writes no HTML."""

from kb.folding import fold
from kb.search.clauses import Clause, clause
from kb.search.query import also_asked, match_query, without_synonyms
from kb.search.snippet import Snippet, highlights, holds, snippet, stands_alone, starts_numbers
from kb.search.zh import segment

__all__ = [
    "Clause",
    "Snippet",
    "also_asked",
    "clause",
    "fold",
    "highlights",
    "holds",
    "match_query",
    "segment",
    "snippet",
    "stands_alone",
    "starts_numbers",
    "without_synonyms",
]
