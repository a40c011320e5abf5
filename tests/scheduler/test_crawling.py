import json
import os
import time
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from kb.config import DataDirectory, FixedClock, SystemClock, clock_at
from kb.errors import DeclarationError
from kb.sources import load_declaration
from scheduler import crawling, processes
from scheduler.crawling import Hooks, crawl
from scheduler.processes import SourceOutcome, Task, as_toml
from tests.scheduler.fake_crawler import FAKE, source


def jobs(notes: Path) -> dict[str, dict[str, Any]]:
    return {file.name.split(".")[0]: json.loads(file.read_text()) for file in sorted(notes.glob("*.job"))}


def test_a_dead_process_is_a_report_and_leaves_the_others_alone(tmp_path: Path, fake: Path) -> None:
    sources = {name: source(name) for name in ("one", "broken", "killed", "two")}
    ended: list[SourceOutcome] = []
    report = crawl(
        DataDirectory(tmp_path / "data"),
        sources,
        clock=SystemClock(),
        at_once=2,
        hooks=Hooks(progress=ended.append),
    )
    failures = {outcome.source: outcome.failure for outcome in report.failed}
    assert {outcome.source for outcome in report.sources} == set(sources) == {o.source for o in ended}
    assert set(failures) == {"broken", "killed"}
    assert "巡查失败：磁盘已满" in failures["broken"]
    assert "信号 9" in failures["killed"]
    assert max(int(file.name.split(".")[1]) for file in fake.glob("*.count")) <= 2


def test_a_job_says_what_the_process_must_know(tmp_path: Path, fake: Path) -> None:
    moment = clock_at("2026-11-24T06:10:00+08:00")
    assert isinstance(moment, FixedClock)
    crawl(
        DataDirectory(tmp_path / "data"),
        {"one": source("one"), "two": source("two")},
        clock=moment,
        allow_addresses=["127.0.0.0/8"],
        delay=0,
        contact="a@b.invalid",
        pages={"one": ("https://a.invalid/1",)},
        only=["two"],
    )
    look, regular = jobs(fake)["one"], jobs(fake)["two"]
    assert look["pages"] == ["https://a.invalid/1"]
    assert look["unconditional"] is True
    assert regular["pages"] is None
    assert regular["unconditional"] is False
    assert regular["now"] == "2026-11-23T22:10:00Z"
    assert regular["allow_addresses"] == ["127.0.0.0/8"]
    assert (regular["origin"], regular["delay"], regular["contact"]) == ("live", 0, "a@b.invalid")


def test_second_looks_join_a_crawl_under_way(
    tmp_path: Path, fake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawling, "REST", 0.0)
    asked = iter([[Task("two", ("https://a.invalid/2",))]])
    sources = {"one": source("one"), "two": source("two")}
    report = crawl(
        DataDirectory(tmp_path / "data"),
        sources,
        clock=SystemClock(),
        only=["one"],
        hooks=Hooks(between=lambda: next(asked, [])),
    )
    assert [outcome.source for outcome in report.sources] == ["one", "two"]
    assert jobs(fake)["two"]["pages"] == ["https://a.invalid/2"]


def test_the_parent_sleeps_while_it_waits(tmp_path: Path, fake: Path) -> None:
    data, sources = DataDirectory(tmp_path / "data"), {"one": source("one")}
    crawl(data, sources, clock=SystemClock())  # imports are paid once
    run = fake.parent / "packages" / "crawler" / "run.py"
    run.write_text(FAKE.format(folder=str(fake), pause=1.5))
    wall, cpu = time.monotonic(), time.process_time()
    crawl(data, sources, clock=SystemClock())
    assert time.monotonic() - wall > 1.4
    assert time.process_time() - cpu < 0.5


def test_an_undeclared_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="nobody"):
        crawl(DataDirectory(tmp_path), {}, clock=SystemClock(), only=["nobody"])


