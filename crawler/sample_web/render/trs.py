"""The family that embeds its list as ``<record>`` elements of CDATA in a script of type ``text/xml``."""

from __future__ import annotations

from html import escape

from crawler.sample_web.render.common import FOOTER, Answer, Request, View, attachments, cut, html, paragraphs
from crawler.sample_web.state import PageState

LIST = "/col/col3812/index.html"


def route(view: View, request: Request) -> Answer | None:
    if request.path == LIST:
        return html(_list(view))
    if request.path.startswith("/module/web/jpage/"):
        return html("<datastore></datastore>")
    state = view.at(request.path)
    return html(_document(view, state)) if state else None


def _list(view: View) -> str:
    records = "\n".join(
        f'<record><![CDATA[<li><a href="http://{view.host}{page.path}" title="{escape(page.title)}" target="_blank">'
        f"{cut(page.title)}</a><span>{page.published}</span></li>]]></record>"
        for page in view.pages()
    )
    return _frame(
        view,
        "规章",
        '<div id="5648" class="default_pgContainer"></div><script type="text/xml"><datastore>\n'
        '<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&columnid=e4c1"></a>]]></nextgroup>\n'
        f"<recordset>\n{records}\n</recordset></datastore></script>",
    )


def _document(view: View, state: PageState) -> str:
    page = state.page
    return _frame(
        view,
        page.title,
        f'<table><tr><td id="artTitMob">{escape(page.title)}</td></tr></table>\n'
        f'<div class="mobile_time shareWarpTime">{page.published}</div><div class="shareFromz">{view.site.name}</div>\n'
        f'<div id="c"><div class="TRS_Editor">{paragraphs(state)}{attachments(state)}</div></div>',
    )


def _frame(view: View, title: str, content: str) -> str:
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{view.site.name} {escape(title)}</title></head><body>
<div class="top"><a href="/">首页</a> <a href="{LIST}">规章</a></div>
{content}
<div class="bottom">{FOOTER}　{view.site.host}</div></body></html>
"""
