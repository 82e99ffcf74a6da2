-- +goose Up
-- Requests that make something, by the key that their sender gave them (Idempotency-Key):
-- for a day, the same key gets the same answer.
CREATE TABLE idempotency_keys (
    key_hash   bytea PRIMARY KEY, -- of who asks and the key: nobody finds another's
    created_at timestamptz NOT NULL,
    answer     bytea -- sealed, with what was asked; NULL: it is being answered, or was broken off
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- +goose Down
DROP TABLE idempotency_keys;
