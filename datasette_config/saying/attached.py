"""The attachments and images of a document, each with its own versions, from the rows of ``knowledge.versions``. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from datasette_config.saying import format as say
from kb.codes import PageRole

Shown = dict[str, Any]


def attached(versions: Iterable[dict[str, Any]], role: PageRole) -> list[Shown]:
    """The pages of that role, each with its versions, newest first."""
    pages: dict[str, Shown] = {}
    for row in versions:
        if row["role"] != role:
            continue
        page = pages.setdefault(
            row["page_id"],
            {
                "id": row["page_id"],
                "name": row["page_title"] or file_name(row["url"]),
                "url": say.safe_url(row["url"]),
                "address": row["url"],
                "versions": [],
            },
        )
        page["versions"].append(
            {
                "id": row["version_id"],
                "capture": row["capture"],
                "seen": say.beijing(row["first_seen"]),
                "previous": row["previous"] or "",
            }
        )
    return list(pages.values())


def file_name(url: str) -> str:
    """The last step of an address, as people read it; the address itself where it has none."""
    return unquote(urlsplit(url).path.rpartition("/")[2]) or url
