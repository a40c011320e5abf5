"""Community pages as scripts write them: the state in every spelling, the DOM when the state fails, and the fingerprint."""

import json
import time
from datetime import date
from pathlib import Path

import pytest

import crawler.sources
from kb.codes import BlockKind, Health, PageRole
from kb.model import Document, Reading
from kb.reading.fingerprint import fingerprint
from kb.reading.jsliteral import assigned
from kb.reading.page import read_page
from kb.sources import load_declaration

SOURCE = load_declaration(Path(next(iter(crawler.sources.__path__))) / "wechat.community.toml")
URL = SOURCE.start[0]
BODY = (
    "<p>一、提供深度合成服务的小程序，应当补充对应类目。</p><p>二、补充类目时应当提交算法备案编号和合作协议。</p>"
    "<p>三、未在规定日期前补充的，平台将限制其搜索和分享。</p>"
)
WORDS = (
    "一、提供深度合成服务的小程序，应当补充对应类目。\n二、补充类目时应当提交算法备案编号和合作协议。\n"
    "三、未在规定日期前补充的，平台将限制其搜索和分享。"
)
DOC = {"DocId": "000eac48", "Title": "类目补充指引", "Content": BODY, "CreateTime": 1700000000}


def script(state: str) -> str:
    return f"<!doctype html><html><head><title>微信开放社区</title></head><body><div id=app></div><script>{state}</script></body></html>"


def page(state: object) -> str:
    return script(
        f"window.__INITIAL_STATE__={json.dumps(state, ensure_ascii=False).replace('</', '<' + chr(92) + '/')};"
    )


def read(text: str) -> Reading:
    return read_page(text.encode(), url=URL, source=SOURCE)


def document(text: str) -> Document:
    reading = read(text)
    assert reading.document is not None, reading.reasons
    return reading.document


def mark(text: str) -> str:
    return fingerprint(text, url=URL, source=SOURCE, role=PageRole.DOCUMENT)


J = json.dumps(BODY, ensure_ascii=False)
ESCAPED = BODY.replace("<", "\\x3c").replace(">", "\\x3e").replace("/", "\\/")
INNER = json.dumps({"doc": DOC}, ensure_ascii=False)
SPELLINGS = {
    "hex escapes, no JSON": f"window.__INITIAL_STATE__={{doc:{{Title:'类目补充指引',Content:'{ESCAPED}'}}}};",
    "undefined": f'window.__INITIAL_STATE__={{"user":undefined,"doc":{{"Title":"类目补充指引","Content":{J},"x":NaN}},"y":void 0}}',
    "JSON.parse": f"window.__INITIAL_STATE__=JSON.parse({json.dumps(INNER)})",
    "JSON.parse, single quotes": f"window.__INITIAL_STATE__ = JSON.parse('{INNER.replace(chr(92), chr(92) * 2)}');",
    "by brackets": f'window["__INITIAL_STATE__"] = {INNER};',
    "booleans minified": f'window.__INITIAL_STATE__={{login:!1,ok:!0,doc:{{Title:"类目补充指引",Content:{J},}},}}',
    "a comment and a date": f'var __INITIAL_STATE__ = /* {{ */ {{at:new Date(1700000000000),doc:{{"Title":"类目补充指引","Content":{J}}}}};',
    "or an empty one": f"window.__INITIAL_STATE__=window.__INITIAL_STATE__||{INNER}",
    "named first, given later": f"if(!window.__INITIAL_STATE__){{load()}};window.__INITIAL_STATE__={INNER}",
    "escaped twice": 'window.__INITIAL_STATE__={"doc":{"Title":"类目补充指引","Content":'
    + json.dumps(BODY.replace("<", "&lt;").replace(">", "&gt;"), ensure_ascii=False)
    + "}}",
}


