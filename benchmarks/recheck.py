"""Whole-line recheck of 5,000 changed-or-not pages against plain Scrapy on the same pages, in the same run.

Copies the development set's bench site to a temporary folder, lets its own runner measure plain Scrapy (raw body to
JSON lines), then runs ``zhengce crawl`` on day 1 and day 2 and counts the CPU of our whole process tree.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

SHARED = Path(__file__).resolve().parents[2] / "shared"
PAGES, PORT, HOSTS = 5000, 8800, 20
RATIO_GOAL = 0.5


@dataclass(frozen=True)
class Cost:
    wall: float  # seconds
    cpu: float  # seconds, user and system, the whole tree of processes

    def pages_per_cpu_second(self) -> float:
        return PAGES / self.cpu


def _run(command: list[str], **options: object) -> Cost:
    started = time.monotonic()
    process = subprocess.Popen(command, **options)  # type: ignore[call-overload]
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in {0, 1}:
        raise SystemExit(f"{command[:4]} … ended with {status}")
    return Cost(time.monotonic() - started, usage.ru_utime + usage.ru_stime)


def _get(path: str) -> bytes:
    return build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{PORT}{path}", timeout=30).read()


def _declaration(folder: Path, urls: list[str]) -> None:
    hosts = sorted({url.split("/")[2] for url in urls})
    folder.mkdir()
    (folder / "bench.toml").write_text(
        f"""id = "bench.pages"
title = "基准站"
authority = "基准"
mechanism = "pages"
level = "regulator"
publish = "full"
hosts = {json.dumps(hosts)}
start = {json.dumps(urls)}
delay_seconds = 0

[document]
body = [{{ css = "div.article-content", evidence = "verified" }}]
title = [{{ css = "div.article h1", evidence = "verified" }}]
""",
        "utf-8",
    )


def _scrapy(bench: Path) -> tuple[Cost, Cost]:
    subprocess.run(
        [sys.executable, "run_scrapy.py", "--n", str(PAGES), "--mode", "body+ci1"],
        cwd=bench,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    result = json.loads((bench / "results" / f"scrapy-body+ci1-{PAGES}.json").read_text("utf-8"))
    first, second = (Cost(result[day]["wall_s"], result[day]["cpu_s"]) for day in ("day1", "day2"))
    return first, second


def _zhengce(folder: Path) -> Cost:
    command = [sys.executable, "-m", "scheduler", "crawl", "--data", str(folder / "data")]
    command += ["--sources", str(folder / "sources"), "--delay", "0", "--allow-address", "127.0.0.0/8"]
    with (folder / "crawl.log").open("ab") as log:
        return _run(command, stdout=log, stderr=log)


def _score(folder: Path) -> tuple[int, int, int]:
    """(true changes found, invented, missed) on day 2."""
    command = [
        sys.executable,
        "-m",
        "scheduler",
        "changes",
        "--json",
        "--limit",
        "100000",
        "--data",
        str(folder / "data"),
    ]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    found = {int(json.loads(line)["url"].rsplit("t2024", 1)[1][:6]) for line in lines}
    truth = {int(page) for page in json.loads(_get("/__truth"))}
    return len(found & truth), len(found - truth), len(truth - found)


def main() -> bool:
    if not (SHARED / "bench").is_dir():
        print("recheck  跳过：基准站（../shared/bench）不在旁边")
        return True
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        bench = Path(shutil.copytree(SHARED / "bench", folder / "bench"))
        bench.chmod(0o755)
        for name in ("site", "scrapy"):
            (bench / "venv").mkdir(exist_ok=True)
            (bench / "venv" / name).symlink_to(sys.prefix)
        floor, floor_again = _scrapy(bench)
        urls = subprocess.run(
            [
                sys.executable,
                "site.py",
                "urls",
                "--n",
                str(PAGES),
                "--port",
                str(PORT),
                "--hosts",
                str(HOSTS),
            ],
            cwd=bench,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        _declaration(folder / "sources", urls)
        server = subprocess.Popen(
            [
                sys.executable,
                "site.py",
                "serve",
                "--n",
                str(PAGES),
                "--port",
                str(PORT),
                "--hosts",
                str(HOSTS),
            ],
            cwd=bench,
            stdout=subprocess.PIPE,
        )
        try:
            assert server.stdout is not None  # noqa: S101 - it was just asked for
            server.stdout.readline()
            first = _zhengce(folder)
            _get("/__day/2")
            second = _zhengce(folder)
            found, invented, missed = _score(folder)
        finally:
            server.terminate()
            server.wait()
    ratio = second.pages_per_cpu_second() / floor_again.pages_per_cpu_second()
    print(f"recheck  {PAGES} 页　　　　　　　　墙钟 s　CPU s　页/CPU s")
    for name, cost in (
        ("Scrapy 只存正文 第 1 天", floor),
        ("Scrapy 只存正文 第 2 天", floor_again),
        ("证策 第 1 天（基线）", first),
        ("证策 第 2 天（复查）", second),
    ):
        print(f"   {name:24} {cost.wall:8.1f} {cost.cpu:8.1f} {cost.pages_per_cpu_second():8.0f}")
    print(
        f"   第 2 天比值 {ratio:.2f}（目标 {RATIO_GOAL}）　变动：找到 {found}，多报 {invented}，漏 {missed}"
    )
    return not invented and not missed


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
