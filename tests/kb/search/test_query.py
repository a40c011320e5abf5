import random
import re
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search import match_query
from tests.kb.search.conftest import Index

HOSTILE = [
    "", " ", '"', "'", "(", ")", "*", "-", "--", "- -", '-"', '""', "^", ":", "+", "AND", "OR", "NOT", "NEAR",
    "NEAR(a b)", "NEAR(备案, 2)", "title:备案", "{title body}: 备案", "' or 1=1", "'; DROP TABLE passages; --",
    "备案 AND", "AND 备案", "NOT 备案", "-备案", "备案 -", "备案*", "*备案", '备案"', '"备案', "“备案", "(备案",
    "备案)", "\x00", "备\x00案", "😀", "备案😀", "\ud800", "\ue000", "。，；", "a" * 10_000, "备" * 10_000,
    "备 " * 10_000, '"' * 10_000, "-a " * 5_000, "(" * 10_000, "𠀀", "é", "１２３", "①⑩Ⅳ", "\\", "%", "_", "?1",
]  # fmt: skip

OWN_TEXT = [
    "经营性网站应当取得增值电信业务经营许可证，并在首页标明编号。",
    "办理ICP备案的网站，由接入服务商初审；EDI许可证另行申请。",
    "《算法备案》信息有变化的，应当自变化之日起十个工作日内更新备案信息。",
    "在线数据处理与交易处理业务，是指利用各种数据平台提供的业务。",
    "使用ＩＣＰ備案號的舊網站應於2025年底前補正。",
    "海关EDI报文与本业务无关。",
]


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(query[:20]))
def test_hostile_queries_are_valid_expressions(index: Index, query: str) -> None:
    index(OWN_TEXT)(query)


@given(st.text(alphabet=st.sampled_from("备案许可a1-\"“”(*) :^+'。，\x00NOTAD")))
def test_any_query_is_a_valid_expression(query: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(x)")
    connection.execute("SELECT * FROM t WHERE t MATCH ?", (match_query(query),)).fetchall()
    connection.close()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("备案", {1, 2, 4}),
        ("备案 许可证", {1}),
        ("备案 -许可证", {2, 4}),
        ("-许可证", set()),
        ("ICP 备案", {1, 4}),
        ("icp备案", {1, 4}),
        ("2025", {4}),
        ("202", {4}),
        ('"202"', set()),
        ("算法备案信息", {2}),
        ("编号办理", set()),
        ("初审EDI", set()),
        ("审；EDI", {1}),
        ("EDI", {1, 3, 5}),
        ('"EDI"', {1, 5}),
        ("EDI许可证", {1, 3}),
        ("交易处理业务", {3}),
        ("title:备案", set()),
    ],
)
def test_what_a_query_finds(index: Index, query: str, found: set[int]) -> None:
    assert index(OWN_TEXT)(query) == found


def test_a_query_of_nothing_finds_nothing(index: Index) -> None:
    assert match_query("。“”-") == '""'
    assert index(OWN_TEXT)("。“”-") == set()


def _probes(passages: list[str], count: int) -> list[str]:
    """Han-only substrings of 2 to 6 characters, each from inside one passage."""
    choose = random.Random(20261122)
    runs = [run for passage in passages for run in re.findall(r"[\u4e00-\u9fff]{2,}", passage)]
    probes = []
    for _ in range(count):
        run = choose.choice(runs)
        length = min(choose.randint(2, 6), len(run))
        start = choose.randint(0, len(run) - length)
        probes.append(run[start : start + length])
    return probes


def _score(index: Index, passages: list[str], count: int) -> tuple[float, float]:
    """Mean recall and precision against a brute-force search with white space left out."""
    find = index(passages)
    bare = [re.sub(r"\s+", "", passage) for passage in passages]
    recalls, precisions = [], []
    for probe in _probes(passages, count):
        truth = {number for number, passage in enumerate(bare) if probe in passage}
        found = find(f'"{probe}"')
        recalls.append(len(truth & found) / len(truth))
        precisions.append(len(truth & found) / len(found) if found else 1.0)
    return sum(recalls) / count, sum(precisions) / count


def test_every_substring_of_a_statute_is_found(index: Index, shared: Path) -> None:
    files = sorted((shared / "data" / "statutes").glob("*.md"))
    passages = [
        line for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    recall, precision = _score(index, passages, 300)
    assert recall == 1.0
    assert precision >= 0.99


def test_every_substring_of_our_own_text_is_found(index: Index) -> None:
    recall, precision = _score(index, OWN_TEXT, 200)
    assert recall == 1.0
    assert precision >= 0.99
