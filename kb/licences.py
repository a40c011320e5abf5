"""The vocabulary of licence types (资质事项): ``licences.toml`` -> ``Licence``.

Written to be reviewed by a lawyer: facts in our own words, each legal basis marked as verified or not, and the terms by
which a text is found to concern the type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from pydantic import Field, field_validator

from kb.codes import DocumentStatus
from kb.errors import DeclarationError, NotFound
from kb.folding import fold
from kb.tables import Strict, read_table

_FILE = Path(__file__).with_name("licences.toml")
_DATE = r"^(\d{4}(-\d{2}(-\d{2})?)?)?$"
_DRAFT_TITLE = re.compile("征求意见稿|草案")


class Group(StrEnum):
    TELECOM = "telecom"
    SECURITY = "security"
    CONTENT = "content"
    HEALTH = "health"
    AI = "ai"
    DATA = "data"
    OTHER = "other"
    PLATFORM = "platform"


GROUP_NAMES: Mapping[Group, str] = MappingProxyType(
    {
        Group.TELECOM: "电信业务",
        Group.SECURITY: "公安与安全评估",
        Group.CONTENT: "文化、出版、广电、新闻、宗教",
        Group.HEALTH: "健康",
        Group.AI: "算法与人工智能",
        Group.DATA: "数据、人脸、未成年人",
        Group.OTHER: "支付与人力资源",
        Group.PLATFORM: "平台规则（不是法律）",
    }
)


class BasisRole(StrEnum):
    RULE = "rule"
    LIST = "list"


class Part(StrEnum):
    """Under which heading a basis is shown: a draft, a platform's page or a list of what was filed is no law in force."""

    RULE = "rule"
    PLATFORM = "platform"
    DRAFT = "draft"
    PAST = "past"
    LIST = "list"


PART_NAMES: Mapping[Part, tuple[str, str]] = MappingProxyType(
    {
        Part.RULE: ("法律依据", "legal basis"),
        Part.PLATFORM: ("平台规则（不是法律）", "platform rules (not law)"),
        Part.DRAFT: ("征求意见稿（不是现行规定）", "drafts (not in force)"),
        Part.PAST: ("已被替代或者废止", "superseded or repealed"),
        Part.LIST: (
            "例行公告与名单（公布办理结果，不是依据）",
            "routine notices and lists (results, no basis)",
        ),
    }
)
_PAST = frozenset({DocumentStatus.SUPERSEDED, DocumentStatus.REPEALED, DocumentStatus.EXPIRED})
_DRAFTS = frozenset({DocumentStatus.DRAFT_OPEN, DocumentStatus.DRAFT_CLOSED})

UNCHECKED = "【未核】"
UNCHECKED_MEANS = "【未核】：名称、文号或者日期还没有对照官方文本"
STATUS_MEANS = "效力照词表编写时所记，今天是否仍然有效未核；注“据本库原文”的，由所存原文推算"
UNKNOWN_MEANS = "效力未核：没有查到施行或者废止的根据，程序不作判断"


class Basis(Strict):
    """What the licence rests on. Dates are ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or empty when unknown.

    ``verified`` is false as long as title, number or date was not held against an official text. ``role``: a recurring
    list of what was filed or registered is named beside the rules and is none. ``region``: where alone it applies.
    """

    title: str = Field(min_length=2)
    verified: bool
    number: str = ""
    issued: str = Field(default="", pattern=_DATE)
    effective: str = Field(default="", pattern=_DATE)
    status: DocumentStatus = DocumentStatus.UNKNOWN
    role: BasisRole = BasisRole.RULE
    region: str = ""
    note: str = ""

    @field_validator("issued", "effective")
    @classmethod
    def _is_in_the_calendar(cls, day: str) -> str:
        if day:
            date.fromisoformat(day + "-01-01"[len(day) - 4 :])
        return day


class Folklore(Strict):
    """What popular guides say, what the rule is, and where it stands (未核 where that was not held against a text)."""

    says: str = Field(min_length=4)
    rule: str = Field(min_length=4)
    basis: str = Field(min_length=4)


class WeakTerms(Strict):
    """Words that decide only in company: ``any`` of them with one of ``near`` close by and none of ``unless``."""

    any: tuple[str, ...] = Field(min_length=1)
    near: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()


