"""The raw tables in words: Beijing time, columns and comparisons in Chinese, in English as they are."""

import pytest
from datasette.app import DatasetteClient

from datasette_config.saying.columns import column_name, operator_name, readable


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-11-22T22:10:00Z", "2026-11-23 06:10"),
        ("2026-11-22T22:10:00.5+00:00", "2026-11-23 06:10"),
        ("2026-11-22", None),
        ("自 2026-11-22T22:10:00Z 起", None),
        (3, None),
        (None, None),
    ],
)
def test_only_a_whole_instant_is_said_in_beijing_time(value: object, said: str | None) -> None:
    assert readable(value) == said


def test_what_has_no_word_keeps_its_own() -> None:
    assert (column_name("effective"), column_name("words_key")) == ("施行日期", "")
    assert (operator_name("contains", "contains"), operator_name("new", "newly")) == ("包含", "newly")


async def test_tables_rows_and_queries_say_their_columns_in_chinese(reader: DatasetteClient) -> None:
    table = (await reader.get("/kb/changes")).text
    row = (await reader.get("/kb/changes/1")).text
    query = (await reader.get("/kb/licence_changes?licence=algorithm-filing&since=")).text
    for page in (table, row, query):
        assert "确认状态" in page
    assert 'data-label="确认状态"' in table
    assert "2026-11-24 06:12" in row
    assert "2026-11-23T22:12:00Z" not in row
    assert "2026-11-23T22:12:00Z" in (await reader.get("/kb/changes/1.json")).text


async def test_in_english_columns_keep_their_names(reader: DatasetteClient) -> None:
    page = (await reader.get("/kb/changes?lang=en")).text
    assert "确认状态" not in page
    assert 'data-label="confirmation"' in page
    assert "contains" in page


async def test_the_list_of_tables_names_them_and_the_queries(reader: DatasetteClient) -> None:
    page = (await reader.get("/kb")).text
    assert "规则变动 <code>changes</code>" in page
    assert "一个资质事项的变动" in page
    assert "Queries" not in page
