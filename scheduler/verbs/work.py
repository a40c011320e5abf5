"""管: crawl, import, rebuild, verify, backup — the verbs that write."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb import words
from kb.addresses import shown
from kb.config import DataDirectory, SystemClock
from kb.output import ReportOut
from kb.sources import Source, load_declaration
from kb.terminal import Verb, note, option, print_line, progress, say, tr
from kb.verbs.options import data_option, json_option

if TYPE_CHECKING:
    from kb.store.report import IngestReport
    from scheduler.processes import SourceOutcome

SHOWN = 20
sources_option = option(
    "--sources",
    "folder",
    type=click.Path(path_type=Path, exists=True),
    zh="来源配置文件夹（代替自带的）",
    en="declarations",
)


def report(line: ReportOut, *, as_json: bool) -> int:
    """Print what was done; problems make the exit code 1."""
    if as_json:
        print_line(line)
    else:
        said = "　".join(f"{tr(words.count_zh(name), name)} {count}" for name, count in line.counts.items())
        say(said or tr("完成", "done"))
        for problem in line.problems:
            say(tr("问题：", "problem: ") + problem)
    return 0 if line.ok else 1


def _ingested(reports: Iterable[IngestReport]) -> tuple[dict[str, int], list[str], list[str]]:
    """Counts, problems and new changes of several ingests together."""
    counts: dict[str, int] = {}
    problems, changes = [], []
    for ingest in reports:
        for name, count in ingest.totals.items():
            counts[name] = counts.get(name, 0) + count
        problems += ingest.problems
        changes += ingest.changes
    return counts, problems, changes


@click.command(
    "crawl",
    cls=Verb,
    section="管",
    zh="现在巡查一遍（全部或指名的来源）",
    en="Crawl now, all or the named sources",
)
@click.argument("source", nargs=-1)
@sources_option
@data_option
@option(
    "--replay",
    metavar="ORIGIN",
    zh="由这个地址代答所有请求，如 http://127.0.0.1:8800",
    en="answer every request from here",
)
@option(
    "--allow-address",
    "allowed",
    multiple=True,
    metavar="CIDR",
    zh="另外允许的地址段",
    en="addresses allowed besides",
)
@option(
    "--delay",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    zh="同一主机两次请求的间隔秒数",
    en="seconds between requests",
)
@json_option
def crawl(
    *,
    source: tuple[str, ...],
    folder: Path | None,
    data: DataDirectory,
    replay: str | None,
    allowed: tuple[str, ...],
    delay: float | None,
    as_json: bool,
) -> int:
    from scheduler.crawling import Hooks
    from scheduler.crawling import crawl as crawl_sources
    from scheduler.declarations import choose, keep, known_sources

    settings = data.settings()
    declared = known_sources(data, folder)
    chosen = choose(declared if folder is None else _of_folder(declared, folder), source)
    with data.writer(), progress(tr("巡查", "crawl")) as update:
        keep(data, chosen)
        ended: list[str] = []

        def one_ended(outcome: SourceOutcome) -> None:
            ended.append(outcome.source)
            update(len(ended), len(chosen))

        done = crawl_sources(
            data,
            declared,
            only=[each.id for each in chosen],
            clock=SystemClock(),
            replay=replay,
            allow_addresses=(*settings.allow_addresses, *allowed),
            delay=delay,
            contact=settings.contact,
            secrets=_secret_variables(data),
            hooks=Hooks(progress=one_ended),
        )
    counts, problems, changes = _ingested(done.ingested)
    problems += [outcome.failure for outcome in done.failed] + not_seen(data, {each.id for each in chosen})
    line = ReportOut(
        verb="crawl",
        ok=not problems,
        counts={"sources": len(chosen), **counts},
        problems=problems,
        changes=changes,
    )
    return report(line, as_json=as_json)


def not_seen(data: DataDirectory, sources: set[str]) -> list[str]:
    """One sentence an open incident of these sources; beyond ``SHOWN`` they are counted."""
    from kb.store import queries
    from kb.verbs.reader import reader

    with reader(data) as connection:
        found = [each for each in queries.open_incidents(connection) if each.source in sources]
    said = [
        tr(
            f"{each.source_title}　{words.zh(each.health)}，未能查看　{shown(each.url or '')}　{'；'.join(each.reasons)}",
            f"{each.source}: {words.en(each.health)}  {shown(each.url or '')}",
        )
        for each in found[:SHOWN]
    ]
    rest = len(found) - len(said)
    return said + ([tr(f"另有 {rest} 个页面未能查看", f"{rest} more pages not seen")] if rest else [])


def _secret_variables(data: DataDirectory) -> frozenset[str]:
    from scheduler.ops import Ops

    if not data.ops.exists():
        return frozenset()
    with Ops(data.ops) as ops:
        return ops.secret_variables()


def _of_folder(declared: dict[str, Source], folder: Path) -> dict[str, Source]:
    from kb.sources import load_declarations

    return {identifier: declared[identifier] for identifier in load_declarations([folder])}


@click.command(
    "import",
    cls=Verb,
    section="管",
    zh="导入另存的网页、WARC 或历史快照\n\nPATH 是另存的网页、WARC、清单，或一个文件夹。"
    "文件夹里可以是 <文件名称>/<时间>.html（一份规则文件的历次快照），也可以是若干另存的网页，各是一份规则文件。"
    "网址取浏览器写在网页里的原网址，没有时请用 --url；日期取文件名开头的日期，没有时取文件的修改时间，或用 --date。",
    en="Import saved pages, WARC files or histories\n\nPATH is a saved page, a WARC file, a manifest or a folder: "
    "<document>/<timestamp>.html for the history of one document, or saved pages, each a document. The address is the "
    "one the browser wrote into the page, else --url; the date is the one the file name begins with, else the "
    "file's own, or --date.",
)
@click.argument("path", type=click.Path(path_type=Path))
@option("--source", "identifier", zh="属于哪个来源", en="the source they belong to")
@option("--declaration", type=click.Path(path_type=Path), zh="来源配置文件", en="a source declaration")
@option(
    "--manifest",
    type=click.Path(path_type=Path),
    zh="清单：JSON 行 file、url、fetched_at、source",
    en="JSON lines",
)
@option("--url", default="", zh="网页的原网址（一份文件）", en="the page's address (one document)")
@option(
    "--date",
    "--at",
    "moment",
    zh="网页是哪天（或哪一刻）的，ISO 8601",
    en="when the page was saved, ISO 8601",
)
@data_option
@json_option
def import_pages(
    *,
    path: Path,
    identifier: str | None,
    declaration: Path | None,
    manifest: Path | None,
    url: str,
    moment: str | None,
    data: DataDirectory,
    as_json: bool,
) -> int:
    from scheduler.declarations import choose, keep, known_sources
    from scheduler.histories import read_histories
    from scheduler.importing import import_histories
    from scheduler.snapshots import parse_moment

    at = parse_moment(moment) if moment else None
    sources = known_sources(data)
    chosen = load_declaration(declaration) if declaration else None
    if chosen is not None:
        sources[chosen.id] = chosen
    elif identifier:
        (chosen,) = choose(sources, [identifier])
    with data.writer():
        if declaration and chosen:
            keep(data, [chosen])
        done = import_histories(
            data,
            read_histories(path, manifest, chosen, url=url, at=at),
            sources=sources,
            chosen=None if manifest and not identifier else chosen,
            clock=SystemClock(),
            progress=lambda count: note(tr(f"已留存 {count} 份", f"{count} new snapshots are kept")),
        )
    counts, problems, changes = _ingested(done.ingested)
    problems = done.problems + problems
    counts["skipped"] = counts.get("skipped", 0) + done.skipped
    line = ReportOut(
        verb="import",
        ok=not problems,
        counts={"kept": done.kept, "known": done.known, "unreadable": done.unreadable, **counts},
        problems=problems,
        changes=changes,
    )
    for doubt in done.doubts:
        note(doubt)
    if as_json:
        return report(line, as_json=True)
    say(imported(line.counts))
    for problem in problems:
        say(tr("问题：", "problem: ") + problem)
    return 0 if line.ok else 1


def imported(counts: dict[str, int]) -> str:
    """What an import did, for a person: what came, what of it cannot be used, and what it showed."""
    unreadable, known, skipped = counts["unreadable"], counts["known"], counts["skipped"]
    parts = [tr(f"新留存 {counts['kept']} 份", f"{counts['kept']} kept")]
    if unreadable:
        parts.append(tr(f"其中 {unreadable} 份读不出文件", f"{unreadable} of them show no document"))
    if known:
        parts.append(tr(f"早已留存的 {known} 份", f"{known} known before"))
    if skipped:
        parts.append(tr(f"未导入 {skipped} 份", f"{skipped} left out"))
    found = tr(
        f"新增文本版本 {counts.get('versions', 0)} 个，变动 {counts.get('changes', 0)} 处",
        f"{counts.get('versions', 0)} text versions, {counts.get('changes', 0)} changes",
    )
    return tr("，", ", ").join(parts) + tr("；", "; ") + found


@click.command(
    "rebuild",
    cls=Verb,
    section="管",
    zh="由留存重新生成知识库",
    en="Derive the knowledge base again from the captures",
)
@option("--force", is_flag=True, zh="丢弃已没有来源配置的内容", en="lose what no declaration covers any more")
@data_option
@json_option
def rebuild(*, force: bool, data: DataDirectory, as_json: bool) -> int:
    from kb.store import open_reader
    from kb.store.maintenance import rebuild as rebuild_store
    from kb.store.maintenance import refuse_loss
    from scheduler.declarations import known_sources
    from scheduler.jobs import hold_rederived

    if not data.captures.is_dir():
        open_reader(data.kb).close()
    sources = known_sources(data)
    if not force:
        refuse_loss(data, sources)
    with data.writer(), progress(tr("重建", "rebuild")) as update, hold_rederived(data) as found:
        done = rebuild_store(data, sources, progress=update)
    counts, problems, _ = _ingested([done])
    line = ReportOut(
        verb="rebuild",
        ok=not problems,
        counts={**counts, "revealed": len(found.revealed), "withdrawn": len(found.withdrawn)},
        problems=problems,
        changes=[*found.revealed, *found.withdrawn],
    )
    return report(line, as_json=as_json)


@click.command(
    "verify",
    cls=Verb,
    section="管",
    zh="核验留存与知识库是否一致",
    en="Check captures and knowledge base against each other",
)
@data_option
@json_option
def verify(*, data: DataDirectory, as_json: bool) -> int:
    from kb.store.maintenance import verify as verify_store
    from scheduler.declarations import known_sources

    with progress(tr("核验", "verify")) as update:
        done = verify_store(data, known_sources(data), progress=update)
    line = ReportOut(verb="verify", ok=not done.problems, counts=done.counts, problems=list(done.problems))
    return report(line, as_json=as_json)


@click.command("backup", cls=Verb, section="管", zh="备份整个数据目录", en="Back up the data directory")
@click.argument("target", type=click.Path(path_type=Path))
@data_option
@json_option
def backup(*, target: Path, data: DataDirectory, as_json: bool) -> int:
    from kb.store.maintenance import backup as backup_store

    backup_store(data, target)
    return report(ReportOut(verb="backup", ok=True, counts={}, problems=[]), as_json=as_json)
