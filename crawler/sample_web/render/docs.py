"""The family of the platform's product documents: static pages, category tables with cells that span rows."""

from __future__ import annotations

from html import escape
from itertools import groupby

from crawler.sample_web.render.common import FOOTER, Answer, Request, View, html, paragraphs
from crawler.sample_web.script import Table
from crawler.sample_web.state import PageState


def route(view: View, request: Request) -> Answer | None:
    state = view.at(request.path)
    return html(_document(view, state)) if state else None


def _document(view: View, state: PageState) -> str:
    title = escape(state.page.title)
    tables = "\n".join(_table(table) for table in state.tables)
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title} | {view.site.name}</title></head>
<body><div id="app"><div class="sidebar"><a href="/miniprogram/product/">运营规范</a></div>
<div id="docContent"><div class="content"><h1 id="top"><a href="#top" class="header-anchor">#</a> {title}</h1>
{paragraphs(state, "")}
{tables}</div></div>
<div class="footer">{FOOTER}　{view.site.host}</div></div></body></html>
"""


def _table(table: Table) -> str:
    heading = escape(table.heading)
    head = "".join(f"<th>{escape(column)}</th>" for column in table.columns)
    rows = "".join(
        _row(row, len(group) if index == 0 else 0)
        for _, rows in groupby(table.rows, key=lambda row: row[0])
        for group in [tuple(rows)]
        for index, row in enumerate(group)
    )
    return (
        f'<h3 id="{heading}"><a href="#{heading}" class="header-anchor">#</a> {heading}</h3>\n'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(row: tuple[str, ...], span: int) -> str:
    """One row; its first cell is printed once for all the rows that share it (``span`` 0: printed above already)."""
    first = f'<td rowspan="{span}">{escape(row[0])}</td>' if span > 1 else f"<td>{escape(row[0])}</td>"
    cells = [first] if span else []
    cells += [f"<td>{escape(cell, quote=False).replace(chr(10), '<br>')}</td>" for cell in row[1:]]
    return f"<tr>{''.join(cells)}</tr>"
