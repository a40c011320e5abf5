"""``/document/<id>/compare?from=&to=``: two text versions of a document, or of its draft, clause by clause."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config import knowledge
from datasette_config.language import gettext as _
from datasette_config.saying import comparing
from datasette_config.saying import format as say
from datasette_config.site import Connection, NotInThisCopy, TooSlow, ask, cut_for, link, page, site_of
from kb.changing.compare import compare
from kb.codes import PageRole
from kb.model import Comparison, Document
from kb.sources import Publish
from kb.store import queries

LONGEST = 600_000  # characters of both texts together: beyond it a comparison takes more than a page may
WAITING = 8
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="compare")
_queued = 0


@lru_cache(maxsize=32)
def _compared(old: Document, new: Document) -> Comparison:
    return compare(old, new)


async def compared(old: Document, new: Document) -> Comparison | None:
    """The comparison, made beside the event loop by one worker; ``None`` for texts too long for a page.

    Raises ``TooSlow`` when too many readers already wait.
    """
    global _queued  # noqa: PLW0603 - one count for the one worker
    if len(old.text) + len(new.text) > LONGEST:
        return None
    if _queued >= WAITING:
        raise TooSlow
    _queued += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_worker, _compared, old, new)
    finally:
        _queued -= 1


async def old_address(datasette: Datasette, request: Request) -> Response:
    """``/document/<id>/compare/<from>..<to>``, as it was written before."""
    given = request.url_vars
    asked = f"/document/{given['id']}/compare?from={given['before']}&to={given['after']}"
    return Response.redirect(link(datasette, asked), status=301)


async def compare_versions(datasette: Datasette, request: Request) -> Response:
    wanted = request.url_vars["id"], request.args.get("from") or "", request.args.get("to") or ""
    read = await ask(datasette, lambda connection: _read(connection, *wanted))
    if read is None:
        raise NotFound(request.path)
    if read["moved"]:
        return Response.redirect(link(datasette, read["moved"]), status=301)
    full = not (cut_for(datasette, request) and read["excerpt"])
    if not full and read["pages"] > 1:  # another text would bring out all of one that may only be excerpted
        raise NotFound(request.path)
    if not full and site_of(datasette).excerpts_only:
        raise NotInThisCopy
    comparison = await compared(read.pop("old"), read.pop("new"))
    if comparison is None:
        said = _("两个版本的文字太长，网页上不做全文对照。变动页列有改动的条款；全文对照可用 zhengce diff。")
        return await page(datasette, request, "message.html", title=_("文字太长"), message=said)
    return await page(
        datasette,
        request,
        "compare.html",
        **read,
        summary=comparing.summary(comparison.passages),
        full=full,
        text=f"/document/{read['document']['id']}/version/{read['after']['id']}" if full else "",
        blocks=list(comparing.blocks(comparison.passages, read["rows"], full=full)),
    )


def _read(connection: Connection, identifier: str, before: str, after: str) -> dict[str, Any] | None:
    """The two texts and what may be picked; ``None`` for a version that is neither the document's nor its draft's."""
    known = queries.document_id(connection, identifier)
    if known != identifier:
        return {"moved": f"/document/{known}/compare?{urlencode({'from': before, 'to': after})}"}
    row = knowledge.document(connection, identifier)
    if row is None:
        return None
    own = knowledge.versions(connection, identifier)
    of_draft = knowledge.versions(connection, row["draft"]) if row["draft"] else []
    versions = {version["version_id"]: version for version in (*own, *of_draft)}
    if not after:
        before, after = _newest(own, before, row["version_id"] or "")
    before = before or _before(versions, after, of_draft)
    old, new = versions.get(before), versions.get(after)
    if old is None or new is None:
        return None
    return {
        "moved": "",
        "document": {"id": row["document_id"], "title": row["title"] or _("（无题名）")},
        "old": queries.version_document(connection, before),
        "new": queries.version_document(connection, after),
        "before": _side(old),
        "after": _side(new),
        "groups": [*_groups(own, ""), *_groups(of_draft, _("征求意见稿"))],
        "excerpt": Publish.EXCERPT in {old["publish"], new["publish"]},
        "pages": len({old["page_id"], new["page_id"]}),
        "rows": knowledge.row_anchors(connection, [before, after]),
    }


def _newest(own: list[dict[str, Any]], before: str, current: str) -> tuple[str, str]:
    """What is compared where nobody says: the text that stands now with what came before it; where it is the first one of
    its page, with the newest one seen after it, which is not confirmed."""
    one = next((each for each in own if each["version_id"] == current), None)
    if one is None or one["previous"] or before not in {"", current}:
        return before, current
    later = next((each for each in own if each["page_id"] == one["page_id"]), one)
    return (current, later["version_id"]) if later is not one else (before, current)


def _before(versions: dict[str, dict[str, Any]], after: str, of_draft: list[dict[str, Any]]) -> str:
    """What a version is compared with where nobody says: the one before it on its page, else the draft's last."""
    one = versions.get(after)
    if one is None:
        return ""
    texts = (each["version_id"] for each in of_draft if each["role"] == PageRole.DOCUMENT)
    return one["previous"] or next(texts, after)


def _side(version: dict[str, Any]) -> dict[str, str]:
    return {
        "id": version["version_id"],
        "title": version["title"],
        "seen": say.beijing(version["first_seen"]),
        "capture": version["capture"],
        "source": version["source_title"],
        "url": say.safe_url(version["url"]),
    }


def _groups(versions: list[dict[str, Any]], note: str) -> list[dict[str, Any]]:
    """The versions to pick from, newest first, by the page they are of."""
    pages: dict[str, dict[str, Any]] = {}
    for version in versions:
        role = "" if version["role"] == PageRole.DOCUMENT else say.word(version["role"], PageRole)
        name = " · ".join(filter(None, (note, version["source_title"], role)))
        group = pages.setdefault(version["page_id"], {"name": name, "versions": []})
        seen = _("%(time)s 首见") % {"time": say.beijing(version["first_seen"])}
        current = _("现在的文字") if version["is_current"] else ""
        group["versions"].append(
            {"id": version["version_id"], "said": "　".join(filter(None, (seen, current)))}
        )
    return list(pages.values())
