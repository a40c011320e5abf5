"""What people read of the vocabulary: the house's words and punctuation, dates, numbers, and ties between entries."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from kb.codes import DocumentStatus
from kb.folding import fold
from kb.licencepage import as_markdown
from kb.licences import Licence, beside, licences

HAN = r"[\u4e00-\u9fff“”‘’（）《》。，、；：]"
FAULTS = {
    "标点应为全角": rf"(?<={HAN})[,;:!?()\"']|[,;:!?()\"'](?={HAN})",
    "方括号应为〔〕": r"[\[［【(（]\d{4}[\]］】)）] ?\d+ ?号",
    "不用的词": r"合规(?!审计)|违法(?!违规)|必须|建议立即|立即整改|务必|应立即|一切正常|无变化|生效|修订稿|预警|已送达|should|must",
    "不用感叹号": "[!！]",
    "日期应为 2026-11-24": r"\d{4} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日|\d{4}[/.]\d{1,2}[/.]\d{1,2}",
    "词重复": r"([\u4e00-\u9fff]{2,})\1|([的了在是，。、；：])\2",
    "多余的空格": rf"^\s|\s$|  |(?<={HAN}) (?={HAN})",
    "引号没有配对": r"“[^”]*“|”[^“]*”|^[^“]*”|“[^”]*$",
    "中英文间隔": r"(?<=[\u4e00-\u9fff])AI(?=[\u4e00-\u9fff])(?!问答|绘画|换脸|创作|生成|类目|漫剧|应用|标识|陪伴|恋人)",
}
NUMBER = re.compile(r"(令|号令)?〔\d{4}〕第?\d+号$|令第\d+号$|公告\d{4}年第\d+号$")
SHARED = {
    "icp": {"icp-filing", "icp-license"},
    "b25": {"icp-license", "sp-license"},
    "双备案": {"deep-synthesis-filing", "genai-filing"},
}
DRAFTS = {DocumentStatus.DRAFT_OPEN, DocumentStatus.DRAFT_CLOSED, DocumentStatus.SUPERSEDED}

every_licence = pytest.mark.parametrize("licence", licences().values(), ids=list(licences()))


def faults(text: str) -> list[str]:
    return [f"{name}：{found.group()}" for name, rule in FAULTS.items() if (found := re.search(rule, text))]


def sentences(licence: Licence) -> Iterator[str]:
    yield from (licence.what, licence.who, licence.confusions)
    yield from (each.rule for each in licence.folklore)


def phrases(licence: Licence) -> Iterator[str]:
    yield from (licence.zh, licence.short, licence.regulator)
    for basis in licence.basis:
        yield basis.title.replace(
            "网络安全技术 ", ""
        )  # the series in the names of standards, set off by a space
        yield from filter(None, [basis.note])
    for each in licence.folklore:
        yield from (each.says, each.basis)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("备案(免费)不是许可证。", "标点"),
        ("备案,免费。", "标点"),
        ("网站:接入", "标点"),
        ("工信部信管[2023]105号", "方括号"),
        ("工信部信管（2023）105号", "方括号"),
        ("未办理的属于违法。", "不用的词"),
        ("应用必须办理备案。", "不用的词"),
        ("建议立即整改。", "不用的词"),
        ("请先备案！", "感叹号"),
        ("2026年7月15日起施行", "日期"),
        ("截至 2026/07/15", "日期"),
        ("算法备案备案", "词重复"),
        ("网站的的备案", "词重复"),
        ("备案 许可", "空格"),
        ("备案。 ", "空格"),
        ("“备案与许可", "引号"),
        ("误传“要办“甲”证”", "引号"),
        ("做AI的网站", "间隔"),
    ],
)
def test_a_fault_of_style_is_found(text: str, fault: str) -> None:
    assert any(fault in found for found in faults(text)), text


@pytest.mark.parametrize(
    "text",
    [
        "带独立域名的 AI 生成网站和 H5；“京ICP备……号”是备案号。",
        "工信部信管〔2023〕105号",
        "2026-07-15 起施行，2019 年 5 月起不再用于游戏，每年 3 月 31 日前。",
        "个人信息保护合规审计",
        "违法违规收集使用个人信息",
    ],
)
def test_good_style_passes(text: str) -> None:
    assert faults(text) == []


@every_licence
def test_what_people_read_is_in_our_style(licence: Licence) -> None:
    for text in (*sentences(licence), *phrases(licence)):
        assert faults(text) == [], text


@every_licence
def test_sentences_end_and_phrases_do_not(licence: Licence) -> None:
    assert [text for text in sentences(licence) if not text.endswith("。")] == []
    assert [text for text in phrases(licence) if text[-1] in "。，；、："] == []
    assert [each.says for each in licence.folklore if re.search("[。；]", each.says)] == []


@every_licence
def test_numbers_of_documents_are_written_as_printed(licence: Licence) -> None:
    assert [b.number for b in licence.basis if b.number and not NUMBER.search(b.number)] == []


@every_licence
def test_dates_follow_each_other(licence: Licence) -> None:
    for basis in licence.basis:
        if basis.issued and basis.effective:
            length = min(len(basis.issued), len(basis.effective))
            assert basis.issued[:length] <= basis.effective[:length], basis.title


@every_licence
def test_a_draft_is_never_shown_as_law(licence: Licence) -> None:
    for basis in licence.basis:
        if re.search("征求意见稿|草案", basis.title):
            assert basis.status in DRAFTS, basis.title
            assert not basis.effective, basis.title


@every_licence
def test_what_is_said_to_be_unchecked_is_marked_so(licence: Licence) -> None:
    """A note that says the number or the day was not checked cannot stand on a verified line, unless that day is absent."""
    for basis in licence.basis:
        if re.search("(文号|令号|日期|措辞)未核$", basis.note) and not re.search(
            "(印发|具体施行|施行)日期未核$", basis.note
        ):
            assert not basis.verified, basis.title


def test_one_rule_is_marked_alike_wherever_it_is_named() -> None:
    marks: dict[tuple[str, str, str], set[bool]] = {}
    for licence in licences().values():
        for basis in licence.basis:
            marks.setdefault((basis.title, basis.issued, basis.effective), set()).add(basis.verified)
    assert {rule for rule, found in marks.items() if len(found) > 1} == set()


def test_one_rule_has_one_number_and_one_pair_of_dates() -> None:
    facts: dict[str, set[tuple[str, str, str]]] = {}
    for licence in licences().values():
        for basis in licence.basis:
            if basis.issued:
                facts.setdefault(fold(basis.title), set()).add((basis.number, basis.issued, basis.effective))
    assert {title: found for title, found in facts.items() if len(found) > 1} == {}


@every_licence
def test_nothing_is_named_twice(licence: Licence) -> None:
    for named in (
        [fold(alias) for alias in licence.aliases],
        list(licence.related),
        [basis.title for basis in licence.basis],
        [each.says for each in licence.folklore],
    ):
        assert len(named) == len(set(named))


def test_only_words_that_people_use_for_several_types_are_shared() -> None:
    """``zhengce licence 文网文`` finds one entry; a word that several bear is a decision, not an accident."""
    owners: dict[str, set[str]] = {}
    for licence in licences().values():
        for name in {fold(name) for name in (*licence.aliases, licence.short, licence.zh, licence.id)}:
            owners.setdefault(name, set()).add(licence.id)
    assert {name: found for name, found in owners.items() if len(found) > 1} == SHARED


def test_the_head_of_a_licence_number_is_of_the_family() -> None:
    """B2- stands before the numbers of every class."""
    assert {
        licence.id for licence in licences().values() if any("B2-" in name for name in licence.aliases)
    } == {"vats-license"}


@every_licence
def test_relations_go_both_ways(licence: Licence) -> None:
    """Except between a type and the one above it, which are shown as 上级 and 下级."""
    for other in beside(licence, licences()):
        assert licence.id in licences()[other].related, other


@every_licence
def test_nothing_stands_above_itself(licence: Licence) -> None:
    seen, above = {licence.id}, licence.parent
    while above:
        assert above not in seen
        seen.add(above)
        above = licences()[above].parent


@every_licence
def test_folklore_is_answered_by_a_rule_that_the_vocabulary_knows(licence: Licence) -> None:
    known = {
        re.sub("（.*?）|第.+条$| B\\d+$", "", basis.title): basis
        for each in licences().values()
        for basis in each.basis
    }
    for each in licence.folklore:
        named = [basis for title, basis in known.items() if title and title in each.basis]
        assert named, each.basis
        assert all(basis.verified for basis in named) or "未核" in each.basis, each.basis


def test_the_errors_of_popular_guides_are_answered() -> None:
    """Each kind of error, by the entry that a reader with it would look at."""
    expected = {
        "icp-license": ("有偿", "社保"),
        "vats-license": ("B25",),
        "isp-license": ("B14",),
        "edi-license": ("B21", "电商平台"),
        "cdn-license": ("B12",),
        "online-culture-license": ("短视频", "游戏"),
        "payment-license": ("商户入驻",),
        "wx-deep-synthesis": ("AI创作", "笔误"),
        "genai-registration": ("登记",),
        "algorithm-filing": ("十个工作日",),
        "ai-labeling": ("显式标识",),
        "security-assessment": ("舆论属性",),
        "psb-filing": ("三十日",),
    }
    page = as_markdown(licences())
    for licence, words in expected.items():
        said = "".join(f"{each.says}{each.rule}" for each in licences()[licence].folklore)
        assert [word for word in words if word not in said] == [], licence
        assert all(each.rule in page and each.says in page for each in licences()[licence].folklore)
