"""``zhengce`` whole: the verbs of every room, joined on the top floor."""

from __future__ import annotations

from typing import NoReturn

from kb.cli import zhengce
from kb.terminal import run
from scheduler.verbs import (
    affected,
    alerts,
    calendar,
    feedback,
    held,
    holding,
    profile,
    receive,
    sources,
    study,
    watch,
    watchlist,
    work,
)

for verb in (
    watch.serve,
    receive.init,
    receive.subscribe,
    profile.profile,
    affected.affected,
    calendar.calendar,
    holding.holding,
    alerts.alerts,
    held.held,
    held.decide,
    feedback.review,
    feedback.retag,
    feedback.missed,
    watchlist.watch,
    watch.run,
    work.crawl,
    work.import_pages,
    sources.sources,
    sources.status,
    work.verify,
    work.rebuild,
    work.backup,
    study.backtest,
):
    zhengce.add_command(verb)


def main() -> NoReturn:
    run(zhengce)
