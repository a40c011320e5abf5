from kb.model import (
    Block,
    BlockKind,
    ChangeKind,
    Comparison,
    Confidence,
    Document,
    Op,
    PassageChange,
    Significance,
)
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


def test_a_renumbered_passage_counts_only_when_nothing_else_changed() -> None:
    moved = passage(Op.RENUMBERED, "第十条", "第九条　等保测评", "第十条　等保测评")
    amended = passage(Op.AMENDED, "第二条", "算法备案十日", "算法备案五日")
    assert [one.licence for one in tag_change("", comparison(moved, amended), document())] == [
        "algorithm-filing"
    ]
    assert [one.licence for one in tag_change("", comparison(moved), document())] == ["mlps"]
