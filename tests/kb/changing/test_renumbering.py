"""Numbers that follow an insertion are one renumbering each, never a change of the words."""

from __future__ import annotations

from texts import rule

from kb.changing.compare import compare
from kb.changing.headline import headline
from kb.codes import Op
from kb.model import Document

DUTY = "备案主体应当自变化之日起十个工作日内更新备案信息。"


def told(before: Document, after: Document) -> list[tuple[str, str, str]]:
    return [(str(p.op), p.anchor_before, p.anchor) for p in compare(before, after).differing]


def test_an_item_inserted_in_the_middle_renumbers_the_rest() -> None:
    before = rule(
        "第一条 有下列情形之一的，应当备案：", "（一）从事深度合成服务的；", "（二）从事算法推荐服务的。"
    )
    after = rule(
        "第一条 有下列情形之一的，应当备案：",
        "（一）从事深度合成服务的；",
        "（二）提供生成式人工智能服务的；",
        "（三）从事算法推荐服务的。",
    )
    assert told(before, after) == [
        ("added", "", "第一条/（二）"),
        ("renumbered", "第一条/（二）", "第一条/（三）"),
    ]


def test_an_article_between_two_numbers_renumbers_nothing() -> None:
    before = rule("第十七条 主体应当备案。", f"第十八条 {DUTY}")
    after = rule("第十七条 主体应当备案。", "第十七条之一 平台每年提交一次报告。", f"第十八条 {DUTY}")
    assert told(before, after) == [("added", "", "第十七条之一")]


def test_a_chapter_that_moves_takes_its_articles_along() -> None:
    before = rule("第一章 总则", "第一条 主体应当备案。", "第二章 罚则", f"第二条 {DUTY}")
    after = rule(
        "第一章 总则",
        "第一条 主体应当备案。",
        "第二章 监督",
        "第二条 平台每年接受检查。",
        "第三章 罚则",
        f"第三条 {DUTY}",
    )
    assert told(before, after) == [
        ("added", "", "第二章"),
        ("added", "", "第二章/第二条"),
        ("renumbered", "第二章", "第三章"),
        ("renumbered", "第二章/第二条", "第三章/第三条"),
    ]


def test_a_short_item_does_not_pair_two_unrelated_articles() -> None:
    before = rule(
        "第一条 申请人提交下列材料：",
        "（一）营业执照复印件；",
        "（二）其他材料。",
        "第二条 主管部门应当自受理之日起作出决定。",
    )
    after = rule(
        "第一条 主管部门应当自受理之日起作出决定。",
        "第二条 有下列行为之一的，处以罚款：",
        "（一）隐瞒真实情况骗取许可的；",
        "（二）其他材料。",
    )
    ops = {(p.op, p.anchor_before, p.anchor) for p in compare(before, after).differing}
    assert (Op.REMOVED, "第一条/（二）", "") in ops
    assert (Op.ADDED, "", "第二条/（二）") in ops


def test_an_article_that_kept_its_number_and_place_was_amended_whatever_it_says_now() -> None:
    before = rule("第一条 主体应当备案。", "第二条 网络日志保存期限不少于六个月。", f"第三条 {DUTY}")
    after = rule("第一条 主体应当备案。", "第二条 外方投资者的出资比例由国务院另行规定。", f"第三条 {DUTY}")
    assert told(before, after) == [("amended", "第二条", "第二条")]
    assert headline(compare(before, after), after) == "第二条：全文改写"


def test_an_article_rewritten_under_its_topic_stays_the_article() -> None:
    before = rule("第一条 主体应当备案。", "第二条 网络日志保存期限不少于六个月。", f"第三条 {DUTY}")
    after = rule(
        "第一条 主体应当备案。", "第二条 提供者应当留存网络日志，期限不得少于三年。", f"第三条 {DUTY}"
    )
    assert told(before, after) == [("amended", "第二条", "第二条")]


