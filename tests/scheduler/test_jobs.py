import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from kb.config import DataDirectory, FixedClock, Settings, SystemClock
from kb.errors import ConfigError, DeliveryRefused
from scheduler import crawling, processes
from scheduler.alerts.message import Message
from scheduler.alerts.outbox import Alert, Outgoing, enqueue
from scheduler.facts import ProvisionalFacts
from scheduler.jobs import UNSETTLED, Context, current_plan, ensure_kb, forget_settled, run_once, unsettled
from scheduler.observed import Observed
from scheduler.ops import EmailSettings, Ops, Subscription
from tests.scheduler.fake_crawler import source

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawling, "TICK", 0.1)


def context(tmp_path: Path, ops: Ops, *names: str) -> Context:
    sources = {name: source(name) for name in names}
    return Context(DataDirectory(tmp_path / "data"), Settings(), sources, ops, FixedClock(NOW))


def after(path: Path) -> None:
    end = time.monotonic() + 10
    while not path.exists():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_what_ended_badly_is_tried_again_and_what_ended_well_is_not(
    tmp_path: Path, ops: Ops, fake: Path
) -> None:
    house = context(tmp_path, ops, "one", "broken")
    run_once(house)
    assert current_plan(house).empty
    later = replace(house, clock=FixedClock(NOW + timedelta(hours=7)))
    assert current_plan(later).crawls == ("broken",)


def test_a_source_whose_process_never_started_is_still_due(tmp_path: Path, ops: Ops, fake: Path) -> None:
    ending = Event()
    house = replace(context(tmp_path, ops, "endless", "two"), at_once=1, ending=ending)

    def end() -> None:
        after(fake / "endless.ready")
        ending.set()

    Thread(target=end).start()
    report = run_once(house)
    assert [(o.source, o.ok) for o in report.crawl.sources] == [("endless", False)] if report.crawl else False
    assert current_plan(house).crawls == ("two",)
    later = replace(house, clock=FixedClock(NOW + timedelta(hours=7)))
    assert current_plan(later).crawls == ("two", "endless")


KILLED = """
import sys
from pathlib import Path
sys.path[:0] = {path!r}
from kb.config import DataDirectory, Settings, SystemClock
from kb.sources import Source
from scheduler import processes
from scheduler.jobs import Context, run_once
from scheduler.ops import Ops
processes.PACKAGES = Path({packages!r})
sources = {{s.id: s for s in map(Source.model_validate_json, {sources!r})}}
with Ops(Path({ops!r})) as ops:
    run_once(Context(DataDirectory(Path({data!r})), Settings(), sources, ops, SystemClock(), at_once=1))
"""


def test_a_killed_house_forgets_only_what_ran(tmp_path: Path, ops: Ops, fake: Path) -> None:
    house = replace(context(tmp_path, ops, "endless", "two"), clock=SystemClock())
    program = KILLED.format(
        path=[str(Path(crawling.__file__).parents[1])],
        packages=str(processes.PACKAGES),
        sources=[each.model_dump_json() for each in house.sources.values()],
        ops=str(tmp_path / "ops.db"),
        data=str(house.data.root),
    )
    process = subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
    after(fake / "endless.ready")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert current_plan(house).crawls == ("two",)


def waiting(monkeypatch: pytest.MonkeyPatch, *changes: ProvisionalFacts) -> None:
    monkeypatch.setattr(Observed, "provisional", lambda _: list(changes))


def test_a_page_that_never_settles_is_told_once_and_counted_anew_when_it_did(
    tmp_path: Path, ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = context(tmp_path, ops, "one")
    ensure_kb(house.data)
    change = ProvisionalFacts("ch-1", "one", "https://a.invalid/1", NOW)
    said = []
    for look in range(UNSETTLED + 2):
        waiting(monkeypatch, replace(change, change=f"ch-{look}"))
        forget_settled(house)
        said.append(unsettled(house))
        ops.note("look", [change.page], now=NOW)
    assert [len(each) for each in said] == [0] * UNSETTLED + [1, 0]
    assert "https://a.invalid/1" in said[UNSETTLED][0]
    waiting(monkeypatch)
    forget_settled(house)
    assert ops.times("look") == {}
    waiting(monkeypatch, change)
    assert unsettled(house) == []


def test_a_second_look_is_noted_by_page(
    tmp_path: Path, ops: Ops, fake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = context(tmp_path, ops, "one")
    ops.note("crawl", ["one"], now=NOW)
    first = ProvisionalFacts("ch-1", "one", "https://a.invalid/1", NOW - timedelta(hours=1))
    waiting(monkeypatch, first)
    run_once(house)
    assert ops.times("look") == {first.page: 1}
    waiting(monkeypatch, replace(first, change="ch-2", first_seen=NOW))  # the look showed a third state
    soon = replace(house, clock=FixedClock(NOW + timedelta(minutes=29)))
    assert current_plan(soon).second_looks == ()


@pytest.mark.parametrize("error", [ConfigError("环境变量 X 未设置"), DeliveryRefused("环境变量 X 未设置")])
def test_what_was_not_sent_is_a_problem(tmp_path: Path, ops: Ops, error: Exception) -> None:
    def send(_: Outgoing) -> str:
        raise error

    channel = ops.put_channel(EmailSettings(to="a@b.invalid", sender="c@d.invalid", host="h"), now=NOW)
    enqueue(ops, Alert("al-1", "change", "ch-1", "sub-1", Message("s", "b", "t"), {}), [channel], now=NOW)
    report = run_once(replace(context(tmp_path, ops), send=send))
    assert ["环境变量 X 未设置" in problem for problem in report.problems] == [True]


def test_a_digest_that_falls_due_does_not_wait_for_a_slow_crawl(
    tmp_path: Path, ops: Ops, fake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawling, "REST", 0.0)
    clock, ending, sent = FixedClock(datetime(2026, 11, 24, 0, 15, tzinfo=UTC)), Event(), list[str]()
    channel = ops.put_channel(
        EmailSettings(to="a@b.invalid", sender="c@d.invalid", host="h"), now=clock.moment
    )
    began = clock.moment - timedelta(minutes=10)
    ops.put_subscription(Subscription(id="sub-1", name="x", channels=(channel,), created_at=began), now=began)

    def send(outgoing: Outgoing) -> str:
        sent.append(outgoing.alert.kind)
        ending.set()
        return "250"

    def morning() -> None:
        after(fake / "endless.ready")
        clock.moment += timedelta(minutes=30)

    house = replace(context(tmp_path, ops, "endless"), clock=clock, send=send, ending=ending)
    Thread(target=morning).start()
    Thread(target=lambda: (time.sleep(8), ending.set()), daemon=True).start()
    run_once(house)
    assert sent == ["digest"]


def test_channels_secrets_are_known_by_name(ops: Ops) -> None:
    values = {"to": "a@b.invalid", "sender": "c@d.invalid", "host": "h"}
    ops.put_channel(EmailSettings(**values, username="u", password="env:SMTP_PASSWORD"), now=NOW)
    ops.put_channel(EmailSettings(**values, username="u", password="file:/x"), now=NOW)
    assert ops.secret_variables() == {"SMTP_PASSWORD"}
