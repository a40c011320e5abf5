"""管: run — the house at work; 看: serve — the knowledge base in a browser."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from kb import words
from kb.config import DataDirectory, SystemClock
from kb.errors import DataDirectoryBusy, NotFound, SchemaTooOld, StoreError
from kb.model import instant
from kb.people import People
from kb.terminal import Verb, note, option, say, tr
from kb.verbs.options import data_option
from scheduler.verbs.work import not_seen, sources_option

if TYPE_CHECKING:
    from scheduler.jobs import StepReport
    from scheduler.processes import SourceOutcome


def site_command(data: DataDirectory) -> list[str]:
    return [sys.executable, "-m", "scheduler", "serve", "--data", str(data.root)]


@click.command(
    "serve", cls=Verb, section="看", zh="在浏览器里看知识库", en="Serve the knowledge base as a site"
)
@data_option
@option(
    "--host",
    zh="监听地址，默认见 zhengce.toml，未设为 127.0.0.1",
    en="address to listen on; default from zhengce.toml, else 127.0.0.1",
)
@option(
    "--port",
    type=click.IntRange(0, 65535),
    zh="端口，默认见 zhengce.toml，未设为 8001",
    en="port; default from zhengce.toml, else 8001",
)
@option(
    "--frozen",
    type=click.Path(path_type=Path, file_okay=False),
    zh="打开 zhengce publish 写的副本（文件夹，或其中一份）；设置仍读数据目录的 zhengce.toml",
    en="serve a copy written by zhengce publish; settings still come from the data directory",
)
def serve(*, data: DataDirectory, host: str | None, port: int | None, frozen: Path | None) -> int:
    from datasette_config.app import run as run_site

    if not frozen and not data.root.is_dir():
        raise NotFound(
            "没有这个数据目录", where=str(data.root), do="请检查 --data；还没有时先运行 zhengce run"
        )
    if not frozen:
        _bring_up_to_date(data)
    settings = data.settings()
    if settings.site.sign_in == "password" and not People(data.people).all():
        note(
            tr("还没有人可以登录：zhengce people add 名字", "nobody can sign in yet: zhengce people add NAME")
        )
    ready = partial(_say_address, settings.site.base_url)
    run_site(data, settings, host, port, frozen=frozen, ready=ready)
    return 0


def _bring_up_to_date(data: DataDirectory) -> None:
    """Where this process may write. Who holds the directory otherwise does it, and a site over what it cannot read says
    so."""
    from kb.store.connection import bring_up_to_date, open_reader

    with suppress(NotFound, StoreError):
        try:
            open_reader(data.kb).close()
        except SchemaTooOld:
            with suppress(DataDirectoryBusy, OSError), data.writer():
                bring_up_to_date(data.kb)


def _say_address(reached: str, address: str) -> None:
    say(tr("网站　", "site: ") + address)
    if urlsplit(reached).path.strip("/"):
        say(tr("读者的网址　", "readers reach it at: ") + reached)


@click.command(
    "run",
    cls=Verb,
    section="管",
    zh="常驻：每天巡查、比对、发提醒，并提供网站",
    en="Stay: crawl daily, alert, serve the site",
)
@data_option
@sources_option
@option("--once", is_flag=True, zh="只做一步就结束", en="do one step and end")
@option("--no-site", is_flag=True, zh="不提供网站", en="no site")
def run(*, data: DataDirectory, folder: Path | None, once: bool, no_site: bool) -> int:
    from scheduler.daemon import Daemon
    from scheduler.declarations import keep, known_sources
    from scheduler.jobs import Context, run_once
    from scheduler.ops import Ops
    from scheduler.processes import without

    settings = data.settings()
    with Ops(data.ops) as ops:
        context = Context(
            data,
            settings,
            known_sources(data, folder),
            ops,
            SystemClock(),
            progress=partial(_say_outcome, data),
        )
        if once:
            with data.writer():
                keep(data, context.sources.values())
                step = run_once(context)
            if step.crawl is None:
                say(tr("没有到期的巡查。", "No crawl is due."))
                _say_still_open(data)
            return 1 if _say_step(data, step) else 0
        start = None
        if not no_site:
            start = partial(subprocess.Popen, site_command(data), env=without(ops.secret_variables()))
        say(tr("常驻中，Ctrl-C 停止。", "Running; Ctrl-C stops."))
        Daemon(context, start_site=start, report=partial(_say_step, data)).run()
    return 0


def _say_outcome(data: DataDirectory, outcome: SourceOutcome) -> None:
    """What a process really saw: "we could not look" is never "nothing changed"."""
    from kb.store import queries
    from kb.verbs.reader import reader

    since = instant(outcome.began) if outcome.began else "9"
    with reader(data) as connection:
        pages = [p for p in queries.pages(connection, outcome.source) if p.last_good and p.last_good >= since]
        missed = [
            incident
            for incident in queries.open_incidents(connection)
            if incident.source == outcome.source and incident.last_seen >= since
        ]
    said = [tr(f"看过 {len(pages)} 页", f"{len(pages)} pages seen")] if pages else []
    if missed:
        why = "；".join(dict.fromkeys(words.zh(incident.health) for incident in missed))
        said.append(tr(f"{len(missed)} 处未能查看：{why}", f"{len(missed)} not seen"))
    if outcome.failure:
        said.append(outcome.failure)
    say(f"{outcome.source}　{'，'.join(said) or tr('未能查看任何页面', 'nothing seen')}")


def _say_step(data: DataDirectory, step: StepReport) -> bool:
    """What was told, and then what could not be seen or sent; whether there was any of that. Silent about nothing."""
    counts = (step.alerts + step.reminders, step.notices, step.digests, step.delivered)
    if step.crawl is not None or any(counts):
        say(
            tr(
                "提醒 {}　异常通知 {}　日报 {}　送达 {}",
                "alerts {}  fault notices {}  digests {}  delivered {}",
            ).format(*counts)
        )
    for renewed in step.followed.renewed:
        say(renewed)
    problems = list(step.problems)
    if step.crawl is not None:
        problems += not_seen(data, {outcome.source for outcome in step.crawl.sources})
    for problem in problems:
        say(tr("问题：", "problem: ") + problem)
    return bool(problems)


def _say_still_open(data: DataDirectory) -> None:
    from kb.store import queries
    from kb.verbs.reader import reader

    with reader(data) as connection:
        count = len(queries.open_incidents(connection))
    if count:
        note(tr(f"仍有 {count} 处异常：zhengce status", f"{count} problems are still open: zhengce status"))
