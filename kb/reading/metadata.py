"""What a document says about itself: issuer, 文号, dates, whether it is a draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kb.codes import SourceLevel
from kb.reading import dates, numbers
from kb.reading.selection import Selection
from kb.sources import Source

SOURCE_FIELDS = ("issuer", "发布机构", "发布机关", "公开主体", "contentsource", "printed_source")
NUMBER_FIELDS = ("doc_number", "发文字号", "文号")
PUBLISHED_FIELDS = (
    "published", "pubdate", "firstpublishedtime", "publishdate", "publish-date", "article:published_time",
    "og:release_date", "发布日期", "发布时间", "printed_date",
)  # fmt: skip
REPRINTED = 31  # days after its signature from which a text that goes online is a reprint

_NUMBER_ISSUER = re.compile(r"^([\u4e00-\u9fff ]{3,80}?)(?:令|公告|通告)")
_SPLIT = re.compile("[、,，;；|\\s]+")
_LABEL = re.compile("^(?:信息|文章|稿件)?(?:来源|发布机构|发布单位|作者)[:：] ?")
_MEDIA = re.compile(
    r"网$|网站$|报$|报社$|新闻网|通讯社|新华社|微信|公众号|本站|未知|客户端|网络|原创|转载|数据库|电视台|杂志|频道|[\x21-\x7e]"
)
_SPEAKS_FOR_ITSELF = frozenset({SourceLevel.REGULATOR, SourceLevel.PLATFORM, SourceLevel.OFFICIAL_REPLY})
_DRAFT = re.compile(
    "征求意见稿|公开征求|征求[^。]{0,40}意见|征集[^。]{0,20}意见|意见征集|草案|送审稿|求意见的(?:通知|公告|函)"
)
_NO_DRAFT = re.compile(
    "采纳情况|反馈情况|意见情况|意见的?反馈(?!期限|时间|截止)|结果|解读|问答|答记者问|情况的?(?:说明|反馈|公告|通报)|的?(?:起草|编制|修订|制定)说明$|汇总|新闻发布"
)
_WEBSITE = re.compile("(?:官网|官方网站|门户网站|网站|网)$")
_SIDE_NAME = re.compile("[（(](?:加?挂|原|简称)[^（）()]{1,40}[）)]$")
_SEAL = re.compile("[（(](?:印章|盖章|公章|章|代章|印)[）)]")
_PROMULGATED = re.compile("令|公告|通告")
_PASSED_BY = re.compile(
    rf"({dates.DATE})[，,]? ?([\u4e00-\u9fff]{{0,12}}?)第[一二三四五六七八九十\d]{{1,4}}届(全国人大常委会|全国人大|(?:全国)?人民代表大会(?:常务委员会)?)(?:第[一二三四五六七八九十\d]{{1,4}}次|[一二三四五六七八九十]{{1,3}}次)(?:全体)?会议(?:表决|审议)?通过"
)
_FULL_NAMES = {"全国人大": "全国人民代表大会", "全国人大常委会": "全国人民代表大会常务委员会"}
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
    doc_number = (
        numbers.normalised(selection.field(*NUMBER_FIELDS))
        or numbers.document_number(title, lines)
        or numbers.normalised(selection.field("printed_number"))
    )
    signed_by, signed_on = _signature(lines)
    passed_by, passed_on = _passed(lines)
    made = (
        dates.parse_date(selection.field("成文日期", "发文日期"))
        or signed_on
        or _announced_on(lines)
        or passed_on
    )
    published = next(
        (day for name in PUBLISHED_FIELDS if (day := dates.parse_date(selection.field(name)))), None
    )
    declared = dates.parse_date(selection.field("施行日期", "实施日期", "生效日期"))
    online = _announced(made, published, doc_number, passed_by)
    effective = declared or dates.effective_date(lines, online, dates.printed_on(lines) or made)
    is_draft = draft(title, lines)
    return Metadata(
        issuers=_issuers(title, lines, doc_number, (passed_by, signed_by), (selection, source)),
        doc_number=doc_number,
        made=made,
        published=published,
        effective=None if is_draft and not declared else effective,
        comments_until=dates.comments_until(lines, published or made) if is_draft else None,
        transition_until=dates.transition_until(lines, effective),
        is_draft=is_draft,
    )


def _announced(
    made: date | None, published: date | None, doc_number: str, passed_by: tuple[str, ...]
) -> date | None:
    """The day 自公布之日起 counts from: an order's or a law's own day; else when it went online, unless a reprint."""
    if made is None or published is None:
        return made or published
    own_day = passed_by or _PROMULGATED.search(doc_number) or not 0 <= (published - made).days <= REPRINTED
    return made if own_day else published


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
        if len(line) > LONGEST_SIGNATURE or not (day := dates.parse_date(line)):
            continue
        beside = _signers(re.sub(dates.DATE, "", line).strip("（）() "))
        if beside is None:
            if at >= len(lines) - FOOT and _SIGNED_AND_DATED.fullmatch(line):
                return (), day
            continue
        names = list(beside)
        for before in reversed(lines[max(0, at - 12) : at]):
            found = _signers(before)
            if not found:
                break
            names[:0] = found
        return _names(" ".join(names)), day
    return (), None


LONGEST_SIGNATURE = 60
FOOT = 6  # lines at the end in which a name that nobody knows may sign beside its day
_SIGNED_AND_DATED = re.compile(
    rf"(?![^\n]{{0,30}}(?:日期|时间|截[止至]|[更新发布编辑下载]{{2}}|联系|电话))[\u4e00-\u9fff（）()、 ]{{2,30}}[\u4e00-\u9fff）)] {dates.DATE}"
)


def _signers(line: str) -> list[str] | None:
    """The organisations that a line consists of; ``None`` when it says anything else."""
    names = [name for name in _SPLIT.split(_SEAL.sub(" ", line)) if name]
    return names if all(numbers.ORGANISATION.match(name) for name in names) else None


_ISSUED_ON = re.compile(rf"[（(]({dates.DATE})[^）)]{{0,80}}(?:公布|通过|发布|令第)")


def _announced_on(lines: list[str]) -> date | None:
    return next(
        (dates.parse_date(found[1]) for line in lines[:8] if (found := _ISSUED_ON.search(line))), None
    )


def _passed(lines: list[str]) -> tuple[tuple[str, ...], date | None]:
    """The people's congress that passed a law, and when, by the note below its title."""
    for line in lines[:8]:
        if found := _PASSED_BY.search(line):
            name = found[3] if found[3] in _FULL_NAMES or found[3].startswith("全国") else found[2] + found[3]
            return (_FULL_NAMES.get(name, name),), dates.parse_date(found[1])
    return (), None


