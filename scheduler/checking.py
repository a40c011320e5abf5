"""``sources check --live``: one polite crawl of a source into a throw-away directory, and what each selector found.

The report is the only way from a guessed selector to a verified one: it says how many elements each selector met on the
pages really served, quotes a few characters of the first, and holds nothing of the operator but the day.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from kb.archive import Failed, Seen, read_record, read_run_log
from kb.codes import Health, PageRole
from kb.config import DataDirectory, SystemClock
from kb.errors import Undecodable
from kb.model import Capture
from kb.reading.decode import decode_body
from kb.reading.page import read_page
from kb.sources import Source
from scheduler.crawling import crawl

QUOTED = 60  # characters of the first element a selector met
PAGES_QUOTED = 5  # pages of a role that a report speaks of


@dataclass
class SourceCheck:
    source: Source
    pages: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "schema": "zhengce.source-check/1",
            "source": self.source.id,
            "declaration_digest": self.source.digest,
            "checked_at": SystemClock().now().date().isoformat(),
            "pages": self.pages,
            "problems": self.problems,
        }


def check_live(source: Source, *, contact: str, allowed: tuple[str, ...] = ()) -> SourceCheck:
    """Crawl once, then hold every page against the declaration."""
    check = SourceCheck(source)
    with tempfile.TemporaryDirectory(prefix="zhengce-check-") as folder:
        data = DataDirectory(Path(folder))
        done = crawl(data, {source.id: source}, clock=SystemClock(), contact=contact, allow_addresses=allowed)
        check.problems += [outcome.failure for outcome in done.failed]
        for log in sorted((data.captures / source.id).glob("*.jsonl")):
            for _, event in read_run_log(log):
                if isinstance(event, Failed):
                    check.problems.append(f"{event.url}　{event.reason}")
                elif isinstance(event, Seen) and event.record is not None:
                    _check_page(
                        check, read_record(log.parent, event.record, source=source.id, role=event.role)
                    )
    if not check.pages and not check.problems:
        check.problems.append("没有取到任何页面")
    return check


def _check_page(check: SourceCheck, capture: Capture) -> None:
    if sum(page["role"] == capture.role for page in check.pages) >= PAGES_QUOTED:
        return
    reading = read_page(
        capture.body,
        url=capture.url,
        status=capture.status,
        headers=capture.headers,
        source=check.source,
        role=capture.role,
    )
    page: dict[str, Any] = {
        "url": capture.url,
        "role": capture.role,
        "status": capture.status,
        "health": reading.health,
        "reasons": list(reading.reasons),
        "selectors": _matches(check.source, capture),
    }
    if reading.document is not None:
        page |= {"title": reading.document.title, "characters": len(reading.document.text)}
    check.pages.append(page)
    if reading.health is not Health.OK:
        check.problems.append(f"{capture.url}　{'；'.join(reading.reasons)}")


def _matches(source: Source, capture: Capture) -> list[dict[str, Any]]:
    """How often each selector for this role of page met something, and how the first begins."""
    rules = source.list if capture.role is PageRole.LIST else source.document
    try:
        tree = LexborHTMLParser(decode_body(capture.body, capture.headers, source.encoding).text)
    except Undecodable:
        return []
    found = []
    for key in type(rules).model_fields if rules is not None else ():
        value = getattr(rules, key)
        for selector in value if isinstance(value, tuple) else (value,):
            css = getattr(selector, "css", None)
            if css is None:
                continue
            nodes = tree.css(css)
            first = " ".join(nodes[0].text(deep=True).split())[:QUOTED] if nodes else ""
            found.append(
                {"key": key, "css": css, "evidence": selector.evidence, "met": len(nodes), "first": first}
            )
    return found
