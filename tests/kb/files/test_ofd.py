"""OFD: the lines of its pages."""

import io
import zipfile

from kb.reading.attachments import kind_of, read_attachment

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(*pages: list[tuple[float, float, str]]) -> bytes:
    """Pages of (x, y, text) pieces."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "OFD.xml",
            f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        named = "".join(f'<ofd:Page ID="{at}" BaseLoc="Pages/P{at}.xml"/>' for at in range(len(pages)))
        archive.writestr(
            "Doc_0/Document.xml", f"<ofd:Document {NS}><ofd:Pages>{named}</ofd:Pages></ofd:Document>"
        )
        for at, pieces in enumerate(pages):
            objects = "".join(
                f'<ofd:TextObject Boundary="{x} {y} 100 5"><ofd:TextCode X="0" Y="4">{text}</ofd:TextCode></ofd:TextObject>'
                for x, y, text in pieces
            )
            archive.writestr(
                f"Doc_0/Pages/P{at}.xml",
                f"<ofd:Page {NS}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>",
            )
    return buffer.getvalue()


def test_pieces_of_one_line_are_put_in_order() -> None:
    body = ofd(
        [(20, 50, "第二条　应当备案。"), (60, 30, "制定本规定。"), (20, 30.4, "第一条　为了规范，")],
        [(20, 30, "第三条　附则。")],
    )
    assert kind_of(body) == "ofd"
    document, _ = read_attachment(body, "https://www.example.gov.cn/f.ofd")
    assert [block.text for block in document.blocks] == [
        "第一条 为了规范，制定本规定。",
        "第二条 应当备案。",
        "第三条 附则。",
    ]


def test_without_words_it_is_watched_by_its_bytes() -> None:
    document, _ = read_attachment(ofd([]), "https://www.example.gov.cn/f.ofd")
    assert "SHA-256" in document.text
