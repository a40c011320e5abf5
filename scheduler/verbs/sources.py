"""管: sources and status — what is watched, how it is known, and how it stands."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from kb import words
from kb.codes import Coverage, DeliveryState, Health, SourceState
from kb.config import DataDirectory
from kb.output import ReportOut, SourceOut, StatusOut
from kb.sources import Evidence, Source, json_schema, selectors
from kb.terminal import Map, Verb, note, option, print_line, say, tr
from kb.verbs.options import data_option, json_option
from kb.verbs.reader import beijing
from scheduler.verbs.work import report, sources_option

UNDELIVERED = {DeliveryState.DEAD, DeliveryState.BOUNCED, DeliveryState.DISABLED}


@click.group(
    "sources",
    cls=Map,
    section="管",
    zh="来源：列出、查看、核对\n\n不写动词则列出。",
    en="Declared sources: list, show, check\n\nWithout a verb, list.",
    invoke_without_command=True,
)
@click.pass_context
def sources(context: click.Context) -> int:
    return 0 if context.invoked_subcommand else int(list_sources.main([], standalone_mode=False) or 0)


def _unseen(source: Source) -> SourceState:
    """How a source stands of which the knowledge base has nothing."""
    if source.coverage is Coverage.MANUAL:
        return SourceState.MANUAL
    return SourceState.UNTRIED if source.enabled else SourceState.UNVERIFIED


def _line(source: Source, states: dict[str, tuple[SourceState, str | None]]) -> SourceOut:
    state, last_good = states.get(source.id, (_unseen(source), None))
    return SourceOut(
        id=source.id,
        title=source.title,
        authority=source.authority,
        mechanism=source.mechanism,
        level=source.level,
        coverage=source.coverage,
        publish=source.publish,
        enabled=source.enabled,
        state=state,
        last_good=last_good,
        evidence=dict(Counter(str(selector.evidence) for _, selector in selectors(source))),
    )


def _states(data: DataDirectory) -> dict[str, tuple[SourceState, str | None]]:
    from kb.store import open_reader, queries

    if not data.kb.exists():
        return {}
    return {row.source: (row.state, row.last_good) for row in queries.source_states(open_reader(data.kb))}


@sources.command("list", zh="全部来源及状态", en="All sources and how they stand")
@data_option
@sources_option
@json_option
def list_sources(*, data: DataDirectory, folder: Path | None, as_json: bool) -> int:
    from scheduler.declarations import known_sources

    states = _states(data)
    declared = known_sources(data, folder)
    width = max(map(len, declared), default=0) + 2
    for source in declared.values():
        line = _line(source, states)
        if as_json:
            print_line(line)
            continue
        state = SourceState(line.state)
        say(f"{line.id:{width}}{tr(words.zh(state), words.en(state))}　{source.title}　{_evidence(line)}")
    return 0


def _evidence(line: SourceOut) -> str:
    return "、".join(
        f"{tr(words.zh(mark), words.en(mark))} {line.evidence[mark]}"
        for mark in Evidence
        if mark in line.evidence
    )


@sources.command("show", zh="一个来源的配置", en="One declaration")
@click.argument("identifier", metavar="ID")
@data_option
@sources_option
@json_option
def show_source(*, identifier: str, data: DataDirectory, folder: Path | None, as_json: bool) -> int:
    from scheduler.declarations import choose, known_sources

    (source,) = choose(known_sources(data, folder), [identifier])
    if as_json:
        print_line(_line(source, _states(data)))
        return 0
    say(f"{source.title}　{source.id}　{source.authority}")
    say(
        tr(
            f"怎么看　{words.zh(source.coverage)}，{words.zh(source.publish)}",
            f"{source.coverage}, {source.publish}",
        )
    )
    for url in source.start:
        say(f"　{url}")
    for key, selector in selectors(source):
        say(
            f"　{key:22}{selector.css}　{tr(words.zh(selector.evidence), words.en(selector.evidence))}　{selector.note}"
        )
    if source.notes:
        say(source.notes)
    return 0


@sources.command(
    "check",
    zh="核对来源配置；--live 在真实网站上核对并写出报告",
    en="Check declarations; --live against the site",
)
@click.argument("identifier", metavar="[ID]", required=False)
@data_option
@sources_option
@option(
    "--live",
    is_flag=True,
    zh="在真实网站上巡查一次，写出可以寄出的报告",
    en="crawl the site once and write a report",
)
@option(
    "--allow-address",
    "allowed",
    multiple=True,
    metavar="CIDR",
    zh="另外允许的地址段",
    en="addresses allowed besides",
)
@json_option
def check(
    *,
    identifier: str | None,
    data: DataDirectory,
    folder: Path | None,
    live: bool,
    allowed: tuple[str, ...],
    as_json: bool,
) -> int:
    from scheduler.declarations import choose, known_sources

    declared = known_sources(data, folder)
    chosen = choose(declared, [identifier]) if identifier else list(declared.values())
    problems: list[str] = []
    counts = Counter(str(selector.evidence) for source in chosen for _, selector in selectors(source))
    if live:
        from scheduler.checking import check_live

        for source in chosen:
            checked = check_live(source, contact=data.settings().contact, allowed=allowed)
            target = Path(f"{source.id}.check.json")
            target.write_text(json.dumps(checked.as_json(), ensure_ascii=False, indent=2) + "\n", "utf-8")
            note(tr(f"报告已写到 {target}", f"report written to {target}"))
            problems += [f"{source.id}：{problem}" for problem in checked.problems]
    line = ReportOut(
        verb="sources check", ok=not problems, counts={"sources": len(chosen), **counts}, problems=problems
    )
    return report(line, as_json=as_json)


@sources.command("schema", zh="来源配置的 JSON Schema（供编辑器校验）", en="The JSON Schema of a declaration")
def schema() -> int:
    say(json.dumps(json_schema(), ensure_ascii=False, indent=2))
    return 0


@click.command("status", cls=Verb, section="管", zh="现在的状况：来源、异常、待发", en="How things stand")
@data_option
@json_option
def status(*, data: DataDirectory, as_json: bool) -> int:
    from kb.store import open_reader, queries
    from scheduler.held import waiting
    from scheduler.ops import Ops

    overview = queries.overview(open_reader(data.kb))
    deliveries: dict[str, int] = {}
    if data.ops.exists():
        with Ops(data.ops) as ops:
            deliveries = {
                row["state"]: row["n"]
                for row in ops.rows("SELECT state, count(*) n FROM deliveries GROUP BY state")
            }
    line = StatusOut(
        sources=overview.sources,
        documents=overview.documents,
        changes=overview.changes,
        provisional=overview.provisional,
        removals=overview.removals,
        held=len(waiting(data)),
        flips=overview.flips,
        incidents=[
            tr(
                f"{each.source_title}　{words.zh(Health(each.health))}　自 {beijing(each.opened_at)} 起　{each.url or ''}",
                f"{each.source} {each.health} since {beijing(each.opened_at)} {each.url or ''}",
            )
            for each in overview.incidents
        ],
        deliveries=deliveries,
    )
    if as_json:
        print_line(line)
    else:
        _say_status(line)
    return 1 if line.incidents or UNDELIVERED & line.deliveries.keys() else 0


def _say_status(line: StatusOut) -> None:
    seen = "　".join(
        f"{tr(words.zh(SourceState(k)), words.en(SourceState(k)))} {n}" for k, n in line.sources.items()
    )
    say(tr(f"来源　{seen}", f"sources  {seen}"))
    say(
        tr(
            f"文件 {line.documents}　变动 {line.changes}　待确认 {line.provisional}",
            f"documents {line.documents}, changes {line.changes}, provisional {line.provisional}",
        )
    )
    if line.removals:
        say(
            tr(
                f"　其中删去大半正文的 {line.removals} 处，隔一日再次查看一致才予确认",
                f"  of these, {line.removals} take most of a text away and wait a day",
            )
        )
    if line.held:
        say(
            tr(
                f"暂缓推送　{line.held} 处，等待人工复核：zhengce held",
                f"held for review: {line.held}, see zhengce held",
            )
        )
    if line.flips:
        say(
            tr(
                f"看到之后又改回　累计 {line.flips} 次，均未提醒",
                f"flipped back before confirmation: {line.flips}",
            )
        )
    for incident in line.incidents or [tr("监测异常　无", "no open faults")]:
        say(incident)
    if line.deliveries:
        by_state = ((DeliveryState(state), count) for state, count in line.deliveries.items())
        say(
            tr("投递　", "deliveries  ")
            + "　".join(f"{tr(words.zh(s), words.en(s))} {n}" for s, n in by_state)
        )
    if UNDELIVERED & line.deliveries.keys():
        say(
            tr(
                "有提醒没有送出：zhengce alerts --state dead",
                "some alerts were given up: zhengce alerts --state dead",
            )
        )