class Licence(Strict):
    """One licence, filing, registration, assessment or platform category.

    ``what`` says what it is. ``short`` is the name in subjects and lists. ``aliases`` stand in the order of their use;
    one that several types bear leads to all of them. ``family``: its own terms give way to those of a child. ``laws`` are
    names of rules that are about this type alone; ``mask`` are phrases that contain a term and mean something else;
    ``exclude`` are words whose presence voids every hit.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    group: Group
    zh: str = Field(min_length=2)
    short: str = Field(min_length=2, max_length=12)
    en: str = Field(min_length=2)
    what: str = Field(min_length=4)
    regulator: str = Field(min_length=2)
    who: str = Field(min_length=2)
    confusions: str = Field(min_length=2)
    aliases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    basis: tuple[Basis, ...] = Field(min_length=1)
    parent: str = ""
    family: bool = False
    strong: tuple[str, ...] = Field(min_length=1)
    laws: tuple[str, ...] = ()
    weak: tuple[WeakTerms, ...] = ()
    mask: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    folklore: tuple[Folklore, ...] = ()


class _Vocabulary(Strict):
    licence: tuple[Licence, ...] = Field(min_length=1)


def read_licences(path: Path) -> Mapping[str, Licence]:
    """Licences by id in the order of the file. Raises DeclarationError when the file cannot be used."""
    vocabulary = read_table(path, _Vocabulary, "资质事项词表")
    found = {licence.id: licence for licence in vocabulary.licence}
    faults = [] if len(found) == len(vocabulary.licence) else ["有重复的 id"]
    for licence in vocabulary.licence:
        faults += _faults(licence, found)
    if faults:
        raise DeclarationError(
            "资质事项词表不能使用：" + "；".join(faults), where=str(path), do="请改正后重试"
        )
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def licences() -> Mapping[str, Licence]:
    """The vocabulary that comes with zhengce, read once."""
    return read_licences(_FILE)


def family(licence_id: str) -> frozenset[str]:
    """A licence type and the ones below it: what to look for when asked for it. Raises NotFound for an unknown id."""
    if licence_id not in licences():
        raise NotFound(f"没有名为 {licence_id} 的资质事项", do="全部事项见 docs/licences.md")
    children = {licence.id for licence in licences().values() if licence.parent == licence_id}
    return frozenset({licence_id, *children})


def bearers(word: str) -> tuple[str, ...]:
    """Ids of the types that bear a word as id, name or alias, in any width, case or spacing and in Traditional too."""
    return _named().get(squashed(word), ())


def alike(word: str) -> tuple[str, ...]:
    """Ids of the types that a word nobody bears may mean: the word is a part of their names, a slip of one, a part of
    their strong terms, or said by a guide's error that they answer. Nothing is guessed from one character."""
    part = squashed(word)
    if len(part) < 2:
        return ()
    names = _named()
    inside = [name for name in names if part in name]
    slips = get_close_matches(part, names, n=3, cutoff=0.8)
    meant = [one for name in (*inside, *slips) for one in names[name]]
    long = len(part) > 2  # two characters stand across the words of many a term
    termed = [
        each.id for each in licences().values() if long and any(part in squashed(t) for t in each.strong)
    ]
    return tuple(dict.fromkeys((*meant, *termed, *(one for one, _ in answers(word)))))


def answers(word: str) -> tuple[tuple[str, Folklore], ...]:
    """The errors of popular guides that say the word, each with the type that answers it."""
    part = squashed(word)
    return tuple(
        (licence.id, each)
        for licence in licences().values()
        for each in licence.folklore
        if len(part) > 1 and part in squashed(each.says)
    )


@lru_cache(maxsize=1)
def _named() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for licence in licences().values():
        for name in (licence.id, licence.short, licence.zh, *licence.aliases):
            found.setdefault(squashed(name), {})[licence.id] = None
    return MappingProxyType({name: tuple(bearing) for name, bearing in found.items()})


def squashed(text: str) -> str:
    """How names are compared: folded, without spaces."""
    return "".join(fold(text).split())


def part_of(basis: Basis, status: DocumentStatus) -> Part:
    """Under which heading a basis is shown. ``status`` is that of the text held, where there is one."""
    if basis.role is BasisRole.LIST:
        return Part.LIST
    if status in _DRAFTS or _DRAFT_TITLE.search(basis.title):
        return Part.DRAFT
    if status in _PAST:
        return Part.PAST
    return Part.PLATFORM if status is DocumentStatus.PLATFORM_CURRENT else Part.RULE


def below(licence: Licence, vocabulary: Mapping[str, Licence]) -> tuple[str, ...]:
    """Ids of the types whose parent this one is."""
    return tuple(other.id for other in vocabulary.values() if other.parent == licence.id)


def beside(licence: Licence, vocabulary: Mapping[str, Licence]) -> tuple[str, ...]:
    """Ids of related types that are neither above nor below this one."""
    near = {licence.parent, *below(licence, vocabulary)}
    return tuple(other for other in licence.related if other not in near)


def _faults(licence: Licence, known: Mapping[str, Licence]) -> Iterator[str]:
    for other in (*licence.related, *filter(None, [licence.parent])):
        if other not in known or other == licence.id:
            yield f"{licence.id} 提到的 {other} 不在词表中"
    if licence.parent and licence.parent in known and known[licence.parent].parent:
        yield f"{licence.id} 的上级 {licence.parent} 自己还有上级"
    words = [fold(word) for word in (*licence.strong, *licence.laws, *licence.mask)]
    twice = sorted({word for word in words if words.count(word) > 1})
    if twice:
        yield f"{licence.id} 的 {'、'.join(twice)} 在 strong、laws、mask 中出现不止一次"


def region_words(region: str) -> str:
    """``〔贵州〕`` before what applies or comes from there alone; nothing for the whole country."""
    return f"〔{region}〕" if region else ""


def day_words(day: str) -> str:
    """A day of a basis before the word it is followed by: ``2017 年``, ``2024-04 ``."""
    return f"{day} 年" if len(day) == 4 else f"{day} "
