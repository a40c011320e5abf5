"""Canonical markup: what a reader cannot see does not show in it, and declared noise goes."""

import time

import pytest

from kb.errors import DeclarationError
from kb.reading import noise
from kb.reading.markup import canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p style='a'>甲</p>", "<p>甲</p>"),
        ("<p><span>甲</span><b>乙</b></p>", "<p>甲乙</p>"),
        ("<p>甲\u200b乙\u00ad丙</p>", "<p>甲乙丙</p>"),
        ("<p>甲<!-- > 09:31 <p> -->乙</p>", "<p>甲乙</p>"),
        ("<p>申请人\n  应当</p>", "<p>申请人应当</p>"),
        ("<p>第一条\n申请人</p>", "<p>第一条 申请人</p>"),
        ("<p>see\nAnnex</p>", "<p>see Annex</p>"),
        ("<p>甲</p>\n\n<p> 乙&nbsp;</p>", "<p>甲</p><p>乙</p>"),
        ("<pre>甲\n乙</pre>", "<p>甲</p><p>乙</p>"),
        (
            "<table>\n <tbody>\n<tr>\n <td> 甲 </td>\n <td>乙</td></tr></tbody></table>",
            "<table><tr><td>甲</td><td>乙</td></tr></table>",
        ),
        ("<p>甲<a href='/x.html'>乙</a></p>", "<p>甲乙</p>"),
        ('<td class="x" colspan="1">甲</td>', "<td>甲</td>"),
    ],
)
def test_what_no_reader_sees(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>甲</p><p>乙</p>", "<p>甲乙</p>"),
        ('<td colspan="2">甲</td>', "<td>甲</td>"),
        ("<h2>甲</h2>", "<h3>甲</h3>"),
        ('<a href="/1.pdf">甲</a>', '<a href="/2.pdf">甲</a>'),
        ('<img src="/1.png">', '<img src="/1.png" alt="甲">'),
    ],
)
def test_what_a_reader_sees(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_noise_is_tried_on_what_is_read_not_on_its_escapes() -> None:
    patterns = noise.compile_noise((r"R&D：\d+", r"^浏览\d+$"))
    assert canonical("<p>甲R&amp;D：12</p><p>浏览<b>9</b></p><p>1 &lt; 2</p>", patterns) == "甲\n1 &lt; 2"


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"(?:\d*)*x", r"((?:x|y+)z){2,}", r"(\s*甲)+"])
def test_a_repeat_of_a_repeat_is_refused(pattern: str) -> None:
    with pytest.raises(DeclarationError, match="noise"):
        noise.compile_noise((pattern,))


@pytest.mark.parametrize(
    "pattern", [r"(?:[+*]甲)+", r"(\d{4}-)+", r"(?:a\+)*", r"浏览[：:]\s*\d+(?:次|人)?", r"[^。]{0,60}。?"]
)
def test_ordinary_patterns_are_taken(pattern: str) -> None:
    assert noise.compile_noise((pattern,))


def test_a_slow_pattern_meets_short_texts_only() -> None:
    patterns = noise.compile_noise((r"\d+\s*\d+x",))
    started = time.perf_counter()
    assert noise.without("1" * 1_000_000, patterns) == "1" * 1_000_000
    assert time.perf_counter() - started < 1
