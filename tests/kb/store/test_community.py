"""A community page over days: comments change nothing and name nobody in the knowledge base; an official reply is a change."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from world import HOST, World, days, declare

from kb.codes import ChangeKind, Health, PageRole
from kb.model import page_id
from kb.reading.fingerprint import fingerprint
from kb.store import open_reader, queries
from kb.store.dump import canonical_dump
from kb.store.ingest import Ingestor

PATH = "/community/develop/doc/0008"
SOURCE = declare(
    "test.community",
    mechanism="wechat",
    level="platform",
    start=[HOST + PATH],
    list=None,
    document={"body": [{"css": "#content.post_content"}], "min_characters": 20},
)
BODY = "<p>一、提供深度合成服务的小程序，应当补充对应类目。</p><p>二、补充类目时应当提交算法备案编号。</p>"
NAMES = ("路过的松鼠", "等审核的老王", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")
OFFICIAL = {
    "Content": "<p>@路过的松鼠 自12月1日起不再受理纸质材料。</p>",
    "CreateTime": 1760000000,
    "Author": {"NickName": "社区运营", "OpenId": NAMES[2], "isOfficial": True},
}


def page(seen: int, *replies: dict[str, object]) -> bytes:
    ordinary = [
        {
            "Content": f"第{n}天了，还没有审核",
            "NickName": NAMES[n % 2],
            "OpenId": NAMES[2],
            "HeadImg": f"https://wx.qlogo.cn/{n}/{seen}",
        }
        for n in range(seen)
    ]
    state = {
        "nonce": f"x{seen}",
        "doc": {
            "DocId": "0008",
            "Title": "类目补充指引",
            "Content": BODY,
            "ViewCount": seen,
            "NickName": NAMES[1],
        },
        "comments": {"list": [*ordinary, *replies]},
    }
    items = "".join(
        f'<li class="js_post_comment_item"><a class="post_comment_owner_nickname">{one["NickName"]}</a>'
        f'<div class="post_comment_content">{one["Content"]}</div></li>'
        for one in ordinary
    )
    data = json.dumps(state, ensure_ascii=False).replace("</", "<\\/")
    return (
        f"<!doctype html><html><head><title>类目补充指引 | 开放社区</title></head><body><ul>{items}</ul>"
        f"<script>window.__INITIAL_STATE__={data}</script></body></html>"
    ).encode()


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path, SOURCE)
    looks = [
        (0, page(1)),
        (1, page(2)),
        (2, page(5, OFFICIAL)),
        (2.1, page(6, OFFICIAL)),
        (3, page(7, OFFICIAL)),
    ]
    for day, body in looks:
        with world.run(days(day)) as run:
            mark = fingerprint(body.decode(), url=HOST + PATH, source=SOURCE, role=PageRole.DOCUMENT)
            run.see(PATH, body, fingerprint=mark)
    Ingestor(world.data, world.sources).ingest()
    return world


def test_comments_make_no_version_and_an_official_reply_makes_one(world: World) -> None:
    reader = open_reader(world.data.kb)
    assert len(queries.history(reader, page_id(SOURCE.id, HOST + PATH))) == 2
    (change,) = queries.changes(reader)
    assert change.kind is ChangeKind.OFFICIAL_REPLY
    assert "不再受理纸质材料" in "\n".join(canonical_dump(reader))


def test_nobody_is_named_in_the_knowledge_base(world: World) -> None:
    told = "\n".join(canonical_dump(open_reader(world.data.kb)))
    stored = b"".join(file.read_bytes() for file in world.data.root.glob("kb.db*"))
    heads = b"".join(file.read_bytes() for file in world.data.captures.rglob("heads*") if file.is_file())
    for name in NAMES:
        assert name not in told
        assert name.encode() not in stored + heads


def test_a_state_of_another_shape_is_an_incident_and_no_change(world: World) -> None:
    gone = page(8).replace(b'"Content"', b'"rich"').replace(b"js_post_comment_item", b"item")
    for hours in (0, 1):
        with world.run(days(4) + timedelta(hours=hours)) as run:
            run.see(PATH, gone)
    Ingestor(world.data, world.sources).ingest()
    reader = open_reader(world.data.kb)
    assert len(queries.changes(reader)) == 1
    (health,) = {row[0] for row in reader.execute("select health from incidents")}
    assert health == Health.BODY_GONE
