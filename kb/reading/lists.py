"""List pages: a digest of their rows, so that clocks, counters and tokens around them do not move it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

from kb.reading import markup
from kb.reading import tree as trees
from kb.sources import Mechanism, Source

VOLATILE_KEYS = re.compile(
    r"^(?:random|nonce|token|crtoken|csrf\w*|timestamp|time_?stamp|now|server_?time|trace_?id|request_?id|session\w*|"
    r"elapsed|took|cost_?time|usetime|hits?|views?|clicks?|read_?count|pv|uv)$",
    re.I,
)


def list_digest(text: str, source: Source) -> str:
    """A digest of the rows (text and address) or of the JSON data; "" when no row is found."""
    try:
        rows = list(_rows(text, source))
    except trees.TooComplex:
        return ""
    return (
        hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()
        if rows
        else ""
    )


def _rows(text: str, source: Source) -> Iterable[Any]:
    stripped = text.lstrip("\ufeff \t\r\n")
    if stripped[:1] in {"{", "["} and (data := parsed(stripped)) is not None:
        html = wrapped_html(data)
        return _html_rows(html, source) if html else [_steady(data)]
    if source.mechanism is Mechanism.TRS and "<record>" in text:
        return [_record(part.partition("]]>")[0]) for part in text.split("<![CDATA[")[1:]]
    return _html_rows(text, source)


def parsed(text: str) -> Any:
    """The JSON value, or ``None`` when the text is none (or nested absurdly deep)."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def wrapped_html(data: Any) -> str:
    """The HTML inside ``{"data": {"html": …}}`` as jpaas answers carry it, or ""."""
    inner = data.get("data") if isinstance(data, dict) else None
    html = inner.get("html") if isinstance(inner, dict) else None
    return html if isinstance(html, str) else ""


def _html_rows(html: str, source: Source) -> list[tuple[str, list[str]]]:
    if source.list is None:
        return []
    tree = trees.parse(html)
    rows = []
    for node in trees.css(tree, source.list.item.css):
        links = node.css("a[href]") if node.tag != "a" else [node]
        hrefs = [
            f"{link.attributes.get('href') or ''} {link.attributes.get('title') or ''}" for link in links
        ]
        rows.append((" ".join(node.text(deep=True, separator=" ").split()), hrefs))
    return rows


def _record(record: str) -> tuple[str, list[str]]:
    return markup.plain(record), re.findall(r"href=[\"']?([^\"'\s>]+)", record)


def _steady(data: Any, depth: int = 0) -> Any:
    if depth > 40:
        return None
    if isinstance(data, dict):
        return {key: _steady(data[key], depth + 1) for key in sorted(data) if not VOLATILE_KEYS.match(key)}
    if isinstance(data, list):
        return [_steady(item, depth + 1) for item in data]
    return data
