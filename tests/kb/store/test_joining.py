"""Which pages are one rule, on pages as sites print them: copies join, successors, interpretations and news never do."""

from __future__ import annotations

from datetime import date

import pytest
from world import HTML, declare

from kb.codes import SourceLevel
from kb.model import Document
from kb.reading.page import read_page
from kb.store.joining import Member, components
from kb.store.keys import edition, number_key, speaks_of_another, text_key, title_core, title_key

ARTICLES = (
    "第一条　为了规范示例算力服务活动，保护用户合法权益，根据有关法律、行政法规，制定本办法。",
    "第二条　在中华人民共和国境内提供示例算力服务，应当遵守本办法。",
    "第三条　示例算力服务提供者应当在提供服务之日起十个工作日内履行备案手续。",
    "第四条　违反本办法规定的，由主管部门责令限期改正；拒不改正的，处一万元以上三万元以下罚款。",
    "第五条　本办法自2025年9月1日起施行。",
)
NOTICE = (
    "各省、自治区、直辖市通信管理局：",
    "为做好示例业务经营许可的年度信息报送工作，现将有关事项通知如下。",
    "一、报送对象为持有示例业务经营许可证的企业，报送内容为上一年度的经营情况和服务质量情况。",
    "二、各持证企业应当在规定的时间内登录管理平台如实填报，逾期不报的列入不良名单。",
)


def page(title: str, *lines: str) -> Document:
    body = "".join(f"<p>{line}</p>" for line in lines)
    markup = f"<html><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1><div class='content'>{body}</div></body></html>"
    reading = read_page(
        markup.encode(),
        url="https://gov.example.cn/a.html",
        status=200,
        headers=HTML,
        source=declare("test.copy", level="official_reprint"),
        on=date(2026, 3, 2),
    )
    assert reading.document is not None, reading.reasons
    return reading.document


def member(at: int, document: Document) -> Member:
    return Member(
        at,
        f"pg-{at}",
        number_key(document),
        text_key(document),
        "2026",
        SourceLevel.REGULATOR,
        title_key(document),
        str(document.made or ""),
    )


def joined(*documents: Document) -> list[list[int]]:
    members = [member(at, document) for at, document in enumerate(documents)]
    return sorted(sorted(m.page for m in group) for group in components(members))


SIGNED = ("示例通信部", "2025年6月3日")
OFFICIAL = page("示例算力服务管理办法", "示例通信部令第3号", "《示例算力服务管理办法》已经2025年5月20日部务会议通过，现予公布。", *ARTICLES, *SIGNED)  # fmt: skip

