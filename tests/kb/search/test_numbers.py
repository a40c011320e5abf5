"""A legal number is found in either writing."""

import pytest

from kb.search import match_query
from kb.search.clauses import Clause, clause
from kb.search.numbers import otherwise
from kb.search.zh import tokens


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ("第55条", "第五十五条"),
        ("第五十五条", "第55条"),
        ("令第3号", "令第三号"),
        ("令第03号", "令第三号"),
        ("第一千零二条", "第1002条"),
        ("第2章第十条", "第二章第10条"),
        ("第55", ""),
        ("第五名", ""),
        ("第条", ""),
        ("第123456789条", ""),
    ],
)
def test_the_other_writing(asked: str, other: str) -> None:
    assert otherwise(tuple(tokens(asked))) == tuple(tokens(other))


def test_a_quoted_number_is_taken_literally() -> None:
    assert match_query("第55条") == '("第 55 条" OR "第 五 十 五 条")'
    assert match_query("“第55条”") == '"第 55 条"'


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("深度合成管理规定 第十七条", Clause("深度合成管理规定", ("第十七条",), "")),
        ("网络安全法21条", Clause("网络安全法", ("第二十一条",), "")),
        ("《密码法》第九条第二款", Clause("密码法", ("第九条/第二款", "第九条"), "")),
        ("电信条例第七条 经营许可", Clause("电信条例", ("第七条",), "经营许可")),
        ("示例办法（试行） 第3条之一", Clause("示例办法（试行）", ("第三条之一",), "")),
        ("刑法第二百八十七条之二", Clause("刑法", ("第二百八十七条之二",), "")),
    ],
)
def test_a_clause_is_called_by_its_rule_and_number(asked: str, found: Clause) -> None:
    assert clause(asked) == found


@pytest.mark.parametrize(
    "asked",
    [
        "第十七条",
        "本办法第三条",
        "依照密码法第九条",
        "条例第七条",
        "备案 第三条",
        "21条",
        "法",
        "第条",
        "电信条例第条",
        "法" * 5000,
    ],
)
def test_what_calls_no_clause(asked: str) -> None:
    assert clause(asked) is None


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("5个工作日", "五个工作日"),
        ("15日内", "十五日内"),
        ("2个月", "两个月"),
        ("3年", "三年"),
        ("罚款100万元", "罚款一百万元"),
        ("五个工作日", ""),
        ("2026年", ""),
        ("11月24日", ""),
        ("5", ""),
    ],
)
def test_a_count_in_digits_is_looked_for_as_rules_write_it(typed: str, other: str) -> None:
    assert otherwise(tuple(tokens(typed))) == tuple(tokens(other))
