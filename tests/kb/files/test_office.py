"""DOC, WPS, RTF through a converter, where there is one: stand-ins play its part."""

import os
from pathlib import Path

import pytest

from kb.codes import BlockKind
from kb.files import office
from kb.files.limits import LimitExceeded
from kb.reading.attachments import read_attachment
from tests.kb.files.ooxml import docx, p

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
URL = "https://www.example.gov.cn/f.doc"
TOOLS = ("env", "sh", "cat", "mkdir", "cp", "true", "sleep", "touch", "dirname")


def installed(folder: Path, name: str, script: str) -> str:
    """A PATH that holds a program of that name and a few plain tools."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    for tool in TOOLS:
        found = next((Path(at) / tool for at in ("/bin", "/usr/bin") if (Path(at) / tool).exists()), None)
        if found is not None and not (folder / tool).exists():
            (folder / tool).symlink_to(found)
    return str(folder)


def test_by_an_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "answer.docx").write_bytes(docx(p("第一条　甲。")))
    script = f'while [ "$1" != --outdir ]; do shift; done; mkdir -p "$2"; cp {tmp_path}/answer.docx "$2/in.docx"; test -f "$3"'
    monkeypatch.setenv("PATH", installed(tmp_path, "soffice", script))
    document, _ = read_attachment(OLE, URL)
    assert document.text == "第一条 甲。"
    assert read_attachment(b"{\\rtf1 x}", URL)[0].text == "第一条 甲。"


def test_by_antiword(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", installed(tmp_path, "antiword", "echo 第一条　乙。; echo; echo 第二条　丙。"))
    document, _ = read_attachment(OLE, URL)
    assert document.text == "第一条 乙。\n第二条 丙。"


def test_without_a_converter_the_file_is_watched_by_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    first, notes = read_attachment(OLE, URL)
    assert [block.kind for block in first.blocks] == [BlockKind.IMAGE]
    assert office.NO_CONVERTER in notes[0]
    assert read_attachment(OLE + b"1", URL)[0] != first


def test_a_converter_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", installed(tmp_path, "soffice", "sleep 30"))
    monkeypatch.setattr(office, "SECONDS", 0.5)
    with pytest.raises(LimitExceeded, match="转换超过"):
        office.read(OLE, "ole")


def test_a_converter_sees_a_home_of_its_own_and_no_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENGCE_SECRET", "geheim")
    monkeypatch.setenv(
        "PATH", installed(tmp_path, "catdoc", 'echo "home $HOME"; echo "secret $ZHENGCE_SECRET."')
    )
    html = office.read(OLE, "ole").html
    assert os.environ.get("HOME", "/root") not in html
    assert "secret .</p>" in html
