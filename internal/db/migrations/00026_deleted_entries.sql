-- +goose Up
-- One row a deleted directory record whose last data is known: what refers to it is
-- still called by its name, and products stay in their group.
CREATE TABLE deleted_entries (
    organization_id uuid NOT NULL,
    generation      integer NOT NULL,
    kind            text NOT NULL,
    id              uuid NOT NULL,
    name            text NOT NULL COLLATE reading_order,
    group_id        uuid, -- as in directory_entries
    PRIMARY KEY (organization_id, generation, kind, id)
);
CREATE INDEX deleted_entries_id ON deleted_entries (organization_id, generation, id);
ALTER TABLE deleted_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE deleted_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deleted_entries
    USING (organization_id = (SELECT app_organization()) AND generation = (SELECT app_generation()));

-- What an id is called, deleted or not. Who reads it is checked, not its owner.
CREATE VIEW known_entries WITH (security_invoker = true) AS
    SELECT organization_id, kind, id, name, group_id, false AS deleted FROM directory_entries
    UNION ALL
    SELECT organization_id, kind, id, name, group_id, true FROM deleted_entries;

-- +goose Down
DROP VIEW known_entries;
DROP TABLE deleted_entries;