COPIES = {
    "the number in the title, in brackets": page(
        "【第3号令】示例算力服务管理办法", "示例通信部令第3号", *ARTICLES, *SIGNED
    ),
    "an issuer before the title, the number in another form": page(
        "示例通信部 示例算力服务管理办法", "示例通信部令（第 3 号）", *ARTICLES, *SIGNED
    ),
    "no number at all": page("示例算力服务管理办法", *ARTICLES, *SIGNED),
    "no number, and who handed it on": page(
        "转发：示例算力服务管理办法", *ARTICLES, *SIGNED, "来源：示例通信部网站"
    ),
    "no number, one word printed wrong": page(
        "示例算力服务管理办法", *ARTICLES[:2], ARTICLES[2].replace("十个", "五个"), *ARTICLES[3:], *SIGNED
    ),
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
def test_a_copy_joins_the_rule(copy: Document) -> None:
    assert joined(OFFICIAL, copy) == [[0, 1]]


NUMBERED = page(
    "关于加强示例短信服务管理的通知", "示通信联〔2025〕3号", *NOTICE, "示例通信部", "2025年3月3日"
)
NOTICE_COPIES = {
    "issuer in the title": page("示例通信部关于加强示例短信服务管理的通知", "示通信联[2025]3号", *NOTICE),
    "number in the title": page("关于加强示例短信服务管理的通知（示通信联〔2025〕3号）", *NOTICE),
    "issuer in the title and no number": page(
        "示例通信部关于加强示例短信服务管理的通知", *NOTICE, "示例通信部", "2025年3月3日"
    ),
}  # fmt: skip


@pytest.mark.parametrize("copy", NOTICE_COPIES.values(), ids=NOTICE_COPIES)
def test_a_copy_of_a_notice_joins_it(copy: Document) -> None:
    assert joined(NUMBERED, copy) == [[0, 1]]


STRANGERS = {
    "an interpretation": page(
        "《示例算力服务管理办法》解读",
        "近日，示例通信部公布了《示例算力服务管理办法》（示例通信部令第3号，以下简称《办法》）。",
        "问：制定《办法》的背景是什么？答：为了规范示例算力服务活动，保护用户的合法权益。",
        "问：何时起施行？答：《办法》自2025年9月1日起施行。",
    ),
    "questions and answers that begin with the number": page(
        "示例通信部有关负责人就《示例算力服务管理办法》答记者问",
        "示例通信部令第3号",
        "2025年6月3日，示例通信部公布《示例算力服务管理办法》。有关负责人就办法的相关问题回答了记者提问。",
        *SIGNED,
    ),
    "a picture that explains": page(
        "一图读懂|《示例算力服务管理办法》", "示例通信部令第3号", "扫码查看全文，了解示例算力服务管理办法的主要内容和亮点。", *SIGNED
    ),
    "news": page(
        "示例通信部公布《示例算力服务管理办法》",
        "示例通信部令第3号",
        "6月3日，示例通信部公布《示例算力服务管理办法》，自2025年9月1日起施行。办法共五条，明确了备案要求和法律责任。",
        *SIGNED,
    ),
    "news that begins with the title": page(
        "《示例算力服务管理办法》公布 9月1日起施行", "示例通信部令第3号",
        "示例通信部日前公布该办法，明确了备案要求和法律责任，自9月1日起施行。", *SIGNED,
    ),
    "a notice on carrying it out": page(
        "示例通信部关于贯彻落实《示例算力服务管理办法》的通知", "示通信函〔2025〕30号", *NOTICE
    ),
    "a province that forwards it with a number of its own": page(
        "示例省通信管理局转发《示例算力服务管理办法》的通知", "示通管〔2025〕18号",
        "现将示例通信部令第3号转发给你们，请认真贯彻执行。", *ARTICLES, "示例省通信管理局", "2025年6月20日",
    ),
    "the draft of the same words": page(
        "示例算力服务管理办法（征求意见稿）", *ARTICLES, "示例通信部", "2025年1月6日"
    ),
    "an amended edition that still names the first order": page(
        "示例算力服务管理办法",
        "（2025年6月3日示例通信部令第3号公布 根据2029年4月1日示例通信部令第11号《关于修改部分规章的决定》修正）",
        *ARTICLES[:2], ARTICLES[2].replace("十个", "五个"), *ARTICLES[3:],
    ),
    "an edition of another year, as its title says": page(
        "示例算力服务管理办法（2029年修订）", "示例通信部令第3号", *ARTICLES, "示例通信部", "2029年4月1日"
    ),
    "the same number of another year": page(
        "示例短信服务管理办法", "示例通信部令第3号", *[a.replace("算力", "短信") for a in ARTICLES], "示例通信部", "1999年6月3日"
    ),
    "the decision that amends it": page(
        "示例通信部关于修改《示例算力服务管理办法》的决定",
        "示例通信部令第11号",
        "示例通信部决定对《示例算力服务管理办法》（示例通信部令第3号）作如下修改：将第三条中的“十个工作日”修改为“五个工作日”。",
        "示例通信部", "2029年4月1日",
    ),
}  # fmt: skip


@pytest.mark.parametrize("other", STRANGERS.values(), ids=STRANGERS)
def test_what_speaks_of_a_rule_or_follows_it_does_not_join_it(other: Document) -> None:
    assert joined(OFFICIAL, other) == [[0], [1]]


NUMBERS = {
    "a Chinese numeral": (
        OFFICIAL,
        page(
            "示例通信部令第三号 示例算力服务管理办法",
            "示例通信部令第三号",
            "第一条　甲。",
            "第二条　乙应当丙。",
        ),
    ),
    "the state before the ministry": (
        OFFICIAL,
        page(
            "示例算力服务管理办法",
            "中华人民共和国示例通信部令 第3号",
            *ARTICLES[:4],
            "示例通信部",
            "2025年6月3日",
        ),
    ),
    "the year before or after": (
        page("示例通信局公告", "示例通信局公告2025年第3号", *NOTICE),
        page("公告", "示例通信局2025年第3号公告", *NOTICE[1:], "示例通信局"),
    ),
    "two authorities, one to a line or on one": (
        page("示例办法", "示例通信部", "示例广播局", "令", "第12号", *ARTICLES),
        page("示例办法", "示例通信部 示例广播局令第12号", *ARTICLES[:4]),
    ),
    "padded with a zero": (
        page("关于甲事项的通知", "示通信〔2025〕03号", *NOTICE),
        page("关于甲事项的通知", "示通信〔2025〕3号", *NOTICE[1:]),
    ),
}


@pytest.mark.parametrize("pair", NUMBERS.values(), ids=NUMBERS)
def test_one_number_in_two_spellings(pair: tuple[Document, Document]) -> None:
    assert joined(*pair) == [[0, 1]]


APART = {
    "one number, two issuers": (
        page("关于示例甲业务的公告", "公告2025年第3号", *NOTICE, "示例甲局", "2025年3月3日"),
        page("关于示例乙业务的公告", "公告2025年第3号", *NOTICE[1:], "示例乙局", "2025年4月3日"),
    ),
    "a number without a word, two issuers": (
        page("关于示例甲业务的通告", "〔2025〕3号", *NOTICE, "示例甲局", "2025年3月3日"),
        page("关于示例乙业务的通告", "〔2025〕3号", *NOTICE[1:], "示例乙局", "2025年4月3日"),
    ),
    "a notice of each year": (
        page("关于开展2025年示例业务年报工作的通知", *NOTICE, "示例通信部", "2025年1月3日"),
        page("关于开展2026年示例业务年报工作的通知", *NOTICE, "示例通信部", "2026年1月3日"),
    ),
    "a notice of each year whose title does not say the year": (
        page("关于开展示例业务年报工作的通知", *NOTICE, "示例通信部", "2025年1月3日"),
        page("关于开展示例业务年报工作的通知", *NOTICE, "示例通信部", "2026年1月3日"),
    ),
    "one text under two numbers": (
        page("关于开展示例业务年报工作的通知", "示通信〔2025〕1号", *NOTICE),
        page("关于开展示例业务年报工作的通知", "示通信〔2026〕1号", *NOTICE),
    ),
    "two editions under new orders": (
        page("示例备案管理办法", "示例通信部令第7号", *ARTICLES, "示例通信部", "2019年5月6日"),
        page("示例备案管理办法", "示例通信部令第9号", *ARTICLES, "示例通信部", "2023年5月6日"),
    ),
    "two provinces, one title, one day": (
        page("关于示例经营许可审批事项的公告", *ARTICLES[:3], "甲省通信管理局", "2025年3月3日"),
        page("关于示例经营许可审批事项的公告", *ARTICLES[1:4], "乙省通信管理局", "2025年3月3日"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("pair", APART.values(), ids=APART)
def test_alike_and_yet_two(pair: tuple[Document, Document]) -> None:
    assert joined(*pair) == [[0], [1]]


def test_a_copy_without_a_number_joins_neither_of_two_rules_of_one_text() -> None:
    copy = page("关于开展示例业务年报工作的通知", *NOTICE)
    assert joined(*APART["one text under two numbers"], copy) == [[0], [1], [2]]


def test_a_copy_of_an_edition_joins_the_edition() -> None:
    edition = STRANGERS["an amended edition that still names the first order"]
    assert joined(OFFICIAL, edition, COPIES["no number at all"], edition) == [[0, 2], [1, 3]]


@pytest.mark.parametrize(
    ("title", "core"),
    [
        ("示例通信部关于加强示例短信服务管理的通知", "关于加强示例短信服务管理的通知"),
        ("【第3号令】示例算力服务管理办法", "示例算力服务管理办法"),
        ("转发：示例算力服务管理办法", "示例算力服务管理办法"),
        ("示例算力服务管理办法（2029年修订）", "示例算力服务管理办法"),
        ("示例算力服务管理办法（示例通信部令第3号）", "示例算力服务管理办法"),
    ],
)
def test_what_surrounds_a_title_is_no_part_of_its_core(title: str, core: str) -> None:
    assert title_core(title) == core


@pytest.mark.parametrize(
    "title",
    [
        "示例跟帖评论服务管理规定",
        "示例评审专家管理办法",
        "关于印发《示例目录》的通知",
        "示例局公布示例名单的公告",
    ],
)
def test_rules_whose_names_sound_like_talk_are_rules(title: str) -> None:
    assert not speaks_of_another(title)


@pytest.mark.parametrize(
    ("head", "year"),
    [
        ("（2012年6月3日示例部令第3号公布　根据2019年4月1日《关于修改部分规章的决定》修正）", "2019"),
        ("（2012年6月3日公布 根据2017年1月1日决定第一次修正 根据2021年5月6日决定第二次修正）", "2021"),
        ("（二〇一二年六月三日公布 根据二〇二〇年四月一日决定修订）", "2020"),
        ("（2012年6月3日示例部令第3号公布 自2012年9月1日起施行）", ""),
    ],
)
def test_the_edition_is_that_of_the_last_amendment(head: str, year: str) -> None:
    assert edition(page("示例算力服务管理办法", head, *ARTICLES)) == year
