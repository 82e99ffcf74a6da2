-- +goose Up
-- The records of one bucket are looked at where its digest differs: of a million documents,
-- those of a day.
CREATE INDEX records_buckets ON records (organization_id, kind, bucket, id);

-- +goose Down
DROP INDEX records_buckets;
