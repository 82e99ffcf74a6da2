-- What the agent remembers. Every write is one transaction, and all but that of
-- `sending` follow the cabinet's acknowledgement: a crash before it costs a repeat.

CREATE TABLE IF NOT EXISTS facts (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS kinds (
    kind         TEXT PRIMARY KEY,
    mark         TEXT,               -- last change mark that was acknowledged
    mark_type    INTEGER,
    full_scan_at INTEGER,            -- Unix seconds of the last whole reading
    fingerprint  TEXT                -- of the mapping at that time
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS records (
    kind        TEXT    NOT NULL,
    id          BLOB    NOT NULL,
    key         TEXT    NOT NULL,    -- in the source
    key_type    INTEGER NOT NULL,
    hash        BLOB    NOT NULL,    -- of the content sent; empty: to be sent again
    modified_at INTEGER NOT NULL,    -- of the content accepted last, Unix microseconds
    deleted     INTEGER NOT NULL,
    status      TEXT    NOT NULL,    -- accepted, stale, rejected, waiting, unanswered
    version     INTEGER NOT NULL,
    code        TEXT    NOT NULL DEFAULT '',
    errors      TEXT    NOT NULL DEFAULT '',  -- JSON of what the cabinet answered
    answered_at INTEGER NOT NULL,    -- Unix seconds
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS records_not_accepted ON records (kind, status) WHERE status <> 'accepted';

-- The batch that is on its way: what Acknowledge has not removed when the agent
-- starts may be in the cabinet or not.
CREATE TABLE IF NOT EXISTS sending (
    kind    TEXT NOT NULL,
    records BLOB NOT NULL            -- JSON
);

-- What the cabinet has sent, each record as it came last. It is written together
-- with the cursor of the feed: a crash before that costs a repeat.
CREATE TABLE IF NOT EXISTS received (
    arrival     INTEGER PRIMARY KEY AUTOINCREMENT,  -- a new one with every change: the order of handing over
    kind        TEXT    NOT NULL,
    id          BLOB    NOT NULL,
    version     INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,    -- Unix microseconds
    deleted     INTEGER NOT NULL,
    device_id   BLOB    NOT NULL,    -- who changed it
    data        TEXT    NOT NULL,
    reading     INTEGER NOT NULL,    -- of the feed, that has met it last
    waiting     INTEGER NOT NULL,    -- it is to be handed over
    handed      INTEGER NOT NULL,    -- version that was handed over last; 0: none
    UNIQUE (kind, id)
);

CREATE INDEX IF NOT EXISTS received_waiting ON received (kind, arrival) WHERE waiting;
