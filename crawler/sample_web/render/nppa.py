"""The family of static t-date lists whose detail pages print a reading counter inside the text."""

from __future__ import annotations

from html import escape

from crawler.sample_web.render.common import FOOTER, Answer, Request, View, attachments, cut, html, paragraphs
from crawler.sample_web.state import PageState

LIST = "/hdjl/wdzx/"


def route(view: View, request: Request) -> Answer | None:
    if request.path in {LIST, f"{LIST}index.html"}:
        return html(_list(view))
    state = view.at(request.path)
    return html(_document(view, state)) if state else None


def _list(view: View) -> str:
    rows = "\n".join(
        f'<li><a href=".{page.path.removeprefix(LIST.rstrip("/"))}" title="{escape(page.title)}">{cut(page.title)}</a>'
        f"<span>[{page.published}]</span></li>"
        for page in view.pages()
    )
    return _frame(
        view, "问答", f'<div class="m2nRt">问答</div><div class="m2nRcon"><ul>\n{rows}\n</ul></div>'
    )


def _document(view: View, state: PageState) -> str:
    page = state.page
    return _frame(
        view,
        page.title,
        f'<div class="m3page_t">{escape(page.title)}</div><div class="m3page_time">发布时间：{page.published}</div>\n'
        f'<div class="m3pageEdit">{paragraphs(state)}{attachments(state)}'
        f'<p class="readcount">本页已被阅读 {view.views} 次</p></div>',
        f'<meta name="ArticleTitle" content="{escape(page.title)}"><meta name="PubDate" content="{page.published} 10:00">'
        f'<meta name="ContentSource" content="{view.site.name}">',
    )


def _frame(view: View, title: str, content: str, metas: str = "") -> str:
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"/>{metas}<title>{escape(title)}</title></head><body>
<div class="nav"><a href="/">首页</a><a href="{LIST}">问答</a></div>
{content}
<div class="foot">{FOOTER}　{view.site.host}</div></body></html>
"""
