"""Attachments and images: the right kind of file, read in a process with limits."""

import io
import zipfile

import pytest
from docx import Document as Docx
from openpyxl import Workbook

from kb.codes import BlockKind, Health, PageRole
from kb.files import archive, limits
from kb.files import docx as docx_file
from kb.reading.attachments import kind_of
from kb.reading.page import read_page

URL = "https://www.example.gov.cn/f/1"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def docx() -> bytes:
    document = Docx()
    document.add_heading("示例清单", 1)
    document.add_paragraph("第一条　甲。")
    table = document.add_table(rows=3, cols=3)
    for at, cells in enumerate(
        [("序号", "算法名称", "主体"), ("1", "甲算法", "甲公司"), ("2", "乙算法", "")]
    ):
        for cell, text in zip(table.rows[at].cells, cells, strict=True):
            cell.text = text
    table.rows[1].cells[1].merge(table.rows[1].cells[2]).text = "甲算法"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def xlsx() -> bytes:
    book = Workbook()
    for cells in (["序号", "名称"], [1, "甲"], [2, "乙"]):
        book.active.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def pdf(words: str) -> bytes:
    """A one-page PDF; without words it is a page as a scanner leaves it."""
    stream = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode() if words else b""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, data in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, data)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)
    return body + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def read(body: bytes, role: PageRole = PageRole.ATTACHMENT):
    return read_page(body, url=URL, role=role)


def test_docx() -> None:
    document = read(docx()).document
    assert document is not None
    assert document.title == "示例清单"
    assert document.tables[0].header == ("序号", "算法名称", "主体")
    assert [block.row_key for block in document.blocks if block.row_key] == [("甲算法",), ("乙算法",)]
    assert document.blocks[-2].text == "1 | 甲算法"


def test_xlsx() -> None:
    document = read(xlsx()).document
    assert document is not None
    assert document.tables[0].rows == (("1", "甲"), ("2", "乙"))


def test_pdf() -> None:
    document = read(pdf("Article one")).document
    assert document is not None
    assert "Article one" in document.text


def test_scanned_pdf_is_watched_by_its_bytes() -> None:
    first, second = read(pdf("")), read(pdf("") + b"\n% another scan")
    assert first.health is Health.OK
    assert [block.kind for block in first.document.blocks] == [BlockKind.IMAGE]
    assert first.document != second.document


def test_zip_gives_each_member_and_its_text() -> None:
    document = read(zipped(**{"b.txt": b"2", "a.txt": b"1"})).document
    assert document is not None
    assert document.text == "a.txt\n1\nb.txt\n2"


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7 broken",
        docx()[:300],
        b"PK\x03\x04 broken word/",
        b"MZ\x90\x00" + bytes(range(128, 250)) * 3,
        b"",
    ],
)
def test_broken_files(body: bytes) -> None:
    reading = read(body)
    assert reading.health in {Health.WRONG_TYPE, Health.EMPTY_SHELL}
    assert reading.reasons


def test_a_zip_of_too_many_entries() -> None:
    reading = read(zipped(**{f"{n}.txt": b"" for n in range(5_001)}))
    assert reading.health is Health.WRONG_TYPE
    assert "限额" in reading.reasons[0]


@pytest.mark.parametrize("worker", [archive.read, docx_file.read])
def test_a_zip_that_unpacks_beyond_the_limit(worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_UNPACKED", 1 << 20)
    with pytest.raises(limits.LimitExceeded, match="限额"):
        worker(zipped(**{"word/document.xml": b"\0" * (2 << 20)}))


def test_old_office_file_is_watched_by_its_bytes() -> None:
    reading = read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert reading.health is Health.OK
    assert "旧版" in reading.document.text


def test_a_page_in_place_of_an_attachment() -> None:
    assert read("<html><body><p>请完成安全验证</p></body></html>".encode()).health is Health.CHALLENGE
    assert (
        read(f"<html><body>{'<p>别的网页，别的文字。</p>' * 90}</body></html>".encode()).health
        is Health.WRONG_TYPE
    )


def test_image_is_one_block_that_names_its_bytes() -> None:
    first, second = read(PNG, PageRole.IMAGE), read(PNG + b"1", PageRole.IMAGE)
    assert [block.kind for block in first.document.blocks] == [BlockKind.IMAGE]
    assert first.document.blocks[0].address == URL
    assert first.document != second.document


@pytest.mark.parametrize(
    ("body", "role"), [(PNG, PageRole.ATTACHMENT), (pdf("x"), PageRole.IMAGE), (PNG, PageRole.LIST)]
)
def test_wrong_kind_of_file(body: bytes, role: PageRole) -> None:
    assert read(body, role).health is Health.WRONG_TYPE


def test_two_letters_are_no_bitmap() -> None:
    assert kind_of(b"BMW is a name") == ""
