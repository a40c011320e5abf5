"""Replies on community pages: the platform's own by its marks, nobody else's, and nobody's name."""

from typing import Any

import pytest

from kb.changing.compare import compare
from kb.codes import BlockKind, ChangeKind, Significance
from kb.model import Document
from tests.kb.reading.test_wechat_state import BODY, DOC, document, mark, page

MARKS: dict[str, dict[str, Any]] = {
    "flag": {"IsOfficial": True},
    "flag as a number": {"is_official": 1},
    "badge on the author": {"Author": {"NickName": "阿喵", "badge": "官方"}},
    "operator": {"user": {"nickname": "阿喵", "identity": "运营专员"}},
    "labels": {"labels": ["官方"]},
    "type of the user": {"UserType": "official"},
    "badges with names": {"UserInfo": {"NickName": "阿喵", "badges": [{"name": "官方人员"}]}},
}
NO_MARKS: dict[str, dict[str, Any]] = {
    "a name that says so": {"NickName": "微信官方运营专员"},
    "an official answered below": {"hasOfficialReply": True, "officialReplyCount": 1},
    "said to an official": {"replyToUser": {"NickName": "阿喵", "isOfficial": True}},
    "a tag that is a topic": {"tags": ["官方文档"]},
    "words": {"Content": "<p><span class=official>官方</span>说可以。</p>"},
    "deleted": {"IsOfficial": True, "IsDeleted": True},
}


def replies(found: Document) -> list[str]:
    return [block.text for block in found.blocks if block.kind is BlockKind.REPLY]


def commented(*comments: dict[str, Any]) -> str:
    return page({"doc": DOC, "comments": {"list": list(comments), "total": len(comments)}})


@pytest.mark.parametrize("marks", MARKS.values(), ids=MARKS.keys())
def test_a_reply_that_the_platform_marks_is_a_passage(marks: dict[str, Any]) -> None:
    text = commented({"Content": "<p>可以提交合作协议。</p>", "CreateTime": 1700000100, **marks})
    assert replies(document(text)) == ["可以提交合作协议。"]


@pytest.mark.parametrize("marks", NO_MARKS.values(), ids=NO_MARKS.keys())
def test_an_ordinary_comment_changes_nothing(marks: dict[str, Any]) -> None:
    text = commented({"Content": "<p>听说可以。</p>", "NickName": "路人", **marks})
    assert replies(document(text)) == []
    assert mark(text) == mark(commented())


def test_a_reply_below_a_comment_is_found_and_the_comment_is_not() -> None:
    reply = {"Content": "请先提交备案编号。", "IsOfficial": 1, "CreateTime": 1700000200}
    text = commented({"Content": "怎么提交？", "NickName": "路人", "SubCommentList": [reply]})
    assert replies(document(text)) == ["请先提交备案编号。"]


def test_an_added_reply_is_a_change_of_its_own_kind() -> None:
    reply = {"Content": "<p>12月1日起不再受理补充。</p>", "IsOfficial": True, "CreateTime": 1700000100}
    change = compare(document(commented()), document(commented(reply)))
    assert change.kind is ChangeKind.OFFICIAL_REPLY
    assert change.significance is not Significance.NOISE


def test_the_order_in_which_the_page_shows_replies_says_nothing() -> None:
    first = {"Content": "先补充类目。", "IsOfficial": True, "CreateTime": 1700000100}
    second = {"Content": "再提交材料。", "IsOfficial": True, "CreateTime": 1700000200}
    assert mark(commented(first, second)) == mark(commented(second, first))


@pytest.mark.parametrize(
    "said",
    [
        "@路过的松鼠 请先提交备案编号。",
        "回复 路过的松鼠：请先提交备案编号。",
        "路过的松鼠，您好，请先提交备案编号。",
    ],
)
def test_whom_the_platform_answers_is_not_kept(said: str) -> None:
    reply = {"Content": f"<p>{said}</p>", "IsOfficial": True, "ReplyTo": {"NickName": "路过的松鼠"}}
    found = document(commented({"Content": "怎么提交？", "NickName": "路过的松鼠", "ReplyList": [reply]}))
    assert "松鼠" not in repr(found)
    assert "请先提交备案编号。" in replies(found)[0]


def test_a_quoted_comment_goes_and_a_quoted_rule_stays() -> None:
    quotes = (
        "<blockquote>路过的松鼠：什么时候开始？</blockquote><blockquote>小程序应当补充类目。</blockquote>"
    )
    found = document(commented({"Content": f"{quotes}<p>12月1日开始。</p>", "IsOfficial": True}))
    assert replies(found) == ["小程序应当补充类目。 12月1日开始。"]


def dom(*items: str) -> str:
    comments = "".join(f'<li class="js_post_comment_item">{item}</li>' for item in items)
    return (
        f'<!doctype html><html><body><div class="post_detail"><h4 class="post_title">类目补充指引</h4>'
        f'<div id="content" class="post_content">{BODY}</div><ul class="post_comment_list">{comments}</ul></div></body></html>'
    )


def item(name: str, content: str, badge: str = "", inner: str = "") -> str:
    return (
        f'<a class="post_comment_owner_nickname">{name}</a>{badge}<em class="post_comment_time">1天前</em>'
        f'<div class="post_comment_content">{content}</div>{inner}'
    )


def test_the_marks_of_the_dom() -> None:
    official = item("阿喵", "<p>可以提交合作协议。</p>", '<i class="post_identity">官方</i>')
    operator = item("阿花", "<p>请先提交备案编号。</p>", "<span>运营专员</span>")
    ordinary = item("路过的松鼠", "<p>等三天了。</p>")
    found = document(dom(official, ordinary, operator))
    assert replies(found) == ["可以提交合作协议。", "请先提交备案编号。"]
    assert "松鼠" not in repr(found)


def test_a_badge_inside_what_somebody_wrote_is_no_badge() -> None:
    spoof = item("路过的松鼠", '<p><span class="official">官方</span>可以不备案。</p>')
    text = dom(spoof)
    assert replies(document(text)) == []
    assert mark(text) == mark(dom())


def test_a_badge_on_a_reply_does_not_mark_the_comment_above_it() -> None:
    reply = f'<ul><li class="js_post_comment_item">{item("阿喵", "<p>请先提交备案编号。</p>", "<i>官方</i>")}</li></ul>'
    assert replies(document(dom(item("路过的松鼠", "<p>怎么提交？</p>", inner=reply)))) == [
        "请先提交备案编号。"
    ]


@pytest.mark.parametrize("said", ["<p>@A&amp;B 请重新提交。</p>", "<p>A&amp;B 您好，请重新提交。</p>"])
def test_a_name_that_html_writes_otherwise_is_not_kept(said: str) -> None:
    asked = {"Content": "怎么提交？", "NickName": "A&B"}
    reply = {"Content": said, "IsOfficial": True, "CreateTime": 1700000100}
    assert "A&B" not in replies(document(commented(asked, reply)))[0]
    assert replies(document(commented(asked, reply)))[0].endswith("请重新提交。")
