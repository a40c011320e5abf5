"""One step of the house: look, look again, tell, deliver. Everything takes its time from the injected clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from kb.config import Clock, DataDirectory, Settings, SystemClock
from kb.sources import Source
from kb.store.connection import open_writer
from scheduler.alerts.channels import sender
from scheduler.alerts.digesting import Digester
from scheduler.alerts.message import Letterhead
from scheduler.alerts.outbox import Send, Sent, deliver_due, next_due
from scheduler.alerts.telling import REVEALED, Teller
from scheduler.crawling import AT_ONCE, CrawlReport, Progress, SourceOutcome, Task, crawl
from scheduler.names import parent_of, short_name
from scheduler.observed import Observed
from scheduler.ops import Ops
from scheduler.plan import Plan, make_plan


@dataclass(frozen=True)
class Context:
    """What a step works with. ``delay`` (seconds) and ``replay`` are for the demo and for tests; see ``crawl``."""

    data: DataDirectory
    settings: Settings
    sources: Mapping[str, Source]
    ops: Ops
    clock: Clock
    delay: float | None = None
    replay: str | None = None
    at_once: int = AT_ONCE
    send: Send | None = None
    progress: Progress | None = None

    def head(self) -> Letterhead:
        return Letterhead(
            self.settings.site.base_url.rstrip("/"), self.settings.demo, self.clock.now(), short_name
        )


@dataclass
class StepReport:
    plan: Plan
    crawl: CrawlReport | None = None
    alerts: int = 0
    notices: int = 0
    digests: int = 0
    sent: list[Sent] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """Sentences for the operator: crawls that failed, what could not be ingested."""
        if self.crawl is None:
            return []
        said = [problem for found in self.crawl.ingested for problem in found.problems]
        return list(dict.fromkeys([outcome.failure for outcome in self.crawl.failed] + said))


def current_plan(context: Context) -> Plan:
    """What is due now, by the knowledge base and our own ledger."""
    ops = context.ops
    with Observed(context.data.kb) as observed:
        provisional = [c for c in observed.provisional(ops.noted("look")) if c.source in context.sources]
        return make_plan(
            now=context.clock.now(),
            settings=context.settings,
            sources=observed.source_facts(context.sources, ops.noted("crawl")),
            provisional=provisional,
            digests=_digester(context, observed).facts(),
            next_delivery=next_due(ops),
        )


def run_once(context: Context) -> StepReport:
    """Do everything that is due. The caller holds ``data.writer()``; nothing of it is lost when it dies in between.

    What a crawl finds is told while the crawl still runs, so that a slow source delays nobody's alert.
    """
    ensure_kb(context.data)
    report = StepReport(current_plan(context))
    if report.plan.crawls or report.plan.second_looks:
        report.crawl = _look(context, report.plan, report)
    tell(context, report)
    tell_incidents(context, report)
    for due in current_plan(context).digests:
        with Observed(context.data.kb) as observed:
            report.digests += _digester(context, observed).write(due)
    report.sent.append(_deliver(context))
    return report


def tell(context: Context, report: StepReport) -> None:
    """Match what is new and put it into the outbox."""
    with Observed(context.data.kb) as observed:
        report.alerts += _teller(context, observed).changes()


def tell_incidents(context: Context, report: StepReport) -> None:
    """Tell what is out of sight and what came back; only after a crawl, when every page of a source had its turn."""
    with Observed(context.data.kb) as observed:
        report.notices += _teller(context, observed).incidents()


@contextmanager
def hold_revealed_by(
    data: DataDirectory,
    sources: Mapping[str, Source],  # noqa: ARG001 - a rebuild is named by both
    *,
    clock: Clock | None = None,
) -> Iterator[list[str]]:
    """Around a rebuild: confirmed live changes that only the new derivation has wait for a person as late notices.

    Yields a list that holds the ids afterwards. A directory that never had a subscription has nobody to tell.
    """
    held: list[str] = []
    old = _live_changes(data)
    yield held
    if data.ops.exists():
        with Ops(data.ops) as ops:
            held += hold_revealed(ops, old, _live_changes(data), now=(clock or SystemClock()).now())


def hold_revealed(ops: Ops, old: Iterable[str], new: Iterable[str], *, now: datetime) -> list[str]:
    """Hold those of ``new`` (ids of confirmed live changes) that neither ``old`` nor our ledger knows; the ids held."""
    known = {row["change"] for row in ops.rows("SELECT change FROM considered")} | set(old)
    revealed = [change for change in new if change not in known]
    ops.hold(revealed, REVEALED, now=now)
    return revealed


def _live_changes(data: DataDirectory) -> list[str]:
    if not data.kb.exists():
        return []
    with Observed(data.kb) as observed:
        return list(observed.alertable())


def ensure_kb(data: DataDirectory) -> None:
    """An empty knowledge base where there is none yet."""
    if not data.kb.exists():
        open_writer(data.kb).close()


def _look(context: Context, plan: Plan, report: StepReport) -> CrawlReport:
    """Crawl what is due. A source is noted as tried before its process starts: one that kills its process must wait."""
    ops, now = context.ops, context.clock.now()
    ops.note("crawl", plan.crawls, now=now)
    pages = _note_looks(context, plan)

    def ended(outcome: SourceOutcome) -> None:
        if not outcome.ok:
            ops.note("crawl", [outcome.source], now=now, failed=True)
        if context.progress:
            context.progress(outcome)

    def between() -> list[Task]:
        tell(context, report)
        report.sent.append(_deliver(context))
        looks = replace(current_plan(context), crawls=())
        return [Task(source, urls) for source, urls in _note_looks(context, looks).items()]

    return crawl(
        context.data,
        context.sources,
        clock=context.clock,
        replay=context.replay,
        allow_addresses=context.settings.allow_addresses,
        delay=context.delay,
        contact=context.settings.contact,
        pages=pages,
        only=plan.crawls,
        at_once=context.at_once,
        between=between,
        progress=ended,
    )


def _note_looks(context: Context, plan: Plan) -> dict[str, tuple[str, ...]]:
    for look in plan.second_looks:
        context.ops.note("look", look.changes, now=context.clock.now())
    return {look.source: look.urls for look in plan.second_looks}


def _deliver(context: Context) -> Sent:
    allowed = tuple(context.settings.allow_addresses)
    return deliver_due(context.ops, context.send or sender(context.ops, allowed=allowed), context.clock)


def _teller(context: Context, observed: Observed) -> Teller:
    return Teller(context.ops, observed, context.head(), parent_of)


def _digester(context: Context, observed: Observed) -> Digester:
    return Digester(_teller(context, observed), context.sources)
