"""A frozen copy: whole or not at all, checked, read-only, and for others without what may only be excerpted."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from datasette.app import Datasette
from made_up_base import Base

from datasette_config.app import build
from kb.config import DataDirectory, Settings, SiteSettings
from kb.errors import Corrupt, NotFound, UsageError
from kb.excerpts import blanked, windows
from kb.search import segment
from kb.store.frozen import CURRENT, publish, published

THEN = datetime(2026, 11, 24, 1, tzinfo=UTC)
MIDDLE = "开头说明。" * 20


@pytest.fixture
def folder(data: DataDirectory):
    return data.root / "copies"


def opened(data: DataDirectory, folder, now: str, **site: object) -> Datasette:
    settings = Settings(site=SiteSettings.model_validate(site))
    return build(DataDirectory(data.root / "elsewhere"), settings, now=now, frozen=folder)


async def test_a_copy_is_served_as_the_base_is(filled, folder, made_up, reader):
    publish(filled, folder, THEN, "all")
    site = opened(filled, folder, made_up.NOW)
    for path in ("/", "/change/ch-a1", "/document/do-c1", "/search?q=备案", "/kb/changes", "/feed.atom"):
        answer = await site.client.get(path)
        assert answer.status_code == 200, path
    page = (await site.client.get("/document/do-c1")).text
    assert MIDDLE in page
    assert "2026-11-24 09:00 写成的固定副本" in page


async def test_a_copy_for_others_holds_no_more_than_a_public_site_shows(filled, folder, made_up):
    place = publish(filled, folder, THEN, "excerpts")
    held = (place / "kb.db").read_bytes()
    for hidden in (MIDDLE, segment(MIDDLE)[:200]):
        assert hidden.encode() in filled.kb.read_bytes(), "the test looks for what was never there"
        assert hidden.encode() not in held
    assert "备案信息有变化的".encode() in held
    site = opened(filled, folder, made_up.NOW)
    assert "算法备案截图" in (await site.client.get("/change/ch-c1")).text
    for path in ("/change/ch-c1", "/document/do-c1", "/search?q=开头说明"):
        answer = await site.client.get(path)
        assert answer.status_code == 200
        assert "开头说明。" * 15 not in answer.text
    assert (await site.client.get("/kb/versions.json")).status_code == 403
    gone = await site.client.get("/document/do-c1/compare?from=ve-c1&to=ve-c1")
    assert gone.status_code == 410
    assert "固定副本" in gone.text


def test_what_was_rewritten_at_length_is_quoted_no_further_than_on_the_page(filled, folder):
    """The spans of a change repeat its words."""
    words = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(3000))
    base = Base(filled.kb)
    span = {"op": "insert", "before_start": 0, "before_end": 0, "after_start": 2, "after_end": 3002}
    with base.connection:
        page, source = base.connection.execute(
            "SELECT id, source FROM pages WHERE page_id = 'pg-c1'"
        ).fetchone()
        change = base.change(page, source, "ch-c9", "改写")
        spans = [{**span, "before": "", "after": words}]
        base.changed_passage(change, 0, "开头", f"开头{words}", anchor="一", spans=spans)
        base.changed_passage(change, 1, "", words, anchor="二", op="added")
    base.close()
    held = (publish(filled, folder, THEN, "excerpts") / "kb.db").read_bytes()
    assert words[:200].encode() in held
    assert not [at for at in range(0, 3000, 10) if at > 300 and words[at : at + 10].encode() in held]


def test_what_people_read_from_pictures_goes_under_an_old_id_too(filled, folder):
    with closing(sqlite3.connect(filled.kb)) as base, base:
        base.execute(
            "INSERT INTO redirects (kind, from_id, to_id, page) VALUES ('change', 'ch-old', 'ch-c1', 1)"
        )
        for subject in ("ch-c1", "ch-old", "ch-a1"):
            base.execute(
                "INSERT INTO decisions (decision_id, kind, subject, said, at, about) VALUES (?, 'image_read', ?, ?, '', '')",
                (f"de-{subject}", subject, f"图中写着 {subject}"),
            )
    copy = publish(filled, folder, THEN, "excerpts") / "kb.db"
    with closing(sqlite3.connect(copy)) as base:
        assert base.execute("SELECT subject FROM decisions").fetchall() == [("ch-a1",)]


def test_the_whole_text_is_never_in_the_folder_that_is_given_away(filled, folder, monkeypatch):
    seen: list[str] = []

    def look(_connection: object) -> None:
        seen.extend(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())

    monkeypatch.setattr("kb.store.frozen._blank", look)
    publish(filled, folder, THEN, "excerpts")
    assert seen == []
    assert not list(filled.root.glob(".publish-*"))


async def test_a_copy_of_the_demo_says_so_wherever_it_is_served(filled, folder, made_up):
    filled.settings_file.write_text("demo = true\n", "utf-8")
    publish(filled, folder, THEN, "excerpts")
    site = opened(filled, folder, made_up.NOW)
    for path in ("/", "/documents", "/feed.atom"):
        assert "演示数据，内容虚构" in (await site.client.get(path)).text, path


async def test_a_copy_has_no_pictures(filled, folder, made_up):
    publish(filled, folder, THEN, "all")
    assert (await opened(filled, folder, made_up.NOW).client.get("/picture/ca-1.png")).status_code == 410


def test_current_names_the_newest_and_older_ones_stay(filled, folder):
    first = publish(filled, folder, THEN, "all")
    second = publish(filled, folder, THEN.replace(hour=2), "excerpts")
    assert (folder / CURRENT).resolve() == second
    assert published(first)[1].texts == "all"
    assert published(folder)[1].texts == "excerpts"
    assert {each.name for each in folder.iterdir()} == {first.name, second.name, CURRENT}


def test_the_manifest_says_what_it_is(filled, folder):
    place = publish(filled, folder, THEN, "all")
    said = json.loads((place / "manifest.json").read_text("utf-8"))
    assert said["made_at"] == "2026-11-24T01:00:00Z"
    assert said["newest_look"] == "2026-11-23T22:00:00Z"
    assert said["counts"]["documents"] == 3
    assert said["schema_steps"][0] == "0001_first"
    assert said["bytes"] == (place / "kb.db").stat().st_size
    assert len(said["sha256"]) == len(said["code"]) == 64
    assert not (place / "kb.db").stat().st_mode & 0o222
    assert place.stat().st_mode & 0o777 == 0o755
    assert {each.name for each in place.iterdir()} == {"kb.db", "manifest.json"}


def test_a_folder_of_something_else_is_left_alone(filled, folder):
    folder.mkdir()
    (folder / "letters.txt").write_text("mine")
    with pytest.raises(UsageError):
        publish(filled, folder, THEN, "all")
    assert [each.name for each in folder.iterdir()] == ["letters.txt"]


def test_a_failure_leaves_nothing_behind(filled, folder, monkeypatch):
    kept = publish(filled, folder, THEN, "all")

    def fail(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kb.store.frozen._describe", fail)
    with pytest.raises(OSError, match="space"):
        publish(filled, folder, THEN.replace(hour=3), "all")
    assert {each.name for each in folder.iterdir()} == {kept.name, CURRENT}
    assert published(folder)[0].parent == kept


def test_a_damaged_copy_is_not_served(filled, folder):
    place = publish(filled, folder, THEN, "all")
    (place / "kb.db").chmod(0o644)
    with (place / "kb.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"x")
    with pytest.raises(Corrupt):
        opened(filled, folder, "")
    (place / "manifest.json").chmod(0o644)
    (place / "manifest.json").write_text("{}")
    with pytest.raises(Corrupt):
        published(place)
    with pytest.raises(NotFound):
        published(folder.parent)


def test_there_is_nothing_to_copy(data, folder):
    with pytest.raises(NotFound):
        publish(data, folder, THEN, "all")


def test_a_quotation_stands_around_its_words_where_it_stood():
    text = "甲" * 200 + "改了" + "乙" * 200
    cut = blanked(text, [(200, 202)])
    assert len(cut) == len(text)
    assert cut[140:262] == text[140:262]
    assert set(cut[:140] + cut[262:]) == {"…"}
    assert blanked("短", []) == "短"
    assert blanked("", [(0, 0)]) == ""
    assert windows([(0, 500)], 1000) == [(0, 300)]
    assert windows([(100, 101), (150, 151), (900, 901)], 1000) == [(40, 211), (840, 961)]
