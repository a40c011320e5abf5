import pytest

from kb.codes import BlockKind, ChangeKind, Confidence, Op, Significance
from kb.model import Block, Comparison, Document, PassageChange
from kb.tagging import tag_change

SUBSTANTIVE = Significance.SUBSTANTIVE


def passage(op: Op, anchor: str, before: str, after: str) -> PassageChange:
    return PassageChange(op, SUBSTANTIVE, anchor if before else "", anchor if after else "", before, after)


def comparison(*passages: PassageChange) -> Comparison:
    return Comparison(ChangeKind.AMENDED, SUBSTANTIVE, passages)


def document(*texts: str) -> Document:
    return Document("", tuple(Block(BlockKind.PARAGRAPH, text) for text in texts))


def test_only_changed_passages_give_evidence() -> None:
    compared = comparison(
        passage(Op.SAME, "第一条", "办理ICP备案的", "办理ICP备案的"),
        passage(Op.AMENDED, "第二条", "算法备案十日内更新", "第二条　算法备案五日内更新"),
    )
    (one,) = tag_change("某通知", compared, document("办理ICP备案的"))
    assert (one.licence, one.field, one.start, one.evidence) == ("algorithm-filing", "第二条", 4, "算法备案")


def test_a_removed_passage_speaks_with_its_text_before() -> None:
    compared = comparison(passage(Op.REMOVED, "第三条", "应当取得网络文化经营许可证", ""))
    (one,) = tag_change("某通知", compared, document())
    assert (one.licence, one.field, one.evidence) == (
        "online-culture-license",
        "第三条",
        "网络文化经营许可证",
    )


def test_words_that_an_amendment_took_out_are_found_before() -> None:
    before, after = "提交软件著作权登记证书和照片", "提交照片"
    (one,) = tag_change("某通知", comparison(passage(Op.AMENDED, "（二）", before, after)), document(after))
    assert (one.licence, one.field) == ("copyright-registration", "before:（二）")
    assert before[one.start : one.end] == one.evidence


def test_title_and_chapter_keep_a_weak_word_company() -> None:
    compared = comparison(
        passage(Op.SAME, "第三章", "第三章　小程序", "第三章　小程序"),
        passage(Op.AMENDED, "第三章/第九条", "备案材料一式两份", "备案材料一式一份"),
    )
    (one,) = tag_change("某平台规则", compared, document())
    assert (one.licence, one.confidence) == ("miniprogram-filing", Confidence.MEDIUM)


def test_the_title_of_a_rule_adds_its_own_licence() -> None:
    compared = comparison(passage(Op.AMENDED, "第九条", "向未成年人推送信息的", "向未成年人用户推送信息的"))
    tags = tag_change("互联网信息服务算法推荐管理规定", compared, document())
    assert [(one.licence, one.field) for one in tags] == [
        ("algorithm-filing", "title"),
        ("minors-protection", "第九条"),
    ]


def test_a_silent_change_is_the_titles() -> None:
    compared = comparison(passage(Op.AMENDED, "第九条", "十日", "五日"))
    (one,) = tag_change("关于网络文化经营许可证的通知", compared, document("算法备案"))
    assert (one.licence, one.field, one.confidence) == ("online-culture-license", "title", Confidence.MEDIUM)
    assert one.reason.startswith("文件标题")


def test_under_a_silent_title_the_document_speaks_with_low_confidence() -> None:
    after = document("办理算法备案的，十日内提交。", "其他")
    compared = comparison(passage(Op.AMENDED, "第二条", "十日", "五日"))
    (one,) = tag_change("关于有关事项的通知", compared, after)
    assert (one.licence, one.field, one.confidence) == ("algorithm-filing", "text", Confidence.LOW)
    assert after.text[one.start : one.end] == "算法备案"


def many(*extra: PassageChange) -> Comparison:
    """A rule of four topics in which only ``extra`` differs."""
    texts = ("办理ICP备案。", "提交算法备案。", "开展等保测评。", "申报数据出境安全评估。")
    same = (
        passage(Op.SAME, f"第{number}条", text, text) for number, text in zip("一二三四", texts, strict=True)
    )
    return comparison(*same, *extra)


