-- +goose Up
-- The mark of a push that took numbers of the feed: random, so that a feed which
-- goes on from an older backup never makes the same one again. A cursor carries
-- the mark of the push that it stands in, and is served only while that is here.
ALTER TABLE feeds ADD COLUMN mark bigint NOT NULL DEFAULT 0; -- of the push that made the head; 0: none yet

CREATE TABLE feed_marks (
    organization_id uuid NOT NULL,
    seq             bigint NOT NULL, -- the last number of the push
    mark            bigint NOT NULL,
    marked_at       timestamptz NOT NULL,
    PRIMARY KEY (organization_id, seq)
);

ALTER TABLE feed_marks ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON feed_marks USING (organization_id = (SELECT app_organization()));

-- What is in a feed already counts as one push.
ALTER TABLE feeds NO FORCE ROW LEVEL SECURITY; -- the owner of the table reads and writes all rows
UPDATE feeds SET mark = ('x' || left(replace(gen_random_uuid()::text, '-', ''), 16))::bit(64)::bigint WHERE head > 0;
INSERT INTO feed_marks SELECT organization_id, head, mark, now() FROM feeds WHERE head > 0;
ALTER TABLE feeds FORCE ROW LEVEL SECURITY;
ALTER TABLE feed_marks FORCE ROW LEVEL SECURITY;

-- +goose Down
DROP TABLE feed_marks;
ALTER TABLE feeds DROP COLUMN mark;
