"""What became of each passage, how much it matters, and what is said about it."""

from __future__ import annotations

from datetime import date

import pytest
from texts import blocks, row, rule

from kb.changing.compare import compare
from kb.changing.headline import headline
from kb.changing.kinds import new_document_kind
from kb.codes import BlockKind, ChangeKind, DeltaKind, Op, Significance
from kb.model import Block, Document, Link

TEN = "备案信息有变化的，备案主体应当自变化之日起十个工作日内更新备案信息。"
FIVE = TEN.replace("十个工作日", "五个工作日")
OLD = ("第一章 总则", "第一条 为了规范备案，制定本办法。", "第二条 主管部门负责监督检查。", f"第三条 {TEN}")


def ops(before: Document, after: Document) -> list[tuple[str, str, str]]:
    return [(str(p.op), p.anchor_before, p.anchor) for p in compare(before, after).differing]


def test_a_deadline_is_told_in_the_words_of_the_text() -> None:
    after = rule(*OLD[:3], f"第三条 {FIVE}")
    comparison = compare(rule(*OLD), after)
    (changed,) = comparison.differing
    assert [(s.before, s.after) for s in changed.spans] == [("十个工作日", "五个工作日")]
    assert [(d.kind, d.before, d.after) for d in changed.deltas] == [
        (DeltaKind.DEADLINE, "十个工作日", "五个工作日")
    ]
    assert comparison.significance is Significance.SUBSTANTIVE
    assert headline(comparison, after) == "第三条：更新备案信息的期限由“十个工作日”改为“五个工作日”"


def test_an_inserted_article_renumbers_what_follows_and_amends_only_what_it_amends() -> None:
    after = rule(
        OLD[0], OLD[1], "第二条 平台每年提交一次报告。", "第三条 主管部门负责监督检查。", f"第四条 {FIVE}"
    )
    comparison = compare(rule(*OLD), after)
    assert ops(rule(*OLD), after) == [
        ("added", "", "第一章/第二条"),
        ("renumbered", "第一章/第二条", "第一章/第三条"),
        ("amended", "第一章/第三条", "第一章/第四条"),
    ]
    assert headline(comparison, after) == (
        "第四条：更新备案信息的期限由“十个工作日”改为“五个工作日”；新增第二条（原第二条至第三条条号顺延）"
    )


def test_a_counted_clause_that_shifts_is_no_change() -> None:
    before = rule("第一条 甲方应当备案。", "备案不收取费用。")
    after = rule("第一条 甲方应当备案。", "主管部门应当公开备案结果。", "备案不收取费用。")
    assert ops(before, after) == [("added", "", "第一条/第二款")]


def test_references_that_follow_the_new_numbers_are_editorial() -> None:
    tail = "违反本办法第二条规定的，由主管部门责令改正。"
    before = rule("第一条 甲。", "第二条 主体应当备案。", f"第三条 {tail}")
    after = rule(
        "第一条 甲。", "第二条 平台应当公示。", "第三条 主体应当备案。", f"第四条 {tail.replace('二', '三')}"
    )
    amended = next(p for p in compare(before, after).differing if p.op is Op.AMENDED)
    assert amended.significance is Significance.EDITORIAL
    wrong = rule(
        "第一条 甲。", "第二条 平台应当公示。", "第三条 主体应当备案。", f"第四条 {tail.replace('二', '九')}"
    )
    amended = next(p for p in compare(before, wrong).differing if p.op is Op.AMENDED)
    assert amended.significance is Significance.SUBSTANTIVE


def test_removed_passages_stand_where_they_stood() -> None:
    before = rule("第一条 甲乙丙丁。", "第二条 主体应当备案登记。", "第三条 戊己庚辛。")
    after = rule("第一条 甲乙丙丁。", "第二条 戊己庚辛。")
    assert [str(p.op) for p in compare(before, after).passages] == ["same", "removed", "renumbered"]


def test_moved_split_and_merged() -> None:
    paragraphs = ("首先说明适用范围一项。", "其次说明申请材料一项。", "最后说明办理流程一项。")
    moved = compare(rule(*paragraphs), rule(paragraphs[2], *paragraphs[:2]))
    assert [p.op for p in moved.differing] == [Op.MOVED]
    assert moved.significance is Significance.EDITORIAL
    whole, parts = (
        rule("提供者应当备案。主管部门应当公示备案结果。"),
        rule("提供者应当备案。", "主管部门应当公示备案结果。"),
    )
    assert [(p.op, p.significance) for p in compare(whole, parts).differing] == [
        (Op.SPLIT, Significance.EDITORIAL)
    ]
    assert [(p.op, p.significance) for p in compare(parts, whole).differing] == [
        (Op.MERGED, Significance.EDITORIAL)
    ]


