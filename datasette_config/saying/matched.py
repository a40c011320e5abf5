"""The words that a tag was read from, pointed at where they stand: in the title, in a passage, or in the whole text. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb.model import LicenceTag, PassageChange

Place = tuple[int, int]
TITLE = "title"


def places(tag: LicenceTag, text: str) -> list[Place]:
    """Where the words of a tag stand in a text: at the place it names, else where they are first found."""
    if not tag.evidence:
        return []
    if text[tag.start : tag.end] == tag.evidence:
        return [(tag.start, tag.end)]
    at = text.find(tag.evidence)
    return [(at, at + len(tag.evidence))] if at >= 0 else []


def in_title(tags: Iterable[LicenceTag], title: str) -> list[Place]:
    return [place for tag in tags if tag.field == TITLE for place in places(tag, title)]


def in_passage(tags: Iterable[LicenceTag], one: PassageChange) -> tuple[list[Place], list[Place]]:
    """What to point at in the text before and after: after, unless the words stand only before."""
    before: list[Place] = []
    after: list[Place] = []
    for tag in tags:
        if tag.field in {one.anchor, one.anchor_before} - {""}:
            found = places(tag, one.after)
            after += found
            before += [] if found else places(tag, one.before)
    return before, after


def passage_of(tag: LicenceTag, passages: Sequence[PassageChange]) -> int | None:
    """The number of the changed passage that a tag was read from."""
    for number, one in enumerate(passages):
        if any(in_passage([tag], one)):
            return number
    return None


def first_of(tag: LicenceTag, texts: Sequence[str]) -> int | None:
    """The number of the first text that holds the words of a tag that was read from the whole text."""
    if not tag.evidence or tag.field == TITLE:
        return None
    return next((number for number, text in enumerate(texts) if tag.evidence in text), None)