MANY = document("办理ICP备案。", "提交算法备案。", "开展等保测评。", "申报数据出境安全评估。")


def test_an_item_is_read_in_its_clause() -> None:
    compared = many(passage(Op.AMENDED, "第二条/（一）", "照片两张", "照片一张"))
    (one,) = tag_change("某办法", compared, MANY)
    assert (one.licence, one.field, one.evidence) == ("algorithm-filing", "第二条", "算法备案")
    assert one.confidence is Confidence.MEDIUM
    assert one.reason.startswith("所在条款")


@pytest.mark.parametrize("referring", ["违反本办法第一条、第三条规定的", "未按第一条、第三条规定办理的"])
def test_a_penalty_is_read_in_the_clauses_it_refers_to(referring: str) -> None:
    compared = many(passage(Op.AMENDED, "第五条", "", f"{referring}，处五万元罚款。"))
    tags = tag_change("某办法", compared, MANY)
    assert [(one.licence, one.field) for one in tags] == [("icp-filing", "第一条"), ("mlps", "第三条")]
    assert all(one.reason.startswith("所引条款") for one in tags)


def test_a_clause_of_another_rule_is_no_reference() -> None:
    compared = many(passage(Op.AMENDED, "第五条", "", "依照《行政处罚法》第一条、第三条处罚。"))
    assert tag_change("某办法", compared, MANY) == ()


def test_a_silent_clause_of_a_rule_of_many_topics_concerns_nobody_unless_it_is_about_the_whole() -> None:
    silent = many(passage(Op.AMENDED, "第五条", "电话一二三", "电话四五六"))
    assert tag_change("某办法", silent, MANY) == ()
    whole = many(passage(Op.AMENDED, "第五条", "自三月一日起施行", "自五月一日起施行"))
    tags = tag_change("某办法", whole, MANY)
    assert {one.licence for one in tags} == {"icp-filing", "algorithm-filing", "mlps", "data-export"}
    assert {one.confidence for one in tags} == {Confidence.LOW}


def test_a_chapter_speaks_for_a_clause_that_names_nothing() -> None:
    compared = comparison(
        passage(Op.SAME, "第二章", "第二章　数据出境", "第二章　数据出境"),
        passage(Op.AMENDED, "第二章/第九条", "时限十日", "时限五日"),
    )
    (one,) = tag_change("某办法", compared, MANY)
    assert (one.licence, one.field) == ("data-export", "第二章")
    assert one.reason.startswith("所在章节")


def test_a_changed_row_of_the_category_table_is_a_category_rule_too() -> None:
    row = "一级类目：文娱\n二级类目：音乐\n资质要求：{}"
    compared = comparison(
        passage(Op.AMENDED, "文娱/音乐", row.format("无"), row.format("《网络文化经营许可证》"))
    )
    tags = tag_change("小程序开放的服务类目", compared, document())
    assert [one.licence for one in tags] == ["online-culture-license", "wx-category"]


def test_a_renumbered_passage_counts_only_when_nothing_else_changed() -> None:
    moved = passage(Op.RENUMBERED, "第十条", "第九条　等保测评", "第十条　等保测评")
    amended = passage(Op.AMENDED, "第二条", "算法备案十日", "算法备案五日")
    assert [one.licence for one in tag_change("", comparison(moved, amended), document())] == [
        "algorithm-filing"
    ]
    assert [one.licence for one in tag_change("", comparison(moved), document())] == ["mlps"]


@pytest.mark.parametrize(
    "title", ["小程序开放的服务类目", "抖音小程序开放的服务类目", "公众号开放的服务类目"]
)
def test_only_rows_of_the_mini_programs_of_one_platform_are_rules_of_its_categories(title: str) -> None:
    compared = comparison(passage(Op.AMENDED, "餐饮", "资质要求：无", "资质要求：《食品经营许可证》"))
    rows = [one.rule for one in tag_change(title, compared, document())]
    assert ("wx-category.row" in rows) == title.startswith("小程序")
