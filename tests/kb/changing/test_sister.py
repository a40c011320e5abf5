"""The row of words beside a picture of a table."""

import pytest

from kb.changing.compare import compare
from kb.changing.headline import headline
from kb.changing.sister import sister_line, sister_row
from kb.codes import BlockKind, ChangeKind
from kb.model import Block, Cell, Document

NEEDS = "需提供深度合成服务算法备案凭证"


def row(first: str, second: str, needs: str = NEEDS) -> Block:
    cells = (Cell("一级类目", first), Cell("二级类目", second), Cell("资质要求", needs))
    return Block(BlockKind.ROW, f"{first} | {second} | {needs}", row_key=(first, second), cells=cells)


def page(
    image: str = "a", needs: str = NEEDS, caption: str = "深度合成-AI绘画 类目材料表", alt: str = ""
) -> Document:
    return Document(
        "开放的服务类目",
        (
            Block(BlockKind.HEADING, "深度合成", level=2),
            row("深度合成", "AI绘画", needs),
            row("深度合成", "AI问答"),
            Block(BlockKind.PARAGRAPH, caption),
            Block(BlockKind.IMAGE, alt, address=f"https://res.example.com/{image}.png"),
        ),
    )


def test_by_the_line_above() -> None:
    found = sister_row(page(), "图1")
    assert found is not None
    assert found.anchor == "深度合成/AI绘画"


def test_by_the_pictures_own_words_first() -> None:
    found = sister_row(page(alt="AI 问答材料"), "图1")
    assert found is not None
    assert found.anchor == "深度合成/AI问答"


@pytest.mark.parametrize(
    ("anchor", "caption"), [("图2", "深度合成-AI绘画"), ("图1", "材料如下"), ("图1", "AI绘画、AI问答")]
)
def test_none(anchor: str, caption: str) -> None:
    assert sister_row(page(caption=caption), anchor) is None


def test_a_replaced_picture_names_its_row_and_what_became_of_it() -> None:
    comparison = compare(page("a"), page("b"))
    assert comparison.kind is ChangeKind.IMAGE_REPLACED
    assert (
        headline(comparison, page("b"))
        == "材料表图片被更换，内容待人工判读；同页文字版“AI绘画”一行：未见变动"
    )


def test_a_replaced_picture_with_a_changed_row_is_told_as_both() -> None:
    after = page("b", needs="需提供深度合成服务算法备案凭证，并提供安全评估报告")
    comparison = compare(page("a"), after)
    assert comparison.kind is ChangeKind.AMENDED
    said = headline(comparison, after)
    assert "安全评估报告" in said
    assert "图片被更换" in said


def test_a_picture_replaced_at_its_address_names_the_row_of_the_page_that_shows_it() -> None:
    address = "https://res.example.com/a.png"
    assert sister_line(page(), page(), address) == "同页文字版“AI绘画”一行：未见变动"
    assert sister_line(page(), page(needs="另需安全评估报告"), address) == "同页文字版“AI绘画”一行：有变动"
    assert sister_line(page(), page(), "https://res.example.com/other.png") == ""
