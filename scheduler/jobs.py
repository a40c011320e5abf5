"""One step of the house: look, look again, tell, deliver. Everything takes its time from the injected clock."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import time
from threading import Event

from kb.codes import HeldFor
from kb.config import Clock, DataDirectory, Settings, SystemClock
from kb.errors import DecisionUnreadable, StoreError
from kb.sources import Source
from kb.store.connection import open_writer
from kb.store.deciding import take_decisions_of
from scheduler.alerts.channels import sender
from scheduler.alerts.correcting import WITHDRAWN
from scheduler.alerts.digesting import Digester
from scheduler.alerts.message import Letterhead
from scheduler.alerts.outbox import Send, Sent, deliver_due, given_up, next_due
from scheduler.alerts.renaming import follow_renamed
from scheduler.alerts.telling import REVEALED, Teller
from scheduler.crawling import AT_ONCE, CrawlReport, Hooks, Progress, crawl
from scheduler.facts import ProvisionalFacts, look_key
from scheduler.following import Followed, follow_profiles
from scheduler.names import parent_of, short_name
from scheduler.observed import Observed
from scheduler.ops import Ops
from scheduler.plan import Plan, make_plan
from scheduler.processes import SourceOutcome, Task
from scheduler.reminders import Reminder

UNSETTLED = 6  # second looks at a page after which a person is told that it never settles


@dataclass(frozen=True)
class Context:
    """What a step works with: all sources, of which the enabled are crawled. ``delay`` (seconds) and ``replay`` are for the demo and for tests; see ``crawl``.

    ``ending``: once set, a step under way ends as soon as it can, and what it did not get to is due again.
    """

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
    ending: Event | None = None

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
    reminders: int = 0
    sent: list[Sent] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    followed: Followed = field(default_factory=Followed)

    @property
    def delivered(self) -> int:
        return sum(sent.delivered for sent in self.sent)

    @property
    def problems(self) -> list[str]:
        """Sentences for the operator: crawls that failed, what could not be ingested, settled or delivered."""
        said = [
            *self.unread,
            *self.followed.faults,
            *self.unsettled,
            *self.given_up,
            *(problem for sent in self.sent for problem in sent.problems),
        ]
        if self.crawl is not None:
            said += [outcome.failure for outcome in self.crawl.failed]
            said += [problem for found in self.crawl.ingested for problem in found.problems]
        return list(dict.fromkeys(said))


def current_plan(context: Context) -> Plan:
    """What is due now, by the knowledge base and our own ledger."""
    ops, now = context.ops, context.clock.now()
    with Observed(context.data.kb) as observed:
        return make_plan(
            now=now,
            settings=context.settings,
            sources=observed.source_facts(context.sources, ops.noted("crawl"), now),
            provisional=_provisional(context, observed),
            digests=_digester(context, observed).facts(),
            next_delivery=next_due(ops),
        )


def run_once(context: Context) -> StepReport:
    """Do everything that is due. The caller holds ``data.writer()``; nothing of it is lost when it dies in between.

    What a crawl finds is told while the crawl still runs, so that a slow source delays nobody's alert.
    """
    ensure_kb(context.data)
    unread = _take_decisions(context.data)
    began = context.clock.now()
    forget_settled(context)
    followed = follow_profiles(context.data, context.ops, now=began)
    report = StepReport(current_plan(context), unread=unread, followed=followed)
    if report.plan.crawls or report.plan.second_looks:
        report.crawl = _look(context, report.plan, report)
    tell_everything(context, report)
    report.unsettled += unsettled(context)
    report.given_up += given_up(context.ops, since=began)
    return report


def _take_decisions(data: DataDirectory) -> list[str]:
    """Let what people decided since the last step take effect; a line that cannot be read changes nothing, and is said."""
    try:
        take_decisions_of(data)
    except DecisionUnreadable as error:
        return [str(error)]
    return []


def tell_everything(context: Context, report: StepReport, unfinished: Collection[str] = ()) -> None:
    """Changes, problems, days and digests go into the outbox, and the outbox out of the house."""
    tell(context, report)
    tell_incidents(context, report, unfinished)
    remind(context, report)
    for due in current_plan(context).digests:
        with Observed(context.data.kb) as observed:
            report.digests += _digester(context, observed).write(due)
    report.sent.append(_deliver(context))


def forget_settled(context: Context) -> None:
    """Looks are counted from anew for a page that has no change waiting any more."""
    with Observed(context.data.kb) as observed:
        waiting = {change.page for change in observed.provisional()}
    for what in ("look", "unsettled"):
        context.ops.forget(what, set(context.ops.noted(what)) - waiting)


def unsettled(context: Context) -> list[str]:
    """A sentence, once, for each page that no second look could settle."""
    with Observed(context.data.kb) as observed:
        found = {c.page: c for c in _provisional(context, observed) if c.looks >= UNSETTLED}
    fresh = [change for page, change in found.items() if page not in context.ops.noted("unsettled")]
    context.ops.note("unsettled", [change.page for change in fresh], now=context.clock.now())
    return [
        f"{change.source}　{change.url}　复查 {change.looks} 次仍未能确认：每次看到的都不同，或看不到；请检查来源配置"
        for change in fresh
    ]


def _provisional(context: Context, observed: Observed) -> list[ProvisionalFacts]:
    looked, times = context.ops.noted("look"), context.ops.times("look")
    return [
        replace(change, last_look=looked.get(change.page, (None, False))[0], looks=times.get(change.page, 0))
        for change in observed.provisional()
        if change.source in context.sources and context.sources[change.source].enabled
    ]


def tell(context: Context, report: StepReport) -> None:
    """Match what is new and put it into the outbox."""
    with Observed(context.data.kb) as observed:
        report.alerts += _teller(context, observed).changes()


def tell_incidents(context: Context, report: StepReport, unfinished: Collection[str] = ()) -> None:
    """Tell what is out of sight and what came back, of a source when every page of it had its turn."""
    with Observed(context.data.kb) as observed:
        report.notices += _teller(context, observed).incidents(unfinished=unfinished)


def remind(context: Context, report: StepReport) -> None:
    """Tell of days that come near, from the time of day on at which digests are sent."""
    begins = time.fromisoformat(context.settings.digest_at)
    with Observed(context.data.kb) as observed:
        report.reminders += Reminder(context.ops, observed, context.head(), parent_of, begins).remind()


@contextmanager
def hold_rederived(data: DataDirectory, *, clock: Clock | None = None) -> Iterator[Rederived]:
    """Around a rebuild: confirmed live changes that only the new derivation has, and those that it lacks, wait for a
    person: the ones as late notices, the others because it may be today's reading that is wrong.

    What is yielded holds the ids afterwards. A directory that never had a subscription has nobody to tell.
    """
    found = Rederived()
    old = _live_changes(data)
    yield found
    if not data.ops.exists() or not data.kb.exists():
        return
    now = (clock or SystemClock()).now()
    with Ops(data.ops) as ops, Observed(data.kb) as observed:
        renamed = follow_renamed(ops, observed)
        new = observed.alertable()
        known = {row["change"] for row in ops.rows("SELECT change FROM considered")}
        found.revealed += [c for c in new if c not in known | set(old) | observed.released()]
        found.withdrawn += [
            c for c in sorted((known | set(old)) - renamed) if _is_withdrawn(observed, c, new)
        ]
        ops.hold(found.revealed, REVEALED, now=now)
        ops.hold(found.withdrawn, WITHDRAWN, now=now, held_for=HeldFor.WITHDRAWN)


def _is_withdrawn(observed: Observed, change: str, found: Mapping[str, str]) -> bool:
    successor = observed.successor(change)
    return successor not in found and not observed.changes([successor])


@dataclass
class Rederived:
    """Ids of live changes that a new derivation of the same captures has more, and has less."""

    revealed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)


def _live_changes(data: DataDirectory) -> list[str]:
    if not data.kb.exists():
        return []
    try:
        ensure_kb(data)
    except StoreError:  # what cannot be read is what a rebuild is for; what was told is in ops.db
        return []
    with Observed(data.kb) as observed:
        return list(observed.alertable())


def ensure_kb(data: DataDirectory) -> None:
    """A knowledge base of today's schema: a new one is empty, an older one migrated. The caller holds ``data.writer()``."""
    open_writer(data.kb).close()


