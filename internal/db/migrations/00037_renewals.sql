-- +goose Up
ALTER TABLE licenses
    ADD COLUMN anchor_day smallint CHECK (anchor_day BETWEEN 1 AND 31), -- day of the month that the paid time began on; NULL: nothing was paid yet
    ADD COLUMN trial_at   timestamptz;                                  -- when the trial was taken; NULL: not yet

-- Renewals, each by its number, which the operator's books go by. None is ever removed.
CREATE TABLE renewals (
    organization_id uuid NOT NULL REFERENCES organizations,
    id              uuid NOT NULL,
    license_id      uuid NOT NULL,
    number          bigint NOT NULL CHECK (number > 0),
    months          smallint NOT NULL CHECK (months IN (1, 3, 6, 12)),
    price           numeric(18, 4) NOT NULL CHECK (price > 0),
    currency        text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    status          text NOT NULL CHECK (status IN ('pending', 'confirmed', 'declined', 'withdrawn')),
    requested_by    uuid NOT NULL,
    requested_at    timestamptz NOT NULL,
    decided_at      timestamptz,
    valid_until     timestamptz, -- the license's end, as this renewal has moved it
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, license_id) REFERENCES licenses (organization_id, id),
    CHECK ((status = 'pending') = (decided_at IS NULL)),
    CHECK ((status = 'confirmed') = (valid_until IS NOT NULL))
);
CREATE UNIQUE INDEX renewals_number_key ON renewals (organization_id, number);
CREATE UNIQUE INDEX renewals_one_pending_key ON renewals (organization_id, license_id) WHERE status = 'pending';
CREATE INDEX renewals_number ON renewals (number);
ALTER TABLE renewals ENABLE ROW LEVEL SECURITY;
ALTER TABLE renewals FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON renewals USING (organization_id = (SELECT app_organization()));
-- The operator decides of renewals by their numbers, of whichever organization they are.
CREATE POLICY background ON renewals FOR SELECT USING ((SELECT app_system()));

-- The last number that was given to a renewal: one row, which whoever takes the next one locks
-- until the renewal is there, so that no number is left out.
CREATE TABLE renewal_counter (
    id   boolean PRIMARY KEY DEFAULT true CHECK (id),
    last bigint NOT NULL
);
INSERT INTO renewal_counter (last) VALUES (0);

-- +goose Down
DROP TABLE renewal_counter, renewals;
ALTER TABLE licenses DROP COLUMN trial_at, DROP COLUMN anchor_day;
