"""Named verdicts: what stands in place of a page, and rules that merely speak of it."""

import pytest

from kb.codes import Health, PageRole
from kb.reading.page import PageHistory, read_page

URL = "https://www.example.gov.cn/art/2026/art_1.html"
NAVIGATION = "<div class=nav>" + "".join(f"<a href=/c{n}>政务公开栏目{n}</a>" for n in range(60)) + "</div>"
FOOTER = "<div>主办：示例局，承办：示例中心，网站标识码：1234567890，示ICP备12345678号，地址：示例市示例路100号</div>"
ARTICLES = "".join(
    f"<p>第{n}条　申请人应当在三十日内提交材料，逾期不予受理。</p>" for n in "一二三四五六七八九"
)


def page(body: str, title: str = "示例", head: str = "") -> bytes:
    return f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("body", "status", "health"),
    [
        (b"<html><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></html>", 412, Health.CHALLENGE),
        (page("<script>$_ts={};$_ts.cd='x'</script>"), 202, Health.CHALLENGE),
        (page("<script>$_ts={};$_ts.cd='x'</script>"), 200, Health.CHALLENGE),
        (b"<script>document.cookie=('_')+'_jsl_clearance_s=';__jsl_clearance_s=1</script>", 521, Health.CHALLENGE),
        (b"<html><script>document.cookie='acw_sc__v2='+x;location.reload()</script></html>", 200, Health.CHALLENGE),
        (page('<script src="/WZWSRELw3/x.js"></script>'), 200, Health.CHALLENGE),
        (page("<p>请完成安全验证</p><p>拖动下方滑块完成拼图</p>"), 200, Health.CHALLENGE),
        (page("<p>您的访问过于频繁，请输入验证码后继续访问</p><input>"), 200, Health.CHALLENGE),
        (page("<p>环境异常</p><p>当前环境异常，完成验证后即可继续访问。</p><a>去验证</a>"), 200, Health.CHALLENGE),
        (page("<p>请完成人机验证</p>"), 403, Health.CHALLENGE),
        (page("<h1>403 Forbidden</h1>"), 403, Health.REFUSED),
        (page("<p>由于您访问的网址有可能造成安全威胁，您的访问被阻断。</p>"), 405, Health.REFUSED),
        (page("x"), 429, Health.REFUSED),
        (page("x"), 401, Health.LOGIN_WALL),
        (page("<form><p>账号登录</p><input></form><p>请先登录</p>"), 200, Health.LOGIN_WALL),
        (page("nope"), 404, Health.NOT_FOUND),
        (page("nope"), 410, Health.NOT_FOUND),
        (page("<p>抱歉，您要访问的页面不存在</p>"), 200, Health.SOFT_404),
        (page(NAVIGATION + "<h2>404</h2><p>您访问的页面不存在或已删除</p>" + FOOTER, "404错误"), 200, Health.SOFT_404),
        (page("<h1>网站正在维护升级中，请稍后访问</h1>"), 200, Health.MAINTENANCE),
        (page("x"), 503, Health.MAINTENANCE),
        (page('<div id="app"></div><script src="/app.js"></script>'), 200, Health.EMPTY_SHELL),
        (b"", 200, Health.EMPTY_SHELL),
        (page(NAVIGATION + FOOTER), 200, Health.BODY_GONE),
        (b"\x89PNG\r\n\x1a\n0000", 200, Health.WRONG_TYPE),
        (b"\x80\x81\x82" * 40, 200, Health.UNDECODABLE),
    ],
)  # fmt: skip
def test_verdicts(body: bytes, status: int, health: Health) -> None:
    reading = read_page(body, url=URL, status=status)
    assert reading.health is health
    assert reading.document is None
    assert all(any("\u4e00" <= character <= "\u9fff" for character in reason) for reason in reading.reasons)
    assert reading.reasons


@pytest.mark.parametrize(
    "words",
    [
        "用户登录时应当输入验证码，平台应当完成安全验证。",
        "网站维护升级期间，页面不存在的，应当返回404状态并提示用户。",
        "请先登录备案系统，拖动滑块完成验证后提交申请，访问过于频繁的将被拒绝访问。",
    ],
)
def test_rules_that_speak_of_it_are_no_verdict(words: str) -> None:
    body = page(f"<h1>关于系统登录与维护的规定</h1><div id=zoom><p>第一条　{words}</p>{ARTICLES}</div>")
    assert read_page(body, url=URL).health is Health.OK


