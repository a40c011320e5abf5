"""Furniture of pages: lines that move without the rule moving. ``noise.toml`` holds the rules, sources inherit them.

All pages -> the family of the site (its mechanism, or families its declaration names) -> the source -> one document.
Applied to canonical markup, so to fingerprint and reading alike. A rule takes whole lines, never words of a sentence.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from html import escape, unescape
from pathlib import Path

from kb.errors import DeclarationError
from kb.reading.markup import without_noise
from kb.reading.noise import compile_noise
from kb.sources import Noise, Source

MAX_LINE = 160  # characters beyond which a line is text
_FILE = Path(__file__).with_name("noise.toml")
_NUMBER = r"\d[\d,，.]{0,12}\s?[万wWkK]?\+?"
_DAY = (
    r"(?:(?:20\d\d[-/.])?\d{1,2}[-/.]\d{1,2}(?:[ T]{1,2}\d{1,2}:\d\d(?::\d\d)?)?|\d{1,2}:\d\d(?::\d\d)?|"
    r"\d{1,3}\s?(?:秒|分钟|小时|天|周|个月|年)前|刚刚|昨天|前天)"
)
_SEPARATORS = re.compile(r"[\s|｜/【】\[\]（）()：:，,。.·•_~—>›»＞+\-]+")
_METADATA = re.compile(r"(?:时间|日期|来源|作者|责任编辑|编辑|信息来源|发布机构|索引号)\s?[:：]")
_SENTENCE = re.compile(r"[。；;]|第[一二三四五六七八九十百零\d]{1,6}[条章]")
_ENDS = ("。", "；", "，", "、", "！", "？")  # of sentences, which are most lines of a rule
_HEADING = re.compile(r"<(/?)h[1-6]>")
_TITLE_LENGTH = 80  # characters of the titles that a list of related pages is made of


class Kind(StrEnum):
    PART = "part"
    FILL = "fill"
    LINE = "line"
    TAIL = "tail"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of ``noise.toml``; ``removes`` and ``keeps`` are its examples."""

    name: str
    kind: Kind
    pattern: str
    family: str = ""
    tables: bool = False
    removes: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()

    @property
    def expression(self) -> str:
        return self.pattern.replace("{N}", f"(?:{_NUMBER})").replace("{DAY}", _DAY)


@dataclass(frozen=True, slots=True)
class _Where:
    """The compiled rules for one place, text or table: ``parts`` and ``lines`` are ``None`` where there are none."""

    parts: re.Pattern[str] | None
    fill: re.Pattern[str] | None
    lines: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Furniture:
    text: _Where
    table: _Where
    tail: re.Pattern[str] | None
    spans: tuple[re.Pattern[str], ...] = ()

    def out_of(self, markup: str) -> str:
        """Canonical markup without furniture."""
        if self.spans:
            markup = without_noise(markup, self.spans)
        lines = self._kept(markup.split("\n"))
        return "\n".join(self._without_tail(lines))

    def _kept(self, lines: list[str]) -> list[str]:
        kept, tables, in_heading = [], 0, False
        for line in lines:
            if line.startswith("<"):
                tables += line.startswith("<table") - line.startswith("</table")
                if heading := _HEADING.match(line):
                    in_heading = not heading[1]
            if in_heading or len(line) > MAX_LINE or "<" in line:
                kept.append(line)
            elif rest := _without(line, self.table if tables else self.text):
                kept.append(rest)
        return kept

    def _without_tail(self, lines: list[str]) -> list[str]:
        for at in range(len(lines) - 1, max(-1, len(lines) - 60), -1):
            if at + 1 < len(lines) and self.tail and self.tail.fullmatch(lines[at]):
                end = at - 1 if at and _HEADING.fullmatch(lines[at - 1]) else at
                return lines[:end]
            heading = _HEADING.fullmatch(lines[at])
            if not heading and (
                "<" in lines[at] or len(lines[at]) > _TITLE_LENGTH or _SENTENCE.search(lines[at])
            ):
                break
        return lines


def _without(line: str, rules: _Where) -> str:
    """A line without the furniture in it; "" when it is nothing else."""
    text = unescape(line) if "&" in line else line
    if rules.lines and rules.lines.fullmatch(text):
        return ""
    if rules.parts is None or text.endswith(_ENDS) or not rules.parts.search(text):
        return line
    if rules.parts.fullmatch(text):
        return ""
    rest = rules.parts.sub(" ", text)
    if not _SEPARATORS.sub("", rules.fill.sub("", rest) if rules.fill else rest):
        return ""
    if _METADATA.search(rest) and not _SENTENCE.search(rest):
        return escape(" ".join(rest.split()), quote=False)
    return line


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """The rules of ``noise.toml``, in its order."""
    data = tomllib.loads(_FILE.read_text("utf-8"))
    return tuple(
        Rule(
            **{**rule, "kind": Kind(rule["kind"])}
            | {key: tuple(rule.get(key, ())) for key in ("removes", "keeps")}
        )
        for rule in data["rule"]
    )


def furniture_of(source: Source | None, url: str) -> Furniture:
    """What a document of a source inherits. Raises ``DeclarationError``."""
    if source is None:
        return _furniture((), Noise(), "")
    declared = any(page.url == url for page in source.noise.pages)
    families = (str(source.mechanism), *source.noise.families)
    return _furniture(families, source.noise, url if declared else "")


@lru_cache(maxsize=256)
def _furniture(families: tuple[str, ...], noise: Noise, url: str) -> Furniture:
    rules = [rule for rule in shipped_rules() if not rule.family or rule.family in families]
    if unknown := set(noise.keep) - {rule.name for rule in shipped_rules()}:
        raise DeclarationError(
            f"noise.keep 里没有这些规则：{'、'.join(sorted(unknown))}",
            do="规则的名称见 kb/reading/noise.toml",
        )
    rules = [rule for rule in rules if rule.name not in noise.keep]
    pages = [page for page in noise.pages if page.url == url]
    lines = (*noise.lines, *(line for page in pages for line in page.lines))
    compile_noise(lines)  # the same care for whole lines as for spans
    spans = tuple(pattern for page in pages for pattern in page.patterns)
    return Furniture(
        _where(rules, lines),
        _where([rule for rule in rules if rule.tables], lines),
        _any(rule.expression for rule in rules if rule.kind is Kind.TAIL),
        compile_noise(spans),
    )


def _where(rules: list[Rule], lines: tuple[str, ...]) -> _Where:
    def of(kind: Kind) -> list[str]:
        return [rule.expression for rule in rules if rule.kind is kind]

    return _Where(_any(of(Kind.PART)), _any(of(Kind.FILL)), _any([*of(Kind.LINE), *lines]))


def _any(patterns: Iterable[str]) -> re.Pattern[str] | None:
    every = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(every, re.I) if every else None
