"""What a document says about itself: issuer, 文号, dates, whether it is a draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kb.model import SourceLevel
from kb.reading import dates, numbers
from kb.reading.selection import Selection
from kb.sources import Source

SOURCE_FIELDS = ("issuer", "发布机构", "contentsource")
NUMBER_FIELDS = ("doc_number", "发文字号", "文号")
PUBLISHED_FIELDS = ("published", "pubdate", "firstpublishedtime", "发布日期", "printed_date")

_NUMBER_ISSUER = re.compile(r"^([\u4e00-\u9fff]{3,40}?)(?:令|公告|通告)")
_SPLIT = re.compile("[、,，;；\\s]+")
_LABEL = re.compile("^(?:信息|文章|稿件)?(?:来源|发布机构|发布单位|作者)[:：] ?")
_MEDIA = re.compile(r"网$|网站$|报$|报社$|新闻网|通讯社|新华社|微信|公众号|本站|未知|客户端|[\x21-\x7e]")
_SPEAKS_FOR_ITSELF = frozenset({SourceLevel.REGULATOR, SourceLevel.PLATFORM, SourceLevel.OFFICIAL_REPLY})
_DRAFT = re.compile(
    "征求意见稿|公开征求|征求[^。]{0,40}意见|征集[^。]{0,20}意见|意见征集|草案|送审稿|求意见的(?:通知|公告|函)"
)
_NO_DRAFT = re.compile("采纳情况|反馈情况|意见情况|结果|解读|问答|答记者问|情况的?说明|汇总|新闻发布")
_DRAFT_LINE = re.compile("[（(](?:公开)?(?:征求意见稿|草案|送审稿)[^（）()]{0,12}[）)]")


@dataclass(frozen=True, slots=True)
class Metadata:
    issuers: tuple[str, ...]
    doc_number: str
    made: date | None
    published: date | None
    effective: date | None
    comments_until: date | None
    transition_until: date | None
    is_draft: bool


def read_metadata(title: str, lines: list[str], selection: Selection, source: Source | None) -> Metadata:
    """From the page's own fields first, then from the text. ``lines`` are the document's blocks."""
    doc_number = numbers.normalised(selection.field(*NUMBER_FIELDS)) or numbers.document_number(title, lines)
    signed_by, signed_on = _signature(lines)
    made = dates.parse_date(selection.field("成文日期")) or signed_on or _passed_on(lines)
    published = next(
        (day for name in PUBLISHED_FIELDS if (day := dates.parse_date(selection.field(name)))), None
    )
    declared = dates.parse_date(selection.field("施行日期", "生效日期"))
    effective = declared or dates.effective_date(lines, published or made)
    is_draft = draft(title, lines)
    return Metadata(
        issuers=_issuers(title, lines, doc_number, signed_by, (selection, source)),
        doc_number=doc_number,
        made=made,
        published=published,
        effective=None if is_draft and not declared else effective,
        comments_until=dates.comments_until(lines) if is_draft else None,
        transition_until=dates.transition_until(lines, effective),
        is_draft=is_draft,
    )


def draft(title: str, lines: list[str]) -> bool:
    """Whether this is a draft put out for comment (not a report on one)."""
    if _NO_DRAFT.search(title):
        return False
    return bool(_DRAFT.search(title)) or any(
        _DRAFT_LINE.search(line) and len(line) < 80 for line in lines[:6]
    )


def _signature(lines: list[str]) -> tuple[tuple[str, ...], date | None]:
    """The organisations and the day at the foot of the text (or of its covering notice)."""
    for at in range(len(lines) - 1, max(-1, len(lines) - 400), -1):
        line = lines[at]
        if (
            len(line) <= 22
            and (day := dates.parse_date(line))
            and not re.sub(dates.DATE, "", line).strip("（）() ")
        ):
            names: list[str] = []
            for before in reversed(lines[max(0, at - 12) : at]):
                found = [name for name in _SPLIT.split(before) if name]
                if not found or not all(numbers.ORGANISATION.match(name) for name in found):
                    break
                names[:0] = found
            return _names(" ".join(names)), day
    return (), None


_PASSED = re.compile(rf"[（(]({dates.DATE})[^）)]{{0,80}}(?:公布|通过|发布|令第)")


def _passed_on(lines: list[str]) -> date | None:
    return next((dates.parse_date(found[1]) for line in lines[:8] if (found := _PASSED.search(line))), None)


def _issuers(
    title: str,
    lines: list[str],
    doc_number: str,
    signed_by: tuple[str, ...],
    page: tuple[Selection, Source | None],
) -> tuple[str, ...]:
    """What the text itself says wins over what the page says: reprints and departments sign pages, not rules."""
    selection, source = page
    number_issuer = found[1] if (found := _NUMBER_ISSUER.match(doc_number)) else ""
    ways: tuple[Callable[[], tuple[str, ...]], ...] = (
        lambda: _names(selection.field("发文机关", "制定机关")),
        lambda: _names(_before_about(title)),
        lambda: _names(" ".join(numbers.order_issuers(lines))),
        lambda: _names(number_issuer) if numbers.ORGANISATION.match(number_issuer) else (),
        lambda: signed_by,
        lambda: next(filter(None, (_page_source(selection.field(name)) for name in SOURCE_FIELDS)), ()),
        lambda: (source.authority,) if source and source.level in _SPEAKS_FOR_ITSELF else (),
    )
    return next(filter(None, (way() for way in ways)), ())


def _before_about(title: str) -> str:
    """``甲部 乙局`` of ``甲部 乙局关于印发…的通知``; "" when what stands before 关于 is no list of authorities."""
    before, about, _ = re.sub(r"^[（(][^（）()]{1,6}[）)]", "", title).partition("关于")
    names = [name for name in _SPLIT.split(before) if name]
    return before if about and names and all(numbers.ORGANISATION.match(name) for name in names) else ""


def _page_source(text: str) -> tuple[str, ...]:
    text = _LABEL.sub("", text)
    return () if _MEDIA.search(text) else _names(text)


def _names(text: str) -> tuple[str, ...]:
    names = (numbers.short_name(name) for name in _SPLIT.split(text))
    return tuple(dict.fromkeys(name for name in names if 2 <= len(name) <= 40))
