"""Is this the page we asked for? Named verdicts with a reason a person can read.

A word alone never condemns a page: rules speak of 验证码, 登录, 404 and 维护 too. Words count only on a page whose body
was not found or that is short of text, and never words that are links; a challenge is also told by its script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from kb.model import Health

SHORT = 400  # visible characters below which a page's few words say what it is
BRIEF = 60  # characters of a found body below which it may be a message instead of a rule
COLLAPSED = 5  # a text that shrank to less than one fifth
HISTORY_FLOOR = 300  # characters below which shrinking says nothing

_SCRIPTS = {
    "$_ts": re.compile(r"\$_ts\s*(?:=|\[|\.)"),
    "__jsl_clearance": re.compile(r"__jsl_clearance"),
    "acw_sc__v2": re.compile(r"acw_sc__v2"),
    "WZWS": re.compile(r"wzws[-_]|WZWS|/WZWSREL"),
    "EdgeOne": re.compile(r"EO_Bot_Ssid|__tst_status"),
    "Cloudflare": re.compile(r"cf-browser-verification|/cdn-cgi/challenge-platform/|cf_chl_opt"),
    "TencentWAF": re.compile(r"TencentCaptcha\(|waf_captcha|captcha\.gtimg\.com"),
}
_CHALLENGE_WORDS = re.compile(
    "环境异常|去验证|完成验证(?:后|即可)|请?(?:完成|进行|通过)?(?:安全|人机|滑动|滑块|身份)验证|拖动(?:下方)?滑块|向右滑动|访问(?:过于|太)频繁|"
    "请输入验证码(?:继续|后|以)?|异常(?:访问|流量)|浏览器安全检查|正在验证您的|Just a moment|verify you are (?:a )?human|"
    "checking your browser|enable JavaScript and cookies",
    re.I,
)
_REFUSED_WORDS = re.compile(
    "拒绝访问|禁止访问|无权访问|访问被(?:拒绝|拦截|阻断|禁止)|Access Denied|Forbidden|您的IP|请求被拦截", re.I
)
_LOGIN_WORDS = re.compile(
    "(?:请|需要|您?尚?未)先?登录|登录后(?:查看|可见|发表|继续|访问)|扫码登录|账号登录|用户登录|统一身份认证|请在微信客户端打开"
)
_NOT_FOUND_WORDS = re.compile(
    "(?:页面|网页|文件|内容|文章|信息|资源|帖子|链接)[^。]{0,12}(?:不存在|已(?:被)?删除|找不到|未找到|不见了|已失效|已下线)|"
    "(?:找不到|无法找到|没有找到|未找到)[^。]{0,12}(?:页面|网页|文件|资源|内容)|Not Found|Page not found|\\b404\\b|页面丢失|迷路",
    re.I,
)
_MAINTENANCE_WORDS = re.compile(
    "(?:网站|系统|平台|服务|页面|栏目)[^。]{0,12}(?:维护|升级|建设|改版)(?:中|期间)?|(?:维护|升级)(?:中|期间)|暂停(?:服务|访问)|"
    "服务(?:暂时)?不可用|Service (?:Temporarily )?Unavailable|Bad Gateway|系统繁忙|服务器错误|Internal Server Error",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    health: Health
    reasons: tuple[str, ...] = ()


ABSENT = frozenset({404, 410})  # here the status itself says so, whatever words stand under it

_HOMES = frozenset({"", "/", "/index.html", "/index.htm", "/index.shtml"})
_JUMP = re.compile(
    r"<meta\b[^>]{0,60}refresh[^>]{0,60}?url=['\" ]?([^'\">\s]{1,500})"
    r"|(?:window\.|top\.|self\.)?location(?:\.href)?(?:\.replace\(|\.assign\(| ?= ?)['\"]([^'\"\s]{1,500})['\"]",
    re.I,
)
_CHALLENGE_STATUSES = frozenset({202, 403, 405, 412, 521})
_BY_STATUS = (
    (ABSENT, Health.NOT_FOUND, "页面不存在"),
    ({412, 521}, Health.CHALLENGE, "要求运行脚本验证"),
    ({401}, Health.LOGIN_WALL, "需要登录"),
    ({502, 503, 504}, Health.MAINTENANCE, "网站暂停服务"),
    (set(range(400, 500)), Health.REFUSED, "拒绝访问"),
    (set(range(500, 600)), Health.MAINTENANCE, "服务器出错"),
)


def verdict_on_status(status: int) -> Verdict | None:
    """What the status alone settles; ``None`` when the page must be looked at."""
    for statuses, health, says in _BY_STATUS:
        if status in statuses:
            return Verdict(health, (f"服务器回应 {status}：{says}",))
    return None


def verdict_on_script(text: str, visible: str, status: int) -> Verdict | None:
    """A challenge told by its script. On a page full of text the same script says nothing: some sites carry it always."""
    if len(visible) >= SHORT and status not in _CHALLENGE_STATUSES:
        return None
    for name, pattern in _SCRIPTS.items():
        if pattern.search(text):
            return Verdict(Health.CHALLENGE, (f"页面是 {name} 脚本验证，没有正文（{len(visible)} 字）",))
    return None


def verdict_on_words(title: str, words: str) -> Verdict | None:
    """What a page without a found body says about itself; ``words`` are its words outside links."""
    said = f"{title} {words[:2_000]}"
    for health, pattern, says in _MESSAGES:
        if found := pattern.search(said):
            return Verdict(health, (f"{says}：没有正文，页面写着“{found[0][:30]}”",))
    return None


def verdict_on_brief_body(title: str, body: str) -> Verdict | None:
    """For a body that was found but is too brief to be a rule."""
    verdict = verdict_on_words(title, body) if len(body) < BRIEF else None
    return verdict if verdict and verdict.health is not Health.MAINTENANCE else None


_MESSAGES = (
    (Health.CHALLENGE, _CHALLENGE_WORDS, "要求人机验证"),
    (Health.SOFT_404, _NOT_FOUND_WORDS, "页面不存在"),
    (Health.REFUSED, _REFUSED_WORDS, "拒绝访问"),
    (Health.LOGIN_WALL, _LOGIN_WORDS, "需要登录"),
    (Health.MAINTENANCE, _MAINTENANCE_WORDS, "网站维护"),
)


def truncated(body: bytes, headers: Iterable[tuple[str, str]]) -> Verdict | None:
    """Fewer bytes than the server announced."""
    announced = next((value for name, value in headers if name.lower() == "content-length"), "").strip()
    if announced.isascii() and announced.isdigit() and len(announced) < 16 and int(announced) > len(body):
        return Verdict(Health.TRUNCATED, (f"服务器声明 {announced} 字节，只收到 {len(body)} 字节",))
    return None


def redirected_home(url: str, headers: Iterable[tuple[str, str]], canonical: str) -> Verdict | None:
    """The answer says that it is the host's front page although another path was asked."""
    asked = urlsplit(url)
    if asked.path.strip("/") == "" or asked.query:
        return None
    told_by_headers = [value for name, value in headers if name.lower() in {"location", "content-location"}]
    for address in (*told_by_headers, canonical):
        told = urlsplit(address)
        same_host = told.netloc in {"", asked.netloc}
        if address and same_host and told.path in _HOMES and not told.query:
            return Verdict(Health.REDIRECT_HOME, (f"要看的是 {asked.path}，得到的是网站首页",))
    return None


def jumps_elsewhere(text: str, url: str, visible: str) -> Verdict | None:
    """A page of a few words that sends the browser on by ``<meta http-equiv=refresh>`` or ``location``."""
    if len(visible) >= BRIEF * 2 or not (found := _JUMP.search(text)):
        return None
    target = urlsplit(found[1] or found[2])
    home = target.netloc in {"", urlsplit(url).netloc} and target.path in _HOMES and not target.query
    if home and urlsplit(url).path.strip("/"):
        return Verdict(Health.REDIRECT_HOME, ("页面用脚本或刷新指令跳转到网站首页",))
    return Verdict(Health.EMPTY_SHELL, (f"页面没有正文，只跳转到 {(found[1] or found[2])[:200]}",))


def collapsed(characters: int, before: int) -> Verdict | None:
    """A text that shrank to less than a fifth of the last good version."""
    if before >= HISTORY_FLOOR and characters * COLLAPSED < before:
        return Verdict(Health.COLLAPSE, (f"正文由 {before} 字骤减到 {characters} 字，待复核",))
    return None
