-- +goose Up
-- What ANALYZE reads, whoever pushes next waits for. A sample of a third tells the plans of a
-- young table enough; autovacuum takes the whole one later.
ALTER FUNCTION analyze_grown() SET default_statistics_target = 30;

-- Nothing looks a record up by what it holds, nor by its hashes: no plan needs to know them.
ALTER TABLE records ALTER COLUMN data SET STATISTICS 0, ALTER COLUMN hash SET STATISTICS 0, ALTER COLUMN chain SET STATISTICS 0;
ALTER TABLE record_history ALTER COLUMN data SET STATISTICS 0, ALTER COLUMN hash SET STATISTICS 0, ALTER COLUMN chain SET STATISTICS 0;

-- +goose Down
ALTER TABLE record_history ALTER COLUMN data SET STATISTICS -1, ALTER COLUMN hash SET STATISTICS -1, ALTER COLUMN chain SET STATISTICS -1;
ALTER TABLE records ALTER COLUMN data SET STATISTICS -1, ALTER COLUMN hash SET STATISTICS -1, ALTER COLUMN chain SET STATISTICS -1;
ALTER FUNCTION analyze_grown() RESET default_statistics_target;
