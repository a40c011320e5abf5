"""The note under the title tells the history of a rule, and is told as that."""

from __future__ import annotations

import pytest
from texts import rule

from kb.changing.compare import compare
from kb.changing.enactment import is_enactment_note
from kb.changing.headline import headline
from kb.codes import Significance

MADE = "2007年8月30日第十届全国人民代表大会常务委员会第二十九次会议通过"
AMENDED = "根据2022年6月24日第十三届全国人民代表大会常务委员会第三十五次会议《关于修改〈中华人民共和国示例法〉的决定》修正"
ORDER = "2010年12月20日中华人民共和国国务院令第587号公布"
REVISED = "根据2019年3月2日《国务院关于修改部分行政法规的决定》第一次修订"
ARTICLE = "第一条 主体应当备案。"


@pytest.mark.parametrize(
    "note",
    [
        f"（{MADE}）",
        f"（{MADE}　{AMENDED}）",
        f"({ORDER} {REVISED})",
        f"{MADE}{AMENDED}",
        "1994年5月12日 第八届全国人民代表大会常务委员会第七次会议通过",
        "（2015年3月13日国家互联网信息办公室令第2号公布 自2015年5月1日起施行）",
        "二〇一五年三月十三日财政部令第80号发布",
    ],
)
def test_notes(note: str) -> None:
    assert is_enactment_note(note)


@pytest.mark.parametrize(
    "line",
    [
        "2025年6月30日前完成备案系统的修改",
        "根据2025年第3号公告，收费标准予以修改",
        "2025年1月1日起施行",
        "2024年12月31日废止",
        "2025年1月1日以后批准",
        "2024年7月1日国务院公布的目录应当执行",
        "企业自2025年1月1日登记之日起三十日内公布",
        "",
    ],
)
def test_rules_that_look_like_notes(line: str) -> None:
    assert not is_enactment_note(line)


def test_a_new_line_of_the_history_is_no_deadline() -> None:
    before, after = rule(f"（{MADE}）", ARTICLE), rule(f"（{MADE}　{AMENDED}）", ARTICLE)
    comparison = compare(before, after)
    assert comparison.significance is Significance.EDITORIAL
    assert not any(p.deltas for p in comparison.differing)
    assert headline(comparison, after).startswith("题注：")


def test_another_day_of_effect_in_the_note_is_substantive() -> None:
    note = "（2015年3月13日国家互联网信息办公室令第2号公布 自{}起施行）"
    before, after = rule(note.format("2015年5月1日"), ARTICLE), rule(note.format("2015年6月1日"), ARTICLE)
    assert compare(before, after).significance is Significance.SUBSTANTIVE
