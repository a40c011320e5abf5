"""A knowledge base of many made-up rules, to measure the site on: written in bulk, the same rows every time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from kb.codes import BlockKind
from kb.licences import licences
from kb.model import Block, Document, instant
from kb.search import segment
from kb.store.connection import open_writer
from kb.store.serial import document_to_json

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SOURCES = 60
PASSAGES_EACH = 10
CHANGED = 0.4  # of the documents, each once; a fifth of the changes within the last year
SUBJECTS = [
    "算法备案",
    "互联网信息服务",
    "增值电信业务",
    "生成式人工智能",
    "网络文化经营",
    "深度合成",
    "个人信息",
    "内容标识",
    "网络安全",
    "数据出境",
    "小程序",
    "未成年人",
]
DOERS = [
    "服务提供者",
    "备案主体",
    "持证单位",
    "经营者",
    "平台运营者",
    "申请人",
    "技术支持者",
    "主管部门",
    "省通信管理局",
    "网信部门",
]
DUTIES = [
    "应当及时更新备案信息",
    "应当按照规定提交年度报告",
    "不得转让或者出租许可证",
    "应当显著标识生成内容",
    "应当保存日志不少于六个月",
    "可以申请延期",
    "应当接受监督检查",
    "应当公示备案编号",
]
TERMS = ["五个工作日", "十个工作日", "二十日", "三个月", "六个月", "一年"]
KINDS = ["管理办法", "管理规定", "实施细则", "通知", "公告", "暂行规定"]


def build(path: Path, documents: int) -> None:
    """Write the base. Row ids run together: document n has page n and version n (its older text ``documents + n``)."""
    connection = open_writer(path)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA foreign_keys = OFF")  # rows of one document point at each other
    connection.execute("BEGIN IMMEDIATE")
    _sources(connection)
    chance = Random(7)
    for first in range(1, documents + 1, 5000):
        _documents(connection, chance, range(first, min(first + 5000, documents + 1)), documents)
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def insert(connection: Any, table: str, rows: list[dict[str, Any]]) -> None:
    """Rows with the columns that are given; required ones that are not given get an empty value."""
    if not rows:
        return
    empty = {
        column["name"]: 0 if column["type"] == "INTEGER" else ""
        for column in connection.execute("SELECT * FROM pragma_table_info(?)", (table,)).fetchall()
        if column["notnull"] and not column["pk"] and column["dflt_value"] is None
    }
    filled = [{**empty, **row} for row in rows]
    columns = ", ".join(f'"{name}"' for name in filled[0])
    marks = ", ".join(f":{name}" for name in filled[0])
    connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", filled)  # noqa: S608


def _sources(connection: Any) -> None:
    every = list(licences())
    insert(
        connection,
        "sources",
        [
            {
                "id": number,
                "source_id": f"made.up-{number}",
                "title": f"示例管理局{number}·通知公告",
                "authority": f"示例管理局{number}",
                "mechanism": "column",
                "level": "regulator",
                "homepage": f"https://made-up-{number}.example.invalid/",
                "licences": json.dumps(every[number % 48 :: 12]),
                "coverage": "direct",
                "publish": "full",
                "period_hours": 24,
                "enabled": 1,
                "demo": 1,
            }
            for number in range(1, SOURCES + 1)
        ],
    )
    insert(
        connection,
        "runs",
        [
            {
                "source": number,
                "run_id": f"ru-{number}-{day}",
                "origin": "live",
                "started_at": instant(NOW - timedelta(days=day, hours=1)),
                "finished_at": instant(NOW - timedelta(days=day, minutes=50)),
                "status": "ok",
                "counts": json.dumps({"seen": 400}),
            }
            for number in range(1, SOURCES + 1)
            for day in range(365)
        ],
    )


def _documents(connection: Any, chance: Random, numbers: range, total: int) -> None:
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for number in numbers:
        for table, row in _document(chance, number, total):
            rows[table].append(row)
    for table in TABLES:
        insert(connection, table, rows[table])


TABLES = (
    "versions",
    "documents",
    "pages",
    "captures",
    "passages",
    "passages_fts",
    "beginnings_fts",
    "changes",
    "change_passages",
    "licence_tags",
)


def _sentence(chance: Random) -> str:
    return f"{chance.choice(DOERS)}从事{chance.choice(SUBJECTS)}活动的，{chance.choice(DUTIES)}，期限为{chance.choice(TERMS)}，第{chance.randrange(1, 9999)}号另有规定的除外。"


def _document(chance: Random, number: int, total: int) -> Iterator[tuple[str, dict[str, Any]]]:
    seen = instant(NOW - timedelta(days=chance.randrange(400, 2000)))
    day = (NOW - timedelta(days=chance.randrange(-60, 3000))).date()
    title = f"{chance.choice(SUBJECTS)}{chance.choice(KINDS)}（示例第{number}号）"
    clauses = [(f"第{at}条", _sentence(chance)) for at in range(1, PASSAGES_EACH + 1)]
    texts = [(number, clauses, seen, "first")]
    licence = chance.choice(list(licences()))
    if chance.random() < CHANGED:
        since = NOW - timedelta(minutes=chance.randrange(5 * 365 * 24 * 60))
        amended = [*clauses[:4], (clauses[4][0], _sentence(chance)), *clauses[5:]]
        texts.insert(0, (total + number, clauses, seen, "first"))
        texts[1] = (number, amended, instant(since), "change")
        yield from _change(
            number,
            total,
            before=clauses[4],
            after=amended[4][1],
            title=title,
            since=since,
            licence=licence,
        )
    yield (
        "documents",
        {
            "id": number,
            "document_id": f"do-{number:x}",
            "source": number % SOURCES + 1,
            "url": f"https://made-up.example.invalid/{number}.htm",
            "title": title,
            "issuers": json.dumps([f"示例管理局{number % SOURCES + 1}"], ensure_ascii=False),
            "doc_number": f"示例令第{number}号",
            "published": day.isoformat(),
            "effective": (day + timedelta(days=30)).isoformat(),
            "first_seen": seen,
            "pages": 1,
            "current_version": number,
        },
    )
    yield (
        "pages",
        {
            "id": number,
            "page_id": f"pg-{number:x}",
            "source": number % SOURCES + 1,
            "url": f"https://made-up.example.invalid/{number}.htm",
            "role": "document",
            "title": title,
            "first_seen": seen,
            "last_seen": instant(NOW),
            "last_good_at": instant(NOW),
            "baseline_at": seen,
            "current_version": number,
            "document": number,
        },
    )
    yield "licence_tags", _tag("document", f"do-{number:x}", licence)
    for version, passages, first, kind in texts:
        yield from _text(
            number,
            version=version,
            passages=passages,
            seen=first,
            kind=kind,
            title=title,
            current=version == number,
        )


def _text(
    number: int,
    *,
    version: int,
    passages: list[tuple[str, str]],
    seen: str,
    kind: str,
    title: str,
    current: bool,
) -> Iterator[tuple[str, dict[str, Any]]]:
    words = "\n".join(text for _, text in passages)
    document = Document(title, tuple(Block(BlockKind.PARAGRAPH, f"{at}　{text}") for at, text in passages))
    yield (
        "versions",
        {
            "id": version,
            "version_id": f"ve-{version:x}",
            "page": number,
            "kind": kind,
            "capture": f"ca-{version:x}",
            "first_seen": seen,
            "title": title,
            "issuers": "[]",
            "text": words,
            "text_digest": f"{version:x}",
            "document": document_to_json(document),
        },
    )
    yield (
        "captures",
        {
            "capture_id": f"ca-{version:x}",
            "page": number,
            "fetched_at": seen,
            "status": 200,
            "body_digest": f"{version:064x}",
            "health": "ok",
            "reasons": "[]",
            "origin": "live",
        },
    )
    for seq, (anchor, text) in enumerate(passages):
        row = version * PASSAGES_EACH + seq
        yield (
            "passages",
            {
                "id": row,
                "version": version,
                "seq": seq,
                "anchor": anchor,
                "kind": "article",
                "ordinal": anchor,
                "text": text,
            },
        )
        if current:
            named = {"rowid": row, "title": segment(title), "anchor": segment(anchor)}
            yield "passages_fts", {**named, "body": segment(text)}
            if seq == 0:
                yield "beginnings_fts", named


def _change(
    number: int, total: int, *, before: tuple[str, str], after: str, title: str, since: datetime, licence: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    yield (
        "changes",
        {
            "id": number,
            "change_id": f"ch-{number:x}",
            "page": number,
            "document": number,
            "source": number % SOURCES + 1,
            "basis": "comparison",
            "title": title,
            "kind": "amended",
            "significance": "substantive" if number % 5 else "editorial",
            "confirmation": "confirmed",
            "found": "confirmed",
            "headline": f"{before[0]}：{after[:20]}",
            "flags": "[]",
            "before_version": total + number,
            "after_version": number,
            "observed_from": instant(since - timedelta(days=1)),
            "observed_to": instant(since),
            "confirmed_at": instant(since + timedelta(minutes=30)),
            "origin": "live",
        },
    )
    yield (
        "change_passages",
        {
            "change": number,
            "op": "amended",
            "significance": "substantive",
            "anchor_before": before[0],
            "anchor": before[0],
            "before": before[1],
            "after": after,
            "spans": "[]",
            "deltas": "[]",
        },
    )
    yield "licence_tags", _tag("change", f"ch-{number:x}", licence)


def _tag(kind: str, target: str, licence: str) -> dict[str, Any]:
    return {
        "target_kind": kind,
        "target_id": target,
        "licence": licence,
        "rule": "strong",
        "evidence": "备案",
        "field": "text",
        "end": 2,
        "reason": "命中原文",
        "confidence": "high",
    }
