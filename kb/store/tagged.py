"""What people said of tags, beside what the tagger found: the tags that readers see are a function of the two.

``tags_found`` is what the tagger makes of the words; ``licence_tags`` is that after the decisions about them. Both are always
written together. A decision holds for the words it was said of: when they change, the tagger's word counts again until a
person looks. Runs inside the transaction of the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.codes import Confidence, DecisionKind
from kb.errors import NotFound
from kb.model import LicenceTag
from kb.sqlite import sqlite3
from kb.store.serial import digest, dumps

PERSON = "person"
"""The rule of a tag that a person set and no rule found."""

LENT = "document:"
"""Before the rule of a tag that an attachment or image has from its document."""

TAGS_FOUND = (
    # what the tagger makes of the words, before people had their say
    """CREATE TABLE tags_found (
        id INTEGER PRIMARY KEY,
        target_kind TEXT NOT NULL CHECK (target_kind IN ('change', 'document')),
        target_id TEXT NOT NULL,
        licence TEXT NOT NULL,
        rule TEXT NOT NULL,
        evidence TEXT NOT NULL,
        field TEXT NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        reason TEXT NOT NULL,
        confidence TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX found_by_target ON tags_found (target_kind, target_id)",
    "INSERT INTO tags_found SELECT * FROM licence_tags",
    # the vocabulary and rules by which the tags of a source's pages were given
    "ALTER TABLE sources ADD COLUMN tagged_under TEXT NOT NULL DEFAULT ''",
)

TAG_KINDS = frozenset({DecisionKind.TAG_ACCEPTED, DecisionKind.TAG_REJECTED, DecisionKind.TAG_ADDED})

_COLUMNS = 'licence, rule, evidence, field, start, "end", reason, confidence'

_CHANGE_WORDS = """
    SELECT c.basis, c.words_key, c.title, v.text_digest FROM changes c
    LEFT JOIN versions v ON v.id = coalesce(c.after_version, c.before_version) WHERE c.change_id = ?
"""
_DOCUMENT_WORDS = """
    SELECT v.title, v.text_digest FROM documents d LEFT JOIN versions v ON v.id = d.current_version
    WHERE d.document_id = ?
"""
_SAID = """
    SELECT kind, said, about FROM decisions WHERE kind IN ('tag_accepted', 'tag_rejected', 'tag_added')
    AND (subject = :target OR subject IN (SELECT from_id FROM redirects WHERE to_id = :target AND kind = :kind))
    ORDER BY at, decision_id
"""


@dataclass(frozen=True, slots=True)
class Tagged:
    """What carries tags: a ``change`` or a ``document``, by public id. ``key`` names the words its tags were given for."""

    kind: str
    id: str
    key: str


def tagged(connection: sqlite3.Connection, identifier: str) -> Tagged:
    """The change or document of that id, or of the one it was redirected to. Raises ``NotFound``."""
    row = connection.execute("SELECT to_id FROM redirects WHERE from_id = ?", (identifier,)).fetchone()
    target = str(row[0]) if row else identifier
    for kind in ("change", "document"):
        key = words_of(connection, kind, target)
        if key is not None:
            return Tagged(kind, target, key)
    raise NotFound(f"没有这处变动或这份文件：{identifier}", do="zhengce review 可列出待复核的标注")


def words_of(connection: sqlite3.Connection, kind: str, target: str) -> str | None:
    """Names the words that the tags of a target were given for: of a comparison the words that changed, else title and
    text. None for what is not there."""
    if kind == "document":
        row = connection.execute(_DOCUMENT_WORDS, (target,)).fetchone()
        return None if row is None else digest(dumps([row["title"], row["text_digest"]]))
    row = connection.execute(_CHANGE_WORDS, (target,)).fetchone()
    if row is None:
        return None
    return str(row["words_key"]) or digest(dumps([row["title"], row["text_digest"]]))


def effective_tags(found: Sequence[LicenceTag], said: Mapping[str, DecisionKind]) -> tuple[LicenceTag, ...]:
    """The tags that hold: ``said`` is by licence the last that a person said of these words.

    A rejected tag is taken off; an accepted or added one is sure, and stands without a rule where none finds it.
    """
    kept = tuple(
        replace(tag, confidence=Confidence.HIGH) if tag.licence in said else tag
        for tag in found
        if said.get(tag.licence) is not DecisionKind.TAG_REJECTED
    )
    missing = sorted(
        licence
        for licence, kind in said.items()
        if kind is not DecisionKind.TAG_REJECTED and licence not in {tag.licence for tag in found}
    )
    return (*kept, *(LicenceTag(licence, PERSON, "", "", 0, 0, "人工标注") for licence in missing))


