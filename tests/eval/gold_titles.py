"""Titles of regulators with coarse labels: tags of title and opening, mapped to those labels.

Labels that no type of ours answers to (crypto, blockchain, finance, e-commerce) are left out, and so are our types that the
labels do not know (minors, payment, ...): there the set says nothing.
"""

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

COARSE: Mapping[str, str] = MappingProxyType(
    {
        "pi-protection": "data_pi",
        "data-export": "data_pi",
        "face-recognition-filing": "data_pi",
        "vats-license": "telecom_licence",
        "icp-license": "telecom_licence",
        "icp-filing": "icp_filing",
        "news-license": "news_licence",
        "copyright-registration": "copyright",
        "online-publishing-license": "online_publishing",
        "av-license": "audiovisual",
        "algorithm-filing": "algorithm_filing",
        "mlps": "mlps",
        "psb-filing": "mlps",
        "genai-filing": "genai_filing",
        "ai-labeling": "ai_labelling",
    }
)


def coarse(line: Mapping[str, Any], *, opening: bool) -> set[str]:
    text = (line["snippet"] or "") if opening else ""
    tags = tag(line["title"], text, source_kind="regulator", authority=line["issuer"] or "")
    return {COARSE[one.licence] for one in tags if one.licence in COARSE}


def measure(shared: Path) -> list[Measure]:
    lines = [
        json.loads(line) for line in sets.present(shared, "gold/titles.jsonl").read_text("utf-8").splitlines()
    ]
    known = set(COARSE.values())
    alone, opened = Score(), Score()
    for line in lines:
        wanted = known.intersection(line["tags"])
        alone.add(line["title"], wanted, coarse(line, opening=False))
        opened.add(line["title"], wanted, coarse(line, opening=True))
    return [
        Measure("gold/titles", len(lines), "micro-F1（只看标题）", alone.f1, "\n".join(alone.wrong)),
        Measure("gold/titles", len(lines), "准确率（只看标题）", alone.precision),
        Measure("gold/titles", len(lines), "micro-F1（标题与开头）", opened.f1, "\n".join(opened.wrong)),
    ]
