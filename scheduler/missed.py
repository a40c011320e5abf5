"""``zhengce missed``: a rule that slipped through is imported, explained, and told late to those it concerns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kb import words
from kb.codes import Health
from kb.config import BEIJING, Clock, DataDirectory
from kb.errors import NotFound, UsageError
from kb.model import Document, canonical_url
from kb.reading.page import read_page
from kb.regions import reaches, region_of
from kb.sources import Source
from kb.sqlite import sqlite3
from kb.store import open_reader, queries
from kb.store.queries.documents import DocumentRow, page_ids
from kb.store.queries.filings import named_by
from scheduler.alerts.match import concerned
from scheduler.alerts.message import Letterhead
from scheduler.alerts.missed import MissedRule, missed_message
from scheduler.alerts.outbox import Alert, alert_id, enqueue
from scheduler.alerts.telling import BELOW
from scheduler.already import already_held
from scheduler.escaped import Reason, Why, caught_elsewhere, home_of, near, why_missed
from scheduler.fetching import by_hand, fetch_page, not_fetched
from scheduler.following import up_to_date
from scheduler.importing import import_histories
from scheduler.jobs import ensure_kb
from scheduler.names import parent_of, short_name
from scheduler.ops import Ops, Subscription
from scheduler.snapshots import Snapshot, from_file, is_page_address


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
    """Take the page of this address (from a saved file, from what we hold, or else from its site) and tell those concerned
    who were not told of it; of a page that a source looks at already, nobody. The caller holds ``data.writer()``.

    Raises ``UsageError`` for an address that is none, ``NotFound`` for a site that nobody declares and for a saved page
    that shows no document, ``NotFetched`` for one that its site does not give us. Nothing is kept of what cannot be read.
    """
    if not is_page_address(url):
        raise UsageError(f"网址应以 http 或 https 开头，不带登录名和密码：{url}", do="请填页面的原网址")
    ensure_kb(data)
    held = _held(data, url)
    if held is not None and (known := _known(data, held)):
        return Missed(_rule(held, url, known, sources), held.source, known, 0)
    if file is None and held is not None:
        snapshot, home, document = None, chosen, held.document
    else:
        home = chosen or home_of(url, sources.values())
        snapshot = from_file(file, url, clock.now()) if file else _fetch(data, url, home, sources, clock)
        document = _read(snapshot, home, clock)
        fitting = chosen or home_of(url, sources.values(), document)
        if fitting is not home:
            home, document = fitting, _read(snapshot, fitting, clock)
    with closing(open_reader(data.kb)) as reader:
        reason = why_missed(reader, url, document, sources, named=chosen)
    if snapshot is not None:
        _import(data, snapshot, sources, home, clock)
    found = held if snapshot is None else _held(data, url)
    if found is None:
        raise NotFound("这一页没有作为规则文件收录", where=url, do="请检查网址，或用 --source 写明来源")
    with closing(open_reader(data.kb)) as reader:
        reason = caught_elsewhere(reader, found.id) or reason
    rule = _rule(found, url, reason, sources)
    alerts = 0 if reason.why is Why.CAUGHT else _tell(data, rule, found.source, reason, clock)
    return Missed(rule, found.source, reason, alerts)


def _known(data: DataDirectory, held: DocumentRow) -> Reason | None:
    with closing(open_reader(data.kb)) as reader:
        if not data.ops.exists():
            return already_held(reader, None, held.id)
        with Ops(data.ops) as ops:
            return already_held(reader, ops, held.id)


def _held(data: DataDirectory, url: str) -> DocumentRow | None:
    with closing(open_reader(data.kb)) as reader:
        try:
            return queries.document(reader, canonical_url(url))
        except NotFound:
            return None


def _fetch(
    data: DataDirectory, url: str, home: Source | None, sources: Mapping[str, Source], clock: Clock
) -> Snapshot:
    if home is None:
        known = "、".join(f"{s.id}（{s.authority}，{s.hosts[0]}）" for s in near(url, sources.values())[:3])
        raise NotFound(
            f"没有来源声明网站 {urlsplit(url).netloc}，程序不去取",
            where=f"最接近的来源：{known}" if known else "没有相近的来源",
            do=f"{by_hand(url)}；要一直监测这个网站，请写一份来源配置（docs/sources.md“增加一个来源”），"
            "放进 zhengce.toml 的 sources 所列文件夹",
        )
    secrets: frozenset[str] = frozenset()
    if data.ops.exists():
        with Ops(data.ops) as ops:
            secrets = ops.secret_variables()
    return fetch_page(url, home, data.settings(), clock, secrets=secrets)


def _read(snapshot: Snapshot, home: Source | None, clock: Clock) -> Document:
    """The document a page shows under the rules of the day. Raises ``NotFound`` or ``NotFetched`` when it shows none."""
    reading = read_page(
        snapshot.body,
        url=snapshot.url,
        status=snapshot.status,
        headers=snapshot.headers,
        source=home,
        on=clock.now().astimezone(BEIJING).date(),
    )
    if reading.health is Health.OK and reading.document is not None:
        return reading.document
    label, said = words.zh(reading.health), "；".join(reading.reasons)
    why = said if said.startswith(label.partition("（")[0]) else "：".join(filter(None, (label, said)))
    if not snapshot.where:
        raise not_fetched(snapshot.url, why)
    raise NotFound(
        f"另存的网页里没有读出规则文件（{why}）",
        where=snapshot.where,
        do="请另存完整网页，并核对网址；版式与已声明的栏目不同的，先写一份来源配置，再用 --source 写明它",
    )


def _import(
    data: DataDirectory, snapshot: Snapshot, sources: Mapping[str, Source], home: Source | None, clock: Clock
) -> None:
    done = import_histories(
        data, [snapshot], sources=sources, chosen=home, clock=clock, progress=lambda _: None
    )
    if done.skipped:
        raise UsageError("；".join(done.problems), where=snapshot.url, do="请核对网址和 --source")


def _rule(found: DocumentRow, url: str, reason: Reason, sources: Mapping[str, Source]) -> MissedRule:
    document, source = found.document, sources.get(found.source)
    authority = next(iter(document.issuers), "") or (source.authority if source else urlsplit(url).netloc)
    return MissedRule(
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
        region=region_of(source.province, document.issuers, source.authority) if source else "",
    )


def _tell(data: DataDirectory, rule: MissedRule, source: str, reason: Reason, clock: Clock) -> int:
    """One late notice a subscriber whom the rule concerns and who heard nothing of its pages; again adds nothing."""
    if not data.ops.exists():
        return 0
    settings = data.settings()
    head = Letterhead(settings.site.base_url.rstrip("/"), settings.demo, clock.now(), short_name)
    with Ops(data.ops) as ops:
        subscriptions = [
            up_to_date(data, each)
            for each in ops.subscriptions()
            if not each.sources or {source, *reason.sources} & {*each.sources}
        ]
        with closing(open_reader(data.kb)) as reader:
            found = [_concerned(reader, rule, each) for each in subscriptions]
            pages = page_ids(reader, rule.document)
        with ops.transaction():
            reached = _reached(ops, pages)
            return sum(
                enqueue(ops, _alert(rule, source, each, head), each.subscription.channels, now=head.now)
                for each in found
                if each is not None and each.subscription.id not in reached
            )


@dataclass(frozen=True, slots=True)
class _Concerned:
    """A subscriber, the licence types of the rule that concern them, and their watched names with the rows of the list."""

    subscription: Subscription
    licences: tuple[str, ...]
    named: tuple[tuple[str, str], ...]


def _concerned(reader: sqlite3.Connection, rule: MissedRule, subscription: Subscription) -> _Concerned | None:
    licences = concerned(subscription, (tag.licence for tag in rule.tags), parent_of)
    named = tuple(
        (name, row) for name in subscription.watched_names for row in named_by(reader, rule.document, name)
    )
    local = subscription.sources or reaches(rule.region, (subscription.province, *subscription.regions))
    if not named and not (local and (licences or not subscription.licences)):
        return None
    return _Concerned(subscription, licences, named)


def _alert(rule: MissedRule, source: str, found: _Concerned, head: Letterhead) -> Alert:
    subscription = found.subscription
    alert = alert_id("late_notice", rule.document, subscription.id)
    message = missed_message(
        rule, found.licences, head, alert=alert, subscription=subscription.name, named=found.named
    )
    facts = {
        "url": f"{head.base_url}/document/{rule.document}",
        "demo": head.demo,
        "document": {"id": rule.document, "title": rule.title, "official_url": rule.url},
        "missed": {"source": source, "explained": rule.explained},
        "licences": list(found.licences),
    }
    if found.named:
        facts["watched"] = [{"name": name, "row": row} for name, row in found.named]
    return Alert(alert, "late_notice", rule.document, subscription.id, message, facts, page=rule.document)


def _reached(ops: Ops, pages: tuple[str, ...]) -> frozenset[str]:
    """Those who heard of these pages before, or will in their next digest."""
    rows = ops.rows(
        "SELECT subscription FROM alerts WHERE kind IN ('change', 'late_notice')"
        " AND page IN (SELECT value FROM json_each(?1))"
        " UNION SELECT i.subscription FROM digest_items AS i JOIN considered AS c ON c.change = i.change"
        " WHERE i.reason <> ?2 AND c.page IN (SELECT value FROM json_each(?1))",
        (json.dumps(pages), BELOW),
    )
    return frozenset(row["subscription"] for row in rows)
