"""``zhengce missed``: a rule that slipped through is imported, explained, and told late to those it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kb.config import Clock, DataDirectory
from kb.errors import NotFound, UsageError
from kb.model import canonical_url
from kb.reading import read_page
from kb.sources import Source
from kb.store import open_reader, queries
from kb.store.driver import sqlite3
from scheduler.alerts.match import concerned
from scheduler.alerts.message import Letterhead
from scheduler.alerts.missed import MissedRule, missed_message
from scheduler.alerts.outbox import Alert, alert_id, enqueue
from scheduler.escaped import Reason, Why, why_missed
from scheduler.importing import SourcePicker, import_histories
from scheduler.jobs import ensure_kb
from scheduler.names import parent_of, short_name
from scheduler.ops import Ops
from scheduler.snapshots import from_file, is_page_address


@dataclass(frozen=True, slots=True)
class Missed:
    """``alerts``: late notices written now."""

    rule: MissedRule
    source: str
    reason: Reason
    alerts: int


def missed(
    data: DataDirectory,
    sources: Mapping[str, Source],
    url: str,
    *,
    file: Path | None,
    chosen: Source | None,
    clock: Clock,
) -> Missed:
    """Import a saved page of this address (or take the one we hold) and tell those concerned who were not told of it.
    The caller holds ``data.writer()``. Raises ``UsageError`` without a file for a page we do not hold, ``NotFound`` when
    the saved page shows no document."""
    if not is_page_address(url):
        raise UsageError(f"网址应以 http 或 https 开头：{url}", do="请填页面的原网址")
    ensure_kb(data)
    title, published = _printed(file, url, sources, chosen, clock)
    with closing(open_reader(data.kb)) as reader:
        reason = why_missed(reader, url, title, published, sources)
        held = _holds(reader, url)
    if file is not None:
        snapshot = from_file(file, url, clock.now())
        pick = chosen or (sources[reason.sources[0]] if reason.sources else None)
        import_histories(data, [snapshot], sources=sources, chosen=pick, clock=clock, progress=lambda _: None)
    elif not held:
        raise UsageError(
            "本库没有这一页，本命令不联网",
            where=url,
            do=f"用浏览器打开原站，另存网页，然后 zhengce missed {url} --file 另存的文件",
        )
    rule, source = _rule(data, url, reason, sources)
    alerts = 0 if reason.why is Why.CAUGHT else _tell(data, rule, source, clock)
    return Missed(rule, source, reason, alerts)


def _printed(
    file: Path | None, url: str, sources: Mapping[str, Source], chosen: Source | None, clock: Clock
) -> tuple[str, str]:
    """Title and day of publication that the saved page prints."""
    if file is None:
        return "", ""
    snapshot = from_file(file, url, clock.now())
    source = chosen or SourcePicker(sources, None).pick(snapshot)
    reading = read_page(
        snapshot.body, url=url, status=200, headers=snapshot.headers, source=source, on=clock.now().date()
    )
    document = reading.document
    return (document.title, str(document.published or document.made or "")) if document else ("", "")


def _holds(reader: sqlite3.Connection, url: str) -> bool:
    return reader.execute("SELECT 1 FROM pages WHERE url = ?", (canonical_url(url),)).fetchone() is not None


def _rule(
    data: DataDirectory, url: str, reason: Reason, sources: Mapping[str, Source]
) -> tuple[MissedRule, str]:
    with closing(open_reader(data.kb)) as reader:
        try:
            found = queries.document(reader, canonical_url(url))
        except NotFound as error:
            raise NotFound(
                "另存的网页里没有读出规则文件", where=url, do="请另存完整网页，或检查网址"
            ) from error
    document, source = found.document, sources.get(found.source)
    authority = next(iter(document.issuers), "") or (source.authority if source else url.split("/")[2])
    return (
        MissedRule(
            found.id,
            document.title,
            url,
            authority,
            reason.explained,
            found.tags,
            document.published or document.made,
            document.is_draft,
            document.comments_until,
            document.effective,
        ),
        found.source,
    )


def _tell(data: DataDirectory, rule: MissedRule, source: str, clock: Clock) -> int:
    """One late notice a subscriber whom the rule concerns and who heard nothing of its pages; again adds nothing."""
    if not data.ops.exists():
        return 0
    settings = data.settings()
    head = Letterhead(settings.site.base_url.rstrip("/"), settings.demo, clock.now(), short_name)
    written = 0
    with Ops(data.ops) as ops, ops.transaction():
        reached = _reached(ops, rule.document)
        for subscription in ops.subscriptions():
            licences = concerned(subscription, (tag.licence for tag in rule.tags), parent_of)
            if subscription.id in reached or (subscription.licences and not licences):
                continue
            alert = alert_id("late_notice", rule.document, subscription.id)
            message = missed_message(rule, licences, head, alert=alert, subscription=subscription.name)
            facts = {
                "url": f"{head.base_url}/document/{rule.document}",
                "demo": head.demo,
                "document": {"id": rule.document, "title": rule.title, "official_url": rule.url},
                "missed": {"source": source, "explained": rule.explained},
                "licences": list(licences),
            }
            written += enqueue(
                ops,
                Alert(
                    alert, "late_notice", rule.document, subscription.id, message, facts, page=rule.document
                ),
                subscription.channels,
                now=clock.now(),
            )
    return written


def _reached(ops: Ops, page: str) -> frozenset[str]:
    rows = ops.rows(
        "SELECT subscription FROM alerts WHERE page = ? AND kind IN ('change', 'late_notice')", (page,)
    )
    return frozenset(row["subscription"] for row in rows)
