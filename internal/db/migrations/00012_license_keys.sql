-- +goose Up
-- The key pairs (Ed25519) that license tokens are signed with; they belong to the
-- server, not to an organization. One signs; a retired one stays until the last
-- token that it has signed has expired. The private key is sealed with the
-- server's secret.
CREATE TABLE license_keys (
    id          text PRIMARY KEY, -- the public key's thumbprint (RFC 7638): `kid` of tokens
    public_key  bytea NOT NULL,
    private_key bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    retired_at  timestamptz -- NULL: it signs
);
CREATE UNIQUE INDEX license_keys_one_signs ON license_keys ((retired_at IS NULL)) WHERE retired_at IS NULL;

-- +goose Down
DROP TABLE license_keys;
