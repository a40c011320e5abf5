"""The table of what is not seen: generated from the bundled declarations, and true to them."""

from __future__ import annotations

import re
from pathlib import Path

from kb.codes import Coverage
from kb.coverage import as_table, covered, of_declaration
from kb.licences import licences
from kb.sources import load_declarations

ROOT = Path(__file__).resolve().parents[2]
SOURCES = list(load_declarations([ROOT / "crawler" / "sources"]).values())


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_the_readme_has_the_table_of_today() -> None:
    """Regenerate with ``python -m kb.coverage crawler/sources``."""
    text = (ROOT / "README.md").read_text("utf-8")
    (table,) = re.findall(r"<!-- coverage: .*? -->\n(.*?)<!-- /coverage -->", text, re.S)
    assert table == as_table(SOURCES)


def test_every_licence_stands_in_it_once() -> None:
    named = [name for row in rows(as_table(SOURCES)) for name in row[0].split("、")]
    assert sorted(named) == sorted(licence.short for licence in licences().values())


def test_a_source_less_changes_the_table() -> None:
    without = [source for source in SOURCES if source.id != "nrta.rules"]
    last = rows(as_table(without))[-1]
    assert "微短剧备案" in last[0]
    assert last[1:] == ["没有", "盲区"]


def test_a_declaration_that_is_switched_off_is_no_eye() -> None:
    off = [
        source.model_copy(update={"enabled": False}) if source.id == "nppa.notices" else source
        for source in SOURCES
    ]
    (row,) = [row for row in rows(as_table(off)) if "游戏版号" in row[0]]
    assert row[2] == "盲区"


def test_what_only_the_gazette_carries_is_never_called_direct() -> None:
    """Public security, the central bank, health, drugs, religion and copyright have no regulator's page that a program
    may look at."""
    watched = [of_declaration(source) for source in SOURCES]
    for identifier in (
        "psb-filing",
        "mlps",
        "payment-license",
        "drug-info",
        "health-info",
        "religion-license",
    ):
        assert covered(licences()[identifier], watched).now is Coverage.INDIRECT, identifier
    assert covered(licences()["other-platform-category"], watched).now is Coverage.BLIND


def test_every_bundled_declaration_says_what_it_is_for() -> None:
    """A source without licence types counts as watching none."""
    assert [source.id for source in SOURCES if not source.licences] == []
