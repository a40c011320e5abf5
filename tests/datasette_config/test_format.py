"""Words for values: what is shown for a time, a day, an address, a marked text."""

from __future__ import annotations

from datetime import date

import pytest

from datasette_config.saying import format as say


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("2026-11-23T22:43:00Z", "2026-11-24 06:43"),
        ("2026-11-24T06:43:00+08:00", "2026-11-24 06:43"),
        (None, ""),
        ("no time", ""),
    ],
)
def test_instants_are_shown_in_beijing_time(stored, shown):
    assert say.beijing(stored) == shown


@pytest.mark.parametrize(
    ("day", "said"),
    [("2027-01-01", "还有 38 天"), ("2026-11-24", "今天"), ("2026-11-21", "已过 3 天"), (None, "")],
)
def test_days_left(day, said):
    assert say.days_left(day, date(2026, 11, 24)) == said


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "//evil.example/",
        "/relative",
        "http:///nohost",
        "http://[bad",
        "",
        None,
    ],
)
def test_what_is_no_web_address_is_never_a_link(address):
    assert say.safe_url(address) == ""


def test_a_web_address_is_a_link():
    assert say.safe_url("https://wangxin.example.invalid/a?b=c") == "https://wangxin.example.invalid/a?b=c"


@pytest.mark.parametrize(
    ("op", "before", "after", "said"),
    [
        ("amended", "第四章/第二十三条", "第四章/第二十四条", "修改（原第二十三条）"),
        ("amended", "第四章/第二十四条", "第四章/第二十四条", "修改"),
        ("added", "", "第九条", "新增"),
        ("renumbered", "第十条", "第十一条", "条号调整（原第十条）"),
    ],
)
def test_an_op_names_where_the_passage_stood(op, before, after, said):
    assert say.op_word(op, before, after) == said


def test_pieces_keep_every_character_whatever_the_spans():
    text = "自变化之日起五个工作日内"
    for spans in ([], [(6, 11)], [(6, 11), (8, 99)], [(3, 3)], [(-4, 2)], [(20, 30)], [(5, 1)]):
        assert "".join(piece.text for piece in say.pieces(text, spans)) == text


def test_pieces_mark_the_spans():
    marked = [piece.text for piece in say.pieces("甲乙丙丁", [(1, 2), (3, 4)]) if piece.marked]
    assert marked == ["乙", "丁"]


def test_an_excerpt_keeps_what_stands_around_a_mark():
    text = "头" * 100 + "变" + "尾" * 100
    shown = "".join(piece.text for piece in say.excerpt(text, [(100, 101)], 5))
    assert shown == "…头头头头头变尾尾尾尾尾…"


def test_an_excerpt_knows_where_words_were_taken_out():
    text = "头" * 100 + "尾" * 100
    assert "".join(piece.text for piece in say.excerpt(text, [(100, 100)], 3)) == "…头头头尾尾尾…"


def test_an_excerpt_of_a_long_insertion_is_cut():
    shown = say.excerpt("新" * 1000, [(0, 1000)], 10)
    assert [(len(piece.text), piece.marked) for piece in shown] == [(50, True), (1, False)]


def test_a_script_dressed_as_an_address_with_a_host_is_no_link():
    assert say.safe_url("javascript://wangxin.example.invalid/%0aalert(1)") == ""
