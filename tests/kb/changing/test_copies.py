"""Two copies of one rule: what the sites print around it is no difference, a word of a duty is."""

from __future__ import annotations

import pytest

from kb.changing.copies import differing_clauses
from kb.codes import BlockKind
from kb.model import Block, Document

ARTICLES = (
    "第一条　为了规范示例服务活动，保护用户合法权益，制定本办法。",
    "第二条　申请人应当自受理之日起十个工作日内补正全部申请材料。",
    "第三条　违反本办法规定的，由主管部门责令限期改正，处一万元以上三万元以下罚款。",
    "第四条　本办法自2026年9月1日起施行。",
)
NOTICE = (
    "各省、自治区、直辖市通信管理局：",
    "为做好示例业务的年度信息报送工作，现将有关事项通知如下。",
    "一、报送对象为持有示例业务经营许可证的企业。",
    "二、各企业应当于3月31日前登录管理平台如实填报，逾期不报的列入不良名单。",
    "三、各地通信管理局应当加强指导和监督检查。",
)


def page(*lines: str, title: str = "示例服务管理办法") -> Document:
    return Document(title, tuple(Block(BlockKind.PARAGRAPH, line) for line in lines))


def amended(lines: tuple[str, ...], before: str, after: str) -> tuple[str, ...]:
    return tuple(line.replace(before, after) for line in lines)


SAME = {
    "the very same": (page(*ARTICLES), page(*ARTICLES)),
    "an order around it": (
        page("示例通信部令第3号", "《示例服务管理办法》已经部务会议通过，现予公布。", "部长　某某", "2026年6月1日", *ARTICLES),
        page(*ARTICLES, "来源：示例通信部网站", "责任编辑：某某"),
    ),
    "a signature at the foot": (page(*ARTICLES), page(*ARTICLES, "示例通信部", "2026年6月1日")),
    "another title": (page(*ARTICLES), page(*ARTICLES, title="【第3号令】示例服务管理办法")),
    "half width and full width": (page(*ARTICLES), page(*amended(ARTICLES, "，", ","))),
    "a notice with its number and its foot": (
        page("示通信〔2026〕3号", *NOTICE), page(*NOTICE, "示例通信部办公厅", "2026年1月5日", "（此件公开发布）"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_copies_that_agree(pair: tuple[Document, Document]) -> None:
    assert differing_clauses(*pair) == ()
    assert differing_clauses(*reversed(pair)) == ()


def test_a_deadline_that_differs() -> None:
    (clause,) = differing_clauses(
        page("示例通信部令第3号", *ARTICLES),
        page(*amended(ARTICLES, "十个工作日", "五个工作日"), "来源：本站"),
    )
    assert [(span.before, span.after) for span in clause.spans] == [("十个工作日", "五个工作日")]
    assert clause.anchor.startswith("第二条")


def test_an_article_that_one_copy_lacks() -> None:
    (clause,) = differing_clauses(page(*ARTICLES), page(*ARTICLES[:3]))
    assert clause.before.startswith("本办法自2026年9月1日起施行")


def test_a_notice_whose_day_differs() -> None:
    (clause,) = differing_clauses(
        page("示通信〔2026〕3号", *NOTICE),
        page(*amended(NOTICE, "3月31日", "4月30日"), "示例通信部", "2026年1月5日"),
    )
    assert "3月31日" in clause.before
    assert "4月30日" in clause.after


def test_a_paragraph_that_a_notice_lacks_in_its_middle() -> None:
    (clause,) = differing_clauses(page(*NOTICE), page(*NOTICE[:3], NOTICE[4]))
    assert "3月31日" in clause.before
