"""Noise that every page, a family of sites, a source and one document inherit; and clauses, which no rule may take."""

import pytest

from kb.codes import PageRole
from kb.errors import DeclarationError
from kb.reading.fingerprint import fingerprint
from kb.reading.furniture import Kind, furniture_of, shipped_rules
from kb.reading.page import read_page

URL = "https://www.example.gov.cn/a/b.html"
RULES = shipped_rules()
ZOOM = {"body": [{"css": "#zoom"}], "min_characters": 1}


def example_source(make_source, rule):
    mechanism = {"wechat": "wechat", "cac": "pages", "": "pages"}[rule.family]
    families = [rule.family] if rule.family else []
    return make_source(mechanism=mechanism, noise={"families": families})


@pytest.mark.parametrize(
    ("rule", "line"),
    [(rule, line) for rule in RULES for line in rule.removes],
    ids=lambda value: str(value)[:30],
)
def test_examples_of_what_a_rule_removes(rule, line: str, make_source) -> None:
    furniture = furniture_of(example_source(make_source, rule), URL)
    assert furniture.out_of(line) in {"", "发布时间："}
    in_table = furniture.out_of(f"<table>\n<tr>\n<td>\n{line}\n</td>\n</tr>\n</table>")
    assert (line not in in_table) is rule.tables


@pytest.mark.parametrize(
    ("rule", "line"),
    [(rule, line) for rule in RULES for line in rule.keeps],
    ids=lambda value: str(value)[:30],
)
def test_examples_of_what_a_rule_keeps(rule, line: str, make_source) -> None:
    assert furniture_of(example_source(make_source, rule), URL).out_of(line) == line


def test_every_rule_has_examples_and_a_name_of_its_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.removes and rule.keeps for rule in RULES if rule.kind in {Kind.PART, Kind.LINE})


CLAUSES = [
    "第八条　平台应当显示浏览次数、点赞数和评论数，浏览次数达到10000次的应当复核。",
    "（一）3分钟前发出的订单可以撤销；",
    "（二）用户可以打印、分享或者收藏电子许可证；",
    "2. 点击“打印本页”，关闭窗口后提交；",
    "字体：小四号，行距20磅",
    "分享收益的，应当依法纳税",
    "转发500次以上",
    "2026年1月5日",
    "2026-01-05",
    "微信",
    "支付宝",
    "大",
    "关闭",
    "更新时间：每季度第一个月10日前",
    "最近更新的版本应当报送备案",
    "昨天的数据应当于当日12:00前报送",
    "上一年度经营情况：无重大变更",
    "下一步工作安排：组织实施",
    "相关信息",
    "附件：申请表",
    "昨天",
    "联系人：张某　电话：010-00000000",
    "下载100MB以上的文件",
    "评论应当先审后发",
    "第3页至第5页应当加盖骑缝章",
]


@pytest.mark.parametrize("clause", CLAUSES)
def test_no_rule_takes_a_clause(clause: str) -> None:
    furniture = furniture_of(None, URL)
    for markup in (
        clause,
        f"第一条 甲。\n{clause}\n第二条 乙。",
        f"<table>\n<tr>\n<td>\n{clause}\n</td>\n</tr>\n</table>",
    ):
        assert furniture.out_of(markup) == markup


@pytest.mark.parametrize("cell", ["7天前", "3分钟前", "刚刚", "评论 35", "大", "打印", "01-05"])
def test_cells_are_conditions(cell: str, make_source) -> None:
    table = f"<table>\n<tr>\n<td>\n时限\n</td>\n<td>\n{cell}\n</td>\n</tr>\n</table>"
    assert furniture_of(make_source(mechanism="wechat"), URL).out_of(table) == table


@pytest.mark.parametrize("heading", ["分享", "打印", "更新时间：01-05", "浏览次数：3"])
def test_headings_stay(heading: str) -> None:
    assert furniture_of(None, URL).out_of(f"<h2>\n{heading}\n</h2>") == f"<h2>\n{heading}\n</h2>"


# --------------------------------------------------------------------------- one selection: fingerprint and reading


def mark(body: str, source, url: str = URL) -> str:
    return fingerprint(body, url=url, source=source, role=PageRole.DOCUMENT)


