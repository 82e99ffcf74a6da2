-- +goose Up
-- A device that has not told its time has a clock that is not known.
ALTER TABLE devices ALTER clock_skew_seconds DROP DEFAULT, ALTER clock_skew_seconds DROP NOT NULL;

-- +goose Down
ALTER TABLE devices NO FORCE ROW LEVEL SECURITY; -- the owner of the table writes all rows
UPDATE devices SET clock_skew_seconds = 0 WHERE clock_skew_seconds IS NULL;
ALTER TABLE devices FORCE ROW LEVEL SECURITY;
ALTER TABLE devices ALTER clock_skew_seconds SET DEFAULT 0, ALTER clock_skew_seconds SET NOT NULL;
