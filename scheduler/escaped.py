"""Which source should have caught a page, and why it did not: from declarations, lists and incidents as we hold them."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from kb import words
from kb.codes import Confirmation, Coverage, Health
from kb.model import Document, canonical_url
from kb.sources import Source
from kb.sqlite import sqlite3
from scheduler.fitting import unlike

LISTED = timedelta(days=7)
"""A list shows what is new on its first page for a week at least; a problem that began later does not excuse a source."""


class Why(StrEnum):
    """Why a page slipped through."""

    NOT_DECLARED = "not_declared"  # nobody declares its site
    OTHER_COLUMN = "other_column"  # its site is watched, its column is not
    DISABLED = "disabled"
    MANUAL = "manual"
    FILTERED = "filtered"  # the source's own list rules leave its title out
    BASELINE = "baseline"  # it stood in the list when that was first seen
    OUT_OF_SIGHT = "out_of_sight"  # the source could not be seen then
    NEVER_SEEN = "never_seen"  # the source was never looked at
    NOT_FETCHED = "not_fetched"  # listed, and its own page could not be read
    NOT_LISTED = "not_listed"  # watched, and never seen in the list
    CAUGHT = "caught"  # it did not slip through


@dataclass(frozen=True, slots=True)
class Reason:
    """``sources``: those that should have caught it, likeliest first."""

    why: Why
    explained: str
    sources: tuple[str, ...] = ()


_LISTED = """
    SELECT l.previous_look, l.first_seen FROM listings l JOIN pages p ON p.id = l.list_page
    JOIN sources s ON s.id = p.source WHERE l.url = ? AND s.source_id = ? ORDER BY l.first_seen LIMIT 1
"""
_OWN = """
    SELECT p.health, p.baseline_at, (SELECT json_group_array(c.confirmation) FROM changes c WHERE c.page = p.id
      AND c.origin = 'live' AND c.kind NOT IN ('baseline', 'technical')) AS found
    FROM pages p JOIN sources s ON s.id = p.source WHERE p.url = ? AND s.source_id = ?
"""
_PUBLISHED = """
    SELECT c.confirmation, s.source_id, s.title FROM changes c JOIN documents d ON d.id = c.document
    JOIN sources s ON s.id = c.source WHERE d.document_id = ? AND c.basis = 'publication' AND c.origin = 'live'
    AND c.confirmation IN ('provisional', 'held') ORDER BY c.confirmation DESC, c.change_id LIMIT 1
"""
_OUT_OF_SIGHT = """
    SELECT i.health, i.opened_at, i.closed_at FROM incidents i JOIN sources s ON s.id = i.source
    LEFT JOIN pages p ON p.id = i.page WHERE s.source_id = ?1 AND (p.role = 'list' OR i.page IS NULL)
    AND coalesce(i.closed_at, '9999') >= ?2 AND i.opened_at < ?3 ORDER BY i.opened_at DESC LIMIT 1
"""
_LOOKED = """
    SELECT min(k.fetched_at) FROM captures k JOIN pages p ON p.id = k.page JOIN sources s ON s.id = p.source
    WHERE s.source_id = ? AND p.role = 'list' AND k.health = 'ok'
