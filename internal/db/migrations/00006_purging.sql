-- +goose Up
-- The greatest number that a purged tombstone had: who read less of the feed has
-- missed that deletion for good.
ALTER TABLE feeds ADD COLUMN purged_seq bigint NOT NULL DEFAULT 0;
CREATE INDEX records_tombstones ON records (organization_id, kind, received_at) WHERE deleted;

-- +goose Down
DROP INDEX records_tombstones;
ALTER TABLE feeds DROP COLUMN purged_seq;
