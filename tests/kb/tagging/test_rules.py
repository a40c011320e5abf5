import tomllib
from itertools import pairwise
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.codes import Confidence
from kb.licences import licences
from kb.model import LicenceTag
from kb.tagging import tag
from kb.tagging.evidence import NEAR

CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))["case"]
HOMONYMS = tomllib.loads(Path(__file__).with_name("homonyms.toml").read_text(encoding="utf-8"))["case"]


ODD = ["\n", "\r\n", " ", "　", "\u200b", "\ufeff", "\u0301", "㍿", "ﬃ", "①", "𠀀", "许 可 證", "备(bèi)案"]
"""Characters that folding widens, drops or joins: the way back to the original must hold."""


def found(title: str, text: str, **how: str) -> set[str]:
    return {tag.licence for tag in tag(title, text, **how)}


def only(tags: tuple[LicenceTag, ...]) -> LicenceTag:
    (single,) = tags
    return single


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["title"]))
def test_cases(case: dict[str, Any]) -> None:
    assert found(case["title"], case["text"], source_kind=case.get("kind", "")) == set(case["want"])


@pytest.mark.parametrize("case", HOMONYMS, ids=lambda case: str(case["title"]))
def test_words_that_mean_something_else_elsewhere(case: dict[str, Any]) -> None:
    """``still`` names what is tagged wrongly so far: a case that is mended is to lose it."""
    assert found(case["title"], case["text"], source_kind="provincial_notice") == set(case.get("still", []))


@given(st.lists(st.sampled_from([c["text"] for c in CASES] + [c["title"] for c in CASES] + ODD)))
def test_evidence_is_verbatim_and_the_order_that_of_the_vocabulary(parts: list[str]) -> None:
    title, text = "".join(parts[:1]), "".join(parts[1:])
    tags = tag(title, text)
    for one in tags:
        assert {"title": title, "text": text}[one.field][one.start : one.end] == one.evidence
        assert one.evidence
        assert one.rule.startswith(f"{one.licence}.")
        assert one.evidence in one.reason
    order = list(licences())
    assert all(order.index(a.licence) < order.index(b.licence) for a, b in pairwise(tags))
    assert tags == tag(title, text)


@given(st.text(), st.text())
def test_any_text_can_be_tagged(title: str, text: str) -> None:
    tag(title, text)


HOSTILE = (
    "备案" * 10_000,
    "若需选择【" * 4_000,
    "若如涉及" * 5_000,
    "《" * 20_000,
    "京icp备" + "1" * 20_000,
    "许可证：" * 5_000,
    "1-" * 10_000,
    "首页|" * 7_000,
    "备 (bèi " * 4_000,
    "（" * 10_000 + "除外）" * 3_000,
    "，另说" * 7_000,
    "根据" * 10_000,
    "登记号:" + "a" * 20_000,
)
"""Lines that would hold up a regular expression that tries again from every place."""


@pytest.mark.parametrize("line", HOSTILE, ids=lambda line: line[:6])
def test_a_hostile_line_takes_no_longer_than_its_length(line: str) -> None:
    started = process_time()
    tag(line, line, source_kind="wechat_category")
    assert process_time() - started < 2


def test_the_name_of_a_rule_in_the_title_decides() -> None:
    one = only(tag("《互联网信息服务深度合成管理规定》第九条", "应当进行真实身份信息认证。"))
    assert (one.licence, one.rule) == ("deep-synthesis-filing", "deep-synthesis-filing.law")
    assert (one.field, one.evidence) == ("title", "互联网信息服务深度合成管理规定")
    assert one.confidence is Confidence.HIGH


def test_a_rule_named_in_passing_does_not() -> None:
    assert found("某办法", "属于《生成式人工智能服务管理暂行办法》所称情形的。") == set()
    text = "依据《生成式人工智能服务管理暂行办法》予以警告。"
    assert found("某通报", text) == {"genai-filing"}
    assert found("人工智能生成合成内容标识办法", text) == {"ai-labeling"}


def test_a_weak_word_needs_company_and_says_which() -> None:
    assert found("通知", "请尽快办理备案。") == set()
    one = only(tag("通知", "小程序上线前应当完成备案。"))
    assert (one.licence, one.confidence) == ("miniprogram-filing", Confidence.MEDIUM)
    assert "“小程序”" in one.reason


def test_company_is_kept_by_what_stands_near_and_by_nothing_farther() -> None:
    for gap, wanted in ((NEAR - 1, {"miniprogram-filing"}), (NEAR + 1, set())):
        between = "的" * gap
        assert found("通知", f"备案{between}小程序") == wanted
        assert found("通知", f"小程序{between}备案") == wanted


