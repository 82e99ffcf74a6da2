-- +goose Up
-- Every earlier version of a record that has changed. Documents keep theirs for
-- good, directories for a set time.
CREATE TABLE record_history (
    organization_id uuid NOT NULL,
    kind            text NOT NULL,
    id              uuid NOT NULL,
    version         bigint NOT NULL,
    seq             bigint NOT NULL,
    modified_at     timestamptz NOT NULL,
    received_at     timestamptz NOT NULL,
    device_id       uuid NOT NULL,
    deleted         boolean NOT NULL,
    hash            bytea NOT NULL,
    data            text NOT NULL,
    chain           bytea NOT NULL, -- over this version and the chain of the version before: see record_chain
    PRIMARY KEY (organization_id, kind, id, version)
);
CREATE INDEX record_history_age ON record_history (organization_id, kind, received_at);

-- Where a record's history no longer goes back to its first version: the newest
-- version that was removed, and the chain up to it. 32 zero bytes, where a
-- chain begins, say that the versions before were never kept.
CREATE TABLE history_cuts (
    organization_id uuid NOT NULL,
    kind            text NOT NULL,
    id              uuid NOT NULL,
    version         bigint NOT NULL,
    chain           bytea NOT NULL,
    PRIMARY KEY (organization_id, kind, id)
);

ALTER TABLE record_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE record_history FORCE ROW LEVEL SECURITY;
ALTER TABLE history_cuts ENABLE ROW LEVEL SECURITY;
ALTER TABLE history_cuts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON record_history USING (organization_id = (SELECT app_organization()));
CREATE POLICY tenant ON history_cuts USING (organization_id = (SELECT app_organization()));

-- The chain of a version, as internal/sync makes it. Times are microseconds since 1970.
CREATE FUNCTION record_chain(before bytea, organization uuid, kind text, id uuid, version bigint, seq bigint,
    modified_at timestamptz, received_at timestamptz, device uuid, deleted boolean, hash bytea) RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(before || uuid_send(organization) || uuid_send(id) || int8send(version) || int8send(seq)
        || int8send((extract(epoch FROM modified_at) * 1000000)::bigint)
        || int8send((extract(epoch FROM received_at) * 1000000)::bigint)
        || uuid_send(device) || boolsend(deleted) || hash || convert_to(kind, 'UTF8'))
$$;

-- The head of each record's chain: it covers the version that stands in records.
ALTER TABLE records ADD COLUMN chain bytea;
-- What was there before has no earlier versions. Row-level security would hide it
-- from the owner of the table.
ALTER TABLE records NO FORCE ROW LEVEL SECURITY;
ALTER TABLE history_cuts NO FORCE ROW LEVEL SECURITY;
INSERT INTO history_cuts
    SELECT organization_id, kind, id, version - 1, decode(repeat('00', 32), 'hex') FROM records WHERE version > 1;
UPDATE records SET chain = record_chain(decode(repeat('00', 32), 'hex'), organization_id, kind, id, version, seq,
    modified_at, received_at, device_id, deleted, hash);
ALTER TABLE records FORCE ROW LEVEL SECURITY;
ALTER TABLE history_cuts FORCE ROW LEVEL SECURITY;
ALTER TABLE records ALTER chain SET NOT NULL;

-- +goose Down
ALTER TABLE records DROP COLUMN chain;
DROP FUNCTION record_chain(bytea, uuid, text, uuid, bigint, bigint, timestamptz, timestamptz, uuid, boolean, bytea);
DROP TABLE history_cuts, record_history;
