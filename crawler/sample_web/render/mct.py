"""The family of static t-date lists in GBK: the header names no charset, the page says gb2312, the text holds more."""

from __future__ import annotations

from html import escape

from crawler.sample_web.render.common import FOOTER, Answer, Request, View, attachments, cut, html, paragraphs
from crawler.sample_web.state import PageState

LIST = "/whzx/ggtz/"


def route(view: View, request: Request) -> Answer | None:
    if request.path in {LIST, f"{LIST}index.html"}:
        return html(_list(view), view.site.encoding, "text/html")
    state = view.at(request.path)
    return html(_document(view, state), view.site.encoding, "text/html") if state else None


def _list(view: View) -> str:
    rows = "\n".join(
        f'<li><a href=".{page.path.removeprefix(LIST.rstrip("/"))}" title="{escape(page.title)}" target="_blank">'
        f"{cut(page.title)}</a><span>{page.published}</span></li>"
        for page in view.pages()
    )
    script = "<script>createPageHTML(1, 0, 'index', 'html');</script>"
    return _frame(view, "公示公告", f'<div class="xlmainCo2022"><ul>\n{rows}\n</ul>{script}</div>')


def _document(view: View, state: PageState) -> str:
    page = state.page
    return _frame(
        view,
        page.title,
        f'<div class="gsj_htmlcon"><h1>{escape(page.title)}</h1><div class="gsj_htmlcon_bot">'
        f'<div class="TRS_Editor">{paragraphs(state)}{attachments(state)}</div></div></div>',
        f'<meta name="ArticleTitle" content="{escape(page.title)}"><meta name="PubDate" content="{page.published} 08:45">'
        f'<meta name="ContentSource" content="{view.site.name}">',
    )


def _frame(view: View, title: str, content: str, metas: str = "") -> str:
    return f"""<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">{metas}
<title>{escape(title)}_{view.site.name}</title></head><body>
<div class="nav"><a href="/">首页</a> <a href="{LIST}">公示公告</a></div>
{content}
<div class="foot">{FOOTER}　{view.site.host}</div></body></html>
"""
