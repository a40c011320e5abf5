"""Rows of changes and of found documents -> entries of a feed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from datasette_config import knowledge
from datasette_config.api.cut import cut_passages
from datasette_config.knowledge import Connection, Row
from datasette_config.language import gettext as _
from datasette_config.language import localized
from datasette_config.machines.atom import TAG, Entry, Words
from datasette_config.saying import format as say
from datasette_config.saying import present
from kb.changing.labels import label
from kb.codes import Op
from kb.model import PassageChange
from kb.sources import Publish
from kb.store import queries

MOST_PASSAGES = 3
SHIFTS = {Op.RENUMBERED, Op.MOVED}


def source_title(connection: Connection, source: str) -> str | None:
    found = knowledge.first(connection, "SELECT title FROM sources WHERE source_id = ?", (source,))
    return found["title"] if found else None


def changes(connection: Connection, rows: Sequence[Row], base: str) -> tuple[Entry, ...]:
    """``rows`` have tags and standing; the words of each change are quoted with what stands around them, no more."""
    passages = queries.passages_of_changes(connection, [row["change_id"] for row in rows])
    return tuple(_change(row, passages.get(row["change_id"], ()), base) for row in rows)


def _change(row: Row, passages: Sequence[PassageChange], base: str) -> Entry:
    worded = [passage for passage in passages if passage.op not in SHIFTS][:MOST_PASSAGES]
    title = row["headline"] or f"{row['title']}：{say.kind_word(row['kind'])}"
    return Entry(
        id=f"{TAG}{row['change_id']}",
        title=f"〔{present.nature(row)}〕{title}",
        address=f"{base}{localized('/change/' + row['change_id'])}",
        published=row["observed_to"],
        updated=row["confirmed_at"] or row["observed_to"],
        authors=tuple(row["issuers"] or ()) or (row["source_title"],),
        summary=_summary(row),
        origin=say.safe_url(row["url"]),
        categories=tuple((tag.licence, present.licence_name(tag.licence)) for tag in row["tags"]),
        words=tuple(_words(passage) for passage in cut_passages(worded)),
    )


def _summary(row: Row) -> str:
    """Without the days that are left: what a reader holds already stays the same."""
    effective = _("%(day)s 起施行") % {"day": row["in_force_from"]} if row["in_force_from"] else ""
    parts = (
        row["document_title"] or row["title"],
        row["doc_number"],
        say.status_word(row["standing"]),
        effective,
        say.level_word(row["level"]),
        say.confirmation_word(row["confirmation"]),
    )
    return "　".join(part for part in parts if part)


def _words(passage: PassageChange) -> Words:
    old = [(span.before_start, span.before_end) for span in passage.spans]
    new = [(span.after_start, span.after_end) for span in passage.spans]
    return Words(
        name=label(passage.anchor or passage.anchor_before),
        before=say.pieces(passage.before, old),
        after=say.pieces(passage.after, new),
    )


def documents(
    connection: Connection, hits: Iterable[queries.Hit], base: str, *, cut: bool
) -> tuple[Entry, ...]:
    """Documents in which something was found, those whose text is newest first; ``cut``: without a quotation where only
    excerpts may be published."""
    found: dict[str, queries.Hit] = {}
    for hit in hits:
        found.setdefault(hit.document, hit)
    known = knowledge.documents_by_id(connection, list(found))
    rows = sorted(known.values(), key=lambda row: (row["text_seen"] or row["first_seen"], row["document_id"]))
    return tuple(_document(row, found[row["document_id"]], base, cut=cut) for row in reversed(rows))


def _document(row: Row, hit: queries.Hit, base: str, *, cut: bool) -> Entry:
    quoted = "" if cut and hit.publish is not Publish.FULL else hit.snippet
    facts = "　".join(present.document_facts(row))
    return Entry(
        id=f"{TAG}{row['document_id']}",
        title=row["title"] or _("（无题名）"),
        address=f"{base}{localized('/document/' + row['document_id'])}",
        published=row["first_seen"],
        updated=row["text_seen"] or row["first_seen"],
        authors=tuple(row["issuers"] or ()) or (row["source_title"],),
        summary="\n".join(part for part in (quoted, facts) if part),
        origin=say.safe_url(row["url"]),
    )
