"""What a rule says about itself: number, issuer, dates, draft."""

from datetime import date

import pytest

from kb.reading.dates import comments_until, effective_date, later, parse_date, transition_until
from kb.reading.html import without_site_name
from kb.reading.metadata import draft
from kb.reading.numbers import normalised
from kb.reading.text import read_text


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("穗府办规〔2024〕13号", "穗府办规〔2024〕13号"),
        ("示政办发［2024］13 号", "示政办发〔2024〕13号"),
        ("示政办发[2024]13号", "示政办发〔2024〕13号"),
        ("示政办发【2024】13号", "示政办发〔2024〕13号"),
        ("示政办发（2024）13号", "示政办发〔2024〕13号"),
        ("示政办发(2024)13号", "示政办发〔2024〕13号"),
        ("文号：示网发〔2026〕第9号", "示网发〔2026〕第9号"),
        ("国家互联网信息办公室令 第15号", "国家互联网信息办公室令第15号"),
        ("中华人民共和国国务院令第292号", "国务院令第292号"),
        ("示例部令（第33号）", "示例部令第33号"),
        ("国家新闻出版署公告2025年第3号", "国家新闻出版署公告2025年第3号"),
        ("没有文号的一行", ""),
    ],
)
def test_numbers_in_every_printed_form(printed: str, number: str) -> None:
    assert normalised(printed) == number


def test_the_number_of_this_document_not_of_those_it_cites() -> None:
    cited = read_text(
        "示例通知\n根据《示例意见》（示政办发〔2020〕12号）要求，现就有关事项通知如下：\n一、照办。"
    )
    assert cited.doc_number == ""
    preface = read_text(
        "示例条例\n（2021年7月27日示例省人民政府令第46号公布　根据2024年1月2日示例省人民政府令第51号修订）\n第一条　甲。"
    )
    assert preface.doc_number == "示例省人民政府令第46号"
    assert preface.made == date(2021, 7, 27)


def test_an_order_of_several_authorities() -> None:
    document = read_text(
        "示例省网信办公室\n示例省公安厅\n令\n第7号\n《示例办法》已经审议通过，现予公布，自2026年9月1日起施行。\n2026年3月10日"
    )
    assert document.issuers == ("示例省网信办公室", "示例省公安厅")
    assert document.doc_number == "示例省网信办公室令第7号"


@pytest.mark.parametrize(
    ("text", "issuers"),
    [
        ("示例市民政局 示例市财政局关于印发示例办法的通知\n各区：\n照办。", ("示例市民政局", "示例市财政局")),
        ("关于示例的公告\n现公告如下。\n示例省通信管理局\n2026年1月2日", ("示例省通信管理局",)),
        (
            "关于示例的公告\n现公告如下。\n示例省通信管理局　示例省公安厅\n二〇二六年一月二日",
            ("示例省通信管理局", "示例省公安厅"),
        ),
        ("示例市关于规范登记的通告\n现通告如下。", ()),
    ],
)
def test_issuers(text: str, issuers: tuple[str, ...]) -> None:
    assert read_text(text).issuers == issuers


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2026年9月1日", date(2026, 9, 1)),
        ("2026 年 9 月 1 日", date(2026, 9, 1)),
        ("二〇二六年九月一日", date(2026, 9, 1)),
        ("二○二五年十二月三十一日", date(2025, 12, 31)),
        ("2026-09-01 10:00", date(2026, 9, 1)),
        ("2026/9/1", date(2026, 9, 1)),
        ("2026年13月1日", None),
        ("没有日期", None),
    ],
)
def test_dates(printed: str, day: date | None) -> None:
    assert parse_date(printed) == day


