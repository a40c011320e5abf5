"""What the pages ask of kb.db beyond ``kb.store.queries``: one function a question, each takes a connection."""

from datasette_config.knowledge.captures import (
    capture_of_picture,
    captures_of_change,
    looked_again_from,
    watched_picture,
)
from datasette_config.knowledge.changes import (
    Listed,
    change,
    changes_counted,
    changes_listed,
    changes_of_document,
    changes_of_licence,
    changes_since,
    settled_live_changes,
    with_standing,
    with_tags,
)
from datasette_config.knowledge.choices import Choices, choices
from datasette_config.knowledge.documents import (
    any_in_excerpts,
    document,
    document_count,
    documents,
    documents_by_id,
    documents_of_licence,
    row_anchors,
    version_belongs,
    versions,
)
from datasette_config.knowledge.looks import anything_kept, dates_after, licences_of_sources, newest_look
from datasette_config.knowledge.rows import Connection, Row, first, rows
from datasette_config.knowledge.texts import text

__all__ = [
    "Choices",
    "Connection",
    "Listed",
    "Row",
    "any_in_excerpts",
    "anything_kept",
    "capture_of_picture",
    "captures_of_change",
    "change",
    "changes_counted",
    "changes_listed",
    "changes_of_document",
    "changes_of_licence",
    "changes_since",
    "choices",
    "dates_after",
    "document",
    "document_count",
    "documents",
    "documents_by_id",
    "documents_of_licence",
    "first",
    "licences_of_sources",
    "looked_again_from",
    "newest_look",
    "row_anchors",
    "rows",
    "settled_live_changes",
    "text",
    "version_belongs",
    "versions",
    "watched_picture",
    "with_standing",
    "with_tags",
]