def _look(context: Context, plan: Plan, report: StepReport) -> CrawlReport:
    """Crawl what is due.

    A source is noted as tried and failed just before its process starts, and as well when that ended well: one during
    which our own process dies must wait, but not until the next day.
    """
    ops, running = context.ops, dict[str, Task]()

    def started(task: Task) -> None:
        running[task.source] = task
        if task.pages is None:
            ops.note("crawl", [task.source], now=context.clock.now(), failed=True)
        else:
            keys = [look_key(task.source, url) for url in task.pages]
            ops.note("look", keys, now=context.clock.now())

    def ended(outcome: SourceOutcome) -> None:
        if running.pop(outcome.source).pages is None and outcome.ok:
            ops.note("crawl", [outcome.source], now=outcome.began or context.clock.now())
        if context.progress:
            context.progress(outcome)

    def between() -> list[Task]:
        tell_everything(context, report, running)
        return _second_looks(current_plan(context))

    return crawl(
        context.data,
        context.sources,
        clock=context.clock,
        replay=context.replay,
        allow_addresses=context.settings.allow_addresses,
        delay=context.delay,
        contact=context.settings.contact,
        pages={task.source: task.pages for task in _second_looks(plan) if task.pages},
        only=plan.crawls,
        at_once=context.at_once,
        secrets=ops.secret_variables(),
        hooks=Hooks(between, started, ended, context.ending),
    )


def _second_looks(plan: Plan) -> list[Task]:
    return [Task(look.source, look.urls) for look in plan.second_looks]


def _deliver(context: Context) -> Sent:
    allowed = tuple(context.settings.allow_addresses)
    send = context.send or sender(context.ops, allowed=allowed)
    return deliver_due(context.ops, send, context.clock, ending=context.ending)


def _teller(context: Context, observed: Observed) -> Teller:
    return Teller(context.ops, observed, context.head(), parent_of, context.sources)


def _digester(context: Context, observed: Observed) -> Digester:
    return Digester(_teller(context, observed), context.sources)
