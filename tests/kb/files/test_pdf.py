"""PDF: text and scanned pages told apart, page furniture off, broken lines joined."""

from kb.changing.classify import IMAGE_REPLACED
from kb.changing.compare import compare
from kb.codes import BlockKind, Significance
from kb.files.lines import closed_up, paragraphs, without_furniture
from kb.files.radicals import unified
from kb.reading.attachments import read_attachment
from kb.reading.page import read_page
from tests.kb.files.pdfs import pdf

URL = "https://www.example.gov.cn/f.pdf"
BODY = [
    "第一条　为了规范互联网信息服务算法推荐活动，维护国家安全和社会公共",
    "利益，保护公民、法人和其他组织的合法权益，制定本规定。",
    "第二条　应当备案。",
]


def lines(*pages: list[str] | bytes) -> list[str]:
    return [block.text for block in read_attachment(pdf(*pages), URL)[0].blocks]


def test_broken_lines_are_joined_and_articles_are_not() -> None:
    assert lines(BODY) == [
        "第一条 为了规范互联网信息服务算法推荐活动，维护国家安全和社会公共利益，保护公民、法人和其他组织的合法权益，制定本规定。",
        "第二条 应当备案。",
    ]


def test_running_heads_and_page_numbers_go() -> None:
    pages = [
        ["算法备案管理规定汇编", f"第{n}条　本页的第一句话写到这里为止，各有不同，编号{n}。", f"— {at} —"]
        for at, n in enumerate("一二三四", 1)
    ]
    found = lines(*pages)
    assert len(found) == 4
    assert not any("汇编" in line or "—" in line for line in found)


def test_two_pages_alike_but_for_their_numbers_are_no_furniture() -> None:
    pages = [["2024年1月备案 3 款", "1"], ["2024年2月备案 5 款", "2"]]
    assert without_furniture(pages) == [["2024年1月备案 3 款"], ["2024年2月备案 5 款"]]


def test_a_paragraph_runs_over_the_page_end() -> None:
    first = ["汇编", BODY[0], "- 1 -"]
    second = ["汇编", BODY[1], "- 2 -"]
    assert lines(first, second) == [BODY[0].replace("　", " ") + BODY[1]]


def test_a_table_head_on_every_page_stays_once() -> None:
    pages = [["序号 名称 编号", f"{at} 甲{at} 备{at}号"] for at in range(1, 5)]
    assert [line for page in without_furniture(pages) for line in page].count("序号 名称 编号") == 1


def test_letter_spaced_words_close_up_and_columns_stay() -> None:
    assert closed_up("第 一 条  为 了 规 范 算 法，制 定 本 规 定。") == "第一条  为了规范算法，制定本规定。"
    assert closed_up("甲公司 乙算法") == "甲公司 乙算法"


def test_short_lines_stay_lines() -> None:
    assert paragraphs([["目录", "甲", "附件：材料"]]) == [["目录", "甲", "附件：材料"]]


def test_scanned_pages_among_others_are_named_and_known_by_their_picture() -> None:
    document, notes = read_attachment(pdf(BODY, b"scan one", BODY[2:]), URL)
    assert notes == ("共 3 页，其中 1 页是图像、未读出文字：第 2 页",)
    assert [block.kind for block in document.blocks].count(BlockKind.IMAGE) == 1
    other, _ = read_attachment(pdf(BODY, b"scan two", BODY[2:]), URL)
    (change,) = compare(document, other).differing
    assert change.reason == IMAGE_REPLACED
    again, _ = read_attachment(pdf(BODY, b"scan one", BODY[2:]) + b"\n%saved again", URL)
    assert again == document


def test_a_scan_is_pictures_alone() -> None:
    document, notes = read_attachment(pdf(b"one", b"two"), URL)
    assert {block.kind for block in document.blocks} == {BlockKind.IMAGE}
    assert len(document.blocks) == 2
    assert "扫描件" in notes[0]


TITLE = "海州省通信管理局关于规范短信端口管理的通知"
NOTICE = [
    "各增值电信业务经营者：",
    "为加强端口资源管理，规范经营行为，维护用户合法权益，现就有关事项通知如下：",
    "一、端口使用单位应当在2026年3月1日前完成存量端口的实名补登，示例1所列情形除外。",
    "二、接入企业应当在首页显著位置公示投诉电话，每日抽查，留存记录不少于6个月。",
    "海州省通信管理局",
    "2026年1月4日",
]
PRINTED = [
    "⾸⻚ 机构概况 政务公开 办事服务",
    "当前位置：⾸⻚ > 政务公开 > 通知公告",
    "通知公告",
    TITLE,
    "发布时间：2026-01-05 来源：信息通信管理处",
    "各增值电信业务经营者：",
    "为加强端⼝资源管理，规范经营⾏为，维护⽤⼾合法权益，现就有关事项通知如下：",
    "⼀、端⼝使⽤单位应当在 2026 年 3 ⽉ 1 ⽇前完成存量端⼝的实名补登，⽰例 1 所列情形除外。",
    "⼆、接⼊企业应当在⾸⻚显著位置公⽰投诉电话，每⽇抽查，留存记录不少于 6 个⽉。",
    "海州省通信管理局",
    "2026 年 1 ⽉ 4 ⽇",
    "分享到： 打印本⻚ 关闭窗⼝",
    "主办单位：海州省通信管理局 地址：海州市⼈⺠路1号",
    "1/5/26, 4:27 PM 海州省通信管理局关于规范短信端⼝管理的通知 _ 通知公告",
    "https://txj.example.gov.cn/tz/1.html 1/1",
]


def test_a_page_and_its_print_are_one_text() -> None:
    body = "".join(f"<p>{line}</p>" for line in NOTICE)
    page = f"<html><head><title>{TITLE}_通知公告</title></head><body><h1>{TITLE}</h1><div>发布时间：2026-01-05 来源：信息通信管理处</div><div class='TRS_Editor'>{body}</div></body></html>"
    before = read_page(page.encode(), url="https://txj.example.gov.cn/tz/1.html").document
    after = read_attachment(pdf(PRINTED, large=TITLE), URL)[0]
    assert before is not None
    assert after.title == TITLE
    assert (after.made, after.published) == (before.made, before.published)
    assert [block.text for block in after.blocks] == NOTICE
    assert compare(before, after).significance is Significance.NOISE


def test_a_print_without_the_browsers_lines_is_known_by_where_it_stands_in_its_site() -> None:
    after = read_attachment(pdf(PRINTED[:-2], large=TITLE), URL)[0]
    assert (after.title, [block.text for block in after.blocks]) == (TITLE, NOTICE)


def test_radicals_become_the_characters_they_stand_for() -> None:
    assert unified("⾸⻚⽰例⽤⼾⼈⺠⻓ﬁle") == "首页示例用户人民长file"


def test_spaces_in_dates_and_sentences_close_up_and_cells_stay_apart() -> None:
    assert closed_up("2026 年 1 月 4 日") == "2026年1月4日"
    assert closed_up("应当在 5 个工作日内报告，比例为 3% 以上。") == "应当在5个工作日内报告，比例为3%以上。"
    assert closed_up("1 端口使用承诺书 2") == "1 端口使用承诺书 2"


def test_an_address_in_a_text_is_no_browsers_line() -> None:
    page = ["第一条　应当备案。", "https://beian.example.gov.cn/"]
    assert lines(page)[-1].endswith(page[-1])
