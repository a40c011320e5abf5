"""What the pages ask of kb.db beyond ``kb.store.queries``: one function a question, each takes a connection."""

from datasette_config.knowledge.addresses import KINDS as ADDRESS_KINDS
from datasette_config.knowledge.addresses import addresses, addresses_counted
from datasette_config.knowledge.captures import (
    capture_of_picture,
    captures_of_change,
    looked_again_from,
    watched_picture,
)
from datasette_config.knowledge.changes import (
    change,
    changes_counted,
    changes_listed,
    changes_of_document,
    held_of_day,
    live_changes,
    with_standing,
    with_tags,
)
from datasette_config.knowledge.choices import Choices, choices
from datasette_config.knowledge.documents import (
    any_in_excerpts,
    document,
    document_count,
    documents_by_id,
    documents_counted,
    documents_listed,
    row_anchors,
    version_belongs,
    versions,
)
from datasette_config.knowledge.governing import Governing, Observed, changed_lately, governing, places
from datasette_config.knowledge.listing import Listed, Place
from datasette_config.knowledge.looks import (
    anything_kept,
    captures_per_day,
    licences_of_sources,
    newest_look,
    pages_by_role,
    runs_of,
    runs_per_day,
    source,
)
from datasette_config.knowledge.rows import Connection, Row, first, rows
from datasette_config.knowledge.texts import text
from datasette_config.knowledge.under import documents_under, licences_of_documents
from datasette_config.knowledge.year import (
    changes_by_id,
    lately,
    looked_between,
    nearest_day,
    weekly_changes,
    weeks_looked,
)

__all__ = [
    "ADDRESS_KINDS",
    "Choices",
    "Connection",
    "Governing",
    "Listed",
    "Observed",
    "Place",
    "Row",
    "addresses",
    "addresses_counted",
    "any_in_excerpts",
    "anything_kept",
    "capture_of_picture",
    "captures_of_change",
    "captures_per_day",
    "change",
    "changed_lately",
    "changes_by_id",
    "changes_counted",
    "changes_listed",
    "changes_of_document",
    "choices",
    "document",
    "document_count",
    "documents_by_id",
    "documents_counted",
    "documents_listed",
    "documents_under",
    "first",
    "governing",
    "held_of_day",
    "lately",
    "licences_of_documents",
    "licences_of_sources",
    "live_changes",
    "looked_again_from",
    "looked_between",
    "nearest_day",
    "newest_look",
    "pages_by_role",
    "places",
    "row_anchors",
    "rows",
    "runs_of",
    "runs_per_day",
    "source",
    "text",
    "version_belongs",
    "versions",
    "watched_picture",
    "weekly_changes",
    "weeks_looked",
    "with_standing",
    "with_tags",
]
