"""The first line of a change: the weightiest first, each named once, and what is left counted."""

from __future__ import annotations

from dataclasses import replace

from texts import rule

from kb.changing.compare import compare
from kb.changing.headline import headline
from kb.model import Document

FIRST = "第一条 为了规范服务，制定本办法。"


def _line(before: Document, after: Document) -> str:
    return headline(compare(before, after), after)


def test_penalties_and_deadlines_come_before_other_words() -> None:
    old = rule(
        FIRST,
        "第二条 本办法由网信部门解释。",
        "第三条 平台可以公示规则。",
        "第四条 变更后应当在十日内备案。",
        "第五条 违反规定的，处一万元以下罚款。",
    )
    new = rule(
        FIRST,
        "第二条 本办法由通信管理局解释。",
        "第三条 平台应当公示规则。",
        "第四条 变更后应当在五日内备案。",
        "第五条 违反规定的，处三万元以下罚款。",
    )
    line = _line(old, new)
    assert [line.index(f"第{n}条") for n in "五四三"] == sorted(line.index(f"第{n}条") for n in "五四三")
    assert "第二条" not in line
    assert line.endswith("；另有1处")


def test_what_is_left_is_counted_by_its_weight() -> None:
    old = rule(*(f"第{n}条 变更后应当在十日内备案{n}。" for n in "一二三四"), "第五条 记帐应当及时。")
    new = rule(*(f"第{n}条 变更后应当在五日内备案{n}。" for n in "一二三四"), "第五条 记账应当及时。")
    assert _line(old, new).endswith("；另有1处实质变动、1处文字变动")


def test_passages_named_together_are_all_counted_as_named() -> None:
    new = rule(FIRST, *(f"第{n}条 平台应当公示第{n}类规则，不得隐瞒。" for n in "二三四五"))
    assert "另有" not in _line(rule(FIRST), new)


def test_an_added_article_with_a_duty_is_named_before_wording() -> None:
    old = rule(FIRST, *(f"第{n}条 由平台按照{n}号流程说明情况。" for n in "二三四五"))
    new = rule(
        FIRST,
        *(f"第{n}条 由平台按照{n}号程序介绍情况。" for n in "二三四五"),
        "第六条 平台应当每年报送年度报告。",
    )
    assert "新增第六条" in _line(old, new)


def test_a_deadline_is_named_by_what_must_be_done() -> None:
    old = rule(FIRST, "第二条 备案信息有变化的，备案主体应当自变化之日起十个工作日内更新备案信息。")
    new = rule(FIRST, "第二条 备案信息有变化的，备案主体应当自变化之日起五个工作日内更新备案信息。")
    assert _line(old, new) == "第二条：更新备案信息的期限由“十个工作日”改为“五个工作日”"


def test_a_deadline_whose_duty_is_not_clear_is_named_bare() -> None:
    old = rule(FIRST, "第二条 受理期限为十个工作日。")
    new = rule(FIRST, "第二条 受理期限为五个工作日。")
    assert _line(old, new) == "第二条：期限由“十个工作日”改为“五个工作日”"


def test_words_are_quoted_only_as_replaced_where_they_replace_each_other() -> None:
    old = rule(FIRST, "第二条 不得泄露国家秘密和商业秘密。")
    new = rule(FIRST, "第二条 不得泄露国家秘密、工作秘密、商业秘密、个人隐私、个人信息。")
    line = _line(old, new)
    assert "“和”改为" not in line
    assert "新增“工作秘密" in line


def test_a_typo_is_told_by_its_words() -> None:
    assert "“帐”改为“账”" in _line(rule(FIRST, "第二条 设置会计帐簿。"), rule(FIRST, "第二条 设置会计账簿。"))


def test_the_words_of_a_text_of_one_paragraph_carry_its_title() -> None:
    old, new = (rule(f"应当在{n}日内反馈。", title="示例通知") for n in "十五")
    assert _line(old, new).startswith("《示例通知》：")


def test_a_final_text_is_told_by_its_clauses_and_not_by_its_number() -> None:
    draft = rule(
        "示例办法（征求意见稿）", FIRST, "第二条 变更后应当在十日内备案。", title="示例办法（征求意见稿）"
    )
    draft = replace(draft, is_draft=True)
    final = rule(
        "示例办法", "示例网信办令第5号", "2026年11月20日公布", FIRST, "第二条 变更后应当在五日内备案。"
    )
    line = _line(draft, final)
    assert "第5号" not in line.split("；")[1]
    assert "第二条" in line.split("；")[1]
