"""What is said to a request that is not answered: a status, a sentence, and no more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from datasette_config.api.problems import refusal
from datasette_config.language import gettext as _

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]


class Refused(Exception):
    """A request is not answered: with which status, in which words, and with which headers besides."""

    def __init__(self, status: int, words: str, *headers: Header) -> None:
        super().__init__(words)
        self.status, self.words, self.headers = status, words, headers


def not_found() -> Refused:
    return Refused(404, _("没有这个页面。"))


def read_only() -> Refused:
    return Refused(405, _("本网站只供阅读。"), (b"allow", b"GET, HEAD"))


def too_long() -> Refused:
    return Refused(414, _("地址太长。"))


def too_large() -> Refused:
    return Refused(413, _("送来的内容太长。"))


def other_host() -> Refused:
    return Refused(
        421,
        _("这个域名不是本网站。若网站在代理之后，请把 zhengce.toml 的 site.base_url 设为读者所用的网址。"),
    )


def from_elsewhere() -> Refused:
    return Refused(403, _("这个请求不是从本网站的页面发出的。请打开登录页再试。"))


def not_a_form() -> Refused:
    return Refused(415, _("这里只接受网页表单。"))


def too_often(seconds: int) -> Refused:
    words = _("查询太密。请 %(seconds)d 秒后再试。") % {"seconds": seconds}
    return Refused(429, words, (b"retry-after", str(seconds).encode()))


def too_many_tries(seconds: int) -> Refused:
    words = _("登录失败次数太多。请 %(seconds)d 秒后再试。") % {"seconds": seconds}
    return Refused(429, words, (b"retry-after", str(seconds).encode()))


def too_busy() -> Refused:
    return Refused(503, _("正在处理的查询太多。请几秒后再试。"), (b"retry-after", b"5"))


def sign_in_with_basic() -> Refused:
    challenge = b'Basic realm="zhengce", charset="UTF-8"'
    return Refused(401, _("这里的内容登录以后才能看。"), (b"www-authenticate", challenge))


def sign_in_first(location: str) -> Refused:
    return Refused(303, _("这里的内容登录以后才能看。"), (b"location", location.encode("ascii")))


def sign_in_at_the_proxy() -> Refused:
    return Refused(403, _("这里的内容须经反向代理登录以后才能看。"))


async def say(refused: Refused, path: str, send: Send) -> None:
    """As plain text; under ``/api/`` as a problem (RFC 9457)."""
    kind, body = b"text/plain; charset=utf-8", f"{refused.words}\n".encode()
    if path.startswith("/api/"):
        kind = b"application/problem+json"
        body = refusal(refused.status, refused.words, path).to_json().encode()
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *refused.headers]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
