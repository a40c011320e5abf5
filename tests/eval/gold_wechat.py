"""Rows of WeChat's category table: every licence of ours that a row names is tagged, a row that asks for a document is tagged
as a category rule, and rows that name none of ours get no licence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kb.tagging import tag
from tests.eval import sets
from tests.eval.gold_tagging import Score
from tests.eval.table import Measure

SET = "gold/wechat"
PLATFORM = frozenset({"wx-category", "wx-deep-synthesis"})
COLUMNS = ("一级类目", "二级类目", "三级类目", "资质要求", "适用范围", "备注")
NAMED: Mapping[str, str] = MappingProxyType(
    {
        "增值电信业务经营许可证": "vats-license",
        "增值电信经营许可证": "vats-license",
        "信息网络传播视听节目许可证": "av-license",
        "信息网络传播视听节目备案": "av-license",
        "广播电视节目制作经营许可证": "tv-production-license",
        "网络文化经营许可证": "online-culture-license",
        "互联网药品信息服务资格证": "drug-info",
        "药品、医疗器械互联网信息服务备案凭证": "drug-info",
        "药品网络交易服务第三方平台备案凭证": "drug-info",
        "互联网新闻信息服务许可证": "news-license",
        "非经营性互联网信息服务备案核准": "icp-filing",
        "支付业务许可证": "payment-license",
        "出版物经营许可证": "publication-license",
        "人力资源服务许可证": "hr-license",
        "互联网出版许可证": "online-publishing-license",
        "网络出版服务许可证": "online-publishing-license",
        "微短剧“小程序”信息登记表": "micro-drama-filing",
        "互联网信息服务算法备案": "algorithm-filing",
    }
)
"""Document names met in rows -> our types, by hand; all other names (营业执照, 食品经营许可证, ...) are none of ours."""

CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "icp-license": "vats-license",
        "edi-license": "vats-license",
        "deep-synthesis-filing": "algorithm-filing",
    }
)
"""A row may say which class of the document that it names it wants."""


def row_tags(row: Mapping[str, Any]) -> set[str]:
    cells = [str(row[key] or "") for key in ("l1", "l2", "l3", "qualification", "scope", "note")]
    text = "\n".join(cells[3:])
    title = "/".join(cell for cell in cells[:3] if cell not in ("", "/"))
    found = {one.licence for one in tag(title, text, source_kind="wechat_category", columns=COLUMNS)}
    return {CLASSES.get(licence, licence) for licence in found}


def measure(shared: Path) -> list[Measure]:
    lines = sets.present(shared, "gold/wechat_categories.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    score, unasked = Score(), 0
    for row in rows:
        wanted = {NAMED[name] for name in row["licences_named"] if name in NAMED}
        found = row_tags(row)
        unasked += bool(row["licences_named"] and not found & PLATFORM)
        score.add("/".join((row["l1"], row["l2"], row["l3"])), wanted - PLATFORM, found - PLATFORM)
    return [
        Measure(SET, len(rows), "所列证照的召回", score.recall, "\n".join(score.wrong)),
        Measure(SET, len(rows), "未列我们的证照而标注的行", score.false_alarms),
        Measure(SET, len(rows), "要求材料而未标为类目规则的行", unasked),
    ]
