"""ZIP: members read, names in their own encoding, and every refusal with its reason."""

import io
import zipfile

import pytest
from pypdf import PdfWriter

from kb.codes import BlockKind
from kb.files import archive, limits
from kb.files.limits import LimitExceeded
from kb.reading.attachments import read_attachment
from tests.kb.files.ooxml import docx, p

URL = "https://www.example.gov.cn/f.zip"


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, data in files.items():
            writer.writestr(name, data)
    return buffer.getvalue()


def test_members_with_their_text_in_order_of_their_names() -> None:
    body = zipped(
        {"2清单.txt": "甲公司".encode("gbk"), "1办法.docx": docx(p("第一条　甲。")), "__MACOSX/x": b"x"}
    )
    document, notes = read_attachment(body, URL)
    assert [(block.kind, block.text) for block in document.blocks] == [
        (BlockKind.HEADING, "1办法.docx"), (BlockKind.PARAGRAPH, "第一条 甲。"), (BlockKind.HEADING, "2清单.txt"), (BlockKind.PARAGRAPH, "甲公司"),
    ]  # fmt: skip
    assert notes == ()


def test_names_in_gbk() -> None:
    entry = zipfile.ZipInfo("附件1清单.txt".encode("gbk").decode("cp437"))
    assert archive.name_of(entry) == "附件1清单.txt"
    entry = zipfile.ZipInfo("附件1清单.txt".encode().decode("cp437"))
    assert archive.name_of(entry) == "附件1清单.txt"


def test_an_archive_inside_is_refused_by_name() -> None:
    body = zipped(
        {"内层.zip": zipped({"a.txt": b"1"}), "改名.dat": zipped({"a.txt": b"1"}), "a.txt": "可读。".encode()}
    )
    document, notes = read_attachment(body, URL)
    assert sum("压缩包里的压缩包不予打开" in note for note in notes) == 2
    assert "可读。" in document.text
    assert sum(block.kind is BlockKind.IMAGE for block in document.blocks) == 2


def test_a_member_with_a_password_and_a_broken_one_do_not_hide_the_others() -> None:
    body = bytearray(zipped({"a.docx": b"no docx", "b.txt": b"secret", "c.txt": "可读。".encode()}))
    at = body.index(b"b.txt", body.index(b"PK\x01\x02")) - 46
    body[at + 8] |= 1
    document, notes = read_attachment(bytes(body), URL)
    assert "文件损坏或不受支持" in notes[0]
    assert "成员有密码" in notes[1]
    assert "可读。" in document.text


def test_another_picture_inside_is_another_document() -> None:
    first, second = (read_attachment(zipped({"a.png": data, "b.txt": b"1"}), URL)[0] for data in (b"x", b"y"))
    assert first != second


def test_a_pdf_with_a_password_inside() -> None:
    writer, buffer = PdfWriter(), io.BytesIO()
    writer.add_blank_page(10, 10)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(buffer)
    _, notes = read_attachment(zipped({"a.pdf": buffer.getvalue(), "b.txt": b"1"}), URL)
    assert "文件有密码" in notes[0]


def test_bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_RATIO", 20)
    with pytest.raises(LimitExceeded, match="大于原来的 20 倍"):
        archive.read(zipped({"a.txt": bytes(1 << 20)}))
    monkeypatch.setattr(limits, "MAX_UNPACKED", 1000)
    with pytest.raises(LimitExceeded, match="解开后超出限额"):
        archive.read(zipped({"a.txt": b"12" * 600}))
    monkeypatch.setattr(limits, "MAX_ENTRIES", 1)
    with pytest.raises(LimitExceeded, match="成员超过 1 个"):
        archive.read(zipped({"a.txt": b"1", "b.txt": b"2"}))


def test_a_member_that_lies_about_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_UNPACKED", 1000)
    body = bytearray(zipped({"a.txt": b"1" * 5000}))
    at = body.index(b"PK\x01\x02") + 24
    body[at : at + 4] = (10).to_bytes(4, "little")
    answer = archive.read(bytes(body))
    assert len(answer.html) < 500
