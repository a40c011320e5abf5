"""Smallest DOCX files, written part by part: what Word keeps and python-docx does not show."""

from __future__ import annotations

import io
import zipfile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str, **parts: str) -> bytes:
    """``body``: the inside of ``w:body``; ``parts``: the inside of ``word/<name>.xml``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, inside in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} {W}>{inside}</w:{name}>")
    return buffer.getvalue()


def with_media(body: bytes, **media: bytes) -> bytes:
    """The file with pictures, each under its name as relation: ``<a:blip r:embed="name"/>``."""
    buffer = io.BytesIO(body)
    target = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    with zipfile.ZipFile(buffer, "a") as archive:
        relations = "".join(f'<Relationship Id="{name}" Target="media/{name}"/>' for name in media)
        archive.writestr(
            "word/_rels/document.xml.rels", f"<Relationships {target}>{relations}</Relationships>"
        )
        for name, data in media.items():
            archive.writestr(f"word/media/{name}", data)
    return buffer.getvalue()


def blip(name: str) -> str:
    spaces = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    return f'<w:r><w:drawing><a:blip {spaces} r:embed="{name}"/></w:drawing></w:r>'


def p(text: str = "", *, number: str = "", level: int = 0, style: str = "", inside: str = "") -> str:
    listed = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{listed}</w:pPr>{r(text) if text else ''}{inside}</w:p>"


def r(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def numbering(*levels: tuple[str, str], extra: str = "") -> str:
    """One abstract list of (format, text) levels as list 1."""
    inside = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{shape}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (shape, text) in enumerate(levels)
    )
    return f'<w:abstractNum w:abstractNumId="0">{inside}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{extra}'


def tc(text: str, *, span: int = 1, merge: str = "", inside: str = "") -> str:
    merged = "" if not merge else f'<w:vMerge w:val="{merge}"/>'
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{merged}</w:tcPr>{inside or p(text)}</w:tc>'


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
