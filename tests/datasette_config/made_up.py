"""A small made-up knowledge base, written row by row: two sources, a rule that changed, a draft, a platform page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kb.model import Block, BlockKind, Document
from kb.search import segment
from kb.store.connection import open_writer
from kb.store.serial import document_to_json

OLD = "备案信息有变化的，备案主体应当自变化之日起十个工作日内更新备案信息。"
NEW = "备案信息有变化的，备案主体应当自变化之日起五个工作日内更新备案信息。"
PLATFORM_TEXT = "开头说明。" * 40 + "须提供算法备案截图。" + "结尾说明。" * 40
NOW = "2026-11-24T09:00:00+08:00"


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
            "document": document_to_json(Document(title="示例", blocks=blocks)),
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


def span(before: str, after: str, old: str, new: str) -> dict[str, Any]:
    start, begin = before.index(old), after.index(new)
    return {
        "op": "replace",
        "before_start": start,
        "before_end": start + len(old),
        "after_start": begin,
        "after_end": begin + len(new),
        "before": old,
        "after": new,
    }


def amended_rule(base: Base, source: int) -> None:
    page = base.page(source, "pg-a1", "https://wangxin.example.invalid/2026-11/23/c_0001.htm")
    document = base.document(
        source,
        "do-a1",
        "示例算法备案管理办法",
        doc_number="示例网信办令第3号",
        published="2026-11-23",
        effective="2027-01-01",
    )
    title = "示例算法备案管理办法"
    rest = [("第一条", "为了规范算法备案，制定本办法。"), ("第二条", "本办法适用于示例服务。")]
    old = base.version(page, "ve-a1", [*rest, ("第二十三条", OLD)], title=title)
    new = base.version(
        page,
        "ve-a2",
        [*rest, ("第九条", "备案主体应当提交年度报告。"), ("第二十四条", NEW)],
        title=title,
        kind="change",
        first_seen="2026-11-23T22:12:00Z",
    )
    base.attach(page, document, new)
    base.capture(page, "ca-a1", "2026-11-20T22:00:00Z")
    base.capture(page, "ca-a2", "2026-11-23T22:12:00Z")
    change = base.change(
        page,
        source,
        "ch-a1",
        "第二十四条：更新备案信息的期限由“十个工作日”改为“五个工作日”",
        document=document,
        before_version=old,
        after_version=new,
        effective="2027-01-01",
    )
    base.changed_passage(change, 0, "", "备案主体应当提交年度报告。", op="added", anchor="第二章/第九条")
    base.changed_passage(
        change,
        1,
        OLD,
        NEW,
        anchor_before="第四章/第二十三条",
        anchor="第四章/第二十四条",
        spans=[span(OLD, NEW, "十个工作日", "五个工作日")],
        deltas=[{"kind": "deadline", "before": "十个工作日", "after": "五个工作日"}],
    )
    base.changed_passage(
        change, 2, "同一句话。", "同一句话。", op="renumbered", anchor_before="第十条", anchor="第十一条"
    )
    for licence in ("algorithm-filing", "deep-synthesis-filing"):
        base.tag("change", "ch-a1", licence, confidence="high" if licence == "algorithm-filing" else "medium")
        base.tag("document", "do-a1", licence)
    base.add("redirects", from_id="ch-01", to_id="ch-a1", kind="change", page=page)
    base.add("redirects", from_id="ch-02", to_id="ch-a1", kind="change", page=page)


def draft(base: Base, source: int) -> None:
    page = base.page(source, "pg-b1", "https://wangxin.example.invalid/draft.htm")
    document = base.document(
        source,
        "do-b1",
        "示例生成内容标识规定（征求意见稿）",
        is_draft=1,
        comments_until="2026-12-01",
        published="2026-11-23",
    )
    version = base.version(page, "ve-b1", [("第一条", "提供者应当添加标识。")], title="示例生成内容标识规定")
    base.attach(page, document, version)
    change = base.change(
        page,
        source,
        "ch-b1",
        "示例生成内容标识规定（征求意见稿）公布，意见反馈截止 2026-12-01",
        kind="draft_published",
        confirmation="provisional",
        confirmed_at=None,
        document=document,
        after_version=version,
    )
    base.changed_passage(change, 0, "", "提供者应当添加标识。", op="added", anchor="第一条")


def platform_page(base: Base) -> None:
    source = base.source(
        "sample.weixin.category",
        title="示例小程序·开放类目",
        authority="示例平台",
        level="platform",
        publish="excerpt",
        licences=["wx-deep-synthesis"],
    )
    base.run(source, "run-w", "2026-11-23T22:00:00Z")
    page = base.page(source, "pg-c1", "https://weixin.example.invalid/category.html")
    document = base.document(
        source,
        "do-c1",
        "示例小程序开放类目",
        issuers=[],
        url="https://weixin.example.invalid/category.html",
    )
    version = base.version(page, "ve-c1", [("深度合成/AI绘画", PLATFORM_TEXT)], title="示例小程序开放类目")
    base.attach(page, document, version)
    change = base.change(
        page,
        source,
        "ch-c1",
        "AI绘画 资质要求：新增“算法备案截图”",
        document=document,
        after_version=version,
        before_version=version,
    )
    before = PLATFORM_TEXT.replace("算法备案截图", "")
    at = PLATFORM_TEXT.index("算法备案截图")
    base.changed_passage(
        change,
        0,
        before,
        PLATFORM_TEXT,
        anchor_before="深度合成/AI绘画",
        anchor="深度合成/AI绘画",
        spans=[
            {
                "op": "insert",
                "before_start": at,
                "before_end": at,
                "after_start": at,
                "after_end": at + 6,
                "before": "",
                "after": "算法备案截图",
            }
        ],
    )
    base.tag("change", "ch-c1", "wx-deep-synthesis")
    base.tag("document", "do-c1", "wx-deep-synthesis")


def troubled_source(base: Base) -> None:
    source = base.source("sample.ca.notice", title="示例通信管理局·通知公告", licences=["icp-license"])
    base.run(source, "run-t", "2026-11-23T22:00:00Z")
    page = base.page(
        source,
        "pg-t1",
        "https://ca.example.invalid/tzgg/",
        role="list",
        health="challenge",
        last_good_at="2026-11-02T22:18:00Z",
    )
    base.add(
        "incidents",
        incident_id="in-20c1",
        source=source,
        page=page,
        health="challenge",
        state="open",
        opened_at="2026-11-02T22:20:00Z",
        last_seen="2026-11-23T22:00:00Z",
        occurrences=21,
        reasons=["HTTP 412，正文 318 字节，含验证脚本"],
    )


def fill(path: Path) -> None:
    base = Base(path)
    source = base.source("sample.wangxin.rules", title="示例网信办·规章", licences=["algorithm-filing"])
    base.run(source, "run-1", "2026-11-23T22:00:00Z")
    amended_rule(base, source)
    draft(base, source)
    platform_page(base)
    troubled_source(base)
    base.close()
