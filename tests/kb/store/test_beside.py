"""What files beside a page make of changes, whatever order they arrive in."""

from __future__ import annotations

import io
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from PIL import Image
from world import HOST, World, days, declare

from kb.codes import ChangeKind, Flag, PageRole
from kb.model import page_id
from kb.store import open_reader, queries
from kb.store.ingest import Ingestor
from tests.kb.files.ooxml import docx, p
from tests.kb.files.pdfs import pdf

LATER = timedelta(minutes=40)
PNG, BINARY = (("Content-Type", "image/png"),), (("Content-Type", "application/octet-stream"),)
NEEDS = "需提供深度合成服务算法备案凭证"
HOST_PAGE = page_id("test.rules", f"{HOST}/category.html")


def picture(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(buffer, "PNG")
    return buffer.getvalue()


def category(needs: str = NEEDS) -> bytes:
    """A page with a table of words and, below it, the same as a picture."""
    return (
        "<html><head><meta charset='utf-8'></head><body><h1>开放的服务类目</h1><div class='content'><p>各类目须提供下列材料。</p>"
        "<table><tr><th>一级类目</th><th>二级类目</th><th>资质要求</th></tr>"
        f"<tr><td>深度合成</td><td>AI绘画</td><td>{needs}</td></tr><tr><td>深度合成</td><td>AI问答</td><td>{NEEDS}</td></tr></table>"
        "<p>深度合成-AI绘画 类目材料表</p><p><img src='/t.png'></p></div></body></html>"
    ).encode()


def told(root: Path, order: tuple[int, ...], needs: str = NEEDS) -> queries.ChangeRow:
    """The change of the picture, when the runs with the picture and those with its page come in this order."""
    world = World(root, declare(), declare("test.files"))
    pages, files = world.sources["test.rules"], world.sources["test.files"]
    looks = ((days(0), NEEDS, "red"), (days(1), needs, "blue"), (days(1) + LATER, needs, "blue"))
    steps = []
    for at, words, colour in looks:
        steps += [(at, pages, category(words)), (at + timedelta(minutes=5), files, picture(colour))]
    for half in order:
        for at, source, body in steps:
            if (source is files) != bool(half):
                continue
            with world.run(at, source=source) as run:
                if source is pages:
                    run.see("/category.html", body)
                else:
                    run.see("/t.png", body, role=PageRole.IMAGE, headers=PNG, parent=HOST_PAGE, title="t")
        Ingestor(world.data, world.sources).ingest()
    found = queries.changes(open_reader(world.data.kb))
    return next(row for row in found if row.kind is ChangeKind.IMAGE_REPLACED)


@pytest.mark.parametrize("order", list(permutations((0, 1))))
def test_a_picture_replaced_at_its_address_names_the_row_of_words(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    row = told(tmp_path, order)
    said = "材料表图片被更换，内容待人工判读；同页文字版“AI绘画”一行：未见变动"
    assert row.headline == said
    assert queries.change(open_reader(tmp_path / "kb.db"), row.id).row.reason == said


@pytest.mark.parametrize("order", list(permutations((0, 1))))
def test_a_row_of_words_that_changed_with_the_picture_is_said_to(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    row = told(tmp_path, order, needs=f"{NEEDS}，并提供安全评估报告")
    assert row.headline == "材料表图片被更换，内容待人工判读；同页文字版“AI绘画”一行：有变动"


SCAN, WORDS = pdf(b"scanned"), docx(p("应当在十日内备案。"))


def notice(*links: str) -> bytes:
    files = "".join(f"<p><a href='{link}'>附件</a></p>" for link in links)
    return (
        "<html><head><meta charset='utf-8'></head><body><h1>关于备案的通知</h1><div class='content'>"
        f"<p>现将备案要求印发，请遵照执行。</p>{files}</div></body></html>"
    ).encode()


@pytest.mark.parametrize(("file", "flags"), [(SCAN, (Flag.NEEDS_READING,)), (WORDS, ())])
def test_a_notice_newly_published_with_a_scan_needs_reading(
    tmp_path: Path, file: bytes, flags: tuple[Flag, ...]
) -> None:
    world = World(tmp_path)
    with world.run(days(0)) as run:
        run.list("/other.html")
    with world.run(days(1)) as run:
        run.list("/other.html", "/n.html")
        run.see("/n.html", notice("/f.pdf"))
    Ingestor(world.data, world.sources).ingest()
    parent = page_id("test.rules", f"{HOST}/n.html")
    with world.run(days(1) + LATER) as run:
        run.see("/f.pdf", file, role=PageRole.ATTACHMENT, headers=BINARY, parent=parent, title="附件")
    Ingestor(world.data, world.sources).ingest()
    (row,) = queries.changes(open_reader(world.data.kb))
    assert (row.kind, row.flags) == (ChangeKind.NEW, flags)


@pytest.mark.parametrize(("file", "flags"), [(SCAN, (Flag.NEEDS_READING,)), (WORDS, ())])
def test_a_document_that_is_itself_a_file_without_words_needs_reading(
    tmp_path: Path, file: bytes, flags: tuple[Flag, ...]
) -> None:
    world = World(tmp_path)
    with world.run(days(0)) as run:
        run.list("/other.html")
    with world.run(days(1)) as run:
        run.list("/other.html", "/n.pdf")
        run.see("/n.pdf", file, headers=BINARY, title="备案办法")
    Ingestor(world.data, world.sources).ingest()
    (row,) = queries.changes(open_reader(world.data.kb))
    assert (row.kind, row.flags) == (ChangeKind.NEW, flags)


@pytest.mark.parametrize(("file", "flags"), [(SCAN, (Flag.NEEDS_READING,)), (WORDS, ())])
def test_a_scan_added_to_a_known_page_needs_reading(
    tmp_path: Path, file: bytes, flags: tuple[Flag, ...]
) -> None:
    world = World(tmp_path)
    parent = page_id("test.rules", f"{HOST}/n.html")
    for at, links in ((days(0), ()), (days(1), ("/f.pdf",)), (days(1) + LATER, ("/f.pdf",))):
        with world.run(at) as run:
            run.see("/n.html", notice(*links))
            if links:
                run.see("/f.pdf", file, role=PageRole.ATTACHMENT, headers=BINARY, parent=parent)
        Ingestor(world.data, world.sources).ingest()
    rows = queries.changes(open_reader(world.data.kb))
    assert [row.flags for row in rows] == [flags]
