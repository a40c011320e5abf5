"""看: what the knowledge base holds — changes, one change, a document's history, search."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from kb import words
from kb.addresses import shown
from kb.codes import Confirmation, SourceState, VersionKind
from kb.config import BEIJING, DataDirectory, SystemClock
from kb.errors import NotFound, UsageError
from kb.lines import change_detail_line, change_line, search_line, version_line
from kb.output import PassageChangeOut
from kb.terminal import Verb, option, out, print_line, printable, say, tr
from kb.verbs.comparison import say_passages
from kb.verbs.options import MOST, data_option, json_option, licence_ids, licence_name
from kb.verbs.reader import beijing, reader

if TYPE_CHECKING:
    from kb.store.queries import ChangeRow, Hit

SHOWN = 50
NOT_DUE = {SourceState.UNVERIFIED, SourceState.MANUAL, SourceState.IMPORTED}


def _day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise UsageError(f"不是日期：{value}", do="请写成 2026-11-01 的形式") from None
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING)


def looked_at(states: Iterable[SourceState]) -> str:
    """What may be said where no change was found: it depends on what could be looked at."""
    standing = list(states)
    due = [state for state in standing if state not in NOT_DUE]
    seen = [state for state in due if state not in {SourceState.NOT_WATCHED, SourceState.UNTRIED}]
    if not due and SourceState.IMPORTED in standing:
        return tr("在导入的留存中未见变动", "no change seen in what was imported")
    if not seen:
        return tr("未能查看，不能说有没有变动", "not seen: nobody can say whether anything changed")
    if len(seen) < len(due) or SourceState.PARTLY_WATCHED in seen:
        return tr("在看得到的来源上未见变动", "no change seen at the sources that could be looked at")
    return tr("未见变动", "no change seen")


def _standing(row: ChangeRow) -> str:
    """How sure the change is; of one that waits for a person also why: it may long be undone."""
    sure = tr(words.zh(row.confirmation), words.en(row.confirmation))
    if row.confirmation is not Confirmation.HELD or row.held_for is None:
        return sure
    return tr(f"{sure}（{words.zh(row.held_for)}）", f"{sure} ({words.en(row.held_for)})")


def _say_change(row: ChangeRow) -> None:
    kind = tr(words.zh(row.kind), words.en(row.kind))
    nature = tr(words.zh(row.significance), words.en(row.significance))
    say(f"{row.id}　{beijing(row.observed_to)}　〔{nature}〕{kind}　{_standing(row)}")
    say("　" + "　".join(part for part in (row.title or shown(row.url), row.source_title) if part))
    if row.headline and row.headline != row.title:
        say(f"　{row.headline}")


@click.command("changes", cls=Verb, section="看", zh="变动，新的在前", en="Changes, newest first")
@data_option
@option(
    "--licence",
    metavar="ID",
    zh="只看这项资质事项（含下级）：编号、名称或别名",
    en="of this licence type and those below it: id, Chinese name or alias",
)
@option("--source", metavar="ID", zh="只看这个来源", en="of this source")
@option(
    "--since", metavar="DATE", callback=_day, zh="这一天起（北京时间）", en="seen since this day (Beijing)"
)
@option(
    "--limit", type=click.IntRange(1, MOST), default=SHOWN, show_default=True, zh="最多几条", en="at most"
)
@json_option
def changes(
    *,
    data: DataDirectory,
    licence: str | None,
    source: str | None,
    since: datetime | None,
    limit: int,
    as_json: bool,
) -> int:
    from kb.store import queries

    if licence is not None:
        (licence,) = licence_ids([licence]) or (licence,)
    with reader(data) as connection:
        standing = {row.source: row.state for row in queries.source_states(connection)}
        if source is not None and source not in standing:
            raise NotFound(f"没有这个来源：{source}", do="zhengce sources list 可列出全部来源")
        rows = queries.changes(connection, licence=licence, source=source, since=since, limit=limit)
    for row in rows:
        if as_json:
            print_line(change_line(row))
        else:
            _say_change(row)
    if not rows and not as_json:
        say(looked_at([standing[source]] if source else standing.values()))
    return 0


@click.command(
    "show",
    cls=Verb,
    section="看",
    zh="一处变动：新旧原文、标注理由、留存\n\nCHANGE 是变动编号，如 ch-4f1a09，见 zhengce changes。",
    en="One change whole: both texts, why it is tagged so, its captures\n\nCHANGE is an id such as ch-4f1a09, see zhengce changes.",
)
@click.argument("change", metavar="CHANGE")
@data_option
@json_option
def show(*, change: str, data: DataDirectory, as_json: bool) -> int:
    from kb.store import queries
    from kb.store.queries.decisions import verdicts

    with reader(data) as connection:
        found = queries.change(connection, change)
        decided = verdicts(connection, found.row.id)
        readings = [each for each in queries.readings(connection, found.row.id) if each.current]
    if as_json:
        print_line(change_detail_line(found, found.passages, [each.text for each in readings]))
        return 0
    _say_change(found.row)
    row = found.row
    say_passages([PassageChangeOut.of(passage) for passage in found.passages])
    since = beijing(row.observed_from) if row.observed_from else "—"
    say(
        tr(
            f"\n变动区间　{since} — {beijing(row.observed_to)}",
            f"\nobserved  {since} — {beijing(row.observed_to)}",
        )
    )
    for each in decided:
        of_now = "" if each.current else tr("（说的是此前的文字）", " (of other words)")
        word = tr(words.zh(each.kind), words.en(each.kind))
        say(tr("人工决定　", "decided  ") + f"{beijing(each.at)}　{word}{of_now}")
    for reading in readings:
        say(
            tr(
                f"人工判读　{beijing(reading.at)}\n{reading.text}",
                f"read by a person  {beijing(reading.at)}\n{reading.text}",
            )
        )
    for tag in found.tags:
        say(
            tr(
                f"涉及　{licence_name(tag.licence)}　“{tag.evidence}”　{tag.reason}",
                f"licence  {licence_name(tag.licence)}  “{tag.evidence}”",
            )
        )
    say(tr(f"官方原文　{shown(row.url)}", f"source  {shown(row.url)}"))
    say(tr("留存　", "captures  ") + "、".join(found.captures))
    return 0


@click.command(
    "history",
    cls=Verb,
    section="看",
    zh="一份文件的各个文本版本\n\nDOCUMENT 是文件编号、页面编号或网址，见 zhengce search。",
    en="The text versions of a document\n\nDOCUMENT is a document id, a page id or an address, see zhengce search.",
)
@click.argument("document", metavar="DOCUMENT")
@data_option
@option(
    "--as-of",
    metavar="DATE",
    callback=_day,
    zh="这一天（北京时间）网站上所见的文字，与当日有效的条文",
    en="the text that stood on the site that day (Beijing), and the text in force",
)
@json_option
def history(*, document: str, data: DataDirectory, as_of: datetime | None, as_json: bool) -> int:
    """``document`` is a document id, a page id or an address."""
    from kb.store import queries
    from kb.verbs.asof import say_as_of, say_divergences

    if as_of is not None:
        with reader(data) as connection:
            now = SystemClock().now()
            return say_as_of(connection, document, as_of.date(), clock=now, as_json=as_json)
    with reader(data) as connection:
        rows = queries.history(connection, document)
        copies = queries.divergences(connection, document)
    for row in rows:
        if as_json:
            print_line(version_line(row))
        else:
            kind = tr(words.zh(VersionKind(row.kind)), words.en(VersionKind(row.kind)))
            length = tr(f"{row.characters} 字", f"{row.characters} characters")
            say("　".join(filter(None, (beijing(row.first_seen), kind, row.title, length, row.change))))
    if not as_json:
        say_divergences(row for row in copies if row.until is None)
    return 0


def _say_hit(hit: Hit) -> None:
    from rich.text import Text

    from kb.changing.labels import label

    shown = Text("　")
    at = 0
    for start, end in hit.highlights:
        shown.append(printable(hit.snippet[at:start])).append(printable(hit.snippet[start:end]), "bold")
        at = end
    shown.append(printable(hit.snippet[at:]))
    anchor = hit.anchor.rpartition("/")[2]
    where = "" if hit.snippet.startswith(anchor) else label(hit.anchor)
    say("　".join(part for part in (hit.title, where, hit.document) if part))
    out.print(shown, soft_wrap=True)


@click.command(
    "search",
    cls=Verb,
    section="看",
    zh="检索现行原文的条款\n\nQUERY 是要找的文字；几个词用空格分开，都要出现；引号内逐字匹配，前加 - 排除，前加 = 不找别称。",
    en="Search the passages that stand now\n\nQUERY: words that must all occur; quotes are literal, a leading - excludes, a leading = leaves other names out.",
)
@click.argument("query", metavar="QUERY", nargs=-1, required=True)
@data_option
@option("--limit", type=click.IntRange(1, MOST), default=20, show_default=True, zh="最多几条", en="at most")
@option("--offset", type=click.IntRange(0, MOST), default=0, zh="跳过几条", en="skip")
@json_option
def search(*, query: tuple[str, ...], data: DataDirectory, limit: int, offset: int, as_json: bool) -> int:
    from kb.store import queries

    wanted = " ".join(query).strip()
    if not wanted:
        raise UsageError("没有说要找什么", do="例如 zhengce search 五个工作日")
    with reader(data) as connection:
        hits = queries.search(connection, wanted, limit=limit, offset=offset)
        documents = queries.overview(connection).documents if not hits else 0
    for hit in hits:
        if as_json:
            print_line(search_line(hit))
        else:
            _say_hit(hit)
    if not hits and not as_json:
        say(
            tr(
                f"本库 {documents} 份文件中没有“{wanted}”。",
                f"none of {documents} documents holds “{wanted}”",
            )
        )
    return 0
