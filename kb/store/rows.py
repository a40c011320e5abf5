"""Writing rows that more than one part of the store writes. Runs inside the transaction of the caller."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kb.archive import RunStarted, rules_key
from kb.codes import Confirmation, HeldFor, Op, Origin
from kb.model import Comparison, Document, LicenceTag
from kb.sqlite import sqlite3
from kb.store.decided import decide, words_key
from kb.store.serial import deltas_to_json, dumps, spans_to_json
from kb.store.tagged import write_tags

DOCUMENT_COLUMNS = (
    "title", "issuers", "doc_number", "made", "published", "effective", "comments_until", "transition_until",
    "is_draft",
)  # fmt: skip


def rules_of(run: RunStarted) -> str:
    """Under which declaration and code a run compared what it saw. An import compares nothing."""
    return "" if run.origin is Origin.IMPORT else rules_key(run.declaration_digest, run.code_digest)


def insert(connection: sqlite3.Connection, table: str, values: dict[str, Any]) -> int:
    """Insert one row and give its rowid. ``table`` and the keys are ours, never data."""
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" * len(values))
    cursor = connection.execute(
        f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608
        tuple(values.values()),
    )
    return int(cursor.lastrowid or 0)


def document_values(document: Document) -> dict[str, Any]:
    """The columns that ``versions`` and ``documents`` share."""

    def iso(day: object) -> str | None:
        return str(day) if day else None

    return {
        "title": document.title,
        "issuers": dumps(document.issuers),
        "doc_number": document.doc_number,
        "made": iso(document.made),
        "published": iso(document.published),
        "effective": iso(document.effective),
        "comments_until": iso(document.comments_until),
        "transition_until": iso(document.transition_until),
        "is_draft": int(document.is_draft),
    }


def write_change(
    connection: sqlite3.Connection,
    values: dict[str, Any],
    comparison: Comparison,
    tags: Iterable[LicenceTag],
) -> None:
    """One change with the passages that differ and its tags. ``confirmation`` in ``values`` is what was found; what
    people decided about it has the last word."""
    change = insert(
        connection,
        "changes",
        {
            **values,
            "found": values["confirmation"],
            "found_at": values.get("confirmed_at"),
            "words_key": words_key(comparison) if values["basis"] == "comparison" else "",
            "held_for": _held_for(values),
            "significance": comparison.significance,
            "reason": comparison.reason,
            "effective": str(comparison.effective) if comparison.effective else None,
        },
    )
    connection.executemany(
        "INSERT INTO change_passages (change, seq, op, significance, anchor_before, anchor, before, after, spans,"
        " deltas, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                change,
                seq,
                passage.op,
                passage.significance,
                passage.anchor_before,
                passage.anchor,
                passage.before,
                passage.after,
                spans_to_json(passage.spans),
                deltas_to_json(passage.deltas),
                passage.reason,
            )
            for seq, passage in enumerate(comparison.passages)
            if passage.op is not Op.SAME
        ),
    )
    write_tags(connection, "change", values["change_id"], tags)
    decide(connection, values["change_id"])


def _held_for(values: dict[str, Any]) -> str:
    if values["confirmation"] is not Confirmation.HELD:
        return ""
    return HeldFor.GONE if values["basis"] == "absence" else HeldFor.OLD_ROW


def delete_changes(connection: sqlite3.Connection, change_ids: Iterable[str]) -> None:
    for change in change_ids:
        connection.execute("DELETE FROM changes WHERE change_id = ?", (change,))
        write_tags(connection, "change", change, ())