def _issuers(
    title: str,
    lines: list[str],
    doc_number: str,
    of_text: tuple[tuple[str, ...], tuple[str, ...]],
    page: tuple[Selection, Source | None],
) -> tuple[str, ...]:
    """What the text itself says wins over what the page says: reprints and departments sign pages, not rules.

    ``of_text``: who passed it, and who signed it.
    """
    selection, source = page
    passed_by, signed_by = of_text
    indexed = _names(selection.field("发文机关", "发文机构", "制定机关"))
    titled = _names(_before_about(title))
    number_issuer = found[1] if (found := _NUMBER_ISSUER.match(doc_number)) else ""
    ways: tuple[Callable[[], tuple[str, ...]], ...] = (
        lambda: () if set(indexed) < set(titled) else indexed,  # an index may name the first of several alone
        lambda: titled,
        lambda: _names(" ".join(numbers.order_issuers(lines))),
        lambda: _names(number_issuer) if _signers(number_issuer) else (),
        lambda: passed_by,
        lambda: signed_by,
        lambda: next(filter(None, (_page_source(selection.field(name)) for name in SOURCE_FIELDS)), ()),
        lambda: (source.authority,) if source and source.level in _SPEAKS_FOR_ITSELF else (),
    )
    return next(filter(None, (way() for way in ways)), ())


_ACT = re.compile("关于|(?:联合)?(?:印发|转发|发布|公布)(?=《)")


def _before_about(title: str) -> str:
    """``甲部 乙局`` of ``甲部 乙局关于印发…的通知``; "" when what stands before 关于 is no list of authorities."""
    title = re.sub(r"^[（(][^（）()]{1,6}[）)]", "", title)
    act = _ACT.search(title)
    names = [name for name in _SPLIT.split(title[: act.start()]) if name] if act else []
    return " ".join(names) if names and all(numbers.ORGANISATION.match(name) for name in names) else ""


def _page_source(text: str) -> tuple[str, ...]:
    """The offices a page names as its source; a newspaper or a site is none, an office's own site is the office."""
    text = _LABEL.sub("", text)
    office = _WEBSITE.sub("", text)
    if office != text and numbers.ORGANISATION.match(office):
        return _names(office)
    return () if _MEDIA.search(text) else _names(text)


def _names(text: str) -> tuple[str, ...]:
    names = (numbers.short_name(_SIDE_NAME.sub("", name)) for name in _SPLIT.split(text))
    return tuple(dict.fromkeys(name for name in names if 2 <= len(name) <= 40))
