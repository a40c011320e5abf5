"""The development sets: pages that nobody here wrote are all read, and read as themselves."""

import json
from pathlib import Path

import pytest

from kb.codes import Health, PageRole
from kb.reading.page import read_page
from kb.reading.text import read_text

pytestmark = pytest.mark.shared
URL = "https://www.example.gov.cn/a/b.html"
PUNCTUATION = "，。；：、"


def pages(shared: Path, *patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in (shared / "data").glob(pattern))


def test_no_page_with_a_body_reads_as_empty(shared: Path) -> None:
    wrong = {}
    for path in pages(
        shared,
        "gov-html-*/*.html",
        "extraction-cn/gne/*/*.html",
        "extraction-cn/newspaper4k/tests/data/html/chinese*",
    ):
        reading = read_page(path.read_bytes(), url=URL)
        is_list = "目录" in path.name  # the one page of links
        if not is_list and (reading.health is not Health.OK or len(reading.document.text) < 100):
            wrong[path.name] = reading.reasons
    assert not wrong


def test_official_pages_give_their_title_and_a_date(shared: Path) -> None:
    read = [read_page(path.read_bytes(), url=URL).document for path in pages(shared, "gov-html-*/*.html")]
    documents = [document for document in read if document is not None]
    assert sum(1 for document in documents if document.published) >= 0.95 * len(documents)
    assert not [
        document.title for document in documents if "_" in document.title or document.title.endswith("网")
    ]


def test_numbers_and_issuers_of_official_pages(shared: Path) -> None:
    found = right = 0
    for entry in json.loads((shared / "data/gov-html-guangzhou/documents.json").read_text("utf-8")):
        for name in entry["files"]:
            path = shared / "data/gov-html-guangzhou" / name
            document = read_page(path.read_bytes(), url=URL).document if path.exists() else None
            if document is None or entry["title"].removeprefix("中华人民共和国") not in document.title:
                continue
            found += 1
            number_holds = document.doc_number == entry["doc_no"] if entry["doc_no"].endswith("号") else True
            right += number_holds
    assert found >= 10
    assert right == found


def test_markdown_mirror_keeps_every_category_row(shared: Path) -> None:
    file = shared / "data/wechat-docs/运营/开放的服务类目/非个人主体.md"
    document = read_text(file.read_text("utf-8"))
    rows = {(block.cells[0].text, block.cells[1].text) for block in document.blocks if len(block.cells) > 2}
    gold = [json.loads(line) for line in (shared / "gold/wechat_categories.jsonl").open(encoding="utf-8")]
    held = [(" ".join(row["l2"].split()), " ".join(row["l3"].split())) in rows for row in gold]
    assert sum(held) >= 0.97 * len(
        held
    )  # the set fills short rows from the left: scopes as notes, 陌生人交友/直播


def test_filing_lists_are_one_table_of_named_rows(shared: Path) -> None:
    for path in pages(shared, "cac-filing-docx/*/*2023年6月*.docx", "cac-filing-docx/*/*2024年6月*.docx"):
        document = read_page(path.read_bytes(), url=URL, role=PageRole.ATTACHMENT).document
        assert document is not None
        keys = [block.row_key for block in document.blocks if block.row_key]
        assert len(document.tables) == 1
        assert len(set(keys)) == len(keys) == len(document.tables[0].rows)
