"""Addresses of every route of the site over the made-up base: a route that is added is asked with the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable

from datasette_config.pages import ROUTES

SAMPLES = {
    "change": ("ch-a1", "ch-c1"),
    "changes": ("ch-a1", "ch-c1"),
    "document": ("do-a1", "do-b1", "do-c1"),
    "documents": ("do-a1", "do-b1", "do-c1"),
    "picture": ("ca-a1",),
    "source": ("sample.wangxin.rules", "sample.weixin.category", "sample.ca.notice"),
    "sources": ("sample.wangxin.rules", "sample.weixin.category"),
    "licence": ("algorithm-filing", "wx-deep-synthesis"),
    "licences": ("algorithm-filing", "wx-deep-synthesis"),
    "incidents": ("in-20c1",),
}
OTHER_GROUPS = {
    "version": ("ve-a2", "ve-c1"),
    "before": ("ve-a1",),
    "after": ("ve-a2",),
    "kind": ("pages", "documents", "changes"),
    "part": ("1",),
}
MORE = (
    "/search?q=备案",
    "/search?q=开头说明&history=1",
    "/search?q=说明&syn=0&page=2",
    "/search.atom?q=开头说明",
    "/api/v1/search?q=开头说明",
    "/changes?licence=wx-deep-synthesis",
    "/changes?q=AI绘画&since=2026-01-01",
    "/document/do-c1?as-of=2026-11-22",
    "/document/do-a1?as-of=2026-11-22",
    "/document/do-c1/compare?from=ve-c1&to=ve-c1",
    "/document/do-a1/compare?from=ve-a1&to=ve-a2",
    "/document/do-a1/compare?from=ve-a1&to=ve-c1",
    "/kb",
    "/kb.json",
    "/kb/changes",
    "/kb/changes/3.json",
    "/kb/change_passages.json",
    "/kb/passages.json?_search=开头说明",
    "/kb/versions.json?_shape=array",
    "/kb/documents?_facet=title",
    "/kb/sources.json?_labels=on",
    "/kb/incidents",
    "/kb/pages",
    "/kb/licence_tags.json?_nl=on&_shape=array",
    "/kb/licence_changes?licence=wx-deep-synthesis&since=",
    "/kb/issuer_documents.json?issuer=示例网信办",
)


def _filled(pattern: str) -> Iterable[str]:
    """The pattern with samples in the place of its groups; none for a pattern that takes anything."""
    path = pattern.removeprefix("^").removesuffix("$").replace("\\", "")
    if ".*" in re.sub(r"\(\?P<\w+>(\([^)]*\)|[^()])*\)", "", path):
        return ()
    found = [path]
    for name in re.findall(r"\(\?P<(\w+)>", path):
        kind = path.removeprefix("/api/v1").split("/")[1]
        samples = OTHER_GROUPS.get(name) or SAMPLES[kind]
        group = re.compile(rf"\(\?P<{name}>(?:\([^)]*\)|[^()])*\)")
        found = [group.sub(sample, each) for each in found for sample in samples]
    return found


def every_address() -> list[str]:
    return [*dict.fromkeys([address for pattern, _ in ROUTES for address in _filled(pattern)] + list(MORE))]
