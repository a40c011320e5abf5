"""Excerpts of changed passages: offsets stay true, and no more is quoted than stands around the words that changed."""

from __future__ import annotations

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from datasette_config.api.cursors import BadCursor, decode, encode
from datasette_config.api.cut import cut_passages
from kb.codes import DeltaKind, Op, Significance
from kb.excerpts import AROUND
from kb.model import ObligationDelta, PassageChange, Span


def replaced(lead: str, old: str, new: str, rest: str) -> PassageChange:
    at = len(lead)
    return PassageChange(
        Op.AMENDED,
        Significance.SUBSTANTIVE,
        "第一条",
        "第一条",
        lead + old + rest,
        lead + new + rest,
        (Span("replace", at, at + len(old), at, at + len(new), old, new),),
        (ObligationDelta(DeltaKind.DEADLINE, old, new, at, at),),
    )


@given(some.text(max_size=300), some.text("十五", min_size=1, max_size=20), some.text(max_size=300))
def test_the_words_stand_where_the_spans_say(lead: str, old: str, rest: str) -> None:
    (shown,) = cut_passages([replaced(lead, old, f"{old}新", rest)])
    (span,), (delta,) = shown.spans, shown.deltas
    assert shown.before[span.before_start : span.before_end] == old == span.before
    assert shown.after[span.after_start : span.after_end] == f"{old}新" == span.after
    assert shown.before[delta.before_start :].startswith(old)
    assert len(shown.before) <= len(old) + 2 * AROUND + 2


def test_of_long_runs_no_more_than_their_beginning_is_quoted() -> None:
    (shown,) = cut_passages([replaced("前" * 500, "旧" * 2000, "新" * 2000, "后" * 500)])
    (span,), (delta,) = shown.spans, shown.deltas
    assert shown.before.count("旧") == 5 * AROUND
    assert set(span.before) == {"旧"}
    assert (delta.before_start, delta.after_start) == (-1, -1)


def test_of_a_passage_that_came_the_beginning_is_quoted() -> None:
    came = PassageChange(Op.ADDED, Significance.SUBSTANTIVE, "", "第一条", "", "字" * 500)
    (shown,) = cut_passages([came])
    assert shown.before == ""
    assert shown.after == "字" * AROUND + "…"


@given(some.lists(some.text(max_size=20) | some.integers(0, 2**40), max_size=3))
def test_a_cursor_leads_back_to_its_key(key: list[str | int]) -> None:
    assert decode(encode(tuple(key)), *map(type, key)) == tuple(key)


def test_half_a_character_is_no_part_of_a_cursor() -> None:
    """SQLite could not be asked for it."""
    with pytest.raises(BadCursor):
        decode(base64.urlsafe_b64encode(b'["\\ud800","a"]').decode().rstrip("="), str, str)


@given(some.text(max_size=40))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with suppress(BadCursor):
        assert isinstance(decode(text, str, str), tuple)
