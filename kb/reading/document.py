"""Selection -> Document: a pure function of the selection, the page's address and the source."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urljoin

from kb.codes import BlockKind
from kb.model import Block, Document, Link
from kb.reading.blocks import ReadBody, read_blocks, tidy
from kb.reading.metadata import read_metadata
from kb.reading.selection import Selection
from kb.sources import Source

_TITLE_END = re.compile(
    "(?:办法|规定|条例|细则|规则|通知|公告|通告|法|标准|意见|决定|目录|指南|指引|规范|准则|制度|方案|措施|程序|规程|清单|令|函|批复|要求|说明|协议)(?:[（(][^（）()]{1,20}[）)])?$"
)
_ATTACHED = re.compile("附(?:件|录|表)? ?[0-9０-９一二三四五六七八九十]{0,3} ?[:：]?$")
_DIVISION = re.compile("^第.{1,6}[编章节]")


def document_of(selection: Selection, *, base: str, source: Source | None, title: str = "") -> Document:
    """``base`` is the page's address, for relative links; a given ``title`` wins over the selection's."""
    keys = source.document.row_key if source else ()
    body = read_blocks(selection.markup, base, keys)
    if keys:
        body.blocks = _named_by_heading(body.blocks)
    replies = [_reply(markup, base) for markup in selection.replies]
    title = tidy(title or selection.title) or _title_in(body.blocks)
    blocks = tuple(body.blocks + [block for block in replies if block.text])
    meta = read_metadata(title, [block.text for block in body.blocks if block.text], selection, source)
    return Document(
        title=title,
        blocks=blocks,
        issuers=meta.issuers,
        doc_number=meta.doc_number,
        made=meta.made,
        published=meta.published,
        effective=meta.effective,
        comments_until=meta.comments_until,
        transition_until=meta.transition_until,
        is_draft=meta.is_draft,
        tables=tuple(body.tables),
        attachments=_links(body.attachments, selection.attachments, base),
        images=_links(body.images, selection.images, base),
    )


def _named_by_heading(blocks: list[Block]) -> list[Block]:
    """Rows that are named by declared columns, with the heading that their table stands under as the first name."""
    named, heading = [], ""
    for block in blocks:
        heading = block.text if block.kind is BlockKind.HEADING else heading
        is_named = heading and heading not in block.row_key and bool(block.row_key)
        named.append(replace(block, row_key=(heading, *block.row_key)) if is_named else block)
    return named


def _reply(markup: str, base: str) -> Block:
    body: ReadBody = read_blocks(markup, base)
    return Block(BlockKind.REPLY, " ".join(block.text for block in body.blocks if block.text))


def _title_in(blocks: list[Block]) -> str:
    """The first heading of the shallowest level, else an early line that reads like the name of a rule; 附件1 is none."""
    blocks = [block for at, block in enumerate(blocks) if at > 5 or not _ATTACHED.match(block.text)]
    headings = [block for block in blocks[:40] if block.kind is BlockKind.HEADING]
    names = [block for block in headings if block.level == 1]
    if not names and blocks and not _TITLE_END.search(blocks[0].text):
        names = headings[:1]
    if names and not _DIVISION.match(names[0].text):
        return names[0].text
    early = [
        block.text for block in blocks[:6] if block.kind is BlockKind.PARAGRAPH and len(block.text) <= 80
    ]
    return next((text for text in early if _TITLE_END.search(text)), early[0] if early else "")


def _links(found: list[Link], outside: tuple[tuple[str, str], ...], base: str) -> tuple[Link, ...]:
    links = [*found, *(Link(urljoin(base, address), name) for address, name in outside)]
    first: dict[str, Link] = {}
    for link in links:
        first.setdefault(link.url, link)
    return tuple(first.values())