@pytest.mark.parametrize("state", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_the_state_is_read_however_it_is_spelt(state: str) -> None:
    found = document(script(state))
    assert (found.title, found.text) == ("类目补充指引", WORDS)


HOSTILE = [
    "{" + "a:1," * 400_000,
    "[" * 500_000,
    "{a:" * 300_000,
    " " * 1_000_000,
    "/*" + "*" * 1_000_000,
    "a||" * 300_000,
]


@pytest.mark.parametrize("state", HOSTILE, ids=[text[:6] for text in HOSTILE])
def test_no_state_takes_long_or_raises(state: str) -> None:
    started = time.process_time()
    assert list(assigned(f"__INITIAL_STATE__={state}", "__INITIAL_STATE__")) == []
    assert time.process_time() - started < 5


def test_a_state_in_a_script_of_type_json() -> None:
    text = f'<!doctype html><html><body><div id=app></div><script id="__INITIAL_STATE__" type="application/json">{INNER.replace("</", "<" + chr(92) + "/")}</script></body></html>'
    assert document(text).text == WORDS


def test_the_detail_answer_without_a_title() -> None:
    answer = json.dumps({"code": 0, "data": {"Content": BODY, "DocId": "000eac48"}}, ensure_ascii=False)
    assert document(answer).text == WORDS


def test_a_banner_before_the_document_is_not_the_document() -> None:
    state = {"banner": {"Title": "活动", "Content": "<p>报名</p>"}, "page": {"detail": {"data": DOC}}}
    assert document(page(state)).title == "类目补充指引"


def test_neighbouring_documents_in_a_map_are_not_the_document() -> None:
    other = {"Title": "下一篇", "Content": BODY * 3, "DocId": "1"}
    assert document(page({"nextDoc": other, "doc": DOC})).title == "类目补充指引"


def test_a_state_without_content_is_a_body_gone_and_says_so() -> None:
    renamed = {"doc": {"DocId": "000eac48", "subject": "类目补充指引", "richText": BODY}}
    reading = read(page(renamed))
    assert reading.health is Health.BODY_GONE
    assert "__INITIAL_STATE__" in "".join(reading.reasons)


def test_a_state_that_cannot_be_read_is_a_body_gone_and_says_so() -> None:
    reading = read(script("window.__INITIAL_STATE__=(function(a){return {doc:a}})(1)"))
    assert reading.health is Health.BODY_GONE
    assert "__INITIAL_STATE__" in "".join(reading.reasons)


DOM = f"""<div class="post_detail"><div class="post_overview"><h4 class="post_title">类目补充指引</h4></div>
<div id="content" class="post_content">{BODY}</div>
<ul id="comment_list" class="post_comment_list"><li class="js_post_comment_item">
<a class="post_comment_owner_nickname">路过的松鼠</a><div class="post_comment_content">{"<p>催一下审核，等了三天了，急。</p>" * 20}</div>
</li></ul></div>"""


def test_the_dom_is_read_when_the_state_changed_its_shape() -> None:
    text = page({"doc": {"subject": "类目补充指引"}}).replace("<div id=app></div>", DOM)
    found = document(text)
    assert (found.title, found.text) == ("类目补充指引", WORDS)


def test_without_a_declaration_the_comments_are_never_the_body() -> None:
    text = f"<!doctype html><html><body>{DOM.replace(BODY, '')}</body></html>"
    reading = read_page(text.encode(), url="https://community.example.com/doc/1")
    assert reading.document is None or "催一下" not in reading.document.text


def test_of_a_theme_nobody_knows_the_comments_are_not_read() -> None:
    comments = (
        f'<div class="comment_item"><b class="nickname">路过的松鼠</b><p>{"催一下审核。" * 60}</p></div>'
    )
    text = (
        f"<!doctype html><html><head><title>类目补充指引 | 微信开放社区</title></head><body><h1>类目补充指引</h1>"
        f'<div class="blog_content">{BODY}</div><div class="comment_list">{comments}</div></body></html>'
    )
    found = read_page(text.encode(), url="https://community.example.com/doc/1").document
    assert found is not None
    assert found.text == WORDS


def test_without_a_declaration_no_name_stands_in_the_body() -> None:
    text = f"<!doctype html><html><body>{DOM}</body></html>"
    found = read_page(text.encode(), url="https://community.example.com/doc/1").document
    assert found is not None
    assert "路过的松鼠" not in repr(found)
    assert "补充对应类目" in found.text


@pytest.mark.parametrize("moment", [1700000000, 1700000000000, "1700000000"])
def test_the_day_of_publication_is_read_from_seconds_or_milliseconds(moment: object) -> None:
    assert document(page({"doc": {**DOC, "CreateTime": moment}})).published == date(2023, 11, 15)


def test_a_content_without_tags_keeps_its_lines() -> None:
    text = "## 一、范围\n\n提供深度合成服务的小程序，应当补充对应类目，具体材料见下。\n\n- 算法备案编号\n- 合作协议，应当在有效期之内"
    kinds = [(block.kind, block.text) for block in document(page({"doc": {**DOC, "Content": text}})).blocks]
    assert kinds[0] == (BlockKind.HEADING, "一、范围")
    assert kinds[2] == (BlockKind.PARAGRAPH, "算法备案编号")


def test_pictures_keep_their_place_between_the_words() -> None:
    content = BODY.replace(
        "<p>二", '<p><img data-src="https://mmbiz.qpic.cn/mmbiz_png/AbC/0?wx_fmt=png"></p><p>二'
    )
    kinds = [block.kind for block in document(page({"doc": {**DOC, "Content": content}})).blocks]
    assert kinds == [BlockKind.PARAGRAPH, BlockKind.IMAGE, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH]


def with_picture(query: str) -> str:
    picture = f'<p><img src="https://mmbiz.qpic.cn/mmbiz_png/AbCdEf123/0{query}"></p>'
    return page({"doc": {**DOC, "Content": BODY + picture}})


@pytest.mark.parametrize(
    "query", ["?wx_fmt=png&tp=webp", "?token=81&lang=zh_CN", "?wx_fmt=jpeg&wxfrom=5&wx_lazy=1", ""]
)
def test_a_picture_is_the_same_whatever_token_its_address_carries(query: str) -> None:
    assert mark(with_picture(query)) == mark(with_picture("?wx_fmt=png"))


def test_another_picture_is_another_document() -> None:
    assert mark(with_picture("")) != mark(with_picture("").replace("AbCdEf123", "XyZ"))


def busy(n: int) -> str:
    state = {
        "nonce": f"n{n}",
        "doc": {
            **DOC,
            "ViewCount": n,
            "VoteCount": n,
            "FavCount": n,
            "UpdateTimeStr": f"{n}天前",
            "Author": {"NickName": "微信小程序", "HeadImg": f"https://wx.qlogo.cn/mmhead/x/0?t={n}"},
            "Content": f"{BODY}<p>{n}.2万 浏览</p><p>阅读量：{n}</p><p>有用 {n}</p><p>最后一次编辑于 {n}天前</p>",
        },
        "commentList": [{"Content": f"<p>第{n}次催</p>", "NickName": f"路人{n}", "VoteCount": n}] * n,
    }
    return page(state)


def test_counters_votes_avatars_nonces_and_comments_leave_the_fingerprint_alone() -> None:
    assert mark(busy(1)) == mark(busy(7)) != ""
    assert document(busy(3)).text == WORDS


def test_a_word_of_the_guidance_moves_the_fingerprint() -> None:
    assert mark(busy(1)) != mark(busy(1).replace("合作协议", "合作合同"))
