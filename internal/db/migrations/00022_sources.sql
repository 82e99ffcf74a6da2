-- +goose Up
-- The databases that an organization's records come from. Ids of records are made
-- of a source's id, so that two databases which both count from 1 never claim the
-- same ones; that of the first source is the organization's own.
CREATE TABLE sources (
    organization_id uuid NOT NULL,
    id              uuid NOT NULL,
    name            text NOT NULL,
    evidence        text NOT NULL DEFAULT '', -- by what its devices know it again: theirs, and opaque here
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX sources_name_key ON sources (organization_id, lower(name));

ALTER TABLE devices ADD COLUMN source_id uuid; -- what it synchronizes; NULL: it has not said so

ALTER TABLE sources ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON sources USING (organization_id = (SELECT app_organization()));

-- What agents have sent until now was made of the organization's id alone.
ALTER TABLE devices NO FORCE ROW LEVEL SECURITY; -- the owner of the table reads and writes all rows
INSERT INTO sources SELECT DISTINCT organization_id, organization_id, 'main', '', now() FROM devices WHERE agent = 'interpos-agent';
UPDATE devices SET source_id = organization_id WHERE agent = 'interpos-agent';
ALTER TABLE devices FORCE ROW LEVEL SECURITY;
ALTER TABLE sources FORCE ROW LEVEL SECURITY;

-- +goose Down
ALTER TABLE devices DROP COLUMN source_id;
DROP TABLE sources;
