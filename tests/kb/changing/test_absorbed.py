"""A passage that went because another article says it now is told as taken up there, not as abolished."""

from __future__ import annotations

import pytest
from texts import rule

from kb.changing.compare import compare
from kb.changing.headline import headline
from kb.codes import Op, Significance

BETWEEN = (
    "第{}条 主管部门应当建立投诉举报渠道，及时处理公众的投诉和举报。",
    "第{}条 本办法所称算法，是指用于推荐、排序、检索的计算程序。",
)


def _law(*articles: str) -> tuple[str, ...]:
    return tuple(f"第{'一二三四五六七八九十'[n]}条 {text}" for n, text in enumerate(articles))


FILLERS = [text.split("条 ")[1] for text in BETWEEN]
FORGED = "伪造、变造备案凭证，编造虚假评估报告，构成犯罪的，依法追究刑事责任。"
REPEAT = "有前款行为，尚不构成犯罪的，由网信部门予以通报，可以并处五千元以上十万元以下的罚款。"
HIDDEN = "隐匿或者故意销毁依法应当保存的备案凭证、评估报告，构成犯罪的，依法追究刑事责任。"
JOINED = (
    "伪造、变造备案凭证，编造虚假评估报告，隐匿或者故意销毁依法应当保存的备案凭证、评估报告的，由网信部门责令限期改正，"
    "给予警告，并处二十万元以上二百万元以下的罚款；构成犯罪的，依法追究刑事责任。"
)


def test_an_article_merged_into_another_is_not_told_as_abolished() -> None:
    comparison = compare(
        rule(*_law(FORGED, *FILLERS, HIDDEN)),
        rule(*_law(*FILLERS, JOINED)),
    )
    (gone,) = [p for p in comparison.differing if p.op is Op.REMOVED]
    assert gone.reason == "内容并入第三条，请对照该条"
    assert not gone.deltas
    assert gone.significance is Significance.SUBSTANTIVE
    assert "并入第三条" in headline(comparison, rule(title="示例办法"))


def test_a_clause_that_repeats_a_merged_one_goes_with_it() -> None:
    comparison = compare(
        rule(*_law(FORGED, *FILLERS, HIDDEN)[:1], REPEAT, *_law(FORGED, *FILLERS, HIDDEN)[1:], REPEAT),
        rule(*_law(*FILLERS, JOINED)),
    )
    gone = [p for p in comparison.differing if p.op is Op.REMOVED]
    assert all("并入第三条" in p.reason for p in gone), [(p.anchor_before, p.reason) for p in gone]


@pytest.mark.parametrize(
    "abolished",
    [
        "备案主体应当每半年向所在地主管部门报送运营情况书面报告。",
        "转让备案编号的，由网信部门没收违法所得，处一万元以上五万元以下的罚款；构成犯罪的，依法追究刑事责任。",
    ],
)
def test_what_no_other_article_says_is_removed(abolished: str) -> None:
    comparison = compare(rule(*_law(abolished, *FILLERS, HIDDEN)), rule(*_law(*FILLERS, JOINED)))
    (gone,) = [p for p in comparison.differing if p.op is Op.REMOVED]
    assert "并入" not in gone.reason
    assert gone.deltas


def test_four_articles_far_apart_become_one() -> None:
    duties = [
        "服务提供者应当公示服务协议和投诉方式，便于使用者查阅。",
        "服务提供者应当对训练数据来源的合法性进行审查并作记录。",
        "服务提供者应当在生成的图片上添加显著标识，不得删除标识。",
        "服务提供者应当配备与服务规模相适应的内容审核人员。",
    ]
    old = [duties[0], FILLERS[0], duties[1], FILLERS[1], duties[2], "网信部门依法开展监督检查。", duties[3]]
    new = [
        *FILLERS,
        "网信部门依法开展监督检查。",
        "服务提供者应当" + "；".join(d.removeprefix("服务提供者应当").rstrip("。") for d in duties) + "。",
    ]
    comparison = compare(rule(*_law(*old)), rule(*_law(*new)))
    gone = [p for p in comparison.differing if p.op is Op.REMOVED]
    assert all("并入第四条" in p.reason for p in gone), [(p.anchor_before, p.reason) for p in gone]
    assert not [p for p in comparison.differing if p.op is Op.ADDED]
