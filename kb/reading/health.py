"""Is this the page we asked for? Named verdicts with a reason a person can read.

A word alone never condemns a page (``messages``). Words count only on a page whose body was not found or that is short
of text, and never words that are links or frame; a challenge is also told by its script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from kb.codes import Health
from kb.reading.look import Look
from kb.reading.messages import is_document, message

SHORT = 400  # visible characters below which a page's few words say what it is
BRIEF = 120  # characters of a found body below which it may be a message instead of a rule
FRAME = 200  # visible characters from which a page without its body is a site that was rebuilt, not an empty shell
FRAMED = 100  # characters of links, operator and filing number that make up a frame

_SCRIPTS = {
    "$_ts": re.compile(r"\$_ts\b\s*(?:=|\[|\.)"),
    "瑞数": re.compile(r"<(?:script|meta)\b[^>]{0,400}\br=['\"]?m['\"]?[\s>/]"),
    "__jsl_clearance": re.compile(r"__jsl_clearance"),
    "acw_sc__v2": re.compile(r"acw_sc__v[23]"),
    "WZWS": re.compile(r"wzws[-_]|wzwschallenge|WZWS_|/WZWSREL"),
    "EdgeOne": re.compile(r"EO_Bot_Ssid|__tst_status"),
    "Cloudflare": re.compile(r"cf-browser-verification|/cdn-cgi/challenge-platform/|cf_chl_opt"),
    "TencentWAF": re.compile(r"TencentCaptcha\(|TCaptcha\.js|waf_captcha|captcha\.gtimg\.com"),
    "阿里云验证": re.compile(r"AWSC/awsc\.js|_____tmd_____|aliyun_waf_"),
    "极验": re.compile(r"static\.geetest\.com|initGeetest"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    health: Health
    reasons: tuple[str, ...] = ()


ABSENT = frozenset({404, 410})  # here the status itself says so, whatever words stand under it

_CHALLENGE_STATUSES = frozenset({202, 400, 403, 405, 412, 521})
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


def verdict_on_script(text: str, look: Look, status: int) -> Verdict | None:
    """A challenge told by its script. On a page full of text the same script says nothing: some sites carry it always.

    On a page with some words the script is one witness and the words must be the other: short notices carry it too.
    """
    if len(look.visible) >= SHORT and status not in _CHALLENGE_STATUSES:
        return None
    said = message(look.title, look.own)
    blocked = said is not None and said[0] is Health.REFUSED
    if not blocked and (status in _CHALLENGE_STATUSES or len(look.own) < 30 or said):
        for name, pattern in _SCRIPTS.items():
            if pattern.search(text) and not is_document(look.title, look.own):
                return Verdict(
                    Health.CHALLENGE, (f"页面是 {name} 脚本验证，没有正文（{len(look.visible)} 字）",)
                )
    if not look.visible and "<script" in text and (status == 202 or _asks_for_scripts(look)):
        return Verdict(Health.CHALLENGE, ("页面只有一段脚本，没有一个可见的字，是脚本验证",))
    return None


def _asks_for_scripts(look: Look) -> bool:
    said = message("", look.hidden)
    return not look.visible and not look.mount and said is not None and said[0] is Health.CHALLENGE


def verdict_on_words(title: str, words: str) -> Verdict | None:
    """What a page without a document says about itself; ``words`` are its words outside links and frame."""
    if said := message(title, words):
        return Verdict(said[0], (f"{said[1]}：没有正文，页面写着“{said[2]}”",))
    return None


def verdict_on_message(look: Look) -> Verdict | None:
    """For a page whose body was not found: its words, when they are few or its title is a message itself."""
    if len(look.own) < SHORT:
        return verdict_on_words(look.title, look.own) or _password_form(look)
    return verdict_on_words(look.title, "") if len(look.title) < 30 else None


def _password_form(look: Look) -> Verdict | None:
    return Verdict(Health.LOGIN_WALL, ("需要登录：页面只有用户名和密码的输入框",)) if look.password else None


def verdict_on_brief_body(title: str, body: str) -> Verdict | None:
    """For a body that was found but is too brief to be a rule."""
    return verdict_on_words(title, body) if len(body) < BRIEF and not is_document(title, body) else None


_SENTENCE = re.compile("[^。\\s]{15,200}。")  # frames and hints to switch scripts on hold none so long


def verdict_on_missing_body(look: Look, *, declared: bool) -> Verdict:
    """A page that says nothing about itself and has no body."""
    if look.mount:
        return Verdict(Health.EMPTY_SHELL, (f"正文要由脚本填入，收到的只是空壳（{len(look.visible)} 字）",))
    if not look.visible:
        return Verdict(Health.EMPTY_SHELL, ("收到的内容里没有一个可见的字",))
    speaks = declared and len(look.own) >= BRIEF // 2 and _SENTENCE.search(look.own)
    if not speaks and len(look.visible) < FRAME and len(look.visible) - len(look.own) < FRAMED:
        return Verdict(Health.EMPTY_SHELL, (f"页面只有框架，没有正文（{len(look.visible)} 字）",))
    if declared:
        return Verdict(Health.BODY_GONE, ("定位不到正文：页面框架还在，已声明的选择器都没有匹配，疑似改版",))
    return Verdict(Health.BODY_GONE, ("定位不到正文：页面上没有成段的文字，像是列表或导航页",))


# --------------------------------------------------------------------------- another page than the one asked for

_HOMES = frozenset({"", "/", "/index.html", "/index.htm", "/index.shtml", "/index.jsp", "/index.jhtml"})
_JUMP = re.compile(
    r"<meta\b(?=[^>]{0,200}refresh)[^>]{0,100}?url=\s*['\" ]?([^'\">\s]{1,500})"
    r"|(?:window\.|top\.|self\.)?location(?:\.href)?(?:\.replace\(|\.assign\(| ?= ?)['\"]([^'\"\s]{1,500})['\"]",
    re.I,
)
_JUMP_TO_HOST = re.compile(
    r"location(?:\.href)?\s*=\s*(?:window\.|document\.|top\.)?location\.(?:origin|protocol\s*\+\s*['\"]//['\"]\s*\+\s*[\w.]{0,20}location\.host(?:name)?)\s*(?:;|<|\+\s*['\"]/['\"])",
    re.I,
)
_JUMP_IN_WORDS = re.compile("(?:跳转|返回|进入)[^。]{0,6}首页")
_BY_DEVICE = re.compile("userAgent|isMobile|iphone|android", re.I)


def redirected_home(url: str, headers: Iterable[tuple[str, str]], canonical: str) -> Verdict | None:
    """The answer says that it is the host's front page although another path was asked."""
    if urlsplit(url).query:
        return None
    told_by_headers = [value for name, value in headers if name.lower() in {"location", "content-location"}]
    for address in (*told_by_headers, canonical):
        if address and _is_home(address, url):
            return Verdict(Health.REDIRECT_HOME, (f"要看的是 {urlsplit(url).path}，得到的是网站首页",))
    return None


