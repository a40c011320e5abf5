import subprocess
import sys
import threading
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from datasette_config import app
from kb.config import DataDirectory, Settings, SystemClock
from kb.errors import DataDirectoryBusy, SchemaTooOld, StoreError
from kb.store.connection import open_reader, open_writer
from scheduler import daemon
from scheduler.daemon import Daemon
from scheduler.jobs import Context
from scheduler.ops import Ops
from scheduler.verbs.watch import serve


@pytest.fixture
def context(tmp_path: Path, ops: Ops) -> Context:
    return Context(DataDirectory(tmp_path / "data"), Settings(), {}, ops, SystemClock())


def wait_for(what: Any, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_it_ticks_holds_the_lock_and_ends_with_its_site(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[Any] = []
    sites: list[subprocess.Popen[bytes]] = []

    def start_site() -> subprocess.Popen[bytes]:
        sites.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]))
        return sites[-1]

    monkeypatch.setattr(daemon, "run_once", lambda _: "step")
    running = Daemon(context, start_site=start_site, report=steps.append)
    busy: list[bool] = []

    def look() -> None:
        wait_for(lambda: steps)
        try:
            with context.data.writer():
                busy.append(False)
        except DataDirectoryBusy:
            busy.append(True)
        running.stop()

    watcher = threading.Thread(target=look)
    watcher.start()
    running.run()
    watcher.join()
    assert steps == ["step"]
    assert busy == [True]
    assert [site.poll() is not None for site in sites] == [True]
    with context.data.writer():
        pass


def older(data: DataDirectory) -> None:
    """A kb.db of the version before the newest step."""
    writer = open_writer(data.kb)
    writer.execute("DELETE FROM _sqlite_migrations WHERE name = '0010_read_by_pages'")
    for (name,) in writer.execute(
        "SELECT name FROM sqlite_master WHERE name GLOB 'documents_by_*'"
    ).fetchall():
        if name not in {"documents_by_version", "documents_by_source"}:
            writer.execute(f"DROP INDEX {name}")
    for name in ("runs_by_end", "pages_by_last_seen", "pages_by_last_good"):
        writer.execute(f"DROP INDEX {name}")
    writer.close()


def test_a_base_of_an_older_version_is_brought_up_to_date_before_the_first_tick(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    older(context.data)
    with pytest.raises(SchemaTooOld):
        open_reader(context.data.kb)
    running = Daemon(context)

    def step(_: Context) -> str:
        open_reader(context.data.kb).close()
        return "step"

    monkeypatch.setattr(daemon, "run_once", step)
    steps: list[Any] = []
    running.report = lambda said: (steps.append(said), running.stop())
    threading.Timer(5, running.stop).start()
    running.run()
    assert steps == ["step"]


@pytest.mark.parametrize("busy", [False, True])
def test_serve_brings_it_up_to_date_unless_another_process_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, busy: bool
) -> None:
    data = DataDirectory(tmp_path)
    older(data)
    served: list[bool] = []

    def look(data: DataDirectory, *_: Any, **__: Any) -> None:
        try:
            open_reader(data.kb).close()
            served.append(True)
        except SchemaTooOld:
            served.append(False)

    monkeypatch.setattr(app, "run", look)
    with data.writer() if busy else nullcontext():
        done = CliRunner().invoke(serve, ["--data", str(tmp_path)])
    assert (done.exit_code, served) == (0, [not busy])


@pytest.mark.parametrize(
    "error", [StoreError("磁盘已满", do="请清理"), OSError("磁盘已满"), ValueError("磁盘已满")]
)
def test_an_error_in_a_step_is_not_the_end(
    context: Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fails(_: Context) -> None:
        raise error

    monkeypatch.setattr(daemon, "run_once", fails)
    Daemon(context).tick()
    assert "磁盘已满" in caplog.text


def test_a_site_that_cannot_start_does_not_stop_the_watch(
    context: Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    steps: list[Any] = []
    monkeypatch.setattr(daemon, "run_once", steps.append)

    def fails() -> subprocess.Popen[bytes]:
        raise FileNotFoundError("no such program")

    Daemon(context, start_site=fails).tick()
    assert len(steps) == 1
    assert "no such program" in caplog.text


def test_the_end_reaches_a_step_under_way(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def step(context: Context) -> None:
        assert context.ending is not None
        assert context.ending.wait(5)

    monkeypatch.setattr(daemon, "run_once", step)
    running = Daemon(context)
    threading.Timer(0.2, running.stop).start()
    began = time.monotonic()
    running.run()
    assert time.monotonic() - began < 4


def test_a_site_that_died_is_started_again(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon, "run_once", lambda _: None)
    started: list[subprocess.Popen[bytes]] = []

    def start_site() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"]))
        return started[-1]

    running = Daemon(context, start_site=start_site)
    running.tick()
    started[0].wait()
    running.tick()
    assert len(started) == 2
    started[1].wait()
