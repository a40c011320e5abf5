"""Pages of official and public bodies against a truth read by hand; and no page with a body may read as empty.

Each page is read as ``zhengce read`` reads it: its bytes alone, without a declaration.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from kb.codes import BlockKind
from kb.model import Document, Reading
from kb.reading.page import read_page
from tests.eval.table import Absent, Measure

TRUTH = Path(__file__).parent / "truth" / "pages.toml"
ADDRESS = "https://www.example.gov.cn/a/b.html"
SET = "政府网页"
END = 30  # characters at each end of a body
BODILESS = 100  # characters below which a page that has a body was read as empty
HTML_PAGES = (
    "gov-html-*/*.html",
    "extraction-cn/gne/*/*.html",
    "extraction-cn/newspaper4k/tests/data/html/chinese*.html",
)

Page = dict[str, Any]
Field = tuple[Callable[[Page], object], Callable[[Document], object]]


def measure(shared: Path) -> list[Measure]:
    """A row for each field of the thirty pages, and one for all pages that have a body."""
    data = shared / "data"
    files = sorted(file for pattern in HTML_PAGES for file in data.glob(pattern))
    if not files:
        raise Absent("开发集里没有网页")
    pages: list[Page] = tomllib.loads(TRUTH.read_text("utf-8"))["pages"]
    bodiless = {page["file"] for page in pages if page.get("no_body")}
    truths = [page for page in pages if not page.get("no_body")]
    readings = {page["file"]: _read(data / page["file"]) for page in truths}
    wrong = {name: _misses(field, truths, readings) for name, field in FIELDS.items()}
    return [
        _share("标题", wrong["title"], len(truths)),
        _share("文号", wrong["doc_number"], len(truths)),
        _share("发布机关", wrong["issuers"], len(truths)),
        _share("日期", wrong["dates"], len(truths)),
        _share("正文首尾 30 字", wrong["ends"], len(truths)),
        _empty("空读的页", [file for file in files if str(file.relative_to(data)) not in bodiless]),
    ]


def _share(name: str, wrong: list[str], total: int) -> Measure:
    return Measure(SET, total, name, (total - len(wrong)) / total, "\n".join(wrong))


def _empty(name: str, files: list[Path]) -> Measure:
    readings = {file: _read(file) for file in files}
    empty = [
        f"{file.parent.name}/{file.name}：{'；'.join(reading.reasons) or '正文过短'}"
        for file, reading in readings.items()
        if reading.document is None or len(reading.document.text) < BODILESS
    ]
    return Measure(SET, len(files), name, len(empty), "\n".join(empty))


def _read(file: Path) -> Reading:
    return read_page(file.read_bytes(), url=ADDRESS)


def _misses(field: Field, truths: list[Page], readings: dict[str, Reading]) -> list[str]:
    """One line for each page whose field is not as a person reads it, with both values."""
    expected_of, found_of = field
    lines = []
    for page in truths:
        document = readings[page["file"]].document
        expected, found = expected_of(page), found_of(document) if document else "（没有正文）"
        if found != expected:
            lines.append(f"{Path(page['file']).name}：应为 {expected}，读成 {found}")
    return lines


def body_ends(document: Document) -> tuple[str, str]:
    """The first and last characters of a body without white space; cells follow one another, words for images do not count."""
    text = "".join(
        "".join(cell.text for cell in block.cells)
        if block.kind is BlockKind.ROW and block.cells
        else block.text
        for block in document.blocks
        if block.kind is not BlockKind.IMAGE
    )
    text = "".join(text.split()).replace("\u200b", "")
    return text[:END], text[-END:]


def _dates(made: date | None, published: date | None, in_force: date | None, comments: date | None) -> str:
    named = zip(("成文", "发布", "施行", "征求意见至"), (made, published, in_force, comments), strict=True)
    return "，".join(f"{name} {day}" for name, day in named if day) or "无日期"


FIELDS: dict[str, Field] = {
    "title": (lambda page: page["title"], lambda read: read.title),
    "doc_number": (lambda page: page.get("doc_number", ""), lambda read: read.doc_number),
    "issuers": (lambda page: "、".join(page["issuers"]), lambda read: "、".join(read.issuers)),
    "dates": (
        lambda page: _dates(
            page.get("made"), page.get("published"), page.get("effective"), page.get("comments_until")
        ),
        lambda read: _dates(read.made, read.published, read.effective, read.comments_until),
    ),
    "ends": (lambda page: (page["first"], page["last"]), body_ends),
}
