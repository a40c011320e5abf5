"""Law pairs: each pair of texts is one document with one change, and every passage of both is accounted for."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kb.changing.compare import compare
from kb.changing.inline import apply_spans
from kb.changing.labels import JOIN
from kb.changing.passages import split_passages
from kb.config import DataDirectory
from kb.model import Comparison, Document, Passage, PassageChange, page_id
from kb.reading.text import read_text
from kb.store import open_reader
from tests.eval import sets
from tests.eval.table import Measure

BESIDE_THE_TEXT = {"标题", "文号", "发布机关", "成文日期", "发布日期", "施行日期", "意见反馈截止", "过渡期至"}


def measure(shared: Path) -> list[Measure]:
    pairs = sets.law_pairs(shared)
    with tempfile.TemporaryDirectory() as folder:
        data = DataDirectory(Path(folder))
        sets.import_entries(sets.law_entries(shared), data)
        wrong = _with_other_changes(pairs, data)
    laws = {pair["law"] for pair in pairs}
    unlike = list(_not_rebuilt(pairs, sets.present(shared, "data/law-pairs")))
    share = 1 - len(wrong) / len(laws)
    return [
        Measure("law-pairs", len(laws), "每对恰为一处变动的法规", share, "\n".join(wrong)),
        Measure("law-pairs", 2 * len(pairs), "不能由比对还原的一方文本", len(unlike), "\n".join(unlike)),
    ]


def _with_other_changes(pairs: list[dict[str, str]], data: DataDirectory) -> list[str]:
    """The laws that have more or fewer changes than pairs, in words."""
    reader = open_reader(data.kb)
    wrong = []
    for law, expected in sorted(Counter(pair["law"] for pair in pairs).items()):
        (found,) = reader.execute(
            "select count(*) from changes c join pages p on p.id = c.page where p.page_id = ?",
            (page_id("eval.laws", sets.law_url(law)),),
        ).fetchone()
        if found != expected:
            wrong.append(f"{law}：应有 {expected} 处变动，实有 {found}")
    return wrong


def _not_rebuilt(pairs: list[dict[str, str]], folder: Path) -> Iterator[str]:
    """Each direction of each pair in which the changes and one text do not give the other."""
    for pair in pairs:
        old, new = (read_text((folder / pair[side]).read_text("utf-8")) for side in ("old", "new"))
        for name, before, after in ((f"{pair['law']} 旧→新", old, new), (f"{pair['law']} 新→旧", new, old)):
            if reason := why_not_rebuilt(before, after, compare(before, after)):
                yield f"{name}：{reason}"


def why_not_rebuilt(before: Document, after: Document, comparison: Comparison) -> str:
    """Why ``after`` is not what the comparison makes of ``before``, or "": passages, words, order and spans."""
    old = {p.anchor: p for p in split_passages(before)}
    left, made = dict(old), []
    for change in comparison.passages:
        if {change.anchor, change.anchor_before} & BESIDE_THE_TEXT:
            continue
        taken = [left.pop(anchor, None) for anchor in _anchors(change.anchor_before)]
        if None in taken:
            return f"{change.anchor_before} 不在原文，或用了两次"
        words = "\n".join(p.text for p in taken if p)
        result = change.after if change.op.value == "added" else _edited(words, change.before, change)
        if result != change.after:
            return f"{change.anchor_before} 改后的文字不是 {change.anchor} 的文字"
        made.append((change.anchor, result))
    if left:
        return f"没有说到原文的 {'、'.join(list(left)[:3])}"
    rebuilt = [(anchor, text) for anchor, text in made if anchor]
    return "" if _joined(rebuilt, split_passages(after)) else "还原的文本与另一方不同"


def _edited(words: str, before: str, change: PassageChange) -> str | None:
    """The words after the change; ``None`` when what it calls ``before`` is not what stood there."""
    if words != before:
        return None
    spans, after = change.spans, change.after
    if not after:
        return ""
    return apply_spans(before, spans) if spans else before if before == after else None


def _anchors(anchor: str) -> list[str]:
    return [part for part in anchor.split(JOIN) if part]


def _joined(rebuilt: list[tuple[str, str]], passages: tuple[Passage, ...]) -> bool:
    """Whether the rebuilt passages, some of them several at once, are the passages of the text in their order."""
    expected = {p.anchor: p.text for p in passages}
    order = [anchor for anchors, _ in rebuilt for anchor in _anchors(anchors)]
    texts = all(
        text == "\n".join(expected.get(anchor, "") for anchor in _anchors(anchors))
        for anchors, text in rebuilt
    )
    return texts and order == [p.anchor for p in passages]