def test_a_row_is_told_with_its_column() -> None:
    before = blocks(
        row(("深度合成", "AI绘画"), 资质要求="算法备案编号"), row(("深度合成", "AI问答"), 资质要求="备案")
    )
    after = blocks(
        row(("深度合成", "AI绘画"), 资质要求="算法备案编号、算法备案截图"),
        row(("深度合成", "AI问答"), 资质要求="备案"),
    )
    comparison = compare(before, after)
    assert headline(comparison, after) == "AI绘画 资质要求：新增材料“算法备案截图”"
    assert [d.kind for d in comparison.differing[0].deltas] == [DeltaKind.MATERIAL]


def test_a_replaced_picture_awaits_a_person() -> None:
    def page(address: str) -> Document:
        return blocks(Block(BlockKind.PARAGRAPH, "材料如下："), Block(BlockKind.IMAGE, "", address=address))

    comparison = compare(page("https://a.invalid/old.png"), page("https://a.invalid/new.png"))
    assert comparison.kind is ChangeKind.IMAGE_REPLACED
    assert comparison.significance is Significance.SUBSTANTIVE
    assert compare(page("https://a.invalid/a.png?t=1"), page("https://a.invalid/a.png?t=2")).significance is (
        Significance.NOISE
    )


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (Document("甲（征求意见稿）", (), is_draft=True), Document("甲", ()), ChangeKind.FINALISED),
        (Document("甲", ()), Document("甲（征求意见稿）", (), is_draft=True), ChangeKind.DRAFT_PUBLISHED),
        (rule("正文。", title="甲办法"), rule("正文。", title="甲办法（已废止）"), ChangeKind.REPEALED),
        (
            rule("第一条 甲。"),
            rule("第一条 甲。", "第二条 本办法自2027年1月1日起废止。"),
            ChangeKind.REPEALED,
        ),
        (
            rule("第一条 甲。"),
            rule("第一条 甲。", "第二条 本办法自2027年1月1日起施行，《旧办法》同时废止。"),
            ChangeKind.AMENDED,
        ),
        (rule("甲。"), rule("甲。", "本通知现予以废止。"), ChangeKind.REPEALED),
        (rule("甲。"), rule("甲。", "本通知印发后原通知同时废止。"), ChangeKind.AMENDED),
        (rule("由工商行政管理部门处理。"), rule("由市场监督管理部门处理。"), ChangeKind.AUTHORITY_RENAMED),
        (rule("由文化和旅游主管部门审批。"), rule("由新闻出版主管部门审批。"), ChangeKind.DUTY_TRANSFERRED),
    ],
)
def test_kinds(before: Document, after: Document, kind: ChangeKind) -> None:
    assert compare(before, after).kind is kind


def test_the_effective_date_is_read_from_the_new_text() -> None:
    after = rule("第一条 本办法自二〇二七年一月一日起施行。")
    assert compare(rule("第一条 甲。"), after).effective == date(2027, 1, 1)
    assert compare(after, Document("甲", (), effective=date(2028, 2, 2))).effective == date(2028, 2, 2)
    assert compare(after, rule("自2027年13月45日起施行。")).effective is None


def test_what_the_text_does_not_show_is_shown_beside_it() -> None:
    before = Document(
        "甲", (Block(BlockKind.PARAGRAPH, "正文。"),), doc_number="示例令第1号", effective=date(2027, 1, 1)
    )
    after = Document("乙", before.blocks, doc_number="示例令第2号", effective=date(2027, 6, 1))
    found = {p.anchor: p for p in compare(before, after).differing}
    assert list(found) == ["标题", "文号", "施行日期"]
    assert found["施行日期"].significance is Significance.SUBSTANTIVE


def test_an_attachment_behind_another_link_may_be_another_file() -> None:
    before = Document("甲", (), attachments=(Link("https://a.invalid/1.docx", "材料清单"),))
    after = Document("甲", (), attachments=(Link("https://a.invalid/2.docx", "材料清单"),))
    (changed,) = compare(before, after).differing
    assert (changed.anchor, changed.significance) == ("附件1", Significance.SUBSTANTIVE)


def test_a_draft_is_no_rule_in_force() -> None:
    assert new_document_kind(Document("甲", (), is_draft=True)) is ChangeKind.DRAFT_PUBLISHED
    assert new_document_kind(Document("甲", ())) is ChangeKind.NEW
