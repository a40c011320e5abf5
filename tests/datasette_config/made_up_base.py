"""Rows of kb.db written by hand: what a test does not care about gets a default."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from kb.codes import BlockKind
from kb.model import Block, Document
from kb.search import segment
from kb.store import beginnings
from kb.store.connection import open_writer
from kb.store.serial import document_to_json


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class Base:
    """Inserts rows, returning row ids; required columns that a test does not care about get an empty value."""

    def __init__(self, path: Path) -> None:
        self.connection = open_writer(path)

    def close(self) -> None:
        self.connection.close()

    def add(self, table: str, **values: Any) -> int:
        encoded = {
            key: json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
            for key, value in values.items()
        }
        for column in self.connection.execute("SELECT * FROM pragma_table_info(?)", (table,)).fetchall():
            if column["notnull"] and not column["pk"] and column["dflt_value"] is None:
                encoded.setdefault(column["name"], 0 if column["type"] == "INTEGER" else "")
        columns = ", ".join(f'"{key}"' for key in encoded)
        marks = ", ".join("?" for _ in encoded)
        cursor = self.connection.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608
            tuple(encoded.values()),
        )
        return int(cursor.lastrowid)

    def source(self, source_id: str, **values: Any) -> int:
        given = {
            "title": source_id,
            "authority": "示例网信办",
            "mechanism": "column",
            "level": "regulator",
            "homepage": "https://wangxin.example.invalid/",
            "licences": [],
            "coverage": "direct",
            "publish": "full",
            "period_hours": 24,
            "enabled": 1,
            "demo": 1,
        }
        return self.add("sources", source_id=source_id, **{**given, **values})

    def run(self, source: int, run_id: str, at: str) -> int:
        return self.add(
            "runs",
            source=source,
            run_id=run_id,
            origin="live",
            started_at=at,
            finished_at=at,
            status="ok",
        )

    def page(self, source: int, page_id: str, url: str, **values: Any) -> int:
        given = {
            "role": "document",
            "title": "",
            "first_seen": "2026-11-20T22:00:00Z",
            "last_seen": "2026-11-23T22:43:00Z",
            "last_good_at": "2026-11-23T22:43:00Z",
        }
        return self.add("pages", source=source, page_id=page_id, url=url, **{**given, **values})

    def document(self, source: int, document_id: str, title: str, **values: Any) -> int:
        given = {
            "url": "https://wangxin.example.invalid/1.htm",
            "issuers": ["示例网信办"],
            "is_draft": 0,
            "first_seen": "2026-11-20T22:00:00Z",
            "pages": 1,
        }
        return self.add(
            "documents", source=source, document_id=document_id, title=title, **{**given, **values}
        )

    def version(self, page: int, version_id: str, passages: list[tuple[str, str]], **values: Any) -> int:
        """``passages``: (anchor, text); the anchor's last step is the ordinal where it is a 条."""
        text = "\n".join(words for _, words in passages)
        blocks = tuple(
            Block(BlockKind.PARAGRAPH, f"{anchor}　{words}" if anchor.startswith("第") else words)
            for anchor, words in passages
        )
        given = {
            "kind": "first",
            "capture": f"ca-{version_id[3:]}",
            "first_seen": "2026-11-20T22:00:00Z",
            "title": "示例",
            "issuers": [],
            "is_draft": 0,
            "text": text,
            "text_digest": version_id,
            "document": document_to_json(
                Document(
                    title=values.get("title", "示例"),
                    blocks=blocks,
                    effective=_day(values.get("effective")),
                    comments_until=_day(values.get("comments_until")),
                    is_draft=bool(values.get("is_draft")),
                )
            ),
        }
        row = self.add("versions", page=page, version_id=version_id, **{**given, **values})
        for seq, (anchor, words) in enumerate(passages):
            ordinal = anchor if anchor.startswith("第") else ""
            self.add(
                "passages", version=row, seq=seq, anchor=anchor, kind="article", ordinal=ordinal, text=words
            )
        return row

    def attach(self, page: int, document: int, version: int) -> None:
        self.connection.execute(
            "UPDATE pages SET document = ?, current_version = ? WHERE id = ?", (document, version, page)
        )
        self.connection.execute("UPDATE documents SET current_version = ? WHERE id = ?", (version, document))
        standing = self.connection.execute(
            "SELECT p.id, v.title, p.anchor, p.text FROM passages p JOIN versions v ON v.id = p.version WHERE v.id = ?",
            (version,),
        )
        for row in standing.fetchall():
            self.connection.execute(
                "INSERT INTO passages_fts (rowid, title, anchor, body) VALUES (?, ?, ?, ?)",
                (row["id"], *(segment(row[column]) for column in ("title", "anchor", "text"))),
            )

        beginnings.write(self.connection, version)

    def capture(self, page: int, capture_id: str, at: str) -> int:
        return self.add(
            "captures",
            capture_id=capture_id,
            page=page,
            fetched_at=at,
            status=200,
            body_digest="3b1f" * 16,
            health="ok",
            reasons=[],
            document_digest="x",
            origin="live",
        )

    def change(self, page: int, source: int, change_id: str, headline: str, **values: Any) -> int:
        given = {
            "title": "示例",
            "kind": "amended",
            "significance": "substantive",
            "confirmation": "confirmed",
            "flags": [],
            "observed_from": "2026-11-22T22:10:00Z",
            "observed_to": "2026-11-23T22:12:00Z",
            "confirmed_at": "2026-11-23T22:43:00Z",
            "origin": "live",
        }
        return self.add(
            "changes",
            page=page,
            source=source,
            change_id=change_id,
            headline=headline,
            **{**given, **values},
        )

    def changed_passage(self, change: int, seq: int, before: str, after: str, **values: Any) -> int:
        given = {
            "op": "amended",
            "significance": "substantive",
            "anchor_before": "",
            "anchor": "",
            "spans": [],
            "deltas": [],
        }
        return self.add(
            "change_passages", change=change, seq=seq, before=before, after=after, **{**given, **values}
        )

    def tag(self, kind: str, target: str, licence: str, **values: Any) -> int:
        given = {
            "rule": "r",
            "evidence": "更新备案信息",
            "field": "text",
            "start": 0,
            "end": 6,
            "reason": "命中原文，所在章题“第四章 算法备案”",
            "confidence": "high",
        }
        return self.add(
            "licence_tags", target_kind=kind, target_id=target, licence=licence, **{**given, **values}
        )
