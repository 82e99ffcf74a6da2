-- +goose Up
-- Who works for the host's support. The host's own command says so, nobody else.
ALTER TABLE users ADD COLUMN is_staff boolean NOT NULL DEFAULT false;

-- +goose Down
ALTER TABLE users DROP COLUMN is_staff;
