"""Every text that kb.db took from a watched page is hostile, and every route shows it as text, in both languages."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from addresses import every_address
from httpx import Response
from lxml import etree
from selectolax.lexbor import LexborHTMLParser as Html

MARK = "zz"
MARKUP = (
    '"><script>alert(1)</script><img src=x onerror=alert(1)>\'"{{7*7}}{%raw%}</title></textarea></style>]]><!--'
    "&#60;svg onload=alert(1)>" + MARK
)
CONTROL = (
    '=HYPERLINK("http://evil.invalid")\r\nSet-Cookie: a=b\r\n\r\n<b>\x00\x0b\x1b[31m\u202e\ufffe\ud7ff\U0001f4a3'
    + MARK
)
ADDRESS = 'javascript:alert(1)//"><script>alert(1)</script>'
STRUCTURE = re.compile(
    r"_id$|digest|_key$|_at$|^(id|seq|run_id|rules|tagged|draft|kind|op|role|significance|confirmation|origin|status|state"
    r"|health|mechanism|level|coverage|publish|found|held_for|basis|licence|licences|target_kind|target_id|field|confidence"
    r"|relation|first_seen|last_seen|observed_from|observed_to|made|published|effective|expires|comments_until|transition_until"
    r"|confirm_from|since|until|from_id|to_id|capture|first_capture|record_file|change|reverts|subject|derived_under|page_id"
    r"|previous_look|date|counts|flags|spans|hosts|core|title_core|parent|parent_id|evidence_json|document)$"
)
OFFSETS = {"kind", "start", "end", "anchor_kind"}


def _poisoned(value: Any, attack: str) -> Any:
    """A JSON value with the attack in the place of every text but codes."""
    if isinstance(value, dict):
        return {key: each if key in OFFSETS else _poisoned(each, attack) for key, each in value.items()}
    if isinstance(value, list):
        return [_poisoned(each, attack) for each in value]
    return attack if isinstance(value, str) else value


def _columns(connection: Any) -> Iterator[tuple[str, str]]:
    """Every column of text that is neither a name of ours nor a code."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_fts%' ESCAPE '\\'"
        " AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' AND name <> 'page_states'"
    ).fetchall()
    for (table,) in map(tuple, tables):
        for column in connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall():
            if column["type"] == "TEXT" and not STRUCTURE.search(column["name"]):
                yield table, column["name"]


def poison(connection: Any, attack: str) -> set[str]:
    """Write the attack into every such column; which those were."""
    done = set()
    for table, column in [*_columns(connection)]:
        chosen = f'SELECT rowid AS row, "{column}" AS said FROM {table}'  # noqa: S608
        for row in connection.execute(chosen).fetchall():
            connection.execute(
                f'UPDATE {table} SET "{column}" = ? WHERE rowid = ?',  # noqa: S608
                (_hostile(column, row["said"] or "", attack, row["row"]), row["row"]),
            )
        done.add(f"{table}.{column}")
    return done


def _hostile(column: str, said: str, attack: str, row: int) -> str:
    if column in {"issuers", "reasons"}:
        return json.dumps([attack])
    if said.startswith(("[", "{")):
        return json.dumps(_poisoned(json.loads(said), attack))
    return f"{ADDRESS}{row}" if column in {"url", "homepage"} else attack


@pytest.fixture(params=[MARKUP, CONTROL], ids=["markup", "control"])
def attacked(request, filled, made_up, site):
    base = made_up.Base(filled.kb)
    connection = base.connection
    document = connection.execute("SELECT id FROM documents WHERE document_id = 'do-a1'").fetchone()[0]
    page, copy = (row[0] for row in connection.execute("SELECT id FROM pages ORDER BY id LIMIT 2").fetchall())
    base.add(
        "relations", document=document, seq=0, relation="cites", title="x", evidence="x", anchor="第一条"
    )
    base.add(
        "divergences",
        divergence_id="dv-1",
        document=document,
        page=page,
        copy=copy,
        since="2026-11-23T22:12:00Z",
        clauses=[],
    )
    base.add(
        "listings",
        list_page=page,
        page_id="pg-a1",
        url="x",
        title="x",
        date="2026-11-23",
        first_seen="2026-11-23T22:12:00Z",
        last_seen="2026-11-23T22:12:00Z",
    )
    done = poison(connection, request.param)
    base.close()
    assert {
        "documents.title",
        "documents.doc_number",
        "changes.headline",
        "incidents.reasons",
        "pages.url",
    } <= done
    assert {"sources.title", "passages.text", "change_passages.after", "licence_tags.evidence"} <= done
    return site(filled).client


