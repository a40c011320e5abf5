"""The family of the platform's community: a server-rendered document with ``__INITIAL_STATE__``, counters, comments
with relative times, a last-edited line, and the table of materials as an image."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape

from crawler.sample_web.render.common import FOOTER, Answer, Request, View, html, paragraphs
from crawler.sample_web.state import PageState

COMMENTS = ("请问个体工商户可以申请吗", "已按指引补充类目，三天通过", "材料表里的协议有模板吗", "收藏了")


def route(view: View, request: Request) -> Answer | None:
    state = view.at(request.path)
    return html(_document(view, state)) if state else None


def _content(state: PageState) -> str:
    images = "".join(f'<p><img src="{image.path}" alt=""></p>' for image in state.images)
    return paragraphs(state, "") + images


def _document(view: View, state: PageState) -> str:
    page = state.page
    document = page.path.rsplit("/", 1)[-1]
    comments = _comments(view)
    created = int(
        datetime(page.published.year, page.published.month, page.published.day, 12, tzinfo=UTC).timestamp()
    )
    initial = {
        "detail": {
            "DocId": document,
            "Title": page.title,
            "Content": _content(state),
            "CreateTime": created,
            "UpdateTime": created + 86400 + view.count,
            "ViewCount": view.views,
            "FavCount": view.views // 40,
            "CommentCount": len(comments),
            "IsOfficial": True,
        },
        "comments": [{"Content": text, "NickName": name, "Time": when} for name, text, when in comments],
        "csrfToken": view.token,
    }
    data = json.dumps(initial, ensure_ascii=False).replace("</", "<\\/")
    rows = "".join(
        f'<li class="js_post_comment_item"><span class="post_comment_owner_nickname">{name}</span>'
        f'<div class="post_comment_content">{text}</div><em class="post_comment_time">{when}</em></li>'
        for name, text, when in comments
    )
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{escape(page.title)} | {view.site.name}</title></head><body>
<div class="post_detail"><div class="post_overview"><h4 class="post_title">{escape(page.title)}</h4>
<div class="post_info"><span class="post_owner">官方</span><em id="create_time" class="post_time">{page.published}</em>
<span id="view_num">{view.views}浏览</span><span id="comment_num">{len(comments)}</span></div></div>
<div id="content" class="post_content">{_content(state)}</div>
<div class="post_extra_info"><span class="js_updatetime post_tips">最后一次编辑于 <span id="update_time">{page.published:%m-%d}</span></span>
<p>知识库内容非实时更新，请以最新规则为准。</p></div>
<ul id="comment_list" class="post_comment_list">{rows}</ul></div>
<div class="footer">{FOOTER}　{view.site.host}</div>
<script>window.__INITIAL_STATE__ = {data};</script></body></html>
"""


def _comments(view: View) -> list[tuple[str, str, str]]:
    number = 1 + view.count % len(COMMENTS)
    return [
        (f"开发者{index + 1}", text, f"{index + 1 + view.count}小时前")
        for index, text in enumerate(COMMENTS[:number])
    ]
