import json
import time
from pathlib import Path
from typing import Any

import pytest

from kb.config import DataDirectory, FixedClock, SystemClock, clock_at
from kb.errors import DeclarationError
from kb.sources import Source, load_declaration
from scheduler import crawling
from scheduler.crawling import SourceOutcome, Task, as_toml, crawl

FAKE = """
import json, os, sys, time
from pathlib import Path
job = json.load(sys.stdin)
here = Path({folder!r})
name = Path(job["declaration"]).stem
(here / f"{{name}}.{{time.time_ns()}}.job").write_text(json.dumps(job))
(here / f"{{name}}.on").touch()
running = len(list(here.glob("*.on")))
(here / f"{{name}}.{{running}}.count").touch()
time.sleep({pause})
(here / f"{{name}}.on").unlink()
if name == "broken": sys.exit("Traceback\\n  nonsense\\n巡查失败：磁盘已满")
if name == "killed": os.kill(os.getpid(), 9)
"""


def source(name: str, **values: Any) -> Source:
    return Source.model_validate(
        {
            "id": name,
            "title": name,
            "authority": "示例",
            "mechanism": "pages",
            "level": "regulator",
            "hosts": ["a.invalid"],
            "start": ["https://a.invalid/"],
            "publish": "full",
            **values,
        }
    )


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A crawler that notes its job, and dies when its source is called broken or killed."""
    package, notes = tmp_path / "packages" / "crawler", tmp_path / "notes"
    package.mkdir(parents=True)
    notes.mkdir()
    (package / "__init__.py").touch()
    (package / "run.py").write_text(FAKE.format(folder=str(notes), pause=0.3))
    monkeypatch.setattr(crawling, "PACKAGES", package.parent)
    return notes


def jobs(notes: Path) -> dict[str, dict[str, Any]]:
    return {file.name.split(".")[0]: json.loads(file.read_text()) for file in sorted(notes.glob("*.job"))}


def test_a_dead_process_is_a_report_and_leaves_the_others_alone(tmp_path: Path, fake: Path) -> None:
    sources = {name: source(name) for name in ("one", "broken", "killed", "two")}
    ended: list[SourceOutcome] = []
    report = crawl(
        DataDirectory(tmp_path / "data"), sources, clock=SystemClock(), at_once=2, progress=ended.append
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
        between=lambda: next(asked, []),
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
