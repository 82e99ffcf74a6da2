-- +goose Up
-- The records of one bucket are looked at where its digest differs: of a million documents,
-- those of a day. Without their ids the index is small, and costs a push half of what it would.
-- For tables without statistics it looks as good as the primary key for finding a record by
-- its id, and is a thousand times slower at it: no statement that does not speak of buckets
-- can take it.
CREATE INDEX records_buckets ON records (organization_id, kind, bucket) WHERE bucket <> '';

-- +goose Down
DROP INDEX records_buckets;
