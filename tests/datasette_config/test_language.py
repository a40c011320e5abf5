"""The English interface: every label has its English, the language goes along, rules keep their own words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from datasette.app import DatasetteClient

from datasette_config.language import CATALOGUE, ENGLISH, gettext, localized, speaking, turned

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> set[object]:
    """The labels that the code and the templates use."""
    found = tmp_path_factory.mktemp("labels") / "zhengce.pot"
    extract = [
        "--quiet",
        "extract",
        "--mapping-file",
        "pyproject.toml",
        "--keywords",
        "_",
        "-o",
        str(found),
        ".",
    ]
    subprocess.run([Path(sys.executable).with_name("pybabel"), *extract], cwd=ROOT, check=True)
    with found.open("rb") as source:
        return {message.id for message in read_po(source) if message.id}


def test_every_label_has_its_english_and_the_catalogue_nothing_else(used: set[object]) -> None:
    with CATALOGUE.open("rb") as source:
        catalogue = read_po(source, locale=ENGLISH)
    known = {message.id: message.string for message in catalogue if message.id}
    assert used, "no label was found: the mapping in pyproject.toml finds nothing"
    assert {label for label in used if not known.get(label)} == set(), (
        "run: make messages, and write the English"
    )
    assert set(known) - used == set(), "run: make messages"


async def test_a_page_speaks_english_when_asked_and_its_links_go_on_in_english(
    reader: DatasetteClient,
) -> None:
    page = (await reader.get("/?lang=en")).text
    assert '<html lang="en">' in page
    assert "Licences and filings" in page
    assert 'href="/licences?lang=en"' in page
    assert "示例算法备案管理办法" in (await reader.get("/documents?lang=en")).text


async def test_a_page_speaks_chinese_unless_asked(reader: DatasetteClient) -> None:
    page = (await reader.get("/?lang=fr")).text
    assert '<html lang="zh-CN">' in page
    assert "资质事项" in page
    assert 'href="/licences"' in page


def test_an_address_keeps_its_question_and_fragment_in_the_other_language() -> None:
    assert turned("/changes?q=a%26b&page=2") == "/changes?q=a%26b&page=2&lang=en"
    with speaking(ENGLISH):
        assert turned("/changes?q=a%26b&lang=en") == "/changes?q=a%26b"
        assert localized("/document/do-1#第二条") == "/document/do-1?lang=en#第二条"
    assert localized("/licences") == "/licences"


def test_a_label_without_english_is_shown_as_it_is() -> None:
    with speaking(ENGLISH):
        assert gettext("没有这个标签") == "没有这个标签"
        assert gettext("") == ""
