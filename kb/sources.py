"""A source declaration: one TOML file a watched publication -> ``Source``.

Strict: an unknown key is an error, because a misspelt selector is a rule that is silently not watched. Every selector
carries how we know it (``evidence``): ``verified`` on the real page, ``documented`` in a public source, or ``guessed``.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from kb.codes import Coverage, SourceLevel
from kb.config import complaint, line_of, toml_fault
from kb.errors import DeclarationError

SLUG = r"^[a-z0-9]+([.-][a-z0-9]+)*$"


class Mechanism(StrEnum):
    """How a publication lists its documents; one spider class each."""

    COLUMN = "column"  # server-rendered list pages (t-date lists and the like)
    JPAAS = "jpaas"  # JSON-wrapped HTML of MIIT, the communications administrations and SAMR
    TRS = "trs"  # <recordset> lists of NRTA and others
    CAC = "cac"  # first page static, the rest POST /cms/JsonList
    GOVCN = "govcn"  # gazette index and latest-policies feed as JSON
    WECHAT = "wechat"  # open community documents
    PAGES = "pages"  # named addresses, no list


class Evidence(StrEnum):
    VERIFIED = "verified"
    DOCUMENTED = "documented"
    GUESSED = "guessed"


class Publish(StrEnum):
    FULL = "full"
    EXCERPT = "excerpt"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Selector(Strict):
    """A CSS selector. With ``until`` it selects the range from ``css`` up to, not including, ``until``."""

    css: str = Field(min_length=1)
    until: str = ""
    evidence: Evidence = Evidence.GUESSED
    note: str = ""


class ListRules(Strict):
    """Where a list page keeps its rows. ``title_attribute``: link texts are cut short on many sites."""

    item: Selector
    link: Selector = Selector(css="a[href]")
    title_attribute: str = "title"
    date: Selector | None = None
    include: str = Field(default="", description="regular expression a title must contain")
    exclude: str = Field(default="", description="regular expression a title must not contain")
    min_items: int = Field(default=1, ge=0)
    max_items: int = Field(default=2000, ge=1)
    max_pages: int = Field(default=1, ge=1)

    @field_validator("include", "exclude")
    @classmethod
    def _is_a_pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except (re.error, RecursionError, OverflowError) as error:
            raise ValueError(f"“{value[:100]}”不是可用的正则表达式（{error}）") from error
        return value


class DocumentRules(Strict):
    """Where a page keeps its rule. ``valid_until`` is set only on old rules kept in ``history``."""

    body: tuple[Selector, ...] = ()
    remove: tuple[Selector, ...] = ()
    title: tuple[Selector, ...] = ()
    published: tuple[Selector, ...] = ()
    issuer: tuple[Selector, ...] = ()
    doc_number: tuple[Selector, ...] = ()
    attachments: tuple[Selector, ...] = Field(default=(), description="links to attachments outside the body")
    images: tuple[Selector, ...] = Field(
        default=(), description="images that carry the rule, watched by address and digest"
    )
    row_key: tuple[str, ...] = Field(default=(), description="table headers whose cells name a row")
    min_characters: int = Field(default=20, ge=0)
    valid_until: date | None = None


class PageNoise(Strict):
    """Noise of one document alone, by its address."""

    url: str = Field(min_length=1)
    patterns: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


class Noise(Strict):
    """Text that moves without the rule moving, beyond what every page and the mechanism's sites inherit."""

    patterns: tuple[str, ...] = Field(
        default=(), description="removed wherever they match, words of a sentence too"
    )
    lines: tuple[str, ...] = Field(default=(), description="removed where they match a whole line")
    families: tuple[str, ...] = Field(default=(), description="further families of kb/reading/noise.toml")
    keep: tuple[str, ...] = Field(default=(), description="names of inherited rules that do not hold here")
    pages: tuple[PageNoise, ...] = ()


class Cac(Strict):
    channel: str = Field(pattern=r"^A\d+$")
    per_page: int = Field(default=20, ge=1, le=100)
    endpoint: str = "/cms/JsonList"


