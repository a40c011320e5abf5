"""The family of the telecom regulators: a column page without rows that names, in a script's ``queryData``, the unit
that gives them as HTML inside JSON; paging only by ``paramJson``."""

from __future__ import annotations

import json
from html import escape

from crawler.sample_web.render.common import FOOTER, Answer, Request, View, attachments, cut, html, paragraphs
from crawler.sample_web.state import PageState

LIST = "/zwgk/tzgg/index.html"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
QUERY = {
    "parseType": "buildstatic",
    "webId": "5f1d0c6a9b2e4d7f8a3b1c2d4e5f6a7b",
    "tplSetId": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "pageType": "column",
    "tagId": "当前栏目_list",
    "editType": "null",
    "pageId": "c0ffee00c0ffee00c0ffee00c0ffee00",
}
ROWS = 20


def route(view: View, request: Request) -> Answer | None:
    if request.path == LIST:
        return html(_column(view))
    if request.path == UNIT:
        return _unit(view, request)
    state = view.at(request.path)
    return html(_document(view, state)) if state else None


def _column(view: View) -> str:
    query = "{" + ",".join(f"'{key}':'{value}'" for key, value in QUERY.items()) + "}"
    return _frame(
        view,
        "通知公告",
        f'<div class="page-content"><script type="text/javascript" src="/images/unitbuild.js" parseType="buildstatic" '
        f'url="{UNIT}" queryData="{query}"></script></div>',
    )


def _unit(view: View, request: Request) -> Answer:
    if request.field("webId") != QUERY["webId"] or request.field("tagId") != QUERY["tagId"]:
        return Answer(b'{"success":false,"message":"parameter error"}', content_type="application/json")
    wanted = json.loads(request.field("paramJson") or "{}")
    size = int(wanted.get("pageSize", ROWS))
    start = (int(wanted.get("pageNo", 1)) - 1) * size
    pages = view.pages()
    rows = "".join(
        f'<li class="cf"><a href="{page.path}" title="{escape(page.title)}" target="_blank"><i></i>{cut(page.title)}</a>'
        f'<span class="fr">{page.published}</span></li>'
        for page in pages[start : start + size]
    )
    fragment = f'<ul count="{len(pages)}" rows="{size}">{rows}<li class="border-line"></li></ul>'
    answer = json.dumps({"success": True, "code": "200", "data": {"html": fragment}}, ensure_ascii=False)
    return Answer(answer.encode(), content_type="application/json;charset=UTF-8")


def _document(view: View, state: PageState) -> str:
    page = state.page
    metas = (
        f'<meta name="ArticleTitle" content="{escape(page.title)}"><meta name="PubDate" content="{page.published} 09:30">'
        f'<meta name="ContentSource" content="{view.site.name}"><meta name="ColumnName" content="通知公告">'
    )
    number = f'<span class="xxgk-fwzh">{escape(page.number)}</span>' if page.number else ""
    return _frame(
        view,
        page.title,
        f'<h1 id="con_title">{escape(page.title)}</h1>{number}\n'
        f'<div class="cinfo"><span id="con_time">发布时间：{page.published} 09:30</span> 来源：{view.site.name}'
        f' 浏览次数：<span id="hits">{view.views}</span></div>\n'
        f'<div class="ccontent center" id="con_con">{paragraphs(state)}{attachments(state)}</div>',
        metas,
    )


def _frame(view: View, title: str, content: str, metas: str = "") -> str:
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><meta name="SiteName" content="{view.site.name}">{metas}
<title>{escape(title)}</title></head><body>
<div class="header"><a href="/">{view.site.name}</a><input name="csrf" type="hidden" value="{view.token}"></div>
{content}
<div class="footer">{FOOTER}　{view.site.host}</div></body></html>
"""
