"""A made-up source whose pages are captured through the real archive; days and texts are ours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kb.archive import CaptureWriter, Heads, ListedItem
from kb.codes import Health, Origin, PageRole
from kb.config import DataDirectory
from kb.model import Capture
from kb.sources import Source

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOST = "https://gov.example.cn"
HTML = (("Content-Type", "text/html; charset=utf-8"),)

ARTICLES = (
    "为了规范示例业务经营活动，维护市场秩序，保障用户合法权益，制定本办法。",
    "在中华人民共和国境内从事示例业务，应当依法取得增值电信业务经营许可证。",
    "申请人应当自受理之日起十个工作日内补正全部申请材料。",
    "违反本办法规定的，由主管部门责令改正，处一万元以上三万元以下罚款。",
)


def declare(identifier: str = "test.rules", **changes: Any) -> Source:
    fields: dict[str, Any] = {
        "id": identifier,
        "title": "示例规则",
        "authority": "示例主管部门",
        "mechanism": "column",
        "level": "regulator",
        "hosts": ["gov.example.cn"],
        "start": [f"{HOST}/list.html"],
        "publish": "full",
        "list": {"item": {"css": "li"}},
        "document": {
            "body": [{"css": "div.content"}],
            "title": [{"css": "h1"}],
            "min_characters": 5,
        },
    }
    return Source.model_validate(fields | changes)


def rule(title: str = "示例业务管理办法", articles: Iterable[str] = ARTICLES, noise: str = "") -> bytes:
    """A page that carries a rule; ``noise`` stands outside its body."""
    numbers = "一二三四五六七八九十"
    body = "".join(f"<p>第{numbers[n]}条　{text}</p>" for n, text in enumerate(articles))
    return (
        f"<html><head><meta charset='utf-8'><title>{title}</title></head><body><div class='nav'>首页 {noise}</div>"
        f"<h1>{title}</h1><div class='content'>{body}</div></body></html>"
    ).encode()


def amended(number: int, text: str) -> tuple[str, ...]:
    return tuple(text if n == number else article for n, article in enumerate(ARTICLES))


class World:
    """One data directory. ``run`` opens a run; within it ``see``, ``list`` and ``fail`` log looks."""

    def __init__(self, root: Path, *sources: Source) -> None:
        self.data = DataDirectory(root)
        self.sources = {source.id: source for source in sources or (declare(),)}
        self.source = next(iter(self.sources.values()))

    def run(
        self,
        at: datetime,
        *,
        origin: Origin = Origin.LIVE,
        source: Source | None = None,
        heads: Heads | None = None,
    ) -> Run:
        return Run(self.data.captures, source or self.source, at, origin, heads)


class Run:
    def __init__(
        self, captures: Path, source: Source, at: datetime, origin: Origin, heads: Heads | None = None
    ) -> None:
        self.source, self.at, self.origin = source, at, origin
        self.writer = CaptureWriter(
            captures,
            source=source.id,
            origin=origin,
            started_at=at,
            declaration_digest=source.digest,
            heads=heads,
        )

    def __enter__(self) -> Run:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.writer.finished(self.at)
        self.writer.close()

    def see(
        self,
        path: str = "/a.html",
        body: bytes | None = None,
        *,
        status: int = 200,
        at: datetime | None = None,
        role: PageRole = PageRole.DOCUMENT,
        fingerprint: str | None = None,
        headers: tuple[tuple[str, str], ...] = HTML,
        keep: bool = False,
        **more: Any,
    ) -> str:
        """Log one answer; gives the id of the capture that shows it."""
        self.at = at or self.at + timedelta(seconds=5)
        body = rule() if body is None else body
        capture = Capture(
            self.source.id, HOST + path, self.at, status, headers, body, role=role, origin=self.origin
        )
        print_ = capture.body_digest[:16] if fingerprint is None else fingerprint
        log = self.writer.keep if keep else self.writer.seen
        return log(capture, fingerprint=print_, **more).capture

    def list(self, *paths: str, at: datetime | None = None, path: str = "/list.html") -> str:
        items = tuple(ListedItem(HOST + p, f"文件 {p}", "2026-03-02") for p in paths)
        rows = "".join(f"<li><a href='{p}'>文件 {p}</a><span>2026-03-02</span></li>" for p in paths)
        body = (
            f"<html><head><title>栏目</title></head><body><h2>政策文件栏目</h2><ul>{rows}</ul></body></html>"
        )
        return self.see(path, body.encode(), at=at, role=PageRole.LIST, items=items)

    def fail(self, path: str = "/a.html", *, at: datetime | None = None) -> None:
        self.at = at or self.at + timedelta(seconds=5)
        self.writer.failed(
            HOST + path,
            PageRole.DOCUMENT,
            self.at,
            health=Health.UNREACHABLE,
            reason="连接超时",
            transient=True,
        )


def days(number: float) -> datetime:
    return START + timedelta(days=number)
