"""Feedback: review — tags that a person should look at; retag — all of history by the vocabulary of today;
missed — a rule that slipped through."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import click

from kb import words
from kb.config import DataDirectory, SystemClock
from kb.errors import ConfigError, UsageError
from kb.model import LicenceTag, instant
from kb.output import DecisionOut, TagOut
from kb.output.feedback import MissedOut, RetagOut, ReviewOut
from kb.sources import Source
from kb.store import open_reader
from kb.store.queries.doubtful import DoubtfulRow, doubtful
from kb.terminal import Verb, note, option, print_line, progress, say, tr
from kb.verbs.options import MOST, data_option, json_option, licence_ids, licence_name
from kb.verbs.reader import beijing
from scheduler.escaped import home_of
from scheduler.retagging import Tag
from scheduler.reviewing import WORDS, Said, say_of_tag
from scheduler.snapshots import is_page_address


@click.command(
    "review",
    cls=Verb,
    section="收",
    zh="列出没有把握的标注；accept、reject、add 写下人工判断\n\n不写 ID 则列出：把握为中、低的标注（变动在前，新的在前），"
    "以及声明了事项的来源里没有标注的实质性变动。ID 是变动或文件的编号，事项可写编号、名称或别名。补充的标注提醒因此才相关的人，一次；"
    "判为有误的不再提醒。判断写入 decisions/，不含姓名，那几句话变了就不再算数；姓名只在 ops.db。",
    en="List doubtful tags; accept, reject or add one\n\nWithout ID it lists tags of medium and low confidence, changes "
    "first, newest first, and untagged substantive changes. A tag that is added alerts those it newly concerns, once.",
)
@click.argument("identifier", metavar="[ID]", required=False, default="")
@click.argument("word", metavar=f"[{'|'.join(WORDS)}]", required=False, type=click.Choice([*WORDS]))
@click.argument("licence", metavar="[LICENCE]", required=False, default="")
@option(
    "--limit", type=click.IntRange(1, MOST), default=50, show_default=True, zh="最多列出几条", en="at most"
)
@option("--who", default="", zh="判断的人", en="who decides")
@option("--note", "remark", default="", zh="说明", en="a remark")
@data_option
@json_option
def review(
    *,
    identifier: str,
    word: str | None,
    licence: str,
    limit: int,
    who: str,
    remark: str,
    data: DataDirectory,
    as_json: bool,
) -> int:
    if not identifier:
        return _list(data, limit, as_json)
    if word is None or not licence:
        raise UsageError(
            "没有写判断和事项", where=identifier, do=f"zhengce review {identifier} accept|reject|add 事项"
        )
    (named,) = licence_ids([licence])
    said = say_of_tag(data, identifier, word, named, who=who, note=remark, now=SystemClock().now())
    decision = said.decision
    if as_json:
        print_line(
            DecisionOut(
                id=decision.id,
                kind=decision.kind,
                subject=decision.subject,
                said=decision.said,
                at=instant(decision.at),
                about=decision.about,
            )
        )
        return 0
    _say_recorded(said, named)
    return 0


def _say_recorded(said: Said, licence: str) -> None:
    decision = said.decision
    what = f"{licence_name(licence)}　{tr(words.zh(decision.kind), words.en(decision.kind))}"
    say(tr(f"已记下　{decision.subject}　{what}", f"recorded: {decision.subject} {what}"))
    if said.changes:
        note(
            tr(
                "文件的标注不发提醒。要提醒因此才相关的人，请对它的变动补充：",
                "to alert people, add it to a change:",
            )
        )
    for change in said.changes:
        note(f"　zhengce review {change} add {licence}")
    if said.told:
        note(
            tr(
                f"此前已因这一标注提醒 {said.told} 人；变动本身属实，不再另发更正",
                f"{said.told} subscribers were told because of this tag alone; they get nothing more",
            )
        )


def _list(data: DataDirectory, limit: int, as_json: bool) -> int:
    reader = open_reader(data.kb)
    try:
        found = doubtful(reader, limit=limit + 1)
    finally:
        reader.close()
    for each in found[:limit]:
        print_line(_line(each)) if as_json else _say(each)
    if as_json:
        return 0
    if len(found) > limit:
        say(tr(f"只列出前 {limit} 条（--limit 可多列）", f"the first {limit} only (--limit)"))
    elif not found:
        say(tr("没有待复核的标注。", "no tag waits for a person"))
    return 0


def _line(each: DoubtfulRow) -> ReviewOut:
    return ReviewOut.model_validate(
        {
            "id": each.id,
            "target": each.target_kind,
            "source": each.source,
            "title": each.title,
            "headline": each.headline,
            "first_seen": each.at,
            "url": each.url,
            "tag": TagOut.of(each.tag) if each.tag else None,
            "reworded": each.reworded,
        }
    )


def _say(each: DoubtfulRow) -> None:
    """What is doubtful, why, where it was seen, and what to type next."""
    title = each.headline or each.title
    if each.tag is None:
        say(f"{each.id}　{tr('〔没有标注〕', '[untagged]')}{title}")
    else:
        sure = tr(f"把握：{words.zh(each.tag.confidence)}", words.en(each.tag.confidence))
        say(f"{each.id}　{licence_name(each.tag.licence)}　{sure}　{title}")
        say(f"　{_found(each.tag)}")
    if each.reworded:
        say(tr("　此前的人工判断针对的文字已变，请再看", "  the words have changed since a person looked"))
    say(f"　{beijing(each.at)}　{each.url}")
    said = f"accept|reject {each.tag.licence}" if each.tag else tr("add 事项", "add LICENCE")
    say(f"　zhengce review {each.id} {said}")


def _found(tag: LicenceTag) -> str:
    """The words that were matched and why they count; once, where the reason quotes them itself."""
    if tag.evidence and tag.evidence not in tag.reason:
        return tr(f"命中原文“{tag.evidence}”，{tag.reason}", f"{tag.evidence!r}: {tag.reason}")
    return tag.reason


@click.command(
    "retag",
    cls=Verb,
    section="管",
    zh="用现在的词表重新标注全部历史，写出多出和消失的标注\n\n不发提醒：旧的实质性变动新标出的事项在 zhengce held 里等待放行，"
    "放行后只补报给因此才相关的人。下一次巡查也会这样重新标注；--dry-run 先看结果。",
    en="Tag all of history by the vocabulary of today, and say what that gives and takes\n\nNobody is alerted: what past "
    "substantive changes newly concern waits in zhengce held. The next round would do the same; --dry-run only shows it.",
)
@option("--dry-run", is_flag=True, zh="只写出结果，不改动知识库", en="change nothing")
@data_option
@json_option
def retag(*, dry_run: bool, data: DataDirectory, as_json: bool) -> int:
    from scheduler.declarations import known_sources
    from scheduler.retagging import retag as tag_anew
    from scheduler.retagging import try_vocabulary

    sources = known_sources(data)
    with progress(tr("重新标注", "retag")) as update:
        if dry_run:
            done = try_vocabulary(data, sources, progress=update)
        else:
            with data.writer():
                done = tag_anew(data, sources, now=SystemClock().now(), progress=update)
    for effect, tags in (("gained", done.gained), ("lost", done.lost)):
        for each in tags:
            if as_json:
                print_line(_retag_line(each, effect, applied=not dry_run))
            else:
                sign = tr("多出", "gained") if effect == "gained" else tr("消失", "lost")
                say(f"{sign}　{each.id}　{licence_name(each.tag.licence)}　{each.title}")
                say(f"　{_found(each.tag)}")
    for problem in done.problems:
        note(problem)
    if not as_json:
        say(
            tr(
                f"多出 {len(done.gained)} 个标注，消失 {len(done.lost)} 个"
                + ("（没有改动知识库）" if dry_run else ""),
                f"{len(done.gained)} gained, {len(done.lost)} lost"
                + (" (nothing changed)" if dry_run else ""),
            )
        )
    return 1 if done.problems else 0


def _retag_line(each: Tag, effect: str, *, applied: bool) -> RetagOut:
    return RetagOut.model_validate(
        {
            "id": each.id,
            "target": each.target,
            "effect": effect,
            "title": each.title,
            "licence": each.tag.licence,
            "evidence": each.tag.evidence,
            "reason": each.tag.reason,
            "applied": applied,
        }
    )


@click.command(
    "missed",
    cls=Verb,
    section="管",
    zh="导入一份漏掉的规则，写明哪个来源本应发现、为什么没有，并补报\n\n由声明了这个网站的来源去取（守 robots.txt 和访问间隔）；"
    "取不到的用浏览器另存，用 --file 给出；本库已有的页面不再取，也不补报，只写明何时就有、发现过哪些变动。没有来源声明的网站，要确认或写 --yes。只补报给这份规则涉及、此前没有收到过的人，再次运行不会重复。",
    en="Import a rule that slipped through, say why, and tell those concerned\n\nThe source that declares the site fetches "
    "the page, at its pace and within robots.txt; what it cannot have, save with a browser and name with --file. A page we "
    "hold is neither fetched nor told of. A site that no source declares asks for --yes. Running it again tells nobody twice.",
)
@click.argument("url")
@option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    zh="另存的网页或文件",
    en="the saved page",
)
@option(
    "--source", "identifier", metavar="ID", zh="归入哪个来源；不写则按网址判断", en="the source it belongs to"
)
@option(
    "--yes",
    "sure",
    is_flag=True,
    zh="没有来源声明这个网站时也导入并补报，不再询问",
    en="import and tell without asking where no source declares the site",
)
@data_option
@json_option
def missed(
    *, url: str, file: Path | None, identifier: str | None, sure: bool, data: DataDirectory, as_json: bool
) -> int:
    from scheduler.declarations import choose, known_sources
    from scheduler.missed import missed as bring_in

    sources = known_sources(data)
    chosen = choose(sources, [identifier])[0] if identifier else None
    if file is not None and chosen is None and not sure:
        _ask_of_an_unknown_site(url, sources)
    with data.writer():
        done = bring_in(data, sources, url, file=file, chosen=chosen, clock=SystemClock())
    licences = list(dict.fromkeys(tag.licence for tag in done.rule.tags))
    if as_json:
        print_line(
            MissedOut(
                url=url,
                document=done.rule.document,
                title=done.rule.title,
                licences=licences,
                source=done.source,
                should_have=list(done.reason.sources),
                reason=done.reason.why,
                explained=done.reason.explained,
                alerts=done.alerts,
            )
        )
        return 0
    say(f"{done.rule.document}　{done.rule.title}　{'、'.join(map(licence_name, licences))}")
    say(tr(f"　原因：{done.reason.explained}", f"  why: {done.reason.why}: {done.reason.explained}"))
    if done.reason.sources:
        say(
            tr(
                f"　本应发现：{'、'.join(done.reason.sources)}",
                f"  should have: {', '.join(done.reason.sources)}",
            )
        )
    if done.alerts:
        say(
            tr(
                f"　补报 {done.alerts} 封，下一步 zhengce run 时发出；不该发的：zhengce alerts 编号 --assess 误报",
                f"  late notices: {done.alerts}, sent by the next zhengce run",
            )
        )
    else:
        say(tr("　没有补报", "  nobody was told"))
    return 0


def _ask_of_an_unknown_site(url: str, sources: Mapping[str, Source]) -> None:
    """Raises ``ConfigError`` where nobody says that a page of a site which no source declares is to be told of."""
    if not is_page_address(url) or home_of(url, sources.values()) is not None:
        return
    host = urlsplit(url).netloc
    note(tr(f"没有来源声明网站 {host}，程序不能判断它是不是发布规则的机关", f"no source declares {host}"))
    question = tr("仍要导入，并补报给所涉的订阅吗", "Import it and tell those concerned")
    if sys.stdin.isatty() and click.confirm(question):
        return
    raise ConfigError(
        f"没有来源声明网站 {host}，没有导入，也没有补报", where=url, do="请核对网址；确实要导入的加 --yes"
    )
