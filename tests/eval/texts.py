"""Whole texts: every paragraph of a source text stands in the passages once and in its place, and no anchor twice.

The source is read here by its letters alone, apart from the reading that is judged: lines without Markdown's signs,
each squeezed to its Han characters, letters and digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import crawler.sources
from kb.changing.passages import split_passages
from kb.model import Passage
from kb.reading.page import read_page
from kb.reading.text import read_text
from kb.sources import load_declaration
from tests.eval import sets
from tests.eval.table import Measure

SOURCES = Path(next(iter(crawler.sources.__path__)))
CATEGORIES = "data/wechat-docs/运营/开放的服务类目/非个人主体.md"
AHEAD = 4_000  # letters looked through for a paragraph that does not stand where it should

_COMMENT = re.compile(r"<!--.*?-->", re.S)
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.S)
_ANCHOR_SIGN = re.compile(r"\[#\]\(#[^)]*\)")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_TARGET = re.compile(r"\]\(\s*[^)\s]*(?:\s+\"[^\"]*\")?\s*\)")
_TAG = re.compile(r"</?(?!https?:)[a-zA-Z][^<>]*>")
_RULE_LINE = re.compile(r"^[\s|:*_=-]+$")


@dataclass(frozen=True)
class Lost:
    """What of one text is not where it should be, in words."""

    paragraphs: int
    wrong: tuple[str, ...]


def squeezed(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def source_lines(text: str) -> Iterator[str]:
    """The lines of a Markdown text with any letter, without what no reader sees."""
    text = _FRONT.sub("", _COMMENT.sub("", text.replace("\r\n", "\n")))
    for line in text.split("\n"):
        plain = _TAG.sub(" ", _TARGET.sub("]", _IMAGE.sub("", _ANCHOR_SIGN.sub("", line))))
        if squeezed(plain) and not _RULE_LINE.match(plain):
            yield plain


def prose(text: str) -> list[str]:
    return [squeezed(line) for line in source_lines(text) if not _is_row(line)]


def _is_row(line: str) -> bool:
    return line.count("|") > 1 and line.rstrip().endswith("|")


def lost_in(text: str) -> Lost:
    """Walks the source's paragraphs along the letters of the passages."""
    document = read_text(text)
    passages = split_passages(document)
    letters = squeezed("".join(p.printed for p in passages if p.kind not in {"row", "image"}))
    paragraphs = prose(text)
    title = squeezed(document.title)
    if paragraphs and paragraphs[0] == title and not letters.startswith(title):
        letters = title + letters
    wrong, at = [], 0
    for paragraph in paragraphs:
        found = letters.find(paragraph, at, at + AHEAD + len(paragraph))
        if found < 0:
            wrong.append(f"少：{paragraph[:40]}")
            continue
        if found > at:
            wrong.append(f"多：{letters[at : min(found, at + 40)]}")
        at = found + len(paragraph)
    if at < len(letters):
        wrong.append(f"多：{letters[at : at + 40]}")
    return Lost(len(paragraphs), tuple(wrong))


def anchors_twice(passages: tuple[Passage, ...]) -> list[str]:
    anchors = [p.anchor for p in passages]
    return sorted({anchor for anchor in anchors if anchors.count(anchor) > 1})


def _whole(name: str, files: list[Path]) -> list[Measure]:
    total, wrong, twice = 0, [], []
    for file in files:
        text = file.read_text("utf-8")
        lost = lost_in(text)
        total += lost.paragraphs
        wrong += [f"{file.name}：{line}" for line in lost.wrong]
        twice += [f"{file.name}：{anchor}" for anchor in anchors_twice(split_passages(read_text(text)))]
    return [
        Measure(name, total, "不在原位恰好一次的段落", len(wrong), "\n".join(wrong)),
        Measure(name, len(files), "重复的条文位置", len(twice), "\n".join(twice)),
    ]


def category_rows(text: str) -> Iterator[tuple[str, ...]]:
    """(level 1, level 2, …, each cell) of every row; the head and the first row share a line in this mirror."""
    level = ""
    for line in text.split("\n"):
        if line.startswith("###"):
            level = _ANCHOR_SIGN.sub("", line).strip("# ")
        if not line.startswith(("|", "二级分类")) or _RULE_LINE.match(line):
            continue
        row = line.split("||", 1)[1] if line.startswith("二级分类") else line
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]
        if row.strip():
            yield (level, *cells)


def _categories(file: Path) -> list[Measure]:
    text = file.read_text("utf-8")
    source = load_declaration(SOURCES / "wechat.categories.toml")
    document = read_page(text.encode(), url=source.start[0], source=source).document
    assert document is not None
    rows = list(category_rows(text))
    open_passages = [p for p in split_passages(document) if p.kind == "row" and "：" in p.text]
    wrong = []
    for row in rows:
        passage = next((p for p in open_passages if _says(p, row)), None)
        if passage is None:
            wrong.append(f"没有：{'/'.join(row[:3])}")
        else:
            open_passages.remove(passage)
    wrong += [f"多出：{passage.anchor}" for passage in open_passages]
    return [Measure("wechat 类目表", len(rows), "没有成为带类目键的条文的行", len(wrong), "\n".join(wrong))]


def _says(passage: Passage, row: tuple[str, ...]) -> bool:
    """Whether a passage is named by a row's first and second level and holds each of its cells."""
    said, keys = squeezed(passage.text), passage.anchor.split("/")
    cells = [squeezed(_TARGET.sub("]", _IMAGE.sub("", cell))) for cell in row[1:]]
    named = row[0] in keys and squeezed(row[1]) in squeezed(passage.anchor)
    return named and all(cell in said for cell in cells)


def measure(shared: Path) -> list[Measure]:
    statutes = sorted(sets.present(shared, "data/statutes").glob("*.md"))
    documents = sorted(sets.present(shared, "data/wechat-docs").rglob("*.md"))
    return [
        *_whole("statutes", statutes),
        *_whole("wechat-docs", documents),
        *_categories(sets.present(shared, CATEGORIES)),
    ]