def page(*lines: str, after: str = "") -> str:
    body = "".join(f"<p>{line}</p>" for line in ("第一条　甲。", *lines))
    return f"<html><body><h1>示例办法</h1><div id=zoom>{body}{after}</div></body></html>"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (page("浏览次数：12"), page("浏览次数：13")),
        (page("浏览次数：12"), page()),
        (page("最后一次编辑于 01-05"), page("最后一次编辑于 2026-01-05")),
        (page("更新时间：12-30"), page("更新时间：2025-12-30")),
        (page("发布时间：2026-03-02　来源：示例局　浏览：8　【字体：大 中 小】"), page("发布时间：2026-03-02　来源：示例局　浏览：9")),
        (page("【打印】【关闭】"), page("【打印】")),
        (page(after="<h3>相关阅读</h3><ul><li><a href=/1.html>示例局召开会议</a></li></ul>"), page(after="<h3>相关阅读</h3><ul><li><a href=/2.html>示例局开展检查</a></li><li>又一篇</li></ul>")),
        (page(after="<p>上一篇：甲</p><p>下一篇：乙</p>"), page(after="<p>上一篇：丙</p><p>下一篇：没有了</p>")),
        (page('<a href="/f/1.pdf?t=1767225600">附件</a>'), page('<a href="/f/1.pdf?t=1767229999">附件</a>')),
        (page('<a href="/f/1.pdf;jsessionid=AB12?id=7&utm_source=x">附件</a>'), page('<a href="/f/1.pdf?id=7">附件</a>')),
        (page("<img src='/i/1.png?v=20260301120000&a=1'>"), page("<img src='/i/1.png?a=1&v=20260302120000'>")),
    ],
)  # fmt: skip
def test_it_moves_neither_fingerprint_nor_reading(one: str, other: str, make_source) -> None:
    source = make_source(document=ZOOM)
    assert mark(one, source) == mark(other, source) != ""
    readings = [read_page(text.encode(), url=URL, source=source).document for text in (one, other)]
    assert readings[0] == readings[1] is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (page('<a href="/f/1.pdf?id=7">附件</a>'), page('<a href="/f/1.pdf?id=8">附件</a>')),
        (page('<a href="/f/1.pdf?v=1">附件</a>'), page('<a href="/f/1.pdf?v=2">附件</a>')),
        (page("<img src='/i/1.png?t=1'>"), page("<img src='/i/1.png?t=2'>")),
        (page("更新日期：2026年3月1日"), page("更新日期：2026年3月2日")),
        (page("施行日期：2026-03-01"), page("施行日期：2026-03-02")),
        (page(after="<h3>相关信息</h3><p>依照第三条执行。</p>"), page(after="<h3>相关信息</h3><p>依照第四条执行。</p>")),
        (page(after="<p>相关链接</p><p><a href=/f/1.doc>申请表</a></p>"), page(after="<p>相关链接</p><p><a href=/f/2.doc>申请表</a></p>")),
    ],
)  # fmt: skip
def test_what_the_rule_says_still_moves_it(one: str, other: str, make_source) -> None:
    source = make_source(document=ZOOM)
    assert mark(one, source) != mark(other, source)


# --------------------------------------------------------------------------- inheritance


def test_a_family_holds_for_its_mechanism_and_for_who_names_it(make_source) -> None:
    tail = "Produced By CMS 网站群内容管理系统 publishdate:2026/03/02"
    cac = {"mechanism": "cac", "cac": {"channel": "A1"}, "list": {"item": {"css": "li"}}}
    assert furniture_of(make_source(**cac), URL).out_of(tail) == ""
    assert furniture_of(make_source(noise={"families": ["cac"]}), URL).out_of(tail) == ""
    assert furniture_of(make_source(), URL).out_of(tail) == tail


def test_a_source_adds_lines_and_keeps_what_it_must(make_source) -> None:
    source = make_source(noise={"lines": [r"值班编辑：.{1,10}"], "keep": ["浏览次数"]})
    furniture = furniture_of(source, URL)
    assert furniture.out_of("值班编辑：甲\n本页值班编辑：甲\n浏览次数：3") == "本页值班编辑：甲\n浏览次数：3"


def test_noise_of_one_document(make_source) -> None:
    source = make_source(
        document=ZOOM,
        noise={"pages": [{"url": URL, "patterns": [r"今日余量\d+"], "lines": [r"第\d+次刷新"]}]},
    )
    one, other = page("今日余量3　其余照旧", "第1次刷新"), page("今日余量5　其余照旧", "第2次刷新")
    assert mark(one, source) == mark(other, source)
    elsewhere = "https://www.example.gov.cn/a/c.html"
    assert mark(one, source, elsewhere) != mark(other, source, elsewhere)


@pytest.mark.parametrize("noise", [{"keep": ["没有这条"]}, {"lines": ["(a+)+"]}, {"lines": ["(未闭合"]}])
def test_noise_that_cannot_be_used(noise: dict[str, list[str]], make_source) -> None:
    with pytest.raises(DeclarationError, match="noise"):
        furniture_of(make_source(noise=noise), URL)
