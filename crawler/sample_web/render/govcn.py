"""The family of the central portal: a JSON feed, and pages whose header include closes the document too early."""

from __future__ import annotations

import json
from html import escape

from crawler.sample_web.render.common import FOOTER, Answer, Request, View, attachments, html, paragraphs
from crawler.sample_web.state import PageState

FEED = "/zhengce/zuixin/ZUIXINZHENGCE.json"


def route(view: View, request: Request) -> Answer | None:
    if request.path == FEED:
        return _feed(view)
    state = view.at(request.path)
    return html(_document(view, state)) if state else None


def _feed(view: View) -> Answer:
    rows = [
        {
            "TITLE": page.title,
            "SUB_TITLE": "",
            "URL": f"http://{view.host}{page.path}",
            "DOCRELPUBTIME": str(page.published),
        }
        for page in view.pages()
    ]
    return Answer(json.dumps(rows, ensure_ascii=False).encode(), content_type="application/json")


def _document(view: View, state: PageState) -> str:
    page = state.page
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8">
<title>{escape(page.title)}_{view.site.name}</title>
<meta name="firstpublishedtime" content="{page.published}-17:05:00"><meta name="lanmu" content="最新政策">
<meta name="author" content="{view.site.name}"></head>
<body><div class="header"><a href="/">首页</a> <a href="/zhengce/">政策</a></div>
</body></html>
<div class="article"><div class="pages-title"><h1 id="ti">{escape(page.title)}</h1></div>
<div class="pages-date">{page.published} 17:05<span class="font">来源：{view.site.name}</span></div>
<div class="pages_content" id="UCAP-CONTENT"><div class="trs_editor_view">{paragraphs(state)}{attachments(state)}</div></div>
<div class="share">分享到</div></div>
<div class="footer">{FOOTER}　{view.site.host}</div></body></html>
"""
