"""Good pages that speak of what other pages are refused for: each stays a document with the words quoted here."""

import pytest

from kb.codes import Health
from kb.reading.page import read_page

URL = "https://www.example.gov.cn/art/2026/3/2/art_113_8.html"
NAV = "<div class=nav>" + "".join(f"<a href=/c{n}/>{name}</a> " for n, name in enumerate(["首页", "政务公开", "办事服务", "互动交流", "登录", "注册", "网站维护", "无障碍"])) + "</div>"  # fmt: skip
FOOT = "<div class=foot>版权所有：示例管理局　网站标识码：bm99000001　京ICP备05000001号　<a href=/map>网站地图</a></div>"
RULES = "".join(f"<p>第{n}条　经营者应当依法取得许可，并在显著位置公示许可证编号。</p>" for n in "二三四五六七八九")  # fmt: skip
LONG = RULES * 4

NOTICES = [
    # the whole document is short, and speaks of it
    (
        "关于备案系统停机维护的公告",
        "因备案系统升级维护，自2026年3月6日22时至3月8日6时暂停服务，期间无法办理备案业务。",
    ),
    (
        "关于网站改版升级的公告",
        "示例管理局门户网站将于2026年4月1日改版升级，届时部分栏目可能无法访问，敬请谅解。",
    ),
    ("系统维护公告", "系统将于3月5日18:00至20:00进行维护，维护期间暂停受理。特此公告。"),
    (
        "关于启用短信验证码登录的通知",
        "自2026年3月1日起，备案系统登录需输入短信验证码。请各单位及时更新联系人手机号码。",
    ),
    ("关于停止使用旧版系统的通知", "旧版许可管理系统将于2026年3月31日停止访问，请登录新系统办理业务。"),
    ("关于撤销某公司许可证的公告", "因提供虚假材料，现撤销示例科技有限公司增值电信业务经营许可证。"),
    ("关于注销许可证的公告", "经申请，现予注销示例网络公司许可证，编号示B2-20260001。"),
    ("关于《示例办法》失效的公告", "《示例管理办法》自2026年3月1日起废止，不再执行。特此公告。"),
    ("关于做好服务器安全防护的通知", "各单位应当检查服务器错误日志，对异常访问和异常流量及时处置。"),
    ("关于封堵违规IP地址的通告", "对拒绝访问检查接口的单位，将封堵其IP地址。特此通告。"),
    ("关于统一身份认证平台上线的通知", "统一身份认证平台定于3月1日上线，请各单位组织人员完成注册。"),
    ("关于清理无法访问网站的通告", "经核查，下列网站无法访问或页面不存在，请备案主体于3月31日前改正。"),
    ("关于注销空壳网站备案的公告", "下列网站长期打不开，显示404，依据规定注销备案。"),
    ("通知", "本周五下午三时召开会议，请准时参加。"),
    ("公示", "拟准予示例公司许可，公示期五日，如有异议请来电。"),
    ("关于放假的通知", "清明节放假期间，窗口暂停服务，网上照常受理。"),
    ("网络维护通知", "因机房检修，3月9日晚本局网站暂停访问，恢复时间另行通知。"),
    ("关于调整登录方式的公告", "请在微信客户端打开小程序完成登录，原账号登录方式停用。"),
    ("关于访问频率限制的说明", "为保障服务稳定，接口访问过于频繁的将被限制，详见开发文档。"),
    ("关于试行人机验证的公告", "本平台将对批量查询进行人机验证，请完成安全验证后查询。"),
    ("内容下线公告", "因版权到期，下列作品已下线，有关内容不再提供。"),
    ("关于域名变更的公告", "示例管理局网站域名变更为www.example.gov.cn，原网址不再使用。"),
]

NOTICES += [
    ("关于系统升级期间暂停受理业务的通知", "因系统升级，2026年3月8日暂停受理，恢复时间另行通知。"),
    ("关于依法注销部分单位ICP备案的公告", "以下网站因页面长期无法访问、内容不存在，依法注销备案。特此公告。"),
    ("示例办法", "本办法自发布之日起施行。"),
    ("关于修改密码和登录方式的提示", "请各单位于3月31日前重新登录系统并修改密码，逾期账号将被锁定。"),
    ("关于增加人脸识别验证的公告", "自4月1日起，法人登录须完成人脸识别身份验证。"),
    ("任免通知", "任命张某为示例局副局长。"),
    ("关于示例平台暂停服务的处罚决定", "责令示例平台暂停服务七日，限期改正。"),
    ("示例局公告（2026年第3号）", "现公布第三批拒绝接受检查企业名单。"),
    ("关于境外IP地址访问限制的通知", "自3月1日起，备案系统仅限境内IP地址访问。"),
    ("会议延期通知", "原定会议延期，时间另行通知。"),
]