def test_two_articles_joined_into_one_are_a_merger() -> None:
    one, other = "服务提供者应当建立投诉举报制度，公布处理流程", "服务提供者应当设置便捷的投诉举报入口"
    before = rule(f"第七条 {one}。", f"第八条 {other}。", f"第九条 {DUTY}")
    after = rule(f"第七条 {one}，并{other.removeprefix('服务提供者应当')}。", f"第八条 {DUTY}")
    assert told(before, after)[0] == ("merged", "第七条＋第八条", "第七条")


def test_words_that_only_lead_to_items_do_not_pair_two_unrelated_articles() -> None:
    lead = "依照《示例法》第{}条规定处罚的，按照下列规定执行："
    items = {
        "收购": (
            "（一）擅自收购的，可以处收购价值20{}以下的罚款；",
            "（二）收购1000公斤以上的，没收违法所得。",
        ),
        "运输": (
            "（一）无准运证托运的，处运输价值20{}以下的罚款；",
            "（二）承运人明知的，可以并处10{}以下的罚款。",
        ),
        "生产": (
            "（一）无许可证生产的，责令关闭，处价值50{}以下的罚款；",
            "（二）生产专用机械的，公开销毁。",
        ),
    }

    def text(numbers: tuple[str, str, str], sign: str) -> Document:
        lines = [
            (f"第{article}条 {lead.format(number)}", *(item.format(sign) for item in own))
            for article, number, own in zip("一二三", numbers, items.values(), strict=True)
        ]
        return rule(*(line for lines_of_one in lines for line in lines_of_one))

    before, after = text(("三十", "三十一", "三十二"), "％"), text(("二十八", "二十九", "三十"), "%")
    assert {(op, old, new) for op, old, new in told(before, after) if old.count("/") == 0} == {
        ("amended", article, article) for article in ("第一条", "第二条", "第三条")
    }


def test_a_deleted_article_does_not_become_a_paragraph_added_to_another() -> None:
    fine = "由县级以上地方人民政府交通运输主管部门责令改正，处{}的罚款。"
    station = "违反本条例的规定，{}允许无证经营的车辆进站从事经营活动以及超载车辆出站的，" + fine
    paper = "第一条 违反本条例的规定，货运经营者不按照规定携带车辆营运证的，" + fine.format(
        "20元以上200元以下"
    )
    before = rule(paper, "第二条 " + station.format("道路运输站（场）经营者", "1万元以上3万元以下"))
    after = rule(
        "第一条 " + station.format("道路旅客运输站（场）经营者", "1万元以上3万元以下"),
        "道路货物运输站（场）经营者有前款违法情形的，" + fine.format("3000元以上3万元以下"),
    )
    assert ("removed", "第一条", "") in told(before, after)
    assert ("added", "", "第一条/第二款") in told(before, after)


def test_references_that_follow_are_told_as_such_and_not_as_amendments() -> None:
    fine = "违反本条例第{}条规定的，责令改正。"
    before = rule("第一条 单位应当在十日内备案。", f"第二条 {fine.format('一')}")
    after = rule(
        "第一条 市人民政府统一领导这项工作。",
        "第二条 单位应当在十日内备案。",
        f"第三条 {fine.format('二')}",
    )
    assert "第三条引用的条号随条文顺序调整" in headline(compare(before, after), after)


def test_an_article_cut_into_three_paragraphs_is_one_split() -> None:
    parts = ("申请人应当提交身份证明和资金证明", "登记机关应当当场审查", "不合格的予以退回")
    before = rule(f"第一条 {'，'.join(parts)}。")
    after = rule(f"第一条 {parts[0]}。", f"{parts[1]}。", f"{parts[2]}。")
    assert told(before, after) == [("split", "第一条", "第一条/第一款＋第一条/第二款＋第一条/第三款")]


def test_the_only_paragraph_of_a_text_is_named_by_its_title() -> None:
    before, after = (rule(f"各单位每年缴纳管理费{fee}元。", title="关于收费的通知") for fee in (100, 200))
    assert headline(compare(before, after), after) == "《关于收费的通知》：费用由“100元”改为“200元”"
