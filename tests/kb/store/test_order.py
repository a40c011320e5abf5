"""The same captures and decisions give the same kb.db, however they arrive, are batched, or the ingest is killed on the way."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from world import ARTICLES, World, amended, days, declare, rule

from kb.codes import DecisionKind, Origin, PageRole
from kb.config import DataDirectory
from kb.decisions import Decision, append_decisions, read_decisions
from kb.sqlite import sqlite3
from kb.store import open_reader
from kb.store.dump import canonical_dump
from kb.store.ingest import Ingestor
from kb.store.maintenance import derive_into
from kb.store.tagged import tagged

LATER = timedelta(minutes=30)
MISSING = b"<html><head><title>404</title></head><body><h1>404 Not Found</h1></body></html>"
FIVE = amended(2, "申请人应当自受理之日起五个工作日内补正全部申请材料。")
SEVEN = amended(2, "申请人应当自受理之日起七个工作日内补正全部申请材料。")
NUMBER = "<p>示例通信部令第8号</p>"
REPEALING = (*FIVE, "本办法自2026年9月1日起施行，《示例旧业务管理办法》（示例通信部令第8号）同时废止。")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def numbered(articles: tuple[str, ...]) -> bytes:
    page = rule("示例旧业务管理办法", articles).decode()
    return page.replace("<div class='content'>", f"<div class='content'>{NUMBER}").encode()


def eventful(root: Path) -> World:
    """Two sources and a fortnight with every kind of event the store knows."""
    world = World(root, declare(), declare("test.reprint", level="official_reprint"))
    reprint = world.sources["test.reprint"]
    png = (("Content-Type", "image/png"),)
    bodies = {0: ARTICLES, 1: FIVE, 2: FIVE, 3: SEVEN, 4: ARTICLES, 5: ARTICLES, 6: FIVE, 7: SEVEN, 8: SEVEN}
    for day, articles in bodies.items():
        with world.run(days(day)) as run:
            run.list(
                "/a.html",
                "/gone.html",
                *(["/b.html"] if day > 1 else []),
                *(["/final.html", "/repealing.html"] if day > 6 else []),
            )
            run.see("/old.html", numbered(FIVE if day > 3 else ARTICLES))
            run.see(body=rule(articles=articles))
            run.see("/draft.html", rule("另一示例管理办法（征求意见稿）", FIVE))
            run.see("/gone.html", rule("将撤下的办法", SEVEN))
            if day > 1:
                run.see("/b.html", rule("新的规定", FIVE), aliases=("https://gov.example.cn/old-b.html",))
                run.see("/i.png", PNG + bytes([day // 4]), role=PageRole.IMAGE, headers=png, title="图")
            run.see(
                "/restless.html", rule("一日一变的办法", (ARTICLES, FIVE, SEVEN, ARTICLES[::-1])[min(day, 3)])
            )
            if day in (3, 5):
                run.fail("/draft.html")
            if day > 6:
                run.see("/final.html", rule("另一示例管理办法", SEVEN))
                run.see("/repealing.html", rule("示例新业务管理办法", REPEALING))
        with world.run(days(day) + LATER) as run:
            run.see(body=rule(articles=articles if day != 3 else FIVE))
            if day == 2:
                run.see("/b.html", rule("新的规定", FIVE))
        with world.run(days(day) + 2 * LATER, source=reprint) as run:
            run.list("/x.html", *(["/y.html"] if day > 2 else []))
            run.see("/x.html", rule("别的规定", SEVEN))
            run.see("/copy.html", numbered(FIVE if day > 6 else ARTICLES))
            if day > 2:
                run.see("/y.html", rule("新的规定", FIVE))
    for day in range(9, 13):
        with world.run(days(day)) as run:
            run.list("/a.html", "/b.html", "/final.html")
            run.see("/gone.html", MISSING, status=404)
            run.see(body=rule(articles=SEVEN))
            run.see("/b.html", rule("新的规定", FIVE))
    with world.run(days(20), origin=Origin.IMPORT) as run:
        run.see("/history.html", rule("历史办法", ARTICLES), at=days(-300))
        run.see("/history.html", rule("历史办法", FIVE), at=days(-200))
    return world


def dump(database: Path) -> list[str]:
    reader = open_reader(database)
    try:
        return list(canonical_dump(reader))
    finally:
        reader.close()


def verdicts(world: World) -> list[Decision]:
    """On every second change, and on every id that was swallowed, something a person might have said."""
    reader = open_reader(world.data.kb)
    changes = reader.execute("SELECT change_id, words_key FROM changes ORDER BY change_id").fetchall()
    swallowed = reader.execute("SELECT from_id, '' FROM redirects WHERE kind = 'change'").fetchall()
    assert swallowed
    kinds = (DecisionKind.CHANGE_RELEASED, DecisionKind.CHANGE_REJECTED, DecisionKind.ABSENCE_CONFIRMED)
    said = [
        Decision(kinds[number % 3], row[0], days(30 + number), about=(row[1], "f" * 64, "")[number % 4 % 3])
        for number, row in enumerate([*changes[::2], *swallowed])
    ]
    return [*said, *of_tags(reader), Decision(DecisionKind.CHANGE_REJECTED, "ch-ffffffffffff", days(40))]


def of_tags(reader: sqlite3.Connection) -> list[Decision]:
    """On changes, documents and their former ids, in today's words, in others and in whatever words."""
    ids = [
        row[0]
        for row in reader.execute("SELECT change_id FROM changes UNION SELECT document_id FROM documents")
    ]
    ids += [row[0] for row in reader.execute("SELECT from_id FROM redirects")]
    kinds = (DecisionKind.TAG_ADDED, DecisionKind.TAG_REJECTED, DecisionKind.TAG_ACCEPTED)
    return [
        Decision(
            kinds[number % 3],
            each,
            days(50 + number),
            said=("icp-filing", "icp-license")[number % 2],
            about=(tagged(reader, each).key, "e" * 64, "")[number % 4 % 3],
        )
        for number, each in enumerate([*ids, *ids])
    ]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, list[str]]:
    """The eventful world and the dump of deriving it at once."""
    world = eventful(tmp_path_factory.mktemp("told"))
    Ingestor(world.data, world.sources).ingest()
    for word in ("gone", "corrected", "held"):
        assert any(f'"{word}"' in line and '"table":"changes"' in line for line in dump(world.data.kb)), word
    append_decisions(world.data.decisions, verdicts(world))
    Ingestor(world.data, world.sources).ingest()
    lines = dump(world.data.kb)
    words = ("gone", "finalised", "republished", "reverted", "held", "retracted", "provisional", "repealed")
    for word in (*words, "copies_diverge"):
        assert any(line.startswith("{") and f'"{word}"' in line and '"changes"' in line for line in lines), (
            word
        )
    return world, lines


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_any_order_and_batching_of_arrival_gives_the_same(
    told: tuple[World, list[str]], tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    world, expected = told
    draw = random.Random(seed)
    data = DataDirectory(tmp_path_factory.mktemp("arrival"))
    logs = sorted(world.data.captures.glob("*/*.jsonl"))
    for warc in world.data.captures.glob("*/*.warc.gz"):
        (data.captures / warc.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy(warc, data.captures / warc.parent.name)
    draw.shuffle(logs)
    said = list(read_decisions(world.data.decisions).all)
    draw.shuffle(said)
    while logs:
        append_decisions(data.decisions, [said.pop() for _ in range(draw.randint(0, min(3, len(said))))])
        for log in [logs.pop() for _ in range(min(len(logs), draw.randint(1, 9)))]:
            lines = log.read_bytes().splitlines(keepends=True)
            to = data.captures / log.parent.name / log.name
            to.write_bytes(b"".join(lines[: draw.randint(0, len(lines))]))
            if draw.random() < 0.5:
                Ingestor(data, world.sources).ingest()
            to.write_bytes(b"".join(lines))
        Ingestor(data, world.sources).ingest()
    append_decisions(data.decisions, said)
    Ingestor(data, world.sources).ingest()
    assert dump(data.kb) == expected


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_any_batching_of_an_import_gives_the_same(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    draw = random.Random(seed)
    captures = [
        (f"/{page}.html", rule(f"第{page}号办法", articles), days(day))
        for page in range(3)
        for day, articles in enumerate((ARTICLES, FIVE, SEVEN, ARTICLES))
    ]
    worlds = [World(tmp_path_factory.mktemp("import")) for _ in range(2)]
    for world, size in zip(worlds, (len(captures), draw.randint(1, 4)), strict=True):
        draw.shuffle(captures)
        for start in range(0, len(captures), size):
            with world.run(days(99), origin=Origin.IMPORT) as run:
                for path, body, at in captures[start : start + size]:
                    run.see(path, body, at=at, keep=True)
            Ingestor(world.data, world.sources).ingest()
    assert dump(worlds[0].data.kb) == dump(worlds[1].data.kb)


INGEST = """
import sys
from pathlib import Path
from kb.config import DataDirectory
from kb.sources import Source
from kb.store.ingest import Ingestor
source = Source.model_validate_json(sys.argv[2])
print("begun", flush=True)
Ingestor(DataDirectory(Path(sys.argv[1])), {source.id: source}).ingest()
"""


@pytest.mark.slow
def test_killed_at_any_point_the_next_ingest_completes_the_same(tmp_path: Path) -> None:
    world = World(tmp_path)
    for day, articles in ((0, ARTICLES), (1, FIVE)):
        with world.run(days(day)) as run:
            for number in range(110):
                run.see(f"/{number}.html", rule(f"第{number}号办法", articles))
    expected = tmp_path / "expected.db"
    begun = time.monotonic()
    derive_into(expected, world.data, world.sources)
    took = time.monotonic() - begun
    draw, killed = random.Random(3), 0
    for _ in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", INGEST, str(tmp_path), world.source.model_dump_json()],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
        )
        with process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(draw.uniform(0, took * 0.4))
            os.kill(process.pid, signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
    assert killed >= 2
    Ingestor(world.data, world.sources).ingest()
    assert dump(world.data.kb) == dump(expected)
