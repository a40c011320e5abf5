"""Pages as somebody saved them, and importing them on a day of 2026."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kb.config import DataDirectory, FixedClock
from kb.sources import Source, load_declaration
from scheduler.declarations import BUNDLED
from scheduler.importing import ImportReport, import_histories

NOW = datetime(2026, 10, 20, tzinfo=UTC)
CAC = load_declaration(BUNDLED / "cac.rules.toml")


def page(days: str = "十", title: str = "虚构业务管理办法", head: str = "", body_id: str = "") -> bytes:
    articles = [
        "为了规范虚构业务经营活动，维护市场秩序，保障用户合法权益，根据有关法律，制定本办法。",
        "在中华人民共和国境内从事虚构业务，应当依法取得增值电信业务经营许可证，并接受主管部门的监督检查。",
        f"申请人应当自受理之日起{days}个工作日内补正全部申请材料，逾期不补正的，视为撤回申请。",
        "违反本办法规定的，由主管部门责令改正，处一万元以上三万元以下罚款，并予以公告。",
    ]
    text = "".join(f"<p>第{n}条　{a}</p>" for n, a in zip("一二三四", articles, strict=True))
    return (
        f"<html>{head}<head><meta charset=utf-8><title>{title}</title></head><body><h1 class=title>{title}</h1>"
        f"<div class=content id='{body_id or 'BodyLabel'}'>{text * 2}</div></body></html>"
    ).encode()


def bring(data: Path, items: Iterable[Any], chosen: Source | None = None) -> ImportReport:
    return import_histories(
        DataDirectory(data),
        items,
        sources={CAC.id: CAC} | ({chosen.id: chosen} if chosen else {}),
        chosen=chosen,
        clock=FixedClock(NOW),
        progress=lambda _count: None,
    )
