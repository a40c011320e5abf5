"""Decisions: what people said, one JSON object a line in ``decisions/*.jsonl`` of the data directory.

Append-only, and with the captures the truth that kb.db is derived from; so there is no name in here: who said it is in
ops.db. A line counts once it is whole and on disk.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from kb.codes import DecisionKind
from kb.errors import DecisionUnreadable, UsageError
from kb.model import instant, stable_id

LONGEST = 20_000
"""Code points of what was said: the text of a table in an image fits."""


@dataclass(frozen=True, slots=True)
class Decision:
    """``subject`` is the public id of what it is about; ``about`` names the very words it was said of (empty: whatever
    they are), so that it holds until these words change. ``said``: the text read from an image, or a licence type."""

    kind: DecisionKind
    subject: str
    at: datetime
    said: str = ""
    about: str = ""

    @property
    def id(self) -> str:
        return stable_id("de", self.kind, self.subject, instant(self.at), self.said, self.about)

    def line(self) -> str:
        return (
            json.dumps(
                {**asdict(self), "at": instant(self.at)},
                ensure_ascii=False,
                sort_keys=True,
                separators=(",", ":"),
            )
            + "\n"
        )


@dataclass(frozen=True, slots=True)
class Decisions:
    """All that was decided, in order of time; ``torn``: sentences about last lines that never were whole."""

    all: tuple[Decision, ...] = ()
    torn: tuple[str, ...] = ()


_KEYS = frozenset(field.name for field in fields(Decision))


def read_decisions(folder: Path) -> Decisions:
    """Raises ``DecisionUnreadable`` naming file and line. A last line without its end was never said; it is reported."""
    found: dict[str, Decision] = {}
    torn: list[str] = []
    for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else []:
        lines = path.read_bytes().split(b"\n")
        for number, line in enumerate(lines[:-1], start=1):
            decision = _decision(line, f"{path}:{number}")
            found[decision.id] = decision
        if lines[-1]:
            torn.append(f"{path}:{len(lines)} 最后一行没有写完，未计入")
    return Decisions(tuple(sorted(found.values(), key=_order)), tuple(torn))


def append_decisions(folder: Path, decisions: Iterable[Decision]) -> None:
    """Write and sync to disk before returning. A file with a torn last line is left as it is, and another begun.

    Raises ``UsageError`` for what is too long to keep.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for decision in decisions:
            if len(decision.said) > LONGEST:
                raise UsageError(f"文字过长（{len(decision.said)} 字）", do=f"请不超过 {LONGEST} 字")
            _append(_file(folder, decision), decision.line().encode())
    _sync(folder)


def _append(path: Path, line: bytes) -> None:
    with path.open("ab") as out:
        out.write(line)
        out.flush()
        os.fsync(out.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _file(folder: Path, decision: Decision) -> Path:
    month, number = instant(decision.at)[:7], 1
    path = folder / f"{month}.jsonl"
    while _is_torn(path):
        number += 1
        path = folder / f"{month}-{number}.jsonl"
    return path


def _is_torn(path: Path) -> bool:
    if not path.exists() or not path.stat().st_size:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def _order(decision: Decision) -> tuple[str, str]:
    return instant(decision.at), decision.id


def _decision(line: bytes, where: str) -> Decision:
    try:
        data: Any = json.loads(line)
    except ValueError as error:
        raise _unreadable("不是 JSON", where) from error
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        raise _unreadable("应是一个 JSON 对象，各项都是文字", where)
    if unknown := sorted(data.keys() - _KEYS):
        raise _unreadable(f"有不认识的项：{'、'.join(unknown)}", where)
    try:
        at = datetime.fromisoformat(data["at"])
        decision = Decision(
            DecisionKind(data["kind"]), data["subject"], at, data.get("said", ""), data.get("about", "")
        )
    except KeyError as error:
        raise _unreadable(f"缺少 {error}", where) from error
    except ValueError as error:
        raise _unreadable(str(error), where) from error
    if at.tzinfo is None:
        raise _unreadable("时刻缺少时区", where)
    if not decision.subject:
        raise _unreadable("没有说是关于什么的", where)
    return decision


def _unreadable(why: str, where: str) -> DecisionUnreadable:
    return DecisionUnreadable(
        f"人工决定有一行无法读取：{why}", where=where, do="请改正这一行，或从备份恢复这个文件"
    )
