"""Files from the run log to kb.db: lists are routine, scanned pages need reading, a stripped picture is no change."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

from PIL import Image, PngImagePlugin

from kb.codes import ChangeKind, Confirmation, Flag, PageRole
from kb.store import open_reader, queries
from kb.store.ingest import Ingestor
from tests.kb.files.ooxml import docx, p, tbl, tc
from tests.kb.files.pdfs import pdf
from tests.kb.store.world import World, days

LATER = timedelta(minutes=40)
BINARY = (("Content-Type", "application/octet-stream"),)
HEADS = ("序号", "算法名称", "主体名称", "备案编号")


def listing(*entries: str) -> bytes:
    rows = [
        HEADS,
        *((str(at), f"{name}算法", f"{name}公司", f"备{name}号") for at, name in enumerate(entries, 1)),
    ]
    return docx(p("算法备案清单") + tbl(*("".join(map(tc, row)) for row in rows)))


def picture(note: str = "", colour: str = "red") -> bytes:
    info, buffer = PngImagePlugin.PngInfo(), io.BytesIO()
    info.add_text("Comment", note)
    Image.new("RGB", (30, 20), colour).save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def changes_of(root: Path, role: PageRole, *bodies: bytes) -> tuple[queries.ChangeRow, ...]:
    """What a file becomes that is seen with these bodies on following days, each twice."""
    world = World(root)
    for day, body in enumerate(bodies):
        for at in (days(day), days(day) + LATER):
            with world.run(at) as run:
                run.see("/f", body, role=role, headers=BINARY, title="文件")
    Ingestor(world.data, world.sources).ingest()
    return queries.changes(open_reader(world.data.kb))


def test_a_list_that_grows_is_a_routine_batch(tmp_path: Path) -> None:
    (row,) = changes_of(tmp_path, PageRole.ATTACHMENT, listing("甲", "乙"), listing("丙", "甲", "乙"))
    assert (row.kind, row.flags) == (ChangeKind.LIST_BATCH, (Flag.ROUTINE,))
    assert row.confirmation is Confirmation.CONFIRMED
    assert row.headline == "名单更新：新增 1 项（丙算法）"


def test_a_file_of_text_that_is_replaced_is_an_attachment_replaced(tmp_path: Path) -> None:
    (row,) = changes_of(
        tmp_path, PageRole.ATTACHMENT, docx(p("应当在十日内备案。")), docx(p("应当在五日内备案。"))
    )
    assert (row.kind, row.flags) == (ChangeKind.ATTACHMENT_REPLACED, ())


def test_a_scanned_page_that_is_replaced_needs_reading(tmp_path: Path) -> None:
    text = ["第一条　为了规范备案，制定本规定。"]
    (row,) = changes_of(tmp_path, PageRole.ATTACHMENT, pdf(text, b"one"), pdf(text, b"two"))
    assert (row.kind, row.flags) == (ChangeKind.ATTACHMENT_REPLACED, (Flag.NEEDS_READING,))


def test_a_scan_saved_again_is_no_change(tmp_path: Path) -> None:
    assert changes_of(tmp_path, PageRole.ATTACHMENT, pdf(b"one"), pdf(b"one") + b"\n% saved again") == ()


def test_a_picture_without_its_metadata_is_the_same_and_another_one_needs_reading(tmp_path: Path) -> None:
    assert changes_of(tmp_path / "same", PageRole.IMAGE, picture("camera"), picture()) == ()
    (row,) = changes_of(tmp_path / "other", PageRole.IMAGE, picture(), picture(colour="blue"))
    assert (row.kind, row.flags) == (ChangeKind.IMAGE_REPLACED, (Flag.NEEDS_READING,))
