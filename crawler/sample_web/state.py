"""What a page of the script says on a day: its words with the edits applied, numbered as a rule is numbered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from crawler.sample_web.script import Attachment, Edit, Image, Page, Site, Table

KINDS = frozenset("章条款项段名署")
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Line:
    """One passage. ``uid`` names it through all edits, ``kind`` is one of ``KINDS``."""

    uid: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line with the number it is printed with and the article it belongs to (``第八条`` or empty)."""

    line: Line
    ordinal: str
    article: str


@dataclass(frozen=True, slots=True)
class PageState:
    page: Page
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]
    images: tuple[Image, ...]
    attachments: tuple[Attachment, ...]

    @property
    def numbered(self) -> tuple[Numbered, ...]:
        return tuple(_number(self.lines))


def numeral(number: int) -> str:
    """1 to 99 in Chinese: 八, 十, 十二, 二十四."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def _number(lines: tuple[Line, ...]) -> Iterator[Numbered]:
    chapter = article = item = 0
    for line in lines:
        ordinal = ""
        if line.kind == "章":
            chapter += 1
            ordinal = f"第{numeral(chapter)}章"
        elif line.kind == "条":
            article, item = article + 1, 0
            ordinal = f"第{numeral(article)}条"
        elif line.kind == "项":
            item += 1
            ordinal = f"（{numeral(item)}）"
        inside = line.kind in "条款项" and article
        yield Numbered(line, ordinal, f"第{numeral(article)}条" if inside else "")


def parse_body(body: str, prefix: str) -> tuple[Line, ...]:
    """Lines of a body; raises ``ValueError`` that quotes a line without a kind."""
    lines = []
    for position, raw in enumerate(row for row in body.splitlines() if row.strip()):
        kind, _, text = raw.strip().partition(" ")
        if kind not in KINDS or not text:
            raise ValueError(f"no kind in line {raw!r}")
        lines.append(Line(f"{prefix}:{position}", kind, text.strip()))
    return tuple(lines)


@cache
def page_at(site: Site, key: str, day: int, look: int = 1) -> PageState:
    """The page as it stands on a day, at one of the day's looks."""
    page = site.page(key)
    if page.derives:
        origin = page_at(site, page.derives, day, look)
        state = PageState(page, origin.lines, origin.tables, origin.images, origin.attachments)
    else:
        state = PageState(page, parse_body(page.body, key), page.tables, page.images, page.attachments)
    for index, edit in enumerate(site.edits):
        if edit.page == key and _applies(edit, day, look):
            state = _apply(state, edit, f"{key}+{index}")
    return state


def _applies(edit: Edit, day: int, look: int) -> bool:
    if edit.look is not None:
        return (day, look) == (edit.day, edit.look)
    return edit.day <= day


def _apply(state: PageState, edit: Edit, prefix: str) -> PageState:
    match edit.do:
        case "words":
            return replace(state, lines=_words(state, edit))
        case "insert":
            return replace(state, lines=_insert(state, edit, prefix))
        case "cell":
            return replace(state, tables=tuple(_cell(table, edit) for table in state.tables))
        case "image":
            return replace(
                state, images=tuple(i.model_copy(update={"seed": edit.seed}) for i in state.images)
            )
        case "attachment":
            return replace(state, attachments=tuple(_attachment(a, edit) for a in state.attachments))


def _words(state: PageState, edit: Edit) -> tuple[Line, ...]:
    hits = [
        numbered.line.uid
        for numbered in state.numbered
        if edit.before in numbered.line.text and edit.at in ("", numbered.article)
    ]
    if len(hits) != 1:
        raise ValueError(f"{edit.before!r} is there {len(hits)} times in {edit.page} {edit.at}")
    return tuple(
        replace(line, text=line.text.replace(edit.before, edit.after)) if line.uid == hits[0] else line
        for line in state.lines
    )


def _insert(state: PageState, edit: Edit, prefix: str) -> tuple[Line, ...]:
    places = [i for i, numbered in enumerate(state.numbered) if numbered.article == edit.at]
    if not places:
        raise ValueError(f"no article {edit.at} in {edit.page}")
    after = places[-1] + 1
    return state.lines[:after] + parse_body(edit.after, prefix) + state.lines[after:]


def _cell(table: Table, edit: Edit) -> Table:
    column = table.columns.index(edit.column)
    rows = tuple(
        tuple(c.replace(edit.before, edit.after) if i == column else c for i, c in enumerate(row))
        if edit.at in row
        else row
        for row in table.rows
    )
    return table.model_copy(update={"rows": rows})


def _attachment(attachment: Attachment, edit: Edit) -> Attachment:
    lines = tuple(line.replace(edit.before, edit.after) for line in attachment.lines)
    return attachment.model_copy(update={"lines": lines})