PUBLISHED = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("本办法自2026年9月1日起施行。", date(2026, 9, 1)),
        ("本规定于2026年9月1日起正式实施，有效期五年。", date(2026, 9, 1)),
        ("现予公布，自二〇二六年九月一日起施行。", date(2026, 9, 1)),
        ("本办法自公布之日起施行。", PUBLISHED),
        ("本通知自印发之日起执行。", PUBLISHED),
        ("本公告自发布之日起30日后施行。", date(2026, 3, 2)),
        ("本办法自公布之日起六个月后施行。", date(2026, 7, 31)),
        ("本办法自2026年9月1日起施行。《旧办法》自2015年3月1日起施行的规定同时废止。", date(2026, 9, 1)),
        ("根据《示例法》（自2017年6月1日起施行），制定本办法。", None),
        ("没有施行日期。", None),
    ],
)
def test_effective(line: str, day: date | None) -> None:
    assert effective_date([line], PUBLISHED) == day


def test_months_end_at_their_last_day() -> None:
    assert later(date(2026, 1, 31), "1", "个月") == date(2026, 2, 28)
    assert later(date(2026, 1, 30), "三十", "日") == date(2026, 3, 1)


@pytest.mark.parametrize(
    "line",
    [
        "意见反馈截止时间为2026年4月15日。",
        "反馈意见截止日期：2026年4月15日",
        "征求意见时间为2026年3月16日至2026年4月15日。",
        "请于2026年4月15日前将意见反馈至邮箱。",
        "征求意见截止时间：2026-04-15",
        "现将公开征求意见的时间延长至2026年4月15日。",
        "意见反馈截止日期由2026年4月1日延长至2026年4月15日。",
        "原定2026年4月1日截止的意见征集，延期到2026年4月15日。",
    ],
)
def test_comments_until(line: str) -> None:
    assert comments_until([line]) == date(2026, 4, 15)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("过渡期至2026年12月31日。", date(2026, 12, 31)),
        ("本办法施行前已经开展业务的，应当于2026年12月31日前完成备案。", date(2026, 12, 31)),
        ("应当自本办法施行之日起6个月内补办手续。", date(2027, 3, 1)),
        ("申请人应当于2026年12月31日前领取证书。", None),
    ],
)
def test_transition(line: str, day: date | None) -> None:
    assert transition_until([line], date(2026, 9, 1)) == day


@pytest.mark.parametrize(
    ("title", "is_draft"),
    [
        ("关于《示例办法（征求意见稿）》公开征求意见的通知", True),
        ("示例省关于征求《示例标准》意见的函", True),
        ("示例条例（草案）", True),
        ("示例办法", False),
        ("《示例办法（征求意见稿）》意见采纳情况的公告", False),
        ("《示例办法（征求意见稿）》解读", False),
    ],
)
def test_drafts(title: str, is_draft: bool) -> None:
    assert read_text("正文若干。", title).is_draft is is_draft


def test_a_draft_is_not_in_force() -> None:
    draft = read_text("示例办法（征求意见稿）\n第一条　甲。\n第二条　本办法自2026年9月1日起施行。")
    assert draft.is_draft
    assert draft.effective is None


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("关于示例事项的通知_示例部门_中国政府网", "关于示例事项的通知"),
        ("示例办法-示例市人民政府门户网站", "示例办法"),
        ("关于示例事项管理的公告 - 示例通信管理局", "关于示例事项管理的公告"),
        ("增值电信业务-经营许可指南", "增值电信业务-经营许可指南"),
        ("示例规定", "示例规定"),
    ],
)
def test_titles_without_the_name_of_the_site(printed: str, title: str) -> None:
    assert without_site_name(printed) == title


@pytest.mark.parametrize(
    ("title", "is_draft"),
    [
        ("关于延长《示例规定（征求意见稿）》意见反馈期限的公告", True),
        ("关于《示例规定（征求意见稿）》意见反馈截止时间延期的通知", True),
        ("关于《示例规定（征求意见稿）》意见反馈情况的说明", False),
        ("关于《示例规定（征求意见稿）》公众意见的反馈", False),
    ],
)
def test_a_notice_that_gives_more_time_for_comments_speaks_of_a_draft(title: str, is_draft: bool) -> None:
    assert draft(title, []) is is_draft
