"""What differs between two texts, as a page sets it out: unchanged runs folded, moved passages once with where from and
where to, table rows cell by cell, the rest side by side with its words marked. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from itertools import groupby
from typing import Any

from datasette_config.language import gettext as _
from datasette_config.saying import format as say
from datasette_config.saying import present
from datasette_config.saying.anchors import fragment
from kb.changing.labels import JOIN, label
from kb.codes import Op
from kb.model import PassageChange

Shown = dict[str, Any]
Place = tuple[int, int]
Hits = tuple[Sequence[Place], Sequence[Place]]  # in the text before and in the text after
NOTHING: Hits = ((), ())

SAME_WORDS = frozenset({Op.SAME, Op.RENUMBERED, Op.MOVED})
"""Runs of these are folded. Those that moved are told apart from those that stand between the same neighbours."""

_CELL = re.compile(r"(?m)^([^：\n]{1,40})：")


def summary(passages: Sequence[PassageChange]) -> str:
    """``修改 1 处 · 新增 1 处``, in the order of the text."""
    counts = Counter(say.op_word(passage.op) for passage in passages if passage.op is not Op.SAME)
    said = (_("%(word)s %(number)d 处") % {"word": word, "number": number} for word, number in counts.items())
    return " · ".join(said) or _("未见变动")


def blocks(
    passages: Sequence[PassageChange], rows: Container[str] = frozenset(), *, full: bool
) -> Iterator[Shown]:
    """Runs of passages whose words are the same, and changed passages one by one; ``rows`` are the anchors of table rows.
    Unless ``full``, no words are shown but those around a change."""
    for run in _runs(passages):
        op = run[0][1].op
        if op not in SAME_WORDS:
            yield from (
                {"kind": "change", "change": changed(one, number, rows, NOTHING, cut=not full)}
                for number, one in run
            )
            continue
        shown = [one for _number, one in run if full or one.op is not Op.SAME]
        if shown:
            yield _folded("moved" if op is Op.MOVED else "same", shown, full=full)


def _runs(passages: Sequence[PassageChange]) -> Iterator[list[tuple[int, PassageChange]]]:
    """Neighbours of a sort: changed, moved, or with the same words under the same or another number."""
    for _sort, run in groupby(
        enumerate(passages), key=lambda pair: (pair[1].op in SAME_WORDS, pair[1].op is Op.MOVED)
    ):
        yield list(run)


def _folded(kind: str, run: list[PassageChange], *, full: bool) -> Shown:
    passages = [_unchanged(one, full=full) for one in run]
    shifted = [one for one in passages if one["from"] != one["to"]]
    ends = shifted or passages
    between = [f"{one['from']} → {one['to']}" if shifted else one["to"] for one in (ends[0], ends[-1])]
    return {
        "kind": kind,
        "passages": passages,
        "shifted": len(shifted),
        "between": " … ".join(dict.fromkeys(filter(None, between))),
    }


def _unchanged(one: PassageChange, *, full: bool) -> Shown:
    """From where to where; of what moved under the headings too where the number alone does not tell."""
    old, new = (one.anchor_before, one.anchor) if one.op is not Op.SAME else (one.anchor, one.anchor)
    said = [label(old), label(new)]
    if old != new and said[0] == said[1]:
        said = [old.replace("/", " "), new.replace("/", " ")]
    return {"from": said[0], "to": said[1], "text": one.after if full else ""}


def changed(one: PassageChange, number: int, rows: Container[str], hits: Hits, *, cut: bool) -> Shown:
    """A changed passage as ``present.passage`` shows it, a table row with its ``cells`` too; ``hits`` are pointed at."""
    shown = present.passage(one, number, cut=cut)
    is_row = one.anchor in rows or one.anchor_before in rows
    return {
        **shown,
        "before": say.pointed(shown["before"], hits[0]),
        "after": say.pointed(shown["after"], hits[1]),
        "fragment": fragment(one.anchor.partition(JOIN)[0]),
        "cells": _cells(one, hits) if is_row and not cut else [],
    }


def _cells(one: PassageChange, hits: Hits) -> list[Shown]:
    """The cells of a row in the order of the new text, those that went at the end; empty where it names no columns."""
    old, new = _columns(one.before), _columns(one.after)
    cells = []
    for name in dict.fromkeys((*new, *old)):
        before = _within(
            one.before, old.get(name), [(s.before_start, s.before_end) for s in one.spans], hits[0]
        )
        after = _within(one.after, new.get(name), [(s.after_start, s.after_end) for s in one.spans], hits[1])
        words = ["".join(piece.text for piece in side) for side in (before, after)]
        cells.append({"name": name, "before": before, "after": after, "same": words[0] == words[1]})
    return cells


def _columns(text: str) -> dict[str, Place]:
    """Where the words of each cell stand, by its column; a cell is a line that begins with its column and a colon."""
    found = list(_CELL.finditer(text))
    ends = [match.start() - 1 for match in found[1:]] + [len(text)]
    return {match[1]: (match.end(), end) for match, end in zip(found, ends, strict=True)}


def _within(
    text: str, place: Place | None, spans: list[Place], hits: Sequence[Place]
) -> tuple[say.Piece, ...]:
    if place is None:
        return ()
    start, end = place
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    return say.pointed(say.pieces(text[start:end], inside), [(a - start, b - start) for a, b in hits])
