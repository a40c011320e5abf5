"""The search table and the indexes of kb.db: ``INDEXED`` as first published, the others for what pages ask most."""

INDEXED = (
    """CREATE VIRTUAL TABLE passages_fts USING fts5(
        title, anchor, body, tokenize = 'unicode61 remove_diacritics 0')""",
    "INSERT INTO passages_fts (passages_fts, rank) VALUES ('rank', 'bm25(10.0, 5.0, 1.0)')",
    "CREATE INDEX runs_by_source ON runs (source, started_at)",
    "CREATE INDEX pages_by_source ON pages (source)",
    "CREATE INDEX pages_by_document ON pages (document)",
    "CREATE INDEX pages_by_number ON pages (number_key) WHERE number_key <> ''",
    "CREATE INDEX pages_by_text ON pages (text_key) WHERE text_key <> ''",
    "CREATE INDEX pages_by_core ON pages (title_core) WHERE title_core <> ''",
    "CREATE INDEX pages_by_parent ON pages (parent) WHERE parent <> ''",
    "CREATE INDEX pages_by_version ON pages (current_version)",
    "CREATE INDEX listings_by_page ON listings (page_id)",
    "CREATE INDEX captures_by_page ON captures (page, fetched_at)",
    "CREATE INDEX versions_by_page ON versions (page, first_seen)",
    "CREATE INDEX documents_by_version ON documents (current_version)",
    "CREATE INDEX documents_by_source ON documents (source)",
    "CREATE INDEX changes_by_time ON changes (observed_to)",
    "CREATE INDEX changes_by_page ON changes (page)",
    "CREATE INDEX changes_by_document ON changes (document)",
    "CREATE INDEX changes_by_source ON changes (source)",
    "CREATE INDEX changes_by_confirmation ON changes (confirmation, observed_to)",
    "CREATE INDEX changes_by_before ON changes (before_version)",
    "CREATE INDEX changes_by_after ON changes (after_version)",
    "CREATE INDEX tags_by_target ON licence_tags (target_kind, target_id)",
    "CREATE INDEX tags_by_licence ON licence_tags (licence, target_kind)",
    "CREATE INDEX incidents_by_page ON incidents (page)",
    "CREATE INDEX incidents_open ON incidents (source, state)",
    "CREATE INDEX redirects_by_page ON redirects (page)",
)

READ_BY_PAGES = (
    "CREATE INDEX runs_by_end ON runs (coalesce(finished_at, started_at))",
    "CREATE INDEX pages_by_last_seen ON pages (last_seen)",
    "CREATE INDEX pages_by_last_good ON pages (source, last_good_at)",
    "CREATE INDEX documents_by_draft ON documents (draft) WHERE draft IS NOT NULL",
    "CREATE INDEX documents_by_day ON documents (coalesce(published, made, first_seen), id)",
    "CREATE INDEX documents_by_effective ON documents (effective) WHERE effective IS NOT NULL",
    "CREATE INDEX documents_by_comments ON documents (comments_until) WHERE comments_until IS NOT NULL",
    "CREATE INDEX documents_by_transition ON documents (transition_until) WHERE transition_until IS NOT NULL",
)

LISTED = (
    # the changes that readers are told of, newest first, with all that lists of them are filtered by
    """CREATE INDEX changes_told ON changes
        (observed_to, change_id, kind, significance, confirmation, source, document, headline, title)
        WHERE significance <> 'noise' AND kind NOT IN ('technical', 'baseline')""",
)

STANDING = (
    # how documents stand is reckoned without their texts, which lie between these columns
    "DROP INDEX versions_by_page",
    """CREATE INDEX versions_by_page ON versions (page, first_seen, version_id, kind, text_digest, title, is_draft,
        effective, comments_until, expires, made, published)""",
)

TAGGED = (
    # which types a change or document concerns, and what concerns a type, is read in the index alone
    "DROP INDEX tags_by_target",
    "CREATE INDEX tags_by_target ON licence_tags (target_kind, target_id, licence, confidence)",
    "DROP INDEX tags_by_licence",
    "CREATE INDEX tags_by_licence ON licence_tags (licence, target_kind, target_id)",
)
