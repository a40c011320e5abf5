"""Texts that name licences without being about their rules: company news, job advertisements, footers, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from kb.tables import Strict, read_table
from kb.tagging.field import squeeze
from kb.tagging.matcher import Matcher

_FILE = Path(__file__).with_name("settings.toml")
_HEAD = 1500
"""Cues are looked for in the beginning: a long text is a rule or a report, and may mention anything."""


_RULE_NAME = re.compile(r"(?:条例|办法|规定|细则|法)(?:\([^()]{1,20}\))*(?:》|$)")
"""The title of a rule is the title of a rule, whatever words follow."""


class Setting(Strict):
    id: str
    zh: str
    kinds: tuple[str, ...] = ()
    cues: tuple[str, ...] = Field(min_length=1)
    at_least: int = Field(ge=1)
    unless: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()

    def holds(self, source_kind: str, title: str, cues: AbstractSet[str]) -> bool:
        """``cues``: the squeezed cues that stand in the beginning of the text."""
        if not cues.isdisjoint(_squeezed(self.unless)):
            return False
        if source_kind in self.kinds:
            return True
        if source_kind in self.spares or len(cues & _squeezed(self.cues)) < self.at_least:
            return False
        return not _RULE_NAME.search(title)


@lru_cache(maxsize=64)
def _squeezed(cues: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(squeeze, cues))


class _Settings(Strict):
    setting: tuple[Setting, ...]


def read_settings(path: Path) -> tuple[Setting, ...]:
    """Raises DeclarationError when the file cannot be used."""
    return read_table(path, _Settings, "标注的排除表").setting


@lru_cache(maxsize=1)
def settings() -> tuple[Setting, ...]:
    return read_settings(_FILE)


@lru_cache(maxsize=1)
def _cues() -> Matcher:
    return Matcher({squeeze(cue) for setting in settings() for cue in (*setting.cues, *setting.unless)})


def not_a_rule(source_kind: str, title: str, text: str) -> Setting | None:
    """The setting that makes this text no rule, if any. ``title`` and ``text`` are squeezed."""
    cues = {found.word for found in _cues().find(f"{title}\n{text[:_HEAD]}")}
    if not cues:
        return next((setting for setting in settings() if source_kind in setting.kinds), None)
    return next((setting for setting in settings() if setting.holds(source_kind, title, cues)), None)


# --------------------------------------------------------------------------- parts of a text that say nothing

_LICENCE_NUMBER = re.compile(
    r"[\u4e00-\u9fff]icp[备证]\d+号?(?:-\d+)?|公?网安备\d+号?|[\u4e00-\u9fff]网文[〔\[(（]\d{4}|网信算备\d+号?"
    r"|[\u4e00-\u9fff]?新出(?:网证|发)|许可证(?:编?号)?[::]?(?:[\u4e00-\u9fff]{0,4}\([\u4e00-\u9fff]\)字第?)?\d{4,}"
    r"|[\u4e00-\u9fff]b[12]-\d{6,}|资格证书\([\u4e00-\u9fff]\)|登记号[::]?[a-z]+-"
)
_DIGIT = re.compile(r"[0-9]")
_OWNER = re.compile(r"©|\(c\)(?=\d{4})|copyright|版权所有")
_TAG_LINE = re.compile(r"(?:相关|热门|文章)?(?:标签|关键词|搜索)[::]|大家都在搜|猜你想搜")
_TAG_COUNT = re.compile(r"\(\d{1,6}\)")
_SEPARATOR = re.compile(r"[|>»·]")
_SENTENCE = re.compile(r"[。;]")
_SHORT = 60
_ASIDE = re.compile(r"除外\)|另说|不在此列")
_ASIDE_LENGTH = 60


def dead_spans(text: str) -> Iterator[tuple[int, int]]:
    """Spans of a squeezed text whose words count for nothing: footers, menus, tag clouds, exclusions in brackets."""
    start = 0
    for line in text.split("\n"):
        if _is_furniture(line):
            yield start, start + len(line)
        start += len(line) + 1
    for aside in _ASIDE.finditer(text):
        yield _aside_start(text, aside.start(), aside.group()[-1]), aside.end()


def _aside_start(text: str, place: int, last: str) -> int:
    """Where the bracket that ends with 除外 opens, or the clause that says 另说 begins."""
    openers = "(\n" if last == ")" else ",;。、!?:\n"
    earliest = max(0, place - _ASIDE_LENGTH)
    return max((text.rfind(opener, earliest, place) + 1 for opener in openers), default=0) or earliest


def _is_furniture(line: str) -> bool:
    if _TAG_LINE.match(line) and not _SENTENCE.search(line):
        return True
    if not (_DIGIT.search(line) or _SEPARATOR.search(line)):
        return False
    numbers = len(_LICENCE_NUMBER.findall(line))
    if numbers >= 2 or (numbers and (len(line) <= _SHORT or _OWNER.search(line))):
        return not _SENTENCE.search(line)
    if len(_TAG_COUNT.findall(line)) >= 4:
        return True
    items = _SEPARATOR.split(line)
    return len(items) >= 6 and len(line) <= 12 * len(items) and not re.search(r"[。;《]", line)