def test_specific_beats_generic() -> None:
    assert found("通知", "深度合成服务算法备案应当更新。") == {"deep-synthesis-filing"}
    assert found("通知", "深度合成服务算法备案与算法备案分别办理。") == {
        "algorithm-filing",
        "deep-synthesis-filing",
    }


def test_a_family_gives_way_to_its_child_unless_the_title_names_it() -> None:
    text = "申请增值电信业务经营许可证，业务种类为国内呼叫中心业务。"
    assert found("通知", text) == {"callcenter-license"}
    assert found("增值电信业务经营许可证年报", text) == {"vats-license", "callcenter-license"}
    bracketed = "《增值电信业务经营许可证》（业务种类含在线数据处理与交易处理）"
    assert found("通知", bracketed) == {"edi-license"}


def test_an_exclusion_in_brackets_is_no_tag() -> None:
    assert found("通知", "本通知适用于各类许可（网络文化经营许可证除外）。") == set()


def test_spaces_traditional_and_full_width_forms() -> None:
    one = only(tag("", "辦理　ＩＣＰ 備 案 的網站"))
    assert (one.licence, one.evidence) == ("icp-filing", "ＩＣＰ 備 案")


def test_a_category_row_is_about_categories_and_about_the_documents_it_asks_for() -> None:
    assert found("金融业/信用卡", "《支付业务许可证》", source_kind="wechat_category") == {
        "payment-license",
        "wx-category",
    }
    asked = "技术主体的算法备案（生成合成类）及合作协议"
    assert found("深度合成/AI问答", asked, source_kind="wechat_category") == {
        "wx-deep-synthesis",
        "algorithm-filing",
        "deep-synthesis-filing",
    }
    assert found("AI问答类目指引", f"小程序须提供{asked}", source_kind="wechat_guide") == {
        "wx-deep-synthesis"
    }


def test_a_category_row_points_to_other_categories_without_asking_for_their_documents() -> None:
    text = "《食品经营许可证》若涉及【互联网医院】服务，需选择【医疗-互联网医院】类目"
    assert found("餐饮/点餐", text, source_kind="wechat_category") == {"wx-category"}
    asked = "《医疗机构执业许可证》，互联网医院还须提供批准文件"
    assert found("餐饮/点餐", asked, source_kind="wechat_category") == {"wx-category", "health-info"}
    assert found("餐饮/点餐", "无", source_kind="wechat_category") == set()


def test_authority_and_column_heads_are_company_but_no_evidence() -> None:
    assert found("年报提示", "请于一季度末前完成年报。") == set()
    (one,) = tag("年报提示", "请于一季度末前完成年报。", authority="某省通信管理局")
    assert (one.licence, one.evidence) == ("vats-license", "年报")
    columns = ("一级类目", "二级类目", "资质要求")
    row = tag("文娱/音乐", "《营业执照》", authority="微信公众平台", columns=columns)
    assert [found.licence for found in row] == ["wx-category"]
    assert tag("文娱/音乐", "《营业执照》", authority="某平台", columns=columns) == ()


def test_a_document_that_is_a_legal_basis_concerns_the_licences_that_rest_on_it() -> None:
    tags = tag("中华人民共和国电信条例", "第一条 为了规范市场秩序，制定本条例。")
    assert [(one.licence, one.rule, one.evidence) for one in tags] == [
        ("vats-license", "vats-license.basis", "电信条例")
    ]
    assert tag("《中华人民共和国电信条例》第五十二条", "特殊通信车辆可以不受通行标志限制。") == ()


def test_a_draft_is_tagged_alike_and_says_that_it_binds_nobody_yet() -> None:
    text = "应当办理算法备案。"
    draft, final = only(tag("某办法（征求意见稿）", text)), only(tag("某办法", text))
    assert (draft.licence, draft.evidence) == (final.licence, final.evidence)
    assert draft.reason == f"{final.reason}；征求意见稿，尚未施行"
    assert only(tag("某办法", text, source_kind="draft")).reason == draft.reason
    assert only(tag("某办法（送审稿）", text)).reason == draft.reason


def test_a_mention_in_passing_in_a_long_text_is_of_low_confidence() -> None:
    text = "各单位应当加强管理，落实责任。" * 200 + "涉及数据出境的，另行办理。"
    one = only(tag("某意见", text))
    assert (one.licence, one.confidence) == ("data-export", Confidence.LOW)
    assert "只此一处" in one.reason


def test_the_anchor_names_the_field() -> None:
    assert only(tag("", "算法备案", anchor="第三章/第十二条")).field == "第三章/第十二条"
