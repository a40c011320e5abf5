"""Real histories of terms, one page a series, each version looked at again: nothing that a site takes back is told twice.

The looks are simulated: each version is seen when it was recorded, half an hour later, and a day later where the next
one was not recorded before. They are captured as live ones, so that all that confirms, holds and tells is at work.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from kb.archive import CaptureWriter
from kb.codes import Origin
from kb.config import DataDirectory, Settings
from kb.model import Capture
from kb.sources import Source
from kb.store import open_reader
from kb.store.ingest import Ingestor
from scheduler.jobs import Context, StepReport, tell
from scheduler.ops import EmailSettings, Ops, Subscription
from scheduler.plan import Plan
from tests.eval.sets import present
from tests.eval.table import Measure

SET = "ota-versions"
SOURCE = Source.model_validate(
    {
        "id": "eval.ota-versions",
        "title": "历史条款",
        "authority": "历史条款",
        "mechanism": "pages",
        "level": "platform",
        "hosts": ["terms.invalid"],
        "start": ["https://terms.invalid/terms"],
        "publish": "excerpt",
    }
)
PLAIN = (("Content-Type", "text/plain; charset=utf-8"),)
LOOKS = (timedelta(0), timedelta(minutes=30), timedelta(hours=25))


@dataclass(frozen=True)
class Version:
    at: datetime
    body: bytes

    @property
    def digest(self) -> str:
        return sha256(self.body).hexdigest()


@dataclass
class Lived:
    """What one series came to. ``returns``: versions that equal the one before the last; ``told_again``: sentences."""

    name: str
    versions: int = 0
    returns: int = 0
    alerts: int = 0
    corrections: int = 0
    flips: int = 0
    incidents: int = 0
    told_again: tuple[str, ...] = ()

    def __str__(self) -> str:
        return (
            f"{self.name}　版本 {self.versions}　原样改回 {self.returns}　提醒 {self.alerts}　更正 {self.corrections}"
            f"　改了又改回未提醒 {self.flips}　异常 {self.incidents}"
        )


@dataclass
class Clock:
    at: datetime

    def now(self) -> datetime:
        return self.at


def series(folder: Path) -> dict[str, list[Version]]:
    """Versions of each document by the time they were recorded; what is equal to the one before is none."""
    found: dict[str, list[Version]] = defaultdict(list)
    lines = map(json.loads, (folder / "index.jsonl").read_text("utf-8").splitlines())
    for line in sorted(lines, key=lambda line: datetime.fromisoformat(line["date"])):
        file = folder / line["file"]
        version = Version(datetime.fromisoformat(line["date"]), file.read_bytes())
        name = f"{file.parent.parent.name}/{file.parent.name}"
        if not found[name] or found[name][-1].digest != version.digest:
            found[name].append(version)
    return dict(found)


def returns(versions: list[Version]) -> list[int]:
    """Indexes of the versions that take the last change back exactly."""
    return [n for n in range(2, len(versions)) if versions[n].digest == versions[n - 2].digest]


def live(name: str, versions: list[Version], root: Path) -> Lived:
    data, lived = DataDirectory(root), Lived(name, len(versions), len(returns(versions)))
    with Ops(root / "ops.db") as ops:
        clock = Clock(versions[0].at)
        channel = EmailSettings(host="mail.invalid", sender="a@terms.invalid", to="b@terms.invalid")
        identifier = ops.put_channel(channel, now=clock.at - timedelta(days=1))
        reader = Subscription(id="sub-1", name="读者", channels=(identifier,), digest="none")
        ops.put_subscription(reader, now=clock.at - timedelta(days=1))
        context = Context(data, Settings(), {SOURCE.id: SOURCE}, ops, clock)
        told: list[set[str]] = []
        for version, until in _with_next(versions):
            for after in LOOKS:
                if not after or version.at + after < until:
                    clock.at = version.at + after
                    _look(data, version.body, clock.at)
            Ingestor(data, {SOURCE.id: SOURCE}).ingest()
            before = {row["id"] for row in ops.rows("SELECT id FROM alerts")}
            tell(context, StepReport(Plan()))
            rows = ops.rows("SELECT id, kind FROM alerts")
            told.append({row["kind"] for row in rows if row["id"] not in before})
        lived.alerts, lived.corrections = _count(ops, "change"), _count(ops, "correction")
        lived.told_again = (*_returns_told(name, versions, told), *_same_words(name, data, ops))
    _count_kb(data, lived)
    return lived


def _with_next(versions: list[Version]) -> list[tuple[Version, datetime]]:
    last = versions[-1]
    return [(one, following.at) for one, following in pairwise(versions)] + [
        (last, last.at + timedelta(days=9))
    ]


def _look(data: DataDirectory, body: bytes, at: datetime) -> None:
    writer = CaptureWriter(
        data.captures,
        source=SOURCE.id,
        origin=Origin.LIVE,
        started_at=at,
        declaration_digest=SOURCE.digest,
        heads=None,
    )
    capture = Capture(SOURCE.id, SOURCE.start[0], at, 200, PLAIN, body)
    writer.seen(capture, fingerprint=capture.body_digest[:16])
    writer.finished(at)
    writer.close()


def _count(ops: Ops, kind: str) -> int:
    return int(ops.rows("SELECT count(*) AS n FROM alerts WHERE kind = ?", (kind,))[0]["n"])


def _count_kb(data: DataDirectory, lived: Lived) -> None:
    reader = open_reader(data.kb)
    lived.flips, lived.incidents = reader.execute(
        "SELECT (SELECT sum(flip_count) FROM pages), (SELECT count(*) FROM incidents)"
    ).fetchone()
    reader.close()


def _returns_told(name: str, versions: list[Version], told: list[set[str]]) -> list[str]:
    return [
        f"{name}：{versions[n].at:%Y-%m-%d} 原样改回，却作为新变动提醒"
        for n in returns(versions)
        if "change" in told[n]
    ]


def _same_words(name: str, data: DataDirectory, ops: Ops) -> list[str]:
    """Alerts of a change whose text before and after are those of an earlier alert."""
    abouts = [
        row["about"]
        for row in ops.rows("SELECT about FROM alerts WHERE kind = 'change' ORDER BY created_at, id")
    ]
    seen, again = set[tuple[str, str]](), []
    reader = open_reader(data.kb)
    for change in abouts:
        row = reader.execute(
            "SELECT b.text_digest, a.text_digest, c.observed_to FROM changes c JOIN versions b ON b.id ="
            " c.before_version JOIN versions a ON a.id = c.after_version WHERE c.change_id = ?",
            (change,),
        ).fetchone()
        if (row[0], row[1]) in seen:
            again.append(f"{name}：{row[2]} 同样的改前改后又提醒一次")
        seen.add((row[0], row[1]))
    reader.close()
    return again


def measure(shared: Path) -> list[Measure]:
    folder = present(shared, "data/ota-versions")
    lived = []
    for name, versions in sorted(series(folder).items()):
        with tempfile.TemporaryDirectory() as root:
            lived.append(live(name, versions, Path(root)))
    again = [sentence for each in lived for sentence in each.told_again]
    total = sum(each.versions for each in lived)
    return [
        Measure(SET, total, "原样改回而重复提醒", float(len(again)), "\n".join(again)),
        Measure(SET, len(lived), "其中原样改回", float(sum(each.returns for each in lived))),
    ]


def main() -> None:
    """Every series on a line, for people."""
    from tests.eval.sets import SHARED

    for name, versions in sorted(series(present(SHARED, "data/ota-versions")).items()):
        with tempfile.TemporaryDirectory() as root:
            lived = live(name, versions, Path(root))
        print(lived, *lived.told_again, sep="\n  ", flush=True)


if __name__ == "__main__":
    main()
