"""A kb.db that another version wrote: every page says what to run, and none that an error happened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from addresses import every_address
from datasette.app import Datasette

from kb.config import DataDirectory
from kb.store.connection import bring_up_to_date, open_writer

SAID = "知识库由另一个版本的 zhengce 写成"


@pytest.fixture
def older(filled: DataDirectory) -> DataDirectory:
    """As before relations were kept, and before the last day of a text had a column."""
    writer = open_writer(filled.kb)
    for statement in (
        "PRAGMA foreign_keys = OFF",
        "DROP TABLE relations",
        "DELETE FROM _sqlite_migrations WHERE name IN ('0004_relations', '0013_expires')",
        "DROP INDEX versions_by_page",
        "CREATE INDEX versions_by_page ON versions (page, first_seen)",
        "ALTER TABLE versions DROP COLUMN expires",
    ):
        writer.execute(statement)
    writer.close()
    return filled


@pytest.fixture
def newer(filled: DataDirectory) -> DataDirectory:
    """As after a version to come has given a column another name."""
    writer = open_writer(filled.kb)
    writer.execute("ALTER TABLE versions RENAME COLUMN expires TO ends")
    writer.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('kb', '9999_ends', '2027')"
    )
    writer.close()
    return filled


async def _answers(datasette: Datasette) -> dict[str, int]:
    said = {}
    for path in every_address():
        answer = await datasette.client.get(path)
        said[path] = answer.status_code
        if answer.status_code == 503 and path != "/healthz":
            assert SAID in answer.text, path
    return said


@pytest.mark.parametrize("schema", ["older", "newer"])
async def test_no_page_fails_over_another_schema(
    request: pytest.FixtureRequest, site: Callable[..., Datasette], schema: str
) -> None:
    answers = await _answers(site(request.getfixturevalue(schema)))
    assert not [path for path, status in answers.items() if status >= 500 and status != 503]
    assert {answers[path] for path in ("/", "/changes", "/document/do-a1", "/api/v1/changes")} == {503}


async def test_a_page_in_english_says_so_in_english(
    older: DataDirectory, site: Callable[..., Datasette]
) -> None:
    answer = await site(older).client.get("/changes?lang=en")
    assert answer.status_code == 503
    assert "zhengce run updates it" in answer.text


async def test_a_running_site_answers_as_soon_as_the_base_is_brought_up_to_date(
    older: DataDirectory, site: Callable[..., Datasette]
) -> None:
    datasette = site(older)
    assert (await datasette.client.get("/changes")).status_code == 503
    bring_up_to_date(older.kb)
    assert (await datasette.client.get("/changes")).status_code == 200


def test_where_there_is_no_base_none_is_made(data: DataDirectory) -> None:
    bring_up_to_date(data.kb)
    assert not data.kb.exists()
