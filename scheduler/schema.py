"""The tables of ops.db. Each migration is applied once, in order; ``PRAGMA user_version`` counts them."""

from __future__ import annotations

MIGRATIONS = (
    """
    CREATE TABLE channels (
      id TEXT PRIMARY KEY, settings TEXT NOT NULL CHECK (json_valid(settings)),
      state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled')),
      state_reason TEXT NOT NULL DEFAULT '', created_at TEXT NOT NULL) STRICT;
    CREATE TABLE subscriptions (
      id TEXT PRIMARY KEY, settings TEXT NOT NULL CHECK (json_valid(settings)),
      active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)), created_at TEXT NOT NULL) STRICT;
    CREATE TABLE considered (   -- confirmed live changes that were matched once, with or without a subscriber
      change TEXT PRIMARY KEY, page TEXT NOT NULL, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE holds (        -- late notices: changes that only a re-reading revealed wait for a person
      change TEXT PRIMARY KEY, reason TEXT NOT NULL, since TEXT NOT NULL,
      released_at TEXT, released_by TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
    CREATE TABLE activity (     -- when we last tried: crawls by source, second looks by page
      what TEXT NOT NULL, key TEXT NOT NULL, at TEXT NOT NULL, failed INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (what, key)) STRICT, WITHOUT ROWID;
    CREATE TABLE alerts (       -- one message about one thing for one subscriber
      id TEXT PRIMARY KEY, kind TEXT NOT NULL, about TEXT NOT NULL, number INTEGER NOT NULL DEFAULT 1,
      subscription TEXT NOT NULL, page TEXT NOT NULL DEFAULT '', created_at TEXT NOT NULL,
      subject TEXT NOT NULL, body TEXT NOT NULL, short TEXT NOT NULL, facts TEXT NOT NULL CHECK (json_valid(facts)),
      UNIQUE (kind, about, number, subscription)) STRICT;
    CREATE INDEX alerts_page ON alerts (page, created_at);
    CREATE TABLE digest_items ( -- changes that wait for the next digest of a subscriber
      change TEXT NOT NULL, subscription TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
      alert TEXT REFERENCES alerts (id), PRIMARY KEY (change, subscription)) STRICT, WITHOUT ROWID;
    CREATE TABLE deliveries (
      id TEXT PRIMARY KEY, alert TEXT NOT NULL REFERENCES alerts (id), channel TEXT NOT NULL REFERENCES channels (id),
      state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due_at TEXT, lease_until TEXT,
      detail TEXT NOT NULL DEFAULT '', changed_at TEXT NOT NULL, UNIQUE (alert, channel)) STRICT;
    CREATE INDEX deliveries_due ON deliveries (state, due_at);
    CREATE TABLE attempts (
      id INTEGER PRIMARY KEY, delivery TEXT NOT NULL REFERENCES deliveries (id), at TEXT NOT NULL,
      state TEXT NOT NULL, detail TEXT NOT NULL) STRICT;
    CREATE TABLE assessments (
      id INTEGER PRIMARY KEY, alert TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL,
      assessment TEXT NOT NULL, note TEXT NOT NULL DEFAULT '') STRICT;
    """,
    # second looks are noted by page from here on: a page that shows something new each time gives each time a change
    """
    ALTER TABLE activity ADD COLUMN times INTEGER NOT NULL DEFAULT 1;
    DELETE FROM activity WHERE what = 'look';
    """,
    # what a person decides is said in decisions/*.jsonl; the name beside it stays here. Words of what was told are
    # kept, to be shown when a new reading of the same captures does not find it any more
    """
    ALTER TABLE holds ADD COLUMN held_for TEXT NOT NULL DEFAULT 'revealed';
    ALTER TABLE considered ADD COLUMN words TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(words));
    CREATE TABLE decided (
      decision TEXT PRIMARY KEY, subject TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL,
      note TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
    """,
    # what subscribers hold, when each day of the calendar was first known here, and which of them are done
    """
    CREATE TABLE holdings (
      id TEXT PRIMARY KEY, subscription TEXT NOT NULL, kind TEXT NOT NULL, licence TEXT NOT NULL,
      number TEXT NOT NULL DEFAULT '', issuer TEXT NOT NULL DEFAULT '', province TEXT NOT NULL DEFAULT '',
      used_for TEXT NOT NULL DEFAULT '', counterparty TEXT NOT NULL DEFAULT '', expires_on TEXT NOT NULL DEFAULT '',
      lead_days INTEGER NOT NULL DEFAULT 90 CHECK (lead_days >= 0), note TEXT NOT NULL DEFAULT '',
      created_at TEXT NOT NULL) STRICT;
    CREATE INDEX holdings_of ON holdings (subscription);
    CREATE TABLE dates_known (
      event TEXT NOT NULL, day TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (event, day)) STRICT, WITHOUT ROWID;
    CREATE TABLE dates_done (   -- an empty subscription: for all of them
      event TEXT NOT NULL, day TEXT NOT NULL, subscription TEXT NOT NULL DEFAULT '', at TEXT NOT NULL,
      who TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
      PRIMARY KEY (event, day, subscription)) STRICT, WITHOUT ROWID;
    """,
    # what a subscription's settings said of holdings is from here on a row each
    """
    INSERT INTO holdings (id, subscription, kind, licence, number, expires_on, lead_days, created_at)
      SELECT 'ho-' || lower(hex(randomblob(6))), s.id, 'licence', h.value ->> '$.licence',
        coalesce(h.value ->> '$.number', ''),
        CASE WHEN date(h.value ->> '$.expires_on') = h.value ->> '$.expires_on'
          AND h.value ->> '$.expires_on' BETWEEN '1990' AND '2199-12-31' THEN h.value ->> '$.expires_on' ELSE '' END,
        min(coalesce(h.value ->> '$.renew_days', 90), 1095), s.created_at
      FROM subscriptions AS s, json_each(s.settings, '$.holdings') AS h;
    UPDATE subscriptions SET settings = json_remove(settings, '$.holdings');
    """,
    # the licence types each change was matched with (null: not noted yet), and those that it got afterwards
    """
    ALTER TABLE considered ADD COLUMN licences TEXT;
    CREATE TABLE newly_tagged (
      change TEXT NOT NULL, licence TEXT NOT NULL, person INTEGER NOT NULL, since TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'released', 'told', 'dropped')),
      PRIMARY KEY (change, licence)) STRICT, WITHOUT ROWID;
    """,
)