"""


def why_missed(
    connection: sqlite3.Connection,
    url: str,
    document: Document,
    sources: Mapping[str, Source],
    *,
    named: Source | None = None,
) -> Reason:
    """``named``: the source a person said it belongs to. Asked before the page is imported."""
    url, title = canonical_url(url), document.title
    published = str(document.published or document.made or "")
    near = [named] if named else should_have_caught(url, sources.values(), document)
    if not near:
        host = urlsplit(url).netloc
        watched = [s.title for s in sources.values() if host in s.hosts and not _is_generated(s)]
        if watched:
            return Reason(
                Why.OTHER_COLUMN, f"该栏目此前不在监测清单；这个网站已监测的是：{'、'.join(watched)}"
            )
        return Reason(Why.NOT_DECLARED, f"网站 {host} 此前不在监测清单")
    reasons = [_why(connection, url, title, published, source) for source in near]
    best = min(reasons, key=lambda reason: _TELLING.index(reason.why))
    return Reason(best.why, best.explained, tuple(source.id for source in near))


def caught_elsewhere(connection: sqlite3.Connection, document: str) -> Reason | None:
    """Of a document that another page publishes and that is about to be told: which source has it, and what it waits
    for. Asked after the page is imported."""
    row = connection.execute(_PUBLISHED, (document,)).fetchone()
    if row is None:
        return None
    said = _CAUGHT[Confirmation(row["confirmation"])]
    return Reason(Why.CAUGHT, f"来源“{row['title']}”{said}", (row["source_id"],))


_TELLING = (
    Why.CAUGHT,
    Why.BASELINE,
    Why.NOT_FETCHED,
    Why.FILTERED,
    Why.OUT_OF_SIGHT,
    Why.NOT_LISTED,
    Why.NEVER_SEEN,
    Why.MANUAL,
    Why.DISABLED,
)


def should_have_caught(url: str, sources: Iterable[Source], document: Document | None = None) -> list[Source]:
    """Sources of the page's site whose columns it lies below, the deepest column first; a source that watches the page
    itself before them. Of a source that starts at the root of its site every page is below it. Where the address names
    a day and no column, the site's source for such a ``document``."""
    host = urlsplit(url).netloc
    declared = sorted((each for each in sources if not _is_generated(each)), key=lambda each: each.id)
    ranked = []
    for source in declared:
        depths = [_depth(url, start) for start in source.start if urlsplit(start).netloc == host]
        if depths and max(depths) >= 0:
            ranked.append((-max(depths), unlike(source, document), source))
    if not ranked and document is not None and _BY_DAY.match(urlsplit(url).path):
        of_its_site = [source for source in declared if host in source.hosts]
        return sorted(of_its_site, key=lambda each: unlike(each, document))[:1]
    return [source for _, _, source in sorted(ranked, key=lambda each: each[:2])]


def home_of(url: str, sources: Iterable[Source], document: Document | None = None) -> Source | None:
    """The source a page is kept under: the likeliest to have caught it, or else one that watches another column of its
    site, by what the document is. None for a site that nobody declares."""
    declared = [source for source in sources if not _is_generated(source)]
    host = urlsplit(canonical_url(url)).netloc
    of_its_site = sorted(
        (source for source in declared if host in source.hosts),
        key=lambda each: (unlike(each, document), each.id),
    )
    return next(iter([*should_have_caught(canonical_url(url), declared, document), *of_its_site]), None)


def near(url: str, sources: Iterable[Source]) -> list[Source]:
    """Sources of the same owner's other sites: those that share its registered domain."""
    owner = _owner(urlsplit(canonical_url(url)).hostname or "")
    return [
        source
        for source in sources
        if not _is_generated(source)
        and owner in {_owner(urlsplit(f"//{host}").hostname or "") for host in source.hosts}
    ]


def _owner(host: str) -> str:
    """``miit.gov.cn`` of ``scca.miit.gov.cn``: under .cn the second label often names a kind of owner, not one."""
    labels = host.split(".")
    return ".".join(labels[-3 if labels[-1] == "cn" and labels[-2:-1] and labels[-2] in _KINDS else -2 :])


_KINDS = frozenset({"gov", "com", "org", "net", "edu", "ac", "mil"})


_BY_DAY = re.compile(r"/(?:19|20)\d\d[-/]?\d\d(?:[-/]|$)")


def _is_generated(source: Source) -> bool:
    """Made by an import for pages of a site that nobody declares: nothing watches it."""
    return source.id.startswith("imported.")


