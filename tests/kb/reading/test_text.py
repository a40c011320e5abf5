"""Plain and Markdown texts of a rule."""

import pytest

from kb.codes import BlockKind
from kb.reading.text import read_text


def test_plain_text() -> None:
    document = read_text("示例办法\n\n第一章　总　则\n　　第一条　甲。\n　　（一）乙；\r\n")
    assert document.title == "示例办法"
    assert [(block.kind, block.text) for block in document.blocks] == [
        (BlockKind.PARAGRAPH, "示例办法"),
        (BlockKind.HEADING, "第一章 总则"),
        (BlockKind.PARAGRAPH, "第一条 甲。"),
        (BlockKind.PARAGRAPH, "（一）乙；"),
    ]


def test_the_given_title_wins() -> None:
    assert read_text("# 甲\n乙", "丙").title == "丙"


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("平台**应当**公示`规则`", "平台应当公示规则"),
        ("见[类目表](./a.html)和[附件（一）](https://x.example.com/(a))", "见类目表和附件（一）)"),
        ("[#](#_1-总则) 总则", "总则"),
        ("<!-- 转换 -->正文<br/>", "正文"),
        ("- 不得诱导分享；", "不得诱导分享；"),
        ("> 引文", "引文"),
        (r"1\. 甲 \* 乙", "1. 甲 * 乙"),
        ("3 < 5 且 6 > 2", "3 < 5 且 6 > 2"),
        ("A&B 公司，&lt;甲&gt;", "A&B 公司，&lt;甲&gt;"),
    ],
)
def test_the_signs_of_markdown(markdown: str, words: str) -> None:
    assert read_text(markdown).text == words


def test_rules_of_dashes_fences_and_front_matter_are_no_text() -> None:
    assert read_text("---\ntitle: x\n---\n# 甲\n\n***\n```\n乙\n```\n:::tip\n丙\n:::").text == "甲\n乙\n丙"


def test_images_and_files_of_markdown() -> None:
    document = read_text("![材料表](https://x.example.com/a.png)\n[申请表](https://x.example.com/a.docx)")
    assert [image.url for image in document.images] == ["https://x.example.com/a.png"]
    assert [link.name for link in document.attachments] == ["申请表"]


def test_a_text_without_a_heading_takes_its_first_line() -> None:
    assert read_text("示例平台运营规范\n\n## 一、原则\n甲").title == "示例平台运营规范"
