"""研: backtest — what a new declaration would make of the captures we hold."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from kb.config import DataDirectory
from kb.output import ReportOut
from kb.sources import load_declaration
from kb.terminal import Verb, note, option, progress, tr
from kb.verbs.options import data_option, json_option
from scheduler.verbs.work import report


@click.command(
    "backtest",
    cls=Verb,
    section="研",
    zh="用新的来源配置重读历史，列出会多出、会消失的变动",
    en="Replay history under a new declaration",
)
@option(
    "--declaration",
    type=click.Path(path_type=Path),
    required=True,
    zh="新的来源配置",
    en="the new declaration",
)
@data_option
@json_option
def backtest(*, declaration: Path, data: DataDirectory, as_json: bool) -> int:
    from kb.store import derive_into, open_reader, queries
    from scheduler.declarations import known_sources

    source = load_declaration(declaration)
    sources = known_sources(data)
    with (
        tempfile.TemporaryDirectory(prefix="zhengce-backtest-") as folder,
        progress(tr("历史试算", "backtest")) as update,
    ):
        tried = Path(folder) / "kb.db"
        derive_into(tried, data, {**sources, source.id: source}, progress=update)
        today = {
            row.id: row for row in queries.changes(open_reader(data.kb), source=source.id, limit=100_000)
        }
        then = {row.id: row for row in queries.changes(open_reader(tried), source=source.id, limit=100_000)}
    revealed, withdrawn = then.keys() - today.keys(), today.keys() - then.keys()
    for identifier in sorted(revealed):
        note(
            tr(
                f"会多出　{identifier}　{then[identifier].headline}",
                f"revealed {identifier} {then[identifier].headline}",
            )
        )
    for identifier in sorted(withdrawn):
        note(
            tr(
                f"会消失　{identifier}　{today[identifier].headline}",
                f"withdrawn {identifier} {today[identifier].headline}",
            )
        )
    line = ReportOut(
        verb="backtest",
        ok=not withdrawn,
        counts={"held": len(today), "revealed": len(revealed), "withdrawn": len(withdrawn)},
        problems=[
            tr(f"变动会消失：{identifier}", f"change withdrawn: {identifier}")
            for identifier in sorted(withdrawn)
        ],
        changes=sorted(revealed),
    )
    return report(line, as_json=as_json)
