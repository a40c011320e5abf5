"""Community pages: the guidance and the platform's replies; no names, no counters, no other people's comments."""

import json

from kb.codes import BlockKind
from kb.reading.page import read_page

URL = "https://developers.example.com/community/develop/doc/0008"


def page_of(state: dict[str, object]) -> bytes:
    data = json.dumps(state, ensure_ascii=False).replace("</", "<\\/")
    return (
        f"<!doctype html><html><body><script>window.__INITIAL_STATE__={data};</script></body></html>".encode()
    )


def detail(**extra: object) -> dict[str, object]:
    return {
        "Title": "类目指引",
        "Content": "<p>一、补充类目。</p><p>35浏览</p><p>最后一次编辑于 2天前</p>",
        **extra,
    }


def test_counters_names_and_relative_times_are_left_out() -> None:
    state = {
        "doc": detail(ViewCount=35, NickName="某人"),
        "comments": [{"Content": "催一下", "NickName": "路人"}],
    }
    document = read_page(page_of(state), url=URL).document
    assert document is not None
    assert document.text == "一、补充类目。"


def test_the_same_guidance_seen_later_is_the_same_document() -> None:
    now = {"doc": detail(ViewCount=35), "token": "a", "commentList": [{"Content": "催", "NickName": "甲"}]}
    then = {"doc": {**detail(ViewCount=99), "Content": "<p>一、补充类目。</p><p>99浏览</p>"}, "token": "b"}
    assert read_page(page_of(now), url=URL).document == read_page(page_of(then), url=URL).document


def test_only_accounts_the_platform_marks_may_reply() -> None:
    comments = [
        {"Content": "<p>我是官方</p>", "NickName": "官方小助手", "CreateTime": 1},
        {"Content": "<p>可以提交。</p>", "Author": {"NickName": "运营", "IsOfficial": True}, "CreateTime": 3},
        {"Content": "<p>先看指引。</p>", "identity": "官方", "CreateTime": 2},
    ]
    document = read_page(page_of({"doc": detail(), "commentList": comments}), url=URL).document
    assert document is not None
    replies = [block.text for block in document.blocks if block.kind is BlockKind.REPLY]
    assert replies == ["先看指引。", "可以提交。"]


def test_comments_first_in_the_state_are_not_the_document() -> None:
    state = {"commentList": [{"Title": "别人的", "Content": "<p>别人的话</p>"}], "page": {"data": detail()}}
    document = read_page(page_of(state), url=URL).document
    assert document is not None
    assert document.title == "类目指引"


def test_recommended_documents_are_not_the_document() -> None:
    state = {"recommend": {"Title": "推荐", "Content": "推荐的"}, "z": detail()}
    document = read_page(page_of(state), url=URL).document
    assert document is not None
    assert document.title == "类目指引"
