-- +goose Up
-- The feed of an organization: the number of its newest change. A push takes its
-- numbers under a lock on this row, held until its commit, so that numbers
-- become visible in their order.
CREATE TABLE feeds (
    organization_id uuid PRIMARY KEY REFERENCES organizations ON DELETE CASCADE,
    epoch           uuid NOT NULL, -- a new one when the feed can no longer be continued
    head            bigint NOT NULL DEFAULT 0
);

-- The only truth of synchronized data. A record stands here once, at its latest
-- change; `data` is its canonical JSON (RFC 8785), which the hash covers and a
-- pull hands on untouched.
CREATE TABLE records (
    organization_id uuid NOT NULL,
    kind            text NOT NULL,
    id              uuid NOT NULL,
    seq             bigint NOT NULL,
    version         bigint NOT NULL,
    modified_at     timestamptz NOT NULL,
    received_at     timestamptz NOT NULL DEFAULT now(),
    device_id       uuid NOT NULL,
    deleted         boolean NOT NULL,
    bucket          text NOT NULL, -- of its digest: a day of documents, the first byte of a directory's id
    hash            bytea NOT NULL,
    data            text NOT NULL,
    PRIMARY KEY (organization_id, kind, id)
);
CREATE UNIQUE INDEX records_feed_key ON records (organization_id, seq);

-- Pushed records that broke a rule, whole, until a later good version of the
-- same record heals them. `record_id` is what was sent, be it a UUID or not.
CREATE TABLE rejections (
    organization_id   uuid NOT NULL,
    kind              text NOT NULL,
    record_id         text NOT NULL,
    device_id         uuid NOT NULL,
    code              text NOT NULL,
    errors            jsonb NOT NULL,
    modified_at       timestamptz,
    deleted           boolean NOT NULL DEFAULT false,
    data              text NOT NULL, -- as it was sent
    attempts          integer NOT NULL DEFAULT 1,
    first_rejected_at timestamptz NOT NULL DEFAULT now(),
    last_rejected_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, kind, record_id)
);

-- An installation that synchronizes; its first hello registers it.
CREATE TABLE devices (
    organization_id    uuid NOT NULL,
    id                 uuid NOT NULL,
    name               text NOT NULL DEFAULT '',
    agent              text NOT NULL DEFAULT '',
    agent_version      text NOT NULL DEFAULT '',
    clock_skew_seconds bigint NOT NULL DEFAULT 0,
    first_seen_at      timestamptz NOT NULL DEFAULT now(),
    last_seen_at       timestamptz NOT NULL DEFAULT now(),
    last_push_at       timestamptz,
    last_pull_at       timestamptz,
    PRIMARY KEY (organization_id, id)
);

ALTER TABLE feeds ENABLE ROW LEVEL SECURITY;
ALTER TABLE feeds FORCE ROW LEVEL SECURITY;
ALTER TABLE records ENABLE ROW LEVEL SECURITY;
ALTER TABLE records FORCE ROW LEVEL SECURITY;
ALTER TABLE rejections ENABLE ROW LEVEL SECURITY;
ALTER TABLE rejections FORCE ROW LEVEL SECURITY;
ALTER TABLE devices ENABLE ROW LEVEL SECURITY;
ALTER TABLE devices FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant ON feeds USING (organization_id = (SELECT app_organization()));
CREATE POLICY tenant ON records USING (organization_id = (SELECT app_organization()));
CREATE POLICY tenant ON rejections USING (organization_id = (SELECT app_organization()));
CREATE POLICY tenant ON devices USING (organization_id = (SELECT app_organization()));
-- Background work looks for feeds that are ahead of their projections.
CREATE POLICY background ON feeds FOR SELECT USING ((SELECT app_system()));

-- +goose Down
DROP TABLE devices, rejections, records, feeds;