def check_html(page: Html, *, ours: bool) -> None:
    if ours:
        assert not page.css("script, style, iframe, object, embed, base")
    for node in page.css("*"):
        names = node.attributes or {}
        assert not [name for name in names if name.startswith("on")]
        for name in ("href", "src", "action", "srcset"):
            value = names.get(name) or ""
            assert value.startswith(("/", "#", "?", "http://", "https://")) or not value, value
        assert "style" not in names or not ours
    assert not page.css("img[src=x], b b, textarea")
    assert "49" not in (page.css_first("title").text() or "")


def check(answer: Response, address: str) -> None:
    assert answer.status_code < 500, address
    assert "set-cookie" not in answer.headers
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/html"):
        check_html(Html(answer.text), ours=not address.startswith("/kb"))
    elif "xml" in kind or "svg" in kind:
        tree = etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False))
        for node in tree.iter(etree.Element):
            assert etree.QName(node).localname not in {"script", "img", "foreignObject"}
            assert not [name for name in node.attrib if name.startswith("on")]
            targets = [value for name, value in node.attrib.items() if name.endswith(("href", "src", "uri"))]
            assert not [value for value in targets if value.lower().startswith(("javascript:", "data:text"))]
    elif "json" in kind:
        assert (
            [json.loads(line) for line in answer.text.splitlines() if line]
            if "_nl=on" in address
            else answer.json()
        )
    elif "csv" in kind:
        rows = [*csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))]
        assert len({len(row) for row in rows}) == 1
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    elif "calendar" in kind:
        assert all(re.match(r"[A-Z-]+[:;]| ", line) for line in answer.text.split("\r\n") if line)


@pytest.mark.parametrize("language", ["", "en"])
async def test_hostile_words_stay_words_on_every_route(attacked, language):
    said = 0
    for address in every_address():
        turned = f"{address}{'&' if '?' in address else '?'}lang={language}" if language else address
        answer = await attacked.get(turned)
        check(answer, address)
        said += MARK in answer.text
    assert said > 20, "the attack reached the pages"


QUESTIONS = (
    "q",
    "licence",
    "authority",
    "region",
    "source",
    "kind",
    "since",
    "until",
    "page",
    "from",
    "to",
    "as-of",
    "my",
    "cursor",
    "next",
    "sort",
    "status",
    "limit",
)


@pytest.mark.parametrize(
    "attack",
    [MARKUP, "\x00\r\nSet-Cookie: a=b", "'; DROP TABLE documents --", "9" * 400, "%ff%fe", "\ud7ff\u202e"],
)
async def test_hostile_questions_stay_words_on_every_route(reader, attack):
    for address in every_address():
        path = address.partition("?")[0]
        answer = await reader.get(path, params=dict.fromkeys(QUESTIONS, attack[:80]))
        check(answer, address)


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "%3Cscript%3E", "..%2f..%2fetc%2fpasswd", "%00", "a%0d%0ab", "é", "~2F"],
)
async def test_hostile_addresses_stay_words(reader, name):
    for pattern in (
        "/{}",
        "/change/{}",
        "/document/{}",
        "/licence/{}",
        "/source/{}",
        "/kb/{}",
        "/kb/changes/{}",
        "/api/v1/changes/{}",
        "/api/v1/{}",
    ):
        answer = await reader.get(pattern.format(name))
        assert answer.status_code < 500
        assert "set-cookie" not in answer.headers
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert not [node for node in Html(answer.text).css("script") if "alert" in node.text()]
