"""Pages in the structures of the builders that official sites use: title, number, issuers, dates and the ends of the text."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from kb.model import BlockKind, Document
from kb.reading import read_page

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
