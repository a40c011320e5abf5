"""Old and new picture side by side: re-encoded, only of watched images, never of a source that is shown in excerpts."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image, PngImagePlugin
from selectolax.lexbor import LexborHTMLParser as Html

from datasette_config.app import build
from datasette_config.pictures import Pictures
from kb.archive import CaptureWriter
from kb.codes import Origin, PageRole
from kb.config import DataDirectory, Settings, SiteSettings
from kb.model import Capture, page_id
from kb.sources import Source
from kb.store import open_reader, queries
from kb.store.ingest import Ingestor

NOT_FOUND = "地址有误，或所指的内容不在本库中。"
HOST = "https://gov.example.cn"
SECRET = b"camera serial 4711"
PAGE = "<html><head><meta charset='utf-8'></head><body><h1>材料要求</h1><div class='content'><p>材料表如下。</p><img src='/i.png'></div></body></html>"


def picture(colour: str) -> bytes:
    info, buffer = PngImagePlugin.PngInfo(), io.BytesIO()
    info.add_text("Comment", SECRET.decode())
    Image.new("RGB", (30, 20), colour).save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def kept(data: DataDirectory, publish: str) -> queries.ChangeDetail:
    """The change of a picture that a page shows, in a base made from real captures."""
    source = Source.model_validate(
        {
            "id": "test.rules",
            "title": "示例规则",
            "authority": "示例主管部门",
            "mechanism": "column",
            "level": "platform",
            "hosts": ["gov.example.cn"],
            "start": [f"{HOST}/list.html"],
            "publish": publish,
            "list": {"item": {"css": "li"}},
            "document": {"body": [{"css": "div.content"}], "title": [{"css": "h1"}], "min_characters": 5},
        }
    )
    start = datetime(2026, 3, 2, tzinfo=UTC)
    for day, colour in enumerate(("red", "blue", "blue")):
        at = start + timedelta(days=day)
        writer = CaptureWriter(
            data.captures,
            source=source.id,
            origin=Origin.LIVE,
            started_at=at,
            declaration_digest=source.digest,
        )
        for path, kind, body, role in (
            ("/a.html", "text/html", PAGE.encode(), PageRole.DOCUMENT),
            ("/i.png", "image/png", picture(colour), PageRole.IMAGE),
        ):
            capture = Capture(source.id, HOST + path, at, 200, (("Content-Type", kind),), body, role=role)
            parent = page_id(source.id, f"{HOST}/a.html") if role is PageRole.IMAGE else ""
            writer.seen(capture, fingerprint=capture.body_digest[:16], parent=parent)
        writer.finished(at)
        writer.close()
    Ingestor(data, {source.id: source}).ingest()
    reader = open_reader(data.kb)
    (row,) = queries.changes(reader)
    return queries.change(reader, row.id)


def client(data: DataDirectory, *, public: bool = False):
    return build(data, Settings(site=SiteSettings(public=public)), now="2026-03-05T09:00:00+08:00").client


@pytest.mark.parametrize("public", [False, True])
async def test_old_and_new_stand_side_by_side(data, public):
    detail = kept(data, "full")
    site = client(data, public=public)
    page = Html((await site.get(f"/change/{detail.row.id}")).text)
    images = page.css(".pictures img")
    assert [image.attributes["src"] for image in images] == [
        f"/picture/{detail.capture_before}.png",
        f"/picture/{detail.capture_after}.png",
    ]
    assert [image.attributes["alt"][:3] for image in images] == ["旧图：", "新图："]
    for image, colour in zip(images, ((255, 0, 0), (0, 0, 255)), strict=True):
        answer = await site.get(image.attributes["src"])
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert SECRET not in answer.content
        assert Image.open(io.BytesIO(answer.content)).convert("RGB").getpixel((1, 1)) == colour


async def test_a_stranger_gets_no_picture_of_a_platform(data):
    detail = kept(data, "excerpt")
    stranger, reader = client(data, public=True), client(data)
    page = await stranger.get(f"/change/{detail.row.id}")
    assert "<img" not in page.text
    assert "公开网站不显示平台页面的图片" in page.text
    address = f"/picture/{detail.capture_after}.png"
    refused = await stranger.get(address)
    assert (refused.status_code, NOT_FOUND in refused.text) == (404, True)
    assert (await reader.get(address)).status_code == 200


async def test_only_captures_of_watched_images_are_pictures(data):
    kept(data, "full")
    site = client(data)
    reader = open_reader(data.kb)
    (page,) = reader.execute(
        "SELECT c.capture_id FROM captures c JOIN pages p ON p.id = c.page WHERE p.role = 'document' LIMIT 1"
    ).fetchone()
    for capture in (page, "ca-ffff"):
        answer = await site.get(f"/picture/{capture}.png")
        assert answer.status_code == 404
        assert NOT_FOUND in answer.text


async def test_a_record_that_is_gone_is_a_page_not_found(data, monkeypatch):
    detail = kept(data, "full")
    monkeypatch.setattr("datasette_config.pages.picture._pictures", Pictures())
    for record in data.captures.rglob("*.warc.gz"):
        record.unlink()
    answer = await client(data).get(f"/picture/{detail.capture_after}.png")
    assert answer.status_code == 404
    assert NOT_FOUND in answer.text


async def test_what_is_kept_in_memory_is_bounded(data, monkeypatch):
    made = []
    monkeypatch.setattr(
        "datasette_config.pictures._made", lambda _path, row: made.append(row["body_digest"]) or b"x" * 40
    )
    pictures = Pictures(kept=100)
    for digest in ("a", "b", "a", "c", "b"):
        assert await pictures.of(data.kb, {"body_digest": digest}) == b"x" * 40
    assert made == ["a", "b", "c", "b"]
