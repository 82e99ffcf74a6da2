-- +goose Up
-- What each organization's sync key has used in the current minute, added up
-- over all server processes. It is worth nothing a minute later: unlogged.
CREATE UNLOGGED TABLE sync_usage (
    organization_id uuid PRIMARY KEY,
    minute          timestamptz NOT NULL,
    requests        bigint NOT NULL,
    bytes           bigint NOT NULL,
    records         bigint NOT NULL
);

ALTER TABLE sync_usage ENABLE ROW LEVEL SECURITY;
ALTER TABLE sync_usage FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant ON sync_usage USING (organization_id = (SELECT app_organization()));
-- The processes tell each other what they have counted, of all organizations at once.
CREATE POLICY background ON sync_usage USING ((SELECT app_system()));

-- +goose Down
DROP TABLE sync_usage;