def _is_home(address: str, asked: str) -> bool:
    """Whether an address, as a page prints it, is the front page of the host of another page that was asked for."""
    try:
        told, page = urlsplit(urljoin(asked, address)), urlsplit(asked)
    except ValueError:
        return False
    return bool(
        page.path not in _HOMES and told.netloc == page.netloc and told.path in _HOMES and not told.query
    )


def jumps_elsewhere(text: str, url: str, look: Look) -> Verdict | None:
    """A page of a few words that sends the browser on by ``<meta http-equiv=refresh>`` or ``location``.

    A script that only sends telephones to another page is none.
    """
    if len(look.visible) >= BRIEF:
        return None
    found = _JUMP.search(text)
    if found and _BY_DEVICE.search(text, max(0, found.start() - 400), found.start()):
        return None
    target = (found[1] or found[2]) if found else ""
    in_words = not look.password and _JUMP_IN_WORDS.search(look.visible) and "location" in text
    if (found and _is_home(target, url)) or _JUMP_TO_HOST.search(text) or (not found and in_words):
        return Verdict(Health.REDIRECT_HOME, ("页面用脚本或刷新指令跳转到网站首页",))
    if found:
        return Verdict(Health.EMPTY_SHELL, (f"页面没有正文，只跳转到 {target[:200]}",))
    return None


# --------------------------------------------------------------------------- files and broken transfers

_NO_PAGE = re.compile(r"^(?:text/css|(?:application|text)/(?:x-)?javascript|(?:image|video|audio|font)/|application/(?:rss|atom)\+xml)", re.I)  # fmt: skip
_FILE_TYPE = re.compile(
    r"^(?:(?:image|video|audio|font)/|application/(?:octet-stream|zip|x-|vnd\.|java-archive))"
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"RIFF", b"OggS", b"ID3")
_FEED = re.compile(
    r"\s*<\?xml[^>]{0,200}>\s*(?:<\?[^>]{0,300}>\s*)*<(?:rss|feed|urlset|sitemapindex|rdf:RDF)\b"
)


def content_type(headers: Iterable[tuple[str, str]]) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "").strip().lower()


def verdict_on_type(text: str, headers: Iterable[tuple[str, str]], *, tagged: bool) -> Verdict | None:
    """A text that is code, a style sheet or a feed. A wrong header over a page with tags says nothing."""
    declared = content_type(headers)
    if _FEED.match(text[:2_000]) or (not tagged and _NO_PAGE.match(declared)):
        return Verdict(Health.WRONG_TYPE, (f"要的是网页，得到的是 {declared.partition(';')[0] or '订阅源'}",))
    return None


def verdict_on_bytes(body: bytes, headers: Iterable[tuple[str, str]], why: str) -> Verdict:
    """Bytes that are no text: a file of another kind, told by its header or first bytes, or an unknown encoding."""
    declared = content_type(headers)
    if _FILE_TYPE.match(declared) or body.startswith(_PROGRAMS) or body[4:8] == b"ftyp":
        return Verdict(
            Health.WRONG_TYPE, (f"要的是网页，得到的是{declared.partition(';')[0] or '别的文件'}",)
        )
    return Verdict(Health.UNDECODABLE, (why,))


def truncated(body: bytes, headers: Iterable[tuple[str, str]]) -> Verdict | None:
    """Fewer bytes than the server announced."""
    announced = next((value for name, value in headers if name.lower() == "content-length"), "").strip()
    if announced.isascii() and announced.isdigit() and len(announced) < 16 and int(announced) > len(body):
        return Verdict(Health.TRUNCATED, (f"服务器声明 {announced} 字节，只收到 {len(body)} 字节",))
    return None


def cut_short(text: str) -> Verdict | None:
    """An HTML text that was begun and breaks off inside a tag, a comment, a script or a sentence.

    Many old pages never close their elements; but they end with a tag.
    """
    tail = text[-100_000:].lower()
    if "</html" in tail or "</body" in tail or "<html" not in text[:5_000].lower():
        return None
    ended = text.rstrip()
    in_comment = tail.rfind("<!--") > tail.rfind("-->")
    in_script = tail.rfind("<script") > tail.rfind("</script")
    if ended.endswith(">") and not in_comment and not in_script:
        return None
    return Verdict(Health.TRUNCATED, (f"网页没有结束就断了，断在“{ended[-20:]}”",))
