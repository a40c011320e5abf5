"""Answers for what cannot be shown: unknown addresses, refused tables, an empty base, a read that took too long."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400, Forbidden, Request, Response
from datasette.utils.sqlite import sqlite3
from datasette.views.base import DatasetteError

import kb.errors
from datasette_config.api.problems import BY_STATUS, Name, problem
from datasette_config.language import gettext as _
from datasette_config.site import BaseNotReady, NotInThisCopy, TooSlow, page

log = logging.getLogger("zhengce.site")
READ_BY_PROGRAMS = (".atom", ".csv", ".ics", ".xml")
"""They would take a page in place of what they asked for; 503 makes them come again."""


def nothing_kept() -> str:
    return _("还没有任何留存。运行 zhengce run，最新的列表页最先查看，看完一个来源这里就会有内容。")


def other_schema() -> str:
    return _(
        "知识库由另一个版本的 zhengce 写成，缺少这一页要读的内容。运行 zhengce run 会更新它，请稍后再看。"
    )


def _words(status: int) -> tuple[str, str]:
    """What a reader is told of a status: a title and a sentence."""
    said = {
        403: (_("不公开"), _("这里的数据不在网站上公开。")),
        404: (_("没有这个页面"), _("地址有误，或所指的内容不在本库中。")),
        410: (_("副本里没有"), _("这个网站显示的是一份固定副本，所指的内容没有收进副本。请看官方原文。")),
        500: (_("出错了"), _("这一页没能生成，原因已写入运行日志。")),
        503: (_("查询超时"), _("这次查询太久，已停止。请把条件写得具体一些。")),
    }
    return said.get(status) or (_("请求有误"), _("地址中的条件无法理解。"))


async def forbidden_answer(datasette: Datasette, request: Request) -> Response:
    return await _say(datasette, request, 403)


def answer_to(
    datasette: Datasette, request: Request, exception: Exception
) -> Callable[[], Awaitable[Response]]:
    async def answer() -> Response:
        if request.path.startswith("/api/"):
            return problem(datasette, request, _problem(exception))
        if isinstance(exception, BaseNotReady) or _cannot_open(exception):
            said = {"title": _("还没有内容"), "message": nothing_kept()}
            status = 503 if request.path.endswith(READ_BY_PROGRAMS) else 200
            return await page(datasette, request, "message.html", status=status, **said)
        if isinstance(exception, kb.errors.StoreError):
            title = _("知识库需要更新")
            return await page(
                datasette, request, "message.html", status=503, title=title, message=other_schema()
            )
        status = _verdict(exception)
        if status == 500:
            log.error("%s could not be answered", request.path, exc_info=exception)
        return await _say(datasette, request, status)

    return answer


def _problem(exception: Exception) -> Name:
    """What the API says of it."""
    if isinstance(exception, BaseNotReady) or _cannot_open(exception):
        return "nothing-kept"
    if isinstance(exception, kb.errors.StoreError):
        return "other-schema"
    status = _verdict(exception)
    if status == 500:
        log.error("the API could not answer", exc_info=exception)
    return BY_STATUS.get(status, "failed")


def _cannot_open(exception: Exception) -> bool:
    return isinstance(exception, sqlite3.OperationalError) and "unable to open" in str(exception)


def _verdict(exception: Exception) -> int:
    if isinstance(exception, TooSlow | QueryInterrupted):
        return 503
    if isinstance(exception, NotInThisCopy):
        return 410
    if isinstance(exception, Forbidden):
        return 403
    if isinstance(exception, kb.errors.NotFound):
        return 404
    status = exception.status if isinstance(exception, Base400 | DatasetteError) else 500
    return status if 400 <= status < 500 else 500


async def _say(datasette: Datasette, request: Request, status: int) -> Response:
    title, message = _words(status)
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "status": status, "error": title}, status=status)
    return await page(datasette, request, "message.html", status=status, title=title, message=message)