def test_a_declaration_survives_being_written_again(tmp_path: Path) -> None:
    before = source(
        "one", document={"body": [{"css": "#a", "until": "#b"}]}, noise={"patterns": ["浏览.{1,5}次"]}
    )
    (tmp_path / "one.toml").write_text(as_toml(before), "utf-8")
    after = load_declaration(tmp_path / "one.toml")
    assert after == before
    assert after.digest == before.digest


def test_a_second_look_waits_for_its_source_and_takes_in_what_became_due(
    tmp_path: Path, fake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawling, "REST", 0.0)
    first, second = Task("one", ("https://a.invalid/1",)), Task("one", ("https://a.invalid/2",))
    asked = iter([[first], [first, second]])
    monkeypatch.setattr(crawling, "TICK", 0.05)
    started: list[Task] = []
    report = crawl(
        DataDirectory(tmp_path / "data"),
        {"one": source("one")},
        clock=SystemClock(),
        hooks=Hooks(between=lambda: next(asked, []), started=started.append),
    )
    assert [outcome.source for outcome in report.sources] == ["one", "one"]
    assert started == [Task("one"), Task("one", ("https://a.invalid/1", "https://a.invalid/2"))]


def alive(notes: Path) -> list[str]:
    """Processes of the fake crawler that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes()
        except OSError:
            continue
        if str(notes.parent).encode() in environment and int(folder.name) != os.getpid():
            found.append(folder.name)
    return found


@pytest.mark.parametrize("name", ["endless", "deaf"])
def test_an_ending_crawl_stops_what_runs_and_starts_nothing(
    tmp_path: Path, fake: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(crawling, "TICK", 0.1)
    monkeypatch.setattr(processes, "GRACE", 0.5)
    ending, started = Event(), list[Task]()

    def end() -> None:
        for _ in range(500):
            if (fake / f"{name}.ready").exists():
                break
            time.sleep(0.02)
        ending.set()

    Thread(target=end).start()
    began = time.monotonic()
    report = crawl(
        DataDirectory(tmp_path / "data"),
        {name: source(name), "two": source("two")},
        clock=SystemClock(),
        at_once=1,
        hooks=Hooks(started=started.append, ending=ending),
    )
    assert time.monotonic() - began < 10
    assert started == [Task(name)]
    assert [(o.source, "应要求停止" in o.failure) for o in report.sources] == [(name, True)]
    assert alive(fake) == []


def test_a_process_has_a_deadline(tmp_path: Path, fake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawling, "TICK", 0.1)
    report = crawl(
        DataDirectory(tmp_path / "data"), {"endless": source("endless")}, clock=SystemClock(), limit=0.3
    )
    assert ["超过时限" in outcome.failure for outcome in report.sources] == [True]


def test_an_error_of_ours_leaves_no_process_behind(
    tmp_path: Path, fake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawling, "REST", 0.0)
    monkeypatch.setattr(crawling, "TICK", 0.1)

    def fails() -> list[Task]:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        crawl(
            DataDirectory(tmp_path / "data"),
            {"endless": source("endless")},
            clock=SystemClock(),
            hooks=Hooks(between=fails),
        )
    assert alive(fake) == []


def test_a_process_that_cannot_start_is_a_report(
    tmp_path: Path, fake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes.sys, "executable", str(tmp_path / "none"))
    report = crawl(DataDirectory(tmp_path / "data"), {"one": source("one")}, clock=SystemClock())
    assert ["无法启动" in outcome.failure for outcome in report.sources] == [True]


def test_a_process_gets_no_secret_and_keeps_its_memory(
    tmp_path: Path, fake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENGCE_TEST_PASSWORD", "hunter2")
    data = DataDirectory(tmp_path / "data")
    crawl(data, {"one": source("one")}, clock=SystemClock(), secrets=["ZHENGCE_TEST_PASSWORD"])
    environment = json.loads((fake / "one.environment").read_text())
    assert "hunter2" not in environment.values()
    assert environment["MALLOC_TRIM_THRESHOLD_"] == "67108864"