def said_of(connection: sqlite3.Connection, kind: str, target: str, key: str) -> dict[str, DecisionKind]:
    """By licence the last decision about the tags of a target, of those said of these very words."""
    rows = connection.execute(_SAID, {"target": target, "kind": kind})
    return {row["said"]: DecisionKind(row["kind"]) for row in rows if row["about"] in {"", key}}


def write_tags(
    connection: sqlite3.Connection, target_kind: str, target_id: str, tags: Iterable[LicenceTag]
) -> None:
    """Replace what the tagger found, and with it the tags that hold."""
    connection.execute(
        "DELETE FROM tags_found WHERE target_kind = ? AND target_id = ?", (target_kind, target_id)
    )
    _insert(connection, "tags_found", target_kind, target_id, tags)
    settle_tags(connection, target_kind, target_id)


def settle_tags(connection: sqlite3.Connection, target_kind: str, target_id: str) -> None:
    """Write the tags that hold anew, from what was found and what was said."""
    connection.execute(
        "DELETE FROM licence_tags WHERE target_kind = ? AND target_id = ?", (target_kind, target_id)
    )
    key = words_of(connection, target_kind, target_id)
    if key is None:
        return
    said = said_of(connection, target_kind, target_id, key)
    found = read_tags(connection, "tags_found", target_kind, target_id)
    _insert(connection, "licence_tags", target_kind, target_id, effective_tags(found, said))


def is_said(rule: str) -> bool:
    """Whether a tag with this rule stands because a person said so, of the change itself or of its document."""
    return rule.removeprefix(LENT) == PERSON


def settle_said(connection: sqlite3.Connection, subject: str) -> None:
    """Let what was said of the tags of a change or document take effect; of what is not there it has none."""
    try:
        target = tagged(connection, subject)
    except NotFound:
        return
    settle_tags(connection, target.kind, target.id)
    if target.kind == "document":
        pages = connection.execute(
            "SELECT p.id FROM pages p JOIN documents d ON d.id = p.document WHERE d.document_id = ? AND p.role = 'document'",
            (target.id,),
        ).fetchall()
        for page in pages:
            lend_tags(connection, page[0])


def lend_tags(connection: sqlite3.Connection, page: int) -> None:
    """A change of an attachment or image of a page (a rowid) whose own words name no licence concerns those of its
    document."""
    changes = connection.execute(
        "SELECT c.change_id, d.document_id FROM changes c JOIN pages q ON q.id = c.page"
        " JOIN pages p ON q.parent = p.page_id AND q.parent <> '' LEFT JOIN documents d ON d.id = c.document"
        " WHERE p.id = ? AND q.role <> 'document'",
        (page,),
    ).fetchall()
    for change, document in changes:
        connection.execute(
            "DELETE FROM tags_found WHERE target_kind = 'change' AND target_id = ? AND rule LIKE ? || '%'",
            (change, LENT),
        )
        connection.execute(
            f"INSERT INTO tags_found (target_kind, target_id, {_COLUMNS})"  # noqa: S608
            " SELECT 'change', ?1, licence, ?3 || rule, evidence, field, start, \"end\","
            " '所属文件：' || reason, 'medium' FROM licence_tags WHERE target_kind = 'document' AND target_id = ?2"
            " AND NOT EXISTS (SELECT 1 FROM tags_found WHERE target_kind = 'change' AND target_id = ?1)"
            " ORDER BY id",
            (change, document, LENT),
        )
        settle_tags(connection, "change", change)


def read_tags(
    connection: sqlite3.Connection, table: str, target_kind: str, target: str
) -> tuple[LicenceTag, ...]:
    """Of ``licence_tags`` or ``tags_found``, in their order."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM {table} WHERE target_kind = ? AND target_id = ? ORDER BY id",  # noqa: S608
        (target_kind, target),
    )
    return tuple(
        replace(LicenceTag(*tuple(row)[:-1]), confidence=Confidence(row["confidence"])) for row in rows
    )


def _insert(
    connection: sqlite3.Connection, table: str, kind: str, target: str, tags: Iterable[LicenceTag]
) -> None:
    connection.executemany(
        f"INSERT INTO {table} (target_kind, target_id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            (kind, target, t.licence, t.rule, t.evidence, t.field, t.start, t.end, t.reason, t.confidence)
            for t in tags
        ),
    )
