"""Legal anchors: unique, stable, as a lawyer would cite."""

from __future__ import annotations

import pytest
from texts import blocks, row, rule

from kb.changing.labels import label
from kb.changing.passages import split_passages
from kb.codes import BlockKind
from kb.model import Block, Document
from kb.numerals import to_chinese, to_int


def anchors(document: Document) -> list[str]:
    return [passage.anchor for passage in split_passages(document)]


def test_articles_hang_below_chapters_and_items_below_their_clause() -> None:
    document = rule(
        "第一章 总 则",
        "第一条 为了规范示例活动，制定本办法。",
        "第二条　有下列情形之一的，应当备案：",
        "（一）甲；",
        "1.乙；",
        "（二）丙。",
        "前款规定的备案，不收取费用。",
        "第三条之一 其他。",
    )
    assert anchors(document) == [
        "第一章",
        "第一章/第一条",
        "第一章/第二条/第一款",
        "第一章/第二条/第一款/（一）",
        "第一章/第二条/第一款/（一）/1.",
        "第一章/第二条/第一款/（二）",
        "第一章/第二条/第二款",
        "第一章/第三条之一",
    ]


def test_numbers_are_left_out_of_the_text_and_printed_again() -> None:
    passage = split_passages(rule("第 十 三 条　主体应当备案。"))[0]
    assert (passage.ordinal, passage.text) == ("第十三条", "主体应当备案。")
    assert passage.printed == "第十三条　主体应当备案。"


def test_a_paragraph_that_begins_with_a_reference_is_no_article() -> None:
    found = split_passages(rule("第一条 甲。", "第九条规定的情形，不适用前款。"))
    assert [(p.anchor, p.kind) for p in found] == [("第一条/第一款", "article"), ("第一条/第二款", "clause")]


def test_a_number_alone_on_its_line_takes_the_next_paragraph() -> None:
    assert [(p.anchor, p.text) for p in split_passages(rule("第一条", "主体应当备案。"))] == [
        ("第一条", "主体应当备案。")
    ]


def test_the_table_of_contents_does_not_take_the_chapters_names() -> None:
    document = rule(
        "目录", "第一章 总则", "第二章 附则", "第一章 总则", "第一条 甲。", "第二章 附则", "第二条 乙。"
    )
    found = anchors(document)
    assert found[1:3] == ["目录/第一章", "目录/第二章"]
    assert found[3:] == ["第一章", "第一章/第一条", "第二章", "第二章/第二条"]


def test_letters_are_cited_by_their_headings_and_counted_paragraphs() -> None:
    document = rule(
        "各有关单位：",
        "一、适用范围",
        "本通知适用于示例服务。",
        "（一）甲。",
        "二、材料",
        "1. 营业执照",
        "2. 申请表",
    )
    assert anchors(document) == ["第1段", "一、", "一、/第1段", "一、/（一）", "二、", "二、/1.", "二、/2."]


def test_rows_are_known_by_their_key_and_by_their_table_only_when_keys_collide() -> None:
    first = [row(("深度合成", "AI绘画"), 资质要求="备案"), row(("深度合成", "AI问答"), 资质要求="备案")]
    second = [row(("深度合成", "AI绘画"), 说明="见上")]
    document = blocks(*first, Block(BlockKind.PARAGRAPH, "另表"), *second)
    assert anchors(document) == ["表1/深度合成/AI绘画", "深度合成/AI问答", "第1段", "表2/深度合成/AI绘画"]
    assert split_passages(document)[0].text == "类目：AI绘画\n资质要求：备案"


def test_images_and_replies_are_counted() -> None:
    document = blocks(
        Block(BlockKind.IMAGE, "", address="https://a.invalid/1.png"), Block(BlockKind.REPLY, "已支持。")
    )
    assert [(p.anchor, p.text) for p in split_passages(document)] == [
        ("图1", "https://a.invalid/1.png"),
        ("回复1", "已支持。"),
    ]


def test_repeated_anchors_get_a_suffix() -> None:
    found = anchors(rule("第一条 甲。", "第一条 乙。", "第一条 丙。"))
    assert found == ["第一条", "第一条〔2〕", "第一条〔3〕"]


@pytest.mark.parametrize(
    ("anchor", "words"),
    [
        ("第三章/第十二条", "第十二条"),
        ("第三章/第十二条/第二款/（三）", "第十二条第二款第（三）项"),
        ("深度合成/AI绘画", "AI绘画"),
        ("一、/（二）", "一、（二）"),
        ("第一条/第一款＋第一条/第二款", "第一条第一款、第一条第二款"),
    ],
)
def test_anchors_are_said_as_people_cite(anchor: str, words: str) -> None:
    assert label(anchor) == words


@pytest.mark.parametrize("number", [*range(1, 130), 200, 205, 310, 999])
def test_chinese_numerals_go_there_and_back(number: int) -> None:
    assert to_int(to_chinese(number)) == number
