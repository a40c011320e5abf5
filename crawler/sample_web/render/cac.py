"""The family of the cyberspace administration's CMS: a first list page in HTML, the rest by ``POST /cms/JsonList``;
unquoted, protocol-relative links; a tail with a build time and a token that moves at every request."""

from __future__ import annotations

import json
from html import escape

from crawler.sample_web.render.common import FOOTER, Answer, Request, View, cut, html, paragraphs
from crawler.sample_web.state import PageState

LIST = "/wxzw/zcfg/A09370303index_1.htm"
CHANNEL = "A09370303"
FIRST = 5  # rows the list page itself carries


def route(view: View, request: Request) -> Answer | None:
    if request.path == "/cms/JsonList":
        return _json_list(view, request) if request.method == "POST" else Answer(b"", 405)
    if request.path == LIST:
        return html(_list(view))
    state = view.at(request.path)
    return html(_document(view, state)) if state else None


def _list(view: View) -> str:
    rows = "\n".join(
        f'<li class="clearfix"><h5><a href=//{view.host}{page.path} title="{escape(page.title)}" target=_blank>'
        f'{cut(page.title)}</a></h5><div class="times">{page.published}</div></li>'
        for page in view.pages()[:FIRST]
    )
    return _frame(view, "部门规章", f'<div id="loadingInfoPage"><ul>\n{rows}\n</ul></div>')


def _json_list(view: View, request: Request) -> Answer:
    if request.field("channelCode") != CHANNEL:
        return Answer(b'{"totalRec":"0","list":[]}', content_type="application/json;charset=utf-8")
    size = min(int(request.field("perPage") or 20), 100)
    start = (int(request.field("pageno") or 1) - 1) * size
    pages = view.pages()
    rows = [
        {
            "coverurl": "",
            "description": "",
            "filltime": f"{page.published} 15:00:00.0",
            "infourl": f"//{view.host}{page.path}",
            "pubtime": f"{page.published} 15:00:00.0",
            "topic": page.title,
        }
        for page in pages[start : start + size]
    ]
    answer = json.dumps({"totalRec": str(len(pages)), "list": rows}, ensure_ascii=False)
    return Answer(answer.encode(), content_type="application/json;charset=utf-8")


def _document(view: View, state: PageState) -> str:
    day = state.page.published
    return _frame(
        view,
        state.page.title,
        f'<h1 class="title">{escape(state.page.title)}</h1>\n<div class="info clearfix"><span id="pubtime">\n'
        f'{day.year}年{day.month:02d}月{day.day:02d}日 15:00\n</span><span id="source">来源：\n {view.site.name}\n</span>\n'
        '<div class="set_font"><a class="font_add" href="#"> </a></div><a id="print">【打印】</a></div>\n'
        f'<div class="main-content">\n<DIV id=BodyLabel>{paragraphs(state)}<div id="网站群管理"></div></DIV>\n</div>',
    )


def _frame(view: View, title: str, content: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="zh"><head><meta charset="UTF-8"><title>{escape(title)}_{view.site.name}</title></head>
<body><div class="top-nav"><ul id="nav"><li><h3><a href="//{view.host}/index.htm">首 页</a></h3></li></ul></div>
<div class="current-path"><p>当前位置：<a href="/">首页</a>&gt;<a href="javascript:void(0);">正文</a></p></div>
{content}
<div class="footer"><p>{FOOTER}　{view.site.host}</p></div>
<div style='display:none'>Produced By CMS 网站群内容管理系统 publishdate:2026/11/20 15:00:{view.count % 60:02d}</div>
<script>var crToken='{view.token}';function pagestat(){{}}pagestat();</script></body></html>
"""