def _depth(url: str, start: str) -> int:
    """How many folders of a start address the page lies below; -1 when it does not, beyond all when it is that page."""
    if canonical_url(start) == url:
        return 1000
    path, begin = urlsplit(url).path or "/", urlsplit(start).path or "/"
    folder = begin if begin.endswith("/") else posixpath.dirname(begin)
    folder = folder.rstrip("/") + "/"
    return folder.count("/") if path.startswith(folder) else -1


def _why(connection: sqlite3.Connection, url: str, title: str, published: str, source: Source) -> Reason:
    found = (
        *_in_its_list(connection, url, source),
        *_as_declared(title, source),
        *_as_looked(connection, published, source),
    )
    why, explained = found[0]
    return Reason(why, f"来源“{source.title}”{explained}", (source.id,))


_CAUGHT = {
    Confirmation.CONFIRMED: "已经发现它，变动在 zhengce changes 里",
    Confirmation.PROVISIONAL: "已经发现它，待再次查看后提醒",
    Confirmation.HELD: "已经发现它，在 zhengce held 里等待人工放行",
}


def _in_its_list(connection: sqlite3.Connection, url: str, source: Source) -> Iterator[tuple[Why, str]]:
    own = connection.execute(_OWN, (url, source.id)).fetchone()
    listed = connection.execute(_LISTED, (url, source.id)).fetchone()
    found = set(json.loads(own["found"])) if own is not None else set()
    for confirmation, explained in _CAUGHT.items():
        if confirmation in found:
            yield Why.CAUGHT, explained
    if listed is not None and listed["previous_look"] is None:
        day = listed["first_seen"][:10]
        yield Why.BASELINE, f"首次查看栏目（{day}）时它已在其中，作为基线不提醒"
    if listed is not None or (own is not None and own["baseline_at"] is None):
        health = words.zh(Health(own["health"])) if own is not None else "没有取过"
        yield Why.NOT_FETCHED, f"的栏目里见到过它，但它自己的页面没有读出：{health}"


def _as_declared(title: str, source: Source) -> Iterator[tuple[Why, str]]:
    if not source.enabled:
        yield Why.DISABLED, "没有启用"
    if source.coverage in {Coverage.MANUAL, Coverage.BLIND}:
        yield Why.MANUAL, f"的监测覆盖是“{words.zh(source.coverage)}”，程序不查看"
    rules = source.list
    if rules is not None and title and rules.include and not re.search(rules.include, title):
        yield Why.FILTERED, f"只收标题符合“{rules.include}”的文件"
    if rules is not None and title and rules.exclude and re.search(rules.exclude, title):
        yield Why.FILTERED, f"不收标题符合“{rules.exclude}”的文件"


def _as_looked(connection: sqlite3.Connection, published: str, source: Source) -> Iterator[tuple[Why, str]]:
    looked = connection.execute(_LOOKED, (source.id,)).fetchone()[0]
    blind = connection.execute(_OUT_OF_SIGHT, (source.id, *_when_listed(published))).fetchone()
    if blind is not None:
        until = f"至 {blind['closed_at'][:10]}" if blind["closed_at"] else "至今"
        trouble = words.zh(Health(blind["health"]))
        yield Why.OUT_OF_SIGHT, f"自 {blind['opened_at'][:10]} {until}未能查看：{trouble}"
    if source.list is None:
        yield Why.NOT_LISTED, "没有栏目，只看声明的那几个网页"
    elif looked is None:
        yield Why.NEVER_SEEN, "还没有成功查看过栏目"
    elif published and published < looked[:10]:
        yield Why.NOT_LISTED, f"首次查看栏目是 {looked[:10]}，它发布在那以前，已不在栏目首页"
    else:
        yield (
            Why.NOT_LISTED,
            f"的栏目里没有见到它（每次看 {source.list.max_pages} 页，可能在两次查看之间翻过，或不列在这一栏）",
        )


def _when_listed(published: str) -> tuple[str, str]:
    """From when until when a look at the list would have shown it; of a rule that names no day only now is known."""
    if not published:
        return ("9999", "9999")
    return (published, (date.fromisoformat(published) + LISTED).isoformat())
