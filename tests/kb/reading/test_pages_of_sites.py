"""Pages in the structures of the builders that official sites use: title, number, issuers, dates and the ends of the text."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from kb.codes import BlockKind
from kb.model import Document
from kb.reading.page import read_page

CASES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).resolve().parents[2] / "golden" / "pages" / "cases.toml").read_text("utf-8")
)
DATES = ("made", "published", "effective", "comments_until", "transition_until")


def read(name: str) -> Document:
    document = read_page(CASES[name]["html"].encode(), url="https://www.example.gov.cn/a/b.html").document
    assert document is not None
    return document


@pytest.mark.parametrize("name", CASES)
def test_what_the_page_says_about_the_rule(name: str) -> None:
    case, document = CASES[name], read(name)
    assert document.title == case["title"]
    assert document.doc_number == case.get("doc_number", "")
    assert list(document.issuers) == case.get("issuers", [])
    assert {key: getattr(document, key) for key in DATES} == {key: case.get(key) for key in DATES}
    assert document.is_draft is case.get("is_draft", False)


@pytest.mark.parametrize("name", CASES)
def test_where_the_text_begins_and_ends(name: str) -> None:
    case, document = CASES[name], read(name)
    lines = [block.text for block in document.blocks if block.kind is not BlockKind.IMAGE]
    text = "".join("".join(lines).replace(" | ", "").split())
    assert text.startswith(case.get("first_as_printed", case.get("first", "")))
    assert text.endswith(case.get("last", ""))
    assert [line for line in case.get("holds", []) if line not in lines] == []
    assert [part for part in case.get("lacks", []) if part in text] == []


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "tables" in case])
def test_tables_of_the_page(name: str) -> None:
    case, document = CASES[name], read(name)
    assert [list(table.header) for table in document.tables] == case["tables"]
    assert [list(block.row_key) for block in document.blocks if block.row_key] == case["row_keys"]


@pytest.mark.parametrize(
    ("last", "kept"),
    [
        ("示例出版社版权所有，未经许可不得转载。", True),
        ("联系地址：示例路1号，邮编：000000", True),
        ("版权所有：示例局 某ICP备00000001号", False),
    ],
)
def test_a_footer_is_no_text_and_what_speaks_of_rights_or_addresses_is(last: str, kept: bool) -> None:
    text = "<p>申请人应当在三十日内提交材料，逾期不提交的，不予受理。</p><p>主管部门应当在十日内答复。</p>"
    html = (
        f"<html><head><title>示例办法</title></head><body><h1>示例办法</h1>{text}<p>{last}</p></body></html>"
    )
    document = read_page(html.encode(), url="https://www.example.gov.cn/a/b.html").document
    assert document is not None
    assert document.text.endswith(last) is kept