class Source(Strict):
    """One declared publication of an authority or platform."""

    id: str = Field(pattern=SLUG)
    title: str
    authority: str
    mechanism: Mechanism
    level: SourceLevel
    hosts: tuple[str, ...] = Field(
        min_length=1,
        description="the only hosts that may be asked, with a port where it is not the scheme's own",
    )
    start: tuple[str, ...] = Field(min_length=1)
    homepage: str = ""
    province: str = ""
    licences: tuple[str, ...] = Field(default=(), description="licence types whose rules appear here")
    coverage: Coverage = Coverage.DIRECT
    publish: Publish
    encoding: str = ""
    title_suffix: str = Field(default="", description="what the site appends to every title")
    period_hours: int = Field(default=24, ge=1)
    delay_seconds: float = Field(default=8.0, ge=0)
    respects_robots: bool = True
    headers: dict[str, str] = Field(default_factory=dict)
    enabled: bool = True
    demo: bool = False
    notes: str = ""
    list: ListRules | None = None
    document: DocumentRules = DocumentRules()
    history: tuple[DocumentRules, ...] = Field(
        default=(), description="old document rules, each with valid_until"
    )
    noise: Noise = Noise()
    cac: Cac | None = None

    @field_validator("start")
    @classmethod
    def _start_is_http(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for url in value:
            if urlsplit(url).scheme not in {"http", "https"}:
                raise ValueError(f"“{url}”不是 http(s) 网址")
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        undeclared = {netloc for url in self.start if (netloc := urlsplit(url).netloc) not in self.hosts}
        if undeclared:
            raise ValueError(f"start 里的主机没有写进 hosts：{'、'.join(sorted(undeclared))}")
        if self.mechanism is Mechanism.CAC and self.cac is None:
            raise ValueError("mechanism 为 cac 时需要 [cac] 表，写明 channel")
        if (
            self.mechanism in {Mechanism.COLUMN, Mechanism.JPAAS, Mechanism.CAC, Mechanism.TRS}
            and self.list is None
        ):
            raise ValueError(f"mechanism 为 {self.mechanism} 时需要 [list] 表")
        if any(rules.valid_until is None for rules in self.history):
            raise ValueError("每个 [[history]] 都要有 valid_until")
        return self

    def rules_at(self, day: date) -> DocumentRules:
        """The document rules that were valid on a day: the oldest history entry not yet expired, else today's."""
        valid = [rules for rules in self.history if rules.valid_until and day <= rules.valid_until]
        return min(valid, key=lambda rules: rules.valid_until or date.max, default=self.document)

    def rules_digest(self, day: date) -> str:
        """SHA-256 of the document rules valid on a day; empty where there are no rules of old, and so no switch."""
        if not self.history:
            return ""
        return hashlib.sha256(self.rules_at(day).model_dump_json().encode()).hexdigest()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what decides how pages are fetched and read; a new title or note forces no re-reading."""
        deciding = self.model_dump(
            mode="json",
            exclude={"title", "notes", "homepage", "licences", "coverage", "period_hours", "delay_seconds"},
        )
        return hashlib.sha256(json.dumps(deciding, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def selectors(source: Source) -> list[tuple[str, Selector]]:
    """Every selector of a declaration with the key under which it stands."""
    found: list[tuple[str, Selector]] = []
    for table, rules in (("list", source.list), ("document", source.document)):
        for key in type(rules).model_fields if rules is not None else ():
            value = getattr(rules, key)
            for selector in value if isinstance(value, tuple) else (value,):
                if isinstance(selector, Selector):
                    found.append((f"{table}.{key}", selector))
    return found


def load_declaration(path: Path) -> Source:
    """Raises ``DeclarationError`` that names the file, the key and what was expected."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise DeclarationError("读不到来源配置", where=str(path), do="请检查路径") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DeclarationError(
            f"来源配置不是有效的 TOML，{toml_fault(error)}", where=str(path), do="请按提示的行改正"
        ) from error
    try:
        return Source.model_validate(data)
    except ValidationError as error:
        raise DeclarationError(
            f"来源配置{line_of(error, path.read_text('utf-8'))} {complaint(error)}",
            where=str(path),
            do="zhengce sources schema 可输出供编辑器校验的 JSON Schema",
        ) from error


def load_declarations(paths: Iterable[Path]) -> dict[str, Source]:
    """Declarations by id, from files or folders of ``*.toml``; a doubled id is a ``DeclarationError``."""
    sources: dict[str, Source] = {}
    for path in paths:
        for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
            source = load_declaration(file)
            if source.id in sources:
                raise DeclarationError(f"来源编号重复：{source.id}", where=str(file), do="请改用不同的 id")
            sources[source.id] = source
    return sources


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) that editors use to check a declaration."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Source.model_json_schema()}
