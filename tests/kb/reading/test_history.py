"""A page against its own last good version: no shell, message or front page is taken for the next one."""

import pytest

from kb.codes import Health
from kb.reading.page import PageHistory, read_page

URL = "https://www.example.gov.cn/art/2026/3/2/art_113_9.html"
BEFORE = PageHistory(4_000, "示例许可管理办法")
NAV = "<div class=nav>" + "".join(f"<a href=/c{n}>政务公开栏目{n}</a>" for n in range(40)) + "</div>"
FOOT = "<div>版权所有：示例管理局　网站标识码：bm99000001　京ICP备05000001号</div>"
INTRODUCTION = "<p>示例管理局是主管示例行业的行政机关，负责示例行业的许可、备案和监督管理工作，" + "依法履行职责，" * 30 + "欢迎访问。</p>"  # fmt: skip


def page(title: str, body: str) -> bytes:
    return f"<html><head><meta charset=utf-8><title>{title}</title></head><body>{NAV}{body}{FOOT}</body></html>".encode()


@pytest.mark.parametrize(
    ("name", "body", "health"),
    [
        ("空壳", page("示例管理局", "<div id=app></div>"), Health.EMPTY_SHELL),
        ("只剩导航", page("示例许可管理办法", "<div id=zoom></div>"), Health.BODY_GONE),
        ("网站名称", page("示例管理局", f"<h1>示例管理局</h1><div id=zoom>{INTRODUCTION}</div>"), Health.REDIRECT_HOME),
        ("网站首页", page("示例管理局门户网站", f"<div id=zoom>{INTRODUCTION}</div>"), Health.REDIRECT_HOME),
        ("已搬家", page("提示", "<h1>提示</h1><div id=zoom><p>本栏目内容已迁移，请访问新版网站查看，原网址自2026年3月1日起停用。</p></div>"), Health.SOFT_404),
        ("带日期的维护公告", page("维护公告", "<h1>维护公告</h1><div id=zoom><p>本网站定于2026年3月5日18时至20时升级维护，期间暂停访问，敬请谅解。</p></div>"), Health.MAINTENANCE),
        ("带日期的拦截页", page("访问提示", "<h1>访问提示</h1><div id=zoom><p>您的请求已被拦截，时间2026年3月5日。</p></div>"), Health.REFUSED),
        ("登录后查看", page("示例许可管理办法", "<div class=a><p>请登录后查看全文，未登录用户只能阅读标题。</p></div>"), Health.LOGIN_WALL),
        ("骤减", page("示例许可管理办法", "<h1>示例许可管理办法</h1><div id=zoom><p>第一条　为了规范示例许可，制定本办法，自2026年3月1日起施行。</p></div>"), Health.COLLAPSE),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_it_is_no_repeal(name: str, body: bytes, health: Health) -> None:
    reading = read_page(body, url=URL, history=BEFORE)
    assert reading.health is health
    assert any("4000 字" in reason for reason in reading.reasons)  # what the page was before
    assert reading.document is None


@pytest.mark.parametrize(
    "body",
    [
        page("示例许可管理办法", "<h1>示例许可管理办法</h1><div id=zoom>" + "".join(f"<p>第{n}条　申请人应当提交材料，" + "不得隐瞒有关情况，" * 30 + "</p>" for n in range(1, 9)) + "</div>"),
        page("示例许可管理办法（已废止）", "<h1>示例许可管理办法（已废止）</h1><div id=zoom><p>本办法自2026年3月1日起废止。</p>" + "<p>第一条　申请人应当提交材料。</p>" * 90 + "</div>"),
    ],
)  # fmt: skip
def test_what_is_still_the_document_goes_on(body: bytes) -> None:
    assert read_page(body, url=URL, history=BEFORE).health is Health.OK


def test_a_short_document_may_stay_short() -> None:
    notice = "因备案系统升级维护，自2026年3月6日22时至3月8日6时暂停服务，期间无法办理备案业务。"
    body = page(
        "关于系统维护的公告", f"<h1>关于系统维护的公告</h1><div id=zoom><p>{notice}{notice[:30]}</p></div>"
    )
    for before in (60, 900):
        reading = read_page(body, url=URL, history=PageHistory(before, "关于系统维护的公告"))
        assert reading.health in {Health.OK, Health.COLLAPSE}
        assert (reading.health is Health.OK) == (before == 60)


def test_a_verdict_by_status_says_what_the_page_was() -> None:
    reading = read_page(b"x", url=URL, status=404, history=BEFORE)
    assert reading.health is Health.NOT_FOUND
    assert "示例许可管理办法" in reading.reasons[-1]
