"""What the API says when it cannot answer: one shape, ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from pydantic import Field

from datasette_config.language import gettext as _
from kb.output import Line

CONTENT_TYPE = "application/problem+json"
Name = Literal[
    "bad-parameter",
    "excerpts-only",
    "not-found",
    "failed",
    "nothing-kept",
    "other-schema",
    "too-slow",
]


class Fault(Line):
    """One parameter that was not understood."""

    parameter: str
    value: str
    why: str


class Problem(Line):
    """``type`` leads to where the guide explains the problem, or is about:blank; ``faults`` are empty unless parameters were wrong."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    faults: list[Fault] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem. ``title`` and ``detail`` are asked for when it is said: in the reader's language."""

    name: Name
    status: int
    title: Callable[[], str]
    detail: Callable[[], str]


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "bad-parameter",
            400,
            lambda: _("参数有误"),
            lambda: _("地址中有读不懂的参数，没有作答。各参数的写法见说明。"),
        ),
        Kind(
            "excerpts-only",
            403,
            lambda: _("只公开摘录"),
            lambda: _("这是平台页面，公开网站只摘录变动前后的文字。全文请看原站。"),
        ),
        Kind("not-found", 404, lambda: _("没有这一项"), lambda: _("地址有误，或所指的内容不在本库中。")),
        Kind("failed", 500, lambda: _("出错了"), lambda: _("没能作答，原因已写入运行日志。")),
        Kind(
            "nothing-kept", 503, lambda: _("还没有内容"), lambda: _("还没有任何留存。请先运行 zhengce run。")
        ),
        Kind(
            "other-schema",
            503,
            lambda: _("知识库需要更新"),
            lambda: _("知识库由另一个版本的 zhengce 写成，缺少所问的内容。运行 zhengce run 会更新它。"),
        ),
        Kind(
            "too-slow", 503, lambda: _("查询超时"), lambda: _("这次查询太久，已停止。请把条件写得具体一些。")
        ),
    )
}
BY_STATUS: dict[int, Name] = {400: "bad-parameter", 403: "excerpts-only", 404: "not-found", 503: "too-slow"}
REFUSALS = (401, 405, 414, 421, 429)
"""What is refused before the API is asked."""


class Refused(Exception):
    """The API cannot answer; says why."""

    def __init__(self, name: Name, *faults: Fault) -> None:
        super().__init__(name)
        self.name: Name = name
        self.faults = faults


class Moved(Exception):
    """The item has another id today."""

    def __init__(self, identifier: str) -> None:
        super().__init__(identifier)
        self.identifier = identifier


def said(name: Name, guide: str, instance: str, faults: tuple[Fault, ...] = ()) -> Problem:
    """``guide`` is the address of the page that explains the API, ``instance`` that of the request."""
    kind = KINDS[name]
    return Problem(
        type=f"{guide}#{name}",
        title=kind.title(),
        status=kind.status,
        detail=kind.detail(),
        instance=instance,
        faults=list(faults),
    )


def refusal(status: int, words: str, path: str) -> Problem:
    """A request that is refused before the API is asked."""
    phrase = HTTPStatus(status).phrase
    return Problem(type="about:blank", title=phrase, status=status, detail=words, instance=path)


def problem(datasette: Datasette, request: Request, name: Name, *faults: Fault) -> Response:
    """The answer to a request that cannot be answered otherwise."""
    found = said(name, str(datasette.urls.path("/api")), str(datasette.urls.path(request.path)), faults)
    return Response(found.to_json(), status=found.status, content_type=CONTENT_TYPE)