SPEAKING = [
    # long documents whose first words are the words of a message
    "用户应当完成人机验证、滑动验证或者输入验证码后登录，未登录的不得发布信息。",
    "平台应当在页面不存在、内容已删除或者链接失效时返回404状态码并提示用户。",
    "网站维护、系统升级期间暂停服务的，应当提前二十四小时公告。",
    "对拒绝访问、禁止访问的请求应当记录日志，访问被拦截的应当说明理由。",
    "使用统一身份认证登录后查看，需要登录的应当明示；请先登录字样应当清晰。",
    "不得以环境异常、访问过于频繁为由拒绝提供服务，正在验证您的身份时应当提示。",
    "请求被拦截、Access Denied、Forbidden、Not Found 等提示应当使用中文。",
    "安全狗、云锁、创宇盾等防护产品拦截的请求，应当保留记录六十日。",
    "页面跳转、返回首页、正在加载等提示不得遮挡正文。",
    "JavaScript 和 Cookie 未启用的，应当提示用户启用，并提供替代方式。",
]

SCRIPTS = [
    "<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.cd='q';</script>",
    "<script>document.cookie='acw_sc__v2=1'</script>",
    '<script src="/WZWSREL/a.js"></script>',
    "<script>var tn='__jsl_clearance_s'</script>",
    "<script src=https://turing.captcha.qcloud.com/TCaptcha.js></script>",
    "<script>if(/mobile/i.test(navigator.userAgent))location.href='/m/1.html'</script>",
    "<noscript>请开启JavaScript并刷新该页</noscript>",
    "<div id=app></div><script src=/js/widget.js></script>",
    "<form><input name=user><input type=password><button>登录</button></form>",
]

LAYOUTS = {
    "zoom": "<h1>{title}</h1><div id=zoom>{body}</div>",
    "guessed": "<div class=wrap><h1>{title}</h1><div class=box>{body}</div></div>",
    "table": "<table><tr><td><h2>{title}</h2></td></tr><tr><td>{body}</td></tr></table>",
}


def page(title: str, body: str, layout: str = "zoom", head: str = "") -> bytes:
    inside = LAYOUTS[layout].format(title=title, body=body)
    return f"<!doctype html><html><head><meta charset=utf-8><title>{title}-示例管理局</title>{head}</head><body>{NAV}{inside}{FOOT}</body></html>".encode()


def shown(body: bytes, **asked: object) -> str:
    reading = read_page(body, url=URL, **asked)  # type: ignore[arg-type]
    assert (reading.health, reading.reasons) == (Health.OK, ())
    assert reading.document is not None
    return reading.document.text


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("title", "text"), NOTICES)
def test_a_short_notice_is_a_document(title: str, text: str, layout: str) -> None:
    assert text in shown(page(title, f"<p>{text}</p><p>示例管理局</p><p>2026年3月2日</p>", layout))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("words", SPEAKING)
def test_a_rule_may_speak_of_it(words: str, layout: str) -> None:
    assert words in shown(page("关于网站运行管理的规定", f"<p>第一条　{words}</p>{RULES}", layout))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_full_page_may_carry_the_script(script: str) -> None:
    assert "第九条" in shown(page("示例规定", LONG, head=script if script.startswith("<script") else ""))
    assert "第九条" in shown(page("示例规定", LONG + script))


@pytest.mark.parametrize(
    "body",
    [
        '<p><img src="/files/2026/table.png" alt="所需材料"></p>',
        '<p><a href="/files/2026/1.pdf">示例管理办法.pdf</a></p>',
        '<p>附件：<a href="/files/2026/1.docx">申请表</a></p>',
        '<p>网站维护公告见附件</p><p><a href="/files/2026/2.wps">附件</a></p>',
    ],
)
def test_an_image_or_an_attachment_may_be_all(body: str, make_source) -> None:
    source = make_source(document={"body": [{"css": "#zoom"}], "min_characters": 20})
    shown(page("关于发布目录的公告", body), source=source)


@pytest.mark.parametrize(
    "text",
    [
        f"<html><body><h1>示例规定</h1><div id=zoom>{LONG}",
        f"<div id=zoom>{LONG}</div>",
        f"<html><body><div id=zoom>{LONG}</div></body></html><!-- cache 0.3s --><script>a()</script> ",
        f"<html><body></html><div id=zoom>{LONG}</div>",
        f"<html><body><div id=zoom>{LONG}<p>例如 a < b 的情形",
    ],
)
def test_untidy_ends_are_no_truncation(text: str) -> None:
    body = text.encode() if text.count("<html") == 0 or "</html>" in text else text.encode() + b"</div>"
    assert "第九条" in shown(body)


@pytest.mark.parametrize("asked", ["/", "/index.html", "/?id=7", "/art/1.html"])
def test_the_home_page_itself_and_pages_with_a_full_text_are_no_redirect(asked: str) -> None:
    body = page(
        "示例规定",
        LONG,
        head="<link rel=canonical href=/art/1.html><meta http-equiv=refresh content='600;url=/'>",
    )
    assert read_page(body, url=f"https://www.example.gov.cn{asked}").health is Health.OK
