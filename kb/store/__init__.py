"""The only writer of kb.db. Everything in it is derived from captures, declarations and decisions.

Here is what readers need; what writes is taken from its module (``ingest``, ``maintenance``), so that a verb that only
reads loads nothing of it.
"""

from kb.store import queries
from kb.store.connection import open_reader

__all__ = ["open_reader", "queries"]
