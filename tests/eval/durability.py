"""The same captures give the same knowledge base: shuffled, in batches, after kill -9, and rebuilt under readers."""

from __future__ import annotations

import asyncio
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from kb.config import DataDirectory, Settings
from kb.sources import load_declarations
from kb.store import open_reader
from kb.store.dump import canonical_dump
from kb.store.maintenance import rebuild
from scheduler.declarations import keep, known_sources
from tests.eval import sets
from tests.eval.table import Measure

SEED, LAWS, KILLS, BATCHES, READERS = 20261122, 12, 6, 5, 4
SAID = re.compile(r"新入库 (\d+) 份")


def dump(data: DataDirectory) -> list[str]:
    reader = open_reader(data.kb)
    try:
        return list(canonical_dump(reader))
    finally:
        reader.close()


def _entries(shared: Path) -> list[sets.Entry]:
    draw = random.Random(SEED)
    laws = sorted({entry.url for entry in sets.law_entries(shared)})
    chosen = set(draw.sample(laws, LAWS))
    captures = [
        entry for entry in sets.ota_entries(shared) if entry.source in {"eval.kimi-terms", "eval.ota-privacy"}
    ]
    return [entry for entry in sets.law_entries(shared) if entry.url in chosen] + captures


def _in_batches(entries: list[sets.Entry], data: DataDirectory) -> None:
    draw = random.Random(SEED)
    shuffled = draw.sample(entries, len(entries))
    for start in range(BATCHES):
        sets.import_entries(shuffled[start::BATCHES], data)


def _command(data: DataDirectory, manifest: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "scheduler",
        "import",
        "/",
        "--manifest",
        str(manifest),
        "--data",
        str(data.root),
    ]


def _killed(entries: list[sets.Entry], folder: Path) -> tuple[DataDirectory, list[str]]:
    """An import killed again and again, then let through; what it had reported done must be there each time."""
    data, lost = DataDirectory(folder), []
    folder.mkdir()
    keep(data, load_declarations([sets.DECLARATIONS]).values())
    manifest = sets.write_manifest(entries, folder / "manifest.jsonl")
    draw = random.Random(SEED)
    for _ in range(KILLS):
        process = subprocess.Popen(
            _command(data, manifest), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        timer = threading.Timer(draw.uniform(0.8, 5.0), process.send_signal, [signal.SIGKILL])
        timer.start()
        assert process.stderr is not None
        said = SAID.findall(process.stderr.read())
        process.wait()
        timer.cancel()
        reported = int(said[-1]) if said else 0
        held = 0
        if data.kb.exists():
            (held,) = open_reader(data.kb).execute("SELECT count(*) FROM captures").fetchone()
        if held < reported:
            lost.append(f"报告已入库 {reported} 份，实有 {held} 份")
    last = subprocess.run(_command(data, manifest), check=False, capture_output=True, text=True)
    if last.returncode not in {0, 1}:  # 1: a capture of the set has no body, and is said so
        lost.append(f"最后一次导入以 {last.returncode} 结束：{last.stderr[-200:]}")
    return data, lost


async def _read_during(data: DataDirectory, work: threading.Thread) -> tuple[int, int]:
    """(pages asked, pages that did not come) while ``work`` runs."""
    from datasette_config.app import build

    site = build(data, Settings())
    await site.invoke_startup()
    asked = failed = 0

    async def read() -> None:
        nonlocal asked, failed
        while work.is_alive():
            for path in ("/", "/search?q=应当", "/sources"):
                response = await site.client.get(path)
                asked, failed = asked + 1, failed + (response.status_code != 200)

    work.start()
    await asyncio.gather(*(read() for _ in range(READERS)))
    return asked, failed


def measure(shared: Path) -> list[Measure]:
    entries = _entries(shared)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        straight = DataDirectory(folder / "straight")
        sets.import_entries(entries, straight)
        truth = dump(straight)
        batched = DataDirectory(folder / "batched")
        _in_batches(entries, batched)
        killed, lost = _killed(entries, folder / "killed")
        work = threading.Thread(target=rebuild, args=(straight, known_sources(straight)))
        asked, failed = asyncio.run(_read_during(straight, work))
        work.join()
        same = {
            "打乱并分批导入": dump(batched) == truth,
            f"kill -9 共 {KILLS} 次后补完": dump(killed) == truth,
            "重建": dump(straight) == truth,
        }
    other = [f"{what}：规范导出不一致" for what, holds in same.items() if not holds]
    return [
        Measure("durability", len(entries), "导出与直接导入不同的做法", len(other), "\n".join(other)),
        Measure("durability", KILLS, "中断后丢失的已报告入库", len(lost), "\n".join(lost)),
        Measure("durability", asked, "重建期间没有打开的网页", failed if asked else 1.0),
    ]
