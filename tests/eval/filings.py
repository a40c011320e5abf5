"""Real filing lists: every row of every table is an entry with its key, and batches compare to exactly their difference.

What a batch holds is counted here from the XML of the file alone, without the reader.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from kb.changing.compare import compare
from kb.changing.filings import columns_of, flags_of
from kb.changing.kinds import new_document_kind
from kb.changing.passages import split_passages
from kb.codes import ChangeKind, Flag, Op
from kb.filings import filing_number
from kb.model import Block, Document
from kb.reading.attachments import read_attachment
from tests.eval.table import Absent, Measure

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BATCH = re.compile(r"^(.+)（(\d{4})年(\d{1,2})月）")
_SERIAL = "序号"
_NUMBER, _NAME = "备案编号", "算法名称"

Row = dict[str, str]  # head -> text without white space


@dataclass(frozen=True)
class Batch:
    series: str
    month: str
    rows: list[Row]
    document: Document

    @property
    def name(self) -> str:
        return f"{self.series} {self.month}"


def measure(shared: Path) -> list[Measure]:
    folder = shared / "data" / "cac-filing-docx"
    if not folder.is_dir():
        raise Absent("开发集 cac-filing-docx 不在旁边")
    batches = [_batch(file) for file in sorted(folder.rglob("*.docx"))]
    batches.sort(key=lambda batch: (batch.series, batch.month))
    neighbours = [(a, b) for a, b in pairwise(batches) if a.series == b.series]
    return [_rows(batches), _differences(neighbours), *_grown(neighbours), _kinds(batches, neighbours)]


def _batch(file: Path) -> Batch:
    match = _BATCH.match(file.name)
    assert match is not None, file.name
    document, _ = read_attachment(file.read_bytes(), f"https://www.cac.gov.cn/{file.name}")
    return Batch(match[1], f"{match[2]}-{int(match[3]):02}", _counted(file), document)


def _counted(file: Path) -> list[Row]:
    with zipfile.ZipFile(file) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))  # noqa: S314  (a file of our own set)
    rows: list[Row] = []
    for table in root.iter(f"{_W}tbl"):
        cells = [[_words(cell) for cell in row.findall(f"{_W}tc")] for row in table.findall(f"{_W}tr")]
        rows += [dict(zip(cells[0], line, strict=True)) for line in cells[1:] if any(line)]
    return rows


def _words(cell: ElementTree.Element) -> str:
    return "".join("".join(text.text or "" for text in cell.iter(f"{_W}t")).split())


def _content(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple((head, text) for head, text in row.items() if head != _SERIAL)


# --------------------------------------------------------------------------- reading


def _rows(batches: list[Batch]) -> Measure:
    wrong, total = [], 0
    for batch in batches:
        total += len(batch.rows)
        found = [p for p in split_passages(batch.document) if p.kind == "row" and columns_of(p.text)]
        entries = [p for p in found if not p.text.startswith(f"{_NAME}：{_NAME}")]
        said = Counter(tuple(map(_squeezed, p.text.split("\n"))) for p in entries)
        keys = Counter(p.anchor.split("/")[0].split("〔")[0] for p in entries)
        for row in batch.rows:
            text = tuple(f"{head}：{text}" for head, text in _content(row))
            if not said[text] or not keys[row[_NUMBER]]:
                wrong.append(f"{batch.name}：{row[_NAME]} {row[_NUMBER]}")
            said[text] -= 1
        wrong += [f"{batch.name}：多出 {text}" for text, n in said.items() if n > 0]
    return Measure(
        "cac-filing-docx", total, "逐行读出且以备案编号为键", 1 - len(wrong) / total, "\n".join(wrong)
    )


def _squeezed(text: str) -> str:
    return "".join(text.split())


# --------------------------------------------------------------------------- comparing


def _differences(neighbours: list[tuple[Batch, Batch]]) -> Measure:
    """Entries by number: each side's surplus is added or removed, and of those on both sides what reads otherwise is amended."""
    wrong = [
        f"{before.month} -> {after.month}：应为 {expected}，得 {found}"
        for before, after in neighbours
        if (expected := _expected(before.rows, after.rows))
        != (found := _found(before.document, after.document))
    ]
    return Measure(
        "cac-filing-docx",
        len(neighbours),
        "相邻两批之差恰为备案编号之差",
        1 - len(wrong) / len(neighbours),
        "\n".join(wrong),
    )


def _expected(before: list[Row], after: list[Row]) -> dict[str, int]:
    old, new = (Counter(filing_number(row[_NUMBER]) for row in rows) for rows in (before, after))
    same = Counter(map(_content, before)) & Counter(map(_content, after))
    kept = sum((old & new).values())
    return {
        "added": sum((new - old).values()),
        "removed": sum((old - new).values()),
        "amended": kept - sum(same.values()),
    }


def _found(before: Document, after: Document) -> dict[str, int]:
    changes = compare(before, after).passages
    entries = [p for p in changes if any(columns_of(text) for text in (p.before, p.after) if text)]
    return {op: sum(1 for p in entries if p.op == op) for op in ("added", "removed", "amended")}


def _grown(neighbours: list[tuple[Batch, Batch]]) -> list[Measure]:
    """One list at one address: the new entries are put first, so that every 序号 shifts; one is struck off."""
    wrong, grave = [], []
    for before, after in neighbours:
        joined = _renumbered([*_entries(after.document), *_entries(before.document)[:-1]], before.document)
        comparison = compare(before.document, joined)
        kept = after.rows + before.rows[:-1]
        found = _found(before.document, joined)
        if found != (expected := _expected(before.rows, kept)):
            wrong.append(f"{before.name} + {after.month}：应为 {expected}，得 {found}")
        flags = flags_of(comparison, joined)
        if comparison.kind is not ChangeKind.LIST_BATCH or Flag.ROUTINE not in flags:
            grave.append(f"{before.name} + {after.month}：{comparison.kind}")
        if any(p.op in (Op.MOVED, Op.RENUMBERED) for p in comparison.differing):
            wrong.append(f"{before.name} + {after.month}：序号或次序被当作变动")
    count = len(neighbours)
    return [
        Measure(
            "cac-filing-docx", count, "同址清单增删恰为应有之差", 1 - len(wrong) / count, "\n".join(wrong)
        ),
        Measure("cac-filing-docx", count, "同址清单更新标为例行", 1 - len(grave) / count, "\n".join(grave)),
    ]


def _entries(document: Document) -> list[Block]:
    return [block for block in document.blocks if block.cells]


def _renumbered(rows: list[Block], like: Document) -> Document:
    others = [block for block in like.blocks if not block.cells]
    numbered = [
        replace(
            block,
            cells=tuple(
                replace(cell, text=str(number)) if cell.header == _SERIAL else cell for cell in block.cells
            ),
        )
        for number, block in enumerate(rows, 1)
    ]
    return replace(like, blocks=(*others, *numbered))


def _kinds(batches: list[Batch], neighbours: list[tuple[Batch, Batch]]) -> Measure:
    wrong = [
        f"{batch.name}：新文件读作 {kind}"
        for batch in batches
        if (kind := new_document_kind(batch.document)) is not ChangeKind.LIST_BATCH
    ]
    wrong += [
        f"{after.name}：与上一批相比读作 {kind}"
        for before, after in neighbours
        if (kind := compare(before.document, after.document).kind) is not ChangeKind.LIST_BATCH
    ]
    total = len(batches) + len(neighbours)
    return Measure("cac-filing-docx", total, "每批识别为名单更新", 1 - len(wrong) / total, "\n".join(wrong))
