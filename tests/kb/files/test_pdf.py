"""PDF: text and scanned pages told apart, page furniture off, broken lines joined."""

from kb.changing import compare
from kb.changing.classify import IMAGE_REPLACED
from kb.files.lines import closed_up, paragraphs, without_furniture
from kb.model import BlockKind
from kb.reading.attachments import read_attachment
from tests.kb.files.pdfs import pdf

URL = "https://www.example.gov.cn/f.pdf"
BODY = [
    "第一条　为了规范互联网信息服务算法推荐活动，维护国家安全和社会公共",
    "利益，保护公民、法人和其他组织的合法权益，制定本规定。",
    "第二条　应当备案。",
]


def lines(*pages: list[str] | bytes) -> list[str]:
    return [block.text for block in read_attachment(pdf(*pages), URL)[0].blocks]


def test_broken_lines_are_joined_and_articles_are_not() -> None:
    assert lines(BODY) == [
        "第一条 为了规范互联网信息服务算法推荐活动，维护国家安全和社会公共利益，保护公民、法人和其他组织的合法权益，制定本规定。",
        "第二条 应当备案。",
    ]


def test_running_heads_and_page_numbers_go() -> None:
    pages = [
        ["算法备案管理规定汇编", f"第{n}条　本页的第一句话写到这里为止，各有不同，编号{n}。", f"— {at} —"]
        for at, n in enumerate("一二三四", 1)
    ]
    found = lines(*pages)
    assert len(found) == 4
    assert not any("汇编" in line or "—" in line for line in found)


def test_two_pages_alike_but_for_their_numbers_are_no_furniture() -> None:
    pages = [["2024年1月备案 3 款", "1"], ["2024年2月备案 5 款", "2"]]
    assert without_furniture(pages) == [["2024年1月备案 3 款"], ["2024年2月备案 5 款"]]


def test_a_paragraph_runs_over_the_page_end() -> None:
    first = ["汇编", BODY[0], "- 1 -"]
    second = ["汇编", BODY[1], "- 2 -"]
    assert lines(first, second) == [BODY[0].replace("　", " ") + BODY[1]]


def test_a_table_head_on_every_page_stays_once() -> None:
    pages = [["序号 名称 编号", f"{at} 甲{at} 备{at}号"] for at in range(1, 5)]
    assert [line for page in without_furniture(pages) for line in page].count("序号 名称 编号") == 1


def test_letter_spaced_words_close_up_and_columns_stay() -> None:
    assert closed_up("第 一 条  为 了 规 范 算 法，制 定 本 规 定。") == "第一条  为了规范算法，制定本规定。"
    assert closed_up("甲公司 乙算法") == "甲公司 乙算法"


def test_short_lines_stay_lines() -> None:
    assert paragraphs([["目录", "甲", "附件：材料"]]) == [["目录", "甲", "附件：材料"]]


def test_scanned_pages_among_others_are_named_and_known_by_their_picture() -> None:
    document, notes = read_attachment(pdf(BODY, b"scan one", BODY[2:]), URL)
    assert notes == ("共 3 页，其中 1 页是图像、未读出文字：第 2 页",)
    assert [block.kind for block in document.blocks].count(BlockKind.IMAGE) == 1
    other, _ = read_attachment(pdf(BODY, b"scan two", BODY[2:]), URL)
    (change,) = compare(document, other).differing
    assert change.reason == IMAGE_REPLACED
    again, _ = read_attachment(pdf(BODY, b"scan one", BODY[2:]) + b"\n%saved again", URL)
    assert again == document


def test_a_scan_is_pictures_alone() -> None:
    document, notes = read_attachment(pdf(b"one", b"two"), URL)
    assert {block.kind for block in document.blocks} == {BlockKind.IMAGE}
    assert len(document.blocks) == 2
    assert "扫描件" in notes[0]
