"""Search over the passages that stand now."""

from __future__ import annotations

from dataclasses import replace

from datasette_config.api.asked import Asked, Listed
from datasette_config.api.problems import Refused
from datasette_config.knowledge import Connection
from kb.lines import search_line
from kb.output import SearchOut
from kb.sources import Publish
from kb.store import queries

FARTHEST = 1000
"""Passages: who wants more should say more exactly what they look for."""


def search(connection: Connection, asked: Asked) -> Listed[SearchOut]:
    """Best first. Where only excerpts may be quoted, a passage is found without its snippet."""
    after = asked.after(int)
    begin = int(after[0]) if after else 0
    if begin > FARTHEST:
        raise Refused("not-found")
    hits = queries.search(connection, asked.values["q"], limit=asked.limit + 1, offset=begin)
    more, hits = len(hits) > asked.limit, hits[: asked.limit]
    if asked.cut:
        hits = tuple(
            hit if hit.publish is Publish.FULL else replace(hit, snippet="", highlights=()) for hit in hits
        )
    following = begin + asked.limit
    last = (following,) if more and following <= FARTHEST else None
    return asked.listed([search_line(hit) for hit in hits], last)
