"""A small made-up knowledge base, written row by row: two sources, a rule that changed, a draft, a platform page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from made_up_base import Base

from kb.store import past

OLD = "备案信息有变化的，备案主体应当自变化之日起十个工作日内更新备案信息。"
NEW = "备案信息有变化的，备案主体应当自变化之日起五个工作日内更新备案信息。"
PLATFORM_TEXT = "开头说明。" * 40 + "须提供算法备案截图。" + "结尾说明。" * 40
NOW = "2026-11-24T09:00:00+08:00"


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
        effective="2027-01-01",
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
    version = base.version(
        page,
        "ve-b1",
        [("第一条", "提供者应当添加标识。")],
        title="示例生成内容标识规定",
        is_draft=1,
        comments_until="2026-12-01",
    )
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
    past.fill(base.connection)
    base.close()
