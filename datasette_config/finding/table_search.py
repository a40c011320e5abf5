"""The search box of Datasette's table pages asks the engine of our own search page.

Datasette's own ``?_search=`` would match a query against an index as it is typed: of Chinese it finds next to nothing, and
it wants the index to be readable by anybody. Here the words are read as on ``/search``, and the index stays denied.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from datasette.filters import FilterArguments
from datasette.utils.asgi import BadRequest, Request

from datasette_config.language import gettext as _
from datasette_config.site import DATABASE
from kb.search import match_query

LONGEST = 200
LOOKED = 20_000
"""Passages, the newest: words that more of them hold would be looked at longer than a page may take."""

_FOUND = f"SELECT rowid FROM passages_fts WHERE passages_fts MATCH :words ORDER BY rowid DESC LIMIT {LOOKED}"  # noqa: S608
_DOCUMENTS = f"SELECT p.document FROM passages q JOIN pages p ON p.current_version = q.version WHERE q.id IN ({_FOUND})"  # noqa: S608
SEARCHED: Mapping[str, str] = MappingProxyType(
    {
        "documents": f"id IN ({_DOCUMENTS})",
        "changes": f"document IN ({_DOCUMENTS})",
        "passages": f"id IN ({_FOUND})",
    }
)
"""Table -> what its rows must fulfil; changes are found by the rule that they are of."""


def filters(request: Request, database: str, table: str) -> FilterArguments | None:
    """What ``?_search=`` asks of a table; ``None`` where there is no box. Raises ``BadRequest`` for Datasette's ways of
    searching an index by its name or with its syntax."""
    if any(name.startswith(("_search_", "_searchmode", "_fts_")) for name in request.args):
        raise BadRequest("_search")
    if database != DATABASE or table not in SEARCHED:
        return None
    asked = " ".join((request.args.get("_search") or "").split())[:LONGEST]
    context = {"supports_search": True, "search": asked}
    if not asked:
        return FilterArguments([], extra_context=context)
    described = {
        "documents": _("文中有“%(words)s”"),
        "changes": _("所属规则文件中有“%(words)s”"),
        "passages": _("条款中有“%(words)s”"),
    }[table]
    bound = _("（至多比对最新的 %(number)s 条条款）") % {"number": f"{LOOKED:,}"}
    said = described % {"words": asked} + bound
    return FilterArguments(
        [SEARCHED[table]], {"words": match_query(asked)}, [said], {**context, "searched": said}
    )