def test_a_short_notice_about_maintenance_is_a_document() -> None:
    notice = "因备案系统升级维护，自2026年1月1日8时起暂停服务，期间页面无法访问，请各单位妥善安排申请时间，敬请谅解。"
    body = page(f"<h1>关于系统维护的公告</h1><div id=zoom><p>{notice}{notice[:20]}</p></div>")
    assert read_page(body, url=URL).health is Health.OK


def test_a_challenge_script_on_a_full_page_says_nothing() -> None:
    body = page(f"<script>$_ts={{}};</script><div id=zoom>{ARTICLES * 3}</div>")
    assert read_page(body, url=URL).health is Health.OK


def test_declared_body_that_matches_nothing(make_source) -> None:
    source = make_source(document={"body": [{"css": "#BodyLabel"}]})
    body = page(NAVIGATION + f"<div id=newbody>{ARTICLES}</div>")
    reading = read_page(body, url=URL, source=source)
    assert reading.health is Health.BODY_GONE
    assert "改版" in reading.reasons[0]


def test_declared_body_without_words(make_source) -> None:
    source = make_source(document={"body": [{"css": "#zoom"}], "min_characters": 20})
    assert (
        read_page(page(NAVIGATION + "<div id=zoom> </div>"), url=URL, source=source).health is not Health.OK
    )
    with_file = page(NAVIGATION + '<div id=zoom><a href="/f/1.pdf">附件</a></div>')
    assert read_page(with_file, url=URL, source=source).health is Health.OK


@pytest.mark.parametrize(
    "shown",
    ["<link rel=canonical href=https://www.example.gov.cn/>", "<link rel=canonical href=/index.html>"],
)
def test_redirected_home(shown: str) -> None:
    assert read_page(page(NAVIGATION, head=shown), url=URL).health is Health.REDIRECT_HOME
    assert read_page(page(ARTICLES, head=shown), url="https://www.example.gov.cn/").health is Health.OK


@pytest.mark.parametrize(
    ("jump", "health"),
    [
        ('<meta http-equiv="refresh" content="0; url=https://www.example.gov.cn/">', Health.REDIRECT_HOME),
        ("<script>window.location.href='/'</script>", Health.REDIRECT_HOME),
        ('<meta http-equiv="refresh" content="0;url=/new/1.html">', Health.EMPTY_SHELL),
        ('<script>location.replace("/new/1.html")</script>', Health.EMPTY_SHELL),
    ],
)
def test_pages_that_only_send_on(jump: str, health: Health) -> None:
    assert read_page(page("<p>页面正在跳转，请稍候。</p>", head=jump), url=URL).health is health
    assert read_page(page(f"<div id=zoom>{ARTICLES}</div>", head=jump), url=URL).health is Health.OK


def test_collapse_against_the_last_good_version() -> None:
    body = page(f"<div id=zoom>{ARTICLES}</div>")
    length = len(read_page(body, url=URL).document.text)
    assert read_page(body, url=URL, history=PageHistory(length * 4, "示例")).health is Health.OK
    assert read_page(body, url=URL, history=PageHistory(length * 6, "示例")).health is Health.COLLAPSE


def test_truncated() -> None:
    body = page(ARTICLES)
    assert (
        read_page(body, url=URL, headers=[("Content-Length", str(len(body) + 1))]).health is Health.TRUNCATED
    )
    assert read_page(body, url=URL, headers=[("Content-Length", str(len(body)))]).health is Health.OK


def test_lists_get_the_verdict_alone() -> None:
    listing = page(NAVIGATION)
    assert read_page(listing, url=URL, role=PageRole.LIST).health is Health.OK
    assert read_page(listing, url=URL, role=PageRole.LIST).document is None
    assert read_page(page("<p>请完成安全验证</p>"), url=URL, role=PageRole.LIST).health is Health.CHALLENGE
    assert read_page(b'{"list":[]}', url=URL, role=PageRole.LIST).health is Health.OK
