"""PDF files written by hand: lines of Chinese text with a map to Unicode, and pages that are one picture."""

from __future__ import annotations

from collections.abc import Sequence

Page = Sequence[str] | bytes  # lines of text, or the bytes of a picture


def pdf(*pages: Page, large: str = "") -> bytes:
    """Each page's lines from top to bottom, the line ``large`` in large letters; ``bytes`` make a page that only shows a
    picture."""
    letters = sorted({c for page in pages if not isinstance(page, bytes) for line in page for c in line})
    codes = {c: at + 1 for at, c in enumerate(letters)}
    objects = [b"", b"", _font(), _descendant(), _unicode(codes)]
    kids = []
    for page in pages:
        first = len(objects) + 1
        if isinstance(page, bytes):
            objects.append(_stream(b"q 500 0 0 700 0 0 cm /I Do Q"))
            objects.append(
                _stream(
                    page,
                    b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8",
                )
            )
            resources = b"<</XObject<</I %d 0 R>>>>" % (first + 1)
        else:
            objects.append(_stream(_drawn(page, codes, large)))
            resources = b"<</Font<</F 3 0 R>>>>"
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R/Resources%s>>"
            % (first, resources)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    return _file(objects)


def _drawn(lines: Sequence[str], codes: dict[str, int], large: str) -> bytes:
    shown = [
        b"BT /F %d Tf 1 0 0 1 50 %d Tm <%s> Tj ET"
        % (18 if line == large else 12, 780 - 20 * at, "".join(f"{codes[c]:04x}" for c in line).encode())
        for at, line in enumerate(lines)
    ]
    return b"\n".join(shown)


def _font() -> bytes:
    return b"<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>"


def _descendant() -> bytes:
    return b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>"


def _unicode(codes: dict[str, int]) -> bytes:
    lines = [f"<{code:04x}> <{ord(c):04x}>" for c, code in codes.items()]
    blocks = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    head = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
    return _stream(f"{head}{body}\nendcmap end end".encode())


def _stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def _file(objects: Sequence[bytes]) -> bytes:
    body, offsets = b"%PDF-1.4\n", []
    for number, data in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, data)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end
