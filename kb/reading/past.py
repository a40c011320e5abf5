"""A page against its own last good version: shrinking to a shell, a message or the front page is no repeal."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.codes import Health
from kb.model import Document
from kb.reading.health import Verdict
from kb.reading.look import Look
from kb.reading.messages import message

COLLAPSED = 5  # a text that shrank to less than one fifth
FLOOR = 300  # characters below which shrinking says nothing

_SITE = re.compile(r"(?:网|网站|政府|门户|平台|局|部|厅|办|委员会|办公室|中心|首页)$")


@dataclass(frozen=True, slots=True)
class PageHistory:
    """What the last good version of the page looked like: the length of its text and its title."""

    characters: int
    title: str

    @property
    def said(self) -> str:
        named = f"，标题是“{self.title[:60]}”" if self.title else ""
        return f"此前的正文有 {self.characters} 字{named}"


def with_history(verdict: Verdict, history: PageHistory | None) -> Verdict:
    """The same verdict, which also says what the page was before."""
    return Verdict(verdict.health, (*verdict.reasons, history.said)) if history else verdict


def verdict_on_history(document: Document, look: Look, history: PageHistory) -> Verdict | None:
    """What a document is that would do as a first one, but not as the next version of this page."""
    characters, before = len(document.text), history.characters
    if characters * 2 >= before:
        return None
    if _became_site(document.title or look.title, history.title):
        return Verdict(
            Health.REDIRECT_HOME,
            (f"标题变成了网站名称“{(document.title or look.title)[:40]}”，正文只有 {characters} 字",),
        )
    if not _same_title(document.title, history.title) and (said := message(look.title, document.text)):
        return Verdict(said[0], (f"{said[1]}：页面换成了一句话，写着“{said[2]}”",))
    if before >= FLOOR and characters * COLLAPSED < before:
        return Verdict(Health.COLLAPSE, (f"正文由 {before} 字骤减到 {characters} 字，待复核",))
    return None


def _became_site(title: str, before: str) -> bool:
    return bool(
        title
        and before
        and not _same_title(title, before)
        and _SITE.search(title)
        and not _SITE.search(before)
    )


def _same_title(title: str, before: str) -> bool:
    one, other = ("".join(value.split()) for value in (title, before))
    return bool(one and other) and (one in other or other in one)
