"""The tables of kb.db as first published, grouped by what they hold.

Instants are ISO 8601 in UTC to the second, dates YYYY-MM-DD, sets and structures JSON. ``*_id`` in TEXT is a public id.
No CHECK calls a JSON function: SQLite 3.40 refuses that where the schema is not trusted.
"""

CAPTURED = (
    """CREATE TABLE sources (
        id INTEGER PRIMARY KEY,
        source_id TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        authority TEXT NOT NULL,
        mechanism TEXT NOT NULL,
        level TEXT NOT NULL,
        homepage TEXT NOT NULL,
        province TEXT NOT NULL,
        licences TEXT NOT NULL,
        coverage TEXT NOT NULL,
        publish TEXT NOT NULL,
        period_hours INTEGER NOT NULL,
        enabled INTEGER NOT NULL,
        demo INTEGER NOT NULL,
        notes TEXT NOT NULL,
        declaration_digest TEXT NOT NULL,
        rules TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        source INTEGER NOT NULL REFERENCES sources (id),
        run_id TEXT NOT NULL,
        origin TEXT NOT NULL,
        started_at TEXT NOT NULL,
        finished_at TEXT,
        status TEXT NOT NULL DEFAULT 'unfinished',
        counts TEXT NOT NULL DEFAULT '{}',
        declaration_digest TEXT NOT NULL,
        code_digest TEXT NOT NULL,
        UNIQUE (source, run_id)
    ) STRICT""",
    """CREATE TABLE pages (
        id INTEGER PRIMARY KEY,
        page_id TEXT NOT NULL UNIQUE,
        source INTEGER NOT NULL REFERENCES sources (id),
        url TEXT NOT NULL,
        role TEXT NOT NULL,
        title TEXT NOT NULL DEFAULT '',
        parent TEXT NOT NULL DEFAULT '',
        aliases TEXT NOT NULL DEFAULT '[]',
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        health TEXT NOT NULL DEFAULT 'ok',
        last_good_at TEXT,
        baseline_at TEXT,
        baseline_confirmed_at TEXT,
        current_version INTEGER REFERENCES versions (id),
        document INTEGER REFERENCES documents (id),
        number_key TEXT NOT NULL DEFAULT '',
        text_key TEXT NOT NULL DEFAULT '',
        title_core TEXT NOT NULL DEFAULT '',
        noise_count INTEGER NOT NULL DEFAULT 0,
        flip_count INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    """CREATE TABLE listings (
        id INTEGER PRIMARY KEY,
        list_page INTEGER NOT NULL REFERENCES pages (id),
        page_id TEXT NOT NULL,
        url TEXT NOT NULL,
        title TEXT NOT NULL,
        date TEXT NOT NULL,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        previous_look TEXT,
        dropped_at TEXT,
        UNIQUE (list_page, page_id)
    ) STRICT""",
    """CREATE TABLE captures (
        id INTEGER PRIMARY KEY,
        capture_id TEXT NOT NULL UNIQUE,
        page INTEGER NOT NULL REFERENCES pages (id),
        fetched_at TEXT NOT NULL,
        status INTEGER NOT NULL,
        content_type TEXT NOT NULL,
        encoding TEXT NOT NULL,
        body_digest TEXT NOT NULL,
        health TEXT NOT NULL,
        reasons TEXT NOT NULL,
        document_digest TEXT NOT NULL,
        origin TEXT NOT NULL,
        rules TEXT NOT NULL,
        record_file TEXT NOT NULL,
        record_offset INTEGER NOT NULL,
        record_length INTEGER NOT NULL,
        record_digest TEXT NOT NULL
    ) STRICT""",
)

DERIVED = (
    """CREATE TABLE versions (
        id INTEGER PRIMARY KEY,
        version_id TEXT NOT NULL UNIQUE,
        page INTEGER NOT NULL REFERENCES pages (id),
        kind TEXT NOT NULL,
        first_capture TEXT NOT NULL,
        capture TEXT NOT NULL,
        first_seen TEXT NOT NULL,
        title TEXT NOT NULL,
        issuers TEXT NOT NULL,
        doc_number TEXT NOT NULL,
        made TEXT,
        published TEXT,
        effective TEXT,
        comments_until TEXT,
        transition_until TEXT,
        is_draft INTEGER NOT NULL,
        text TEXT NOT NULL,
        text_digest TEXT NOT NULL,
        document TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE documents (
        id INTEGER PRIMARY KEY,
        document_id TEXT NOT NULL UNIQUE,
        source INTEGER NOT NULL REFERENCES sources (id),
        url TEXT NOT NULL,
        title TEXT NOT NULL,
        issuers TEXT NOT NULL,
        doc_number TEXT NOT NULL,
        made TEXT,
        published TEXT,
        effective TEXT,
        comments_until TEXT,
        transition_until TEXT,
        is_draft INTEGER NOT NULL,
        first_seen TEXT NOT NULL,
        pages INTEGER NOT NULL,
        current_version INTEGER REFERENCES versions (id),
        draft TEXT,
        tagged TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    """CREATE TABLE passages (
        id INTEGER PRIMARY KEY,
        version INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        anchor TEXT NOT NULL,
        kind TEXT NOT NULL,
        ordinal TEXT NOT NULL,
        text TEXT NOT NULL,
        UNIQUE (version, seq)
    ) STRICT""",
    """CREATE TABLE changes (
        id INTEGER PRIMARY KEY,
        change_id TEXT NOT NULL UNIQUE,
        page INTEGER NOT NULL REFERENCES pages (id),
        document INTEGER REFERENCES documents (id),
        source INTEGER NOT NULL REFERENCES sources (id),
        basis TEXT NOT NULL,
        title TEXT NOT NULL,
        kind TEXT NOT NULL,
        significance TEXT NOT NULL,
        confirmation TEXT NOT NULL,
        headline TEXT NOT NULL,
        reason TEXT NOT NULL,
        flags TEXT NOT NULL,
        effective TEXT,
        before_version INTEGER REFERENCES versions (id),
        after_version INTEGER REFERENCES versions (id),
        reverts TEXT,
        observed_from TEXT,
        observed_to TEXT NOT NULL,
        confirmed_at TEXT,
        origin TEXT NOT NULL,
        rules TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE change_passages (
        id INTEGER PRIMARY KEY,
        change INTEGER NOT NULL REFERENCES changes (id) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        op TEXT NOT NULL,
        significance TEXT NOT NULL,
        anchor_before TEXT NOT NULL,
        anchor TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL,
        spans TEXT NOT NULL,
        deltas TEXT NOT NULL,
        reason TEXT NOT NULL,
        UNIQUE (change, seq)
    ) STRICT""",
    """CREATE TABLE licence_tags (
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
    """CREATE TABLE licences (
        id INTEGER PRIMARY KEY,
        licence_id TEXT NOT NULL UNIQUE,
        parent TEXT NOT NULL,
        zh TEXT NOT NULL,
        en TEXT NOT NULL,
        aliases TEXT NOT NULL,
        regulator TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE incidents (
        id INTEGER PRIMARY KEY,
        incident_id TEXT NOT NULL UNIQUE,
        source INTEGER NOT NULL REFERENCES sources (id),
        page INTEGER REFERENCES pages (id),
        health TEXT NOT NULL,
        state TEXT NOT NULL,
        opened_at TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        closed_at TEXT,
        occurrences INTEGER NOT NULL,
        reasons TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE redirects (
        id INTEGER PRIMARY KEY,
        from_id TEXT NOT NULL UNIQUE,
        to_id TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('change', 'document')),
        page INTEGER NOT NULL REFERENCES pages (id)
    ) STRICT""",
)

HELPERS = (
    # What the ingest remembers of a page between runs; derived like everything else, of no interest to readers.
    """CREATE TABLE page_states (
        page INTEGER PRIMARY KEY REFERENCES pages (id),
        state TEXT NOT NULL,
        attention INTEGER NOT NULL,
        last_capture TEXT NOT NULL,
        high_water TEXT NOT NULL,
        applied TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE absences (
        id INTEGER PRIMARY KEY,
        page INTEGER NOT NULL REFERENCES pages (id),
        started_at TEXT NOT NULL,
        reached_at TEXT NOT NULL,
        last_good_at TEXT,
        key TEXT NOT NULL,
        origin TEXT NOT NULL,
        rules TEXT NOT NULL,
        UNIQUE (page, started_at)
    ) STRICT""",
    """CREATE TABLE cursors (
        id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        file TEXT NOT NULL,
        position INTEGER NOT NULL,
        UNIQUE (source, file)
    ) STRICT""",
)

DECIDED = (
    """CREATE TABLE decisions (
        id INTEGER PRIMARY KEY,
        decision_id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        said TEXT NOT NULL,
        at TEXT NOT NULL,
        about TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX decisions_by_subject ON decisions (subject)",
    # what captures and rules make of a change, before people had their say
    "ALTER TABLE changes ADD COLUMN found TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE changes ADD COLUMN found_at TEXT",
    "ALTER TABLE changes ADD COLUMN words_key TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE changes ADD COLUMN held_for TEXT NOT NULL DEFAULT ''",
)

RELATIONS = """CREATE TABLE relations (
    id INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    relation TEXT NOT NULL,
    title TEXT NOT NULL,
    number TEXT NOT NULL,
    core TEXT NOT NULL,
    number_key TEXT NOT NULL,
    target INTEGER REFERENCES documents (id) ON DELETE SET NULL,
    anchor TEXT NOT NULL,
    evidence TEXT NOT NULL,
    effective TEXT,
    change TEXT,
    UNIQUE (document, seq)
) STRICT"""

DIVERGENCES = """CREATE TABLE divergences (
    id INTEGER PRIMARY KEY,
    divergence_id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    page INTEGER NOT NULL REFERENCES pages (id),
    copy INTEGER NOT NULL REFERENCES pages (id),
    since TEXT NOT NULL,
    until TEXT,
    clauses TEXT NOT NULL,
    change TEXT
) STRICT"""

DECLARED = (
    "ALTER TABLE sources ADD COLUMN hosts TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE sources ADD COLUMN evidence TEXT NOT NULL DEFAULT '{}'",
)

EXPIRES = "ALTER TABLE versions ADD COLUMN expires TEXT"
"""The last day of a text that limits its own validity."""
