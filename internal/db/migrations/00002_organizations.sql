-- +goose Up
-- Everything below belongs to exactly one organization: primary keys and unique
-- indexes begin with organization_id, no foreign key crosses organizations, and
-- row-level security is forced on every table.

CREATE TABLE organizations (
    id                       uuid PRIMARY KEY,
    name                     text NOT NULL,
    time_zone                text NOT NULL,
    currency                 text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    default_delivery_minutes integer NOT NULL CHECK (default_delivery_minutes BETWEEN 0 AND 1440),
    -- Minutes after midnight at which a business day begins.
    day_starts_at            integer NOT NULL DEFAULT 0 CHECK (day_starts_at BETWEEN 0 AND 1439),
    legal_name               text NOT NULL DEFAULT '',
    tax_number               text NOT NULL DEFAULT '',
    address                  text NOT NULL DEFAULT '',
    phone                    text NOT NULL DEFAULT '',
    created_at               timestamptz NOT NULL DEFAULT now(),
    updated_at               timestamptz NOT NULL DEFAULT now(),
    archived_at              timestamptz
);

CREATE TABLE roles (
    organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    id              uuid NOT NULL,
    code            text NOT NULL DEFAULT '', -- of a built-in role; '' for an organization's own
    name            text NOT NULL DEFAULT '', -- of an organization's own role
    permissions     text[] NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX roles_code_key ON roles (organization_id, code) WHERE code <> '';

CREATE TABLE members (
    organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    user_id         uuid NOT NULL,
    role_id         uuid NOT NULL,
    is_owner        boolean NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, user_id),
    FOREIGN KEY (organization_id, role_id) REFERENCES roles (organization_id, id)
);
CREATE UNIQUE INDEX members_one_owner ON members (organization_id) WHERE is_owner;
CREATE INDEX members_user ON members (user_id);

CREATE TABLE licenses (
    organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    id              uuid NOT NULL,
    module          text NOT NULL CHECK (module IN ('delivery')),
    valid_until     timestamptz, -- NULL: never renewed
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX licenses_module_key ON licenses (organization_id, module);

-- The sync key: encrypted for showing it, hashed (SHA-256) for finding it.
CREATE TABLE sync_keys (
    organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    id              uuid NOT NULL,
    key_hash        bytea NOT NULL,
    key_encrypted   bytea NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    created_by      uuid NOT NULL,
    replaced_at     timestamptz,
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX sync_keys_current_key ON sync_keys (organization_id) WHERE replaced_at IS NULL;
CREATE INDEX sync_keys_hash ON sync_keys (key_hash) WHERE replaced_at IS NULL;

ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
ALTER TABLE roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE roles FORCE ROW LEVEL SECURITY;
ALTER TABLE members ENABLE ROW LEVEL SECURITY;
ALTER TABLE members FORCE ROW LEVEL SECURITY;
ALTER TABLE licenses ENABLE ROW LEVEL SECURITY;
ALTER TABLE licenses FORCE ROW LEVEL SECURITY;
ALTER TABLE sync_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE sync_keys FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant ON organizations USING (id = (SELECT app_organization()));
CREATE POLICY tenant ON roles USING (organization_id = (SELECT app_organization()));
CREATE POLICY tenant ON members USING (organization_id = (SELECT app_organization()));
CREATE POLICY tenant ON licenses USING (organization_id = (SELECT app_organization()));
CREATE POLICY tenant ON sync_keys USING (organization_id = (SELECT app_organization()));

-- A user may read to which organizations it belongs, and what those are called.
CREATE POLICY membership ON members FOR SELECT USING (user_id = (SELECT app_user()));
CREATE POLICY membership ON organizations FOR SELECT
    USING (id IN (SELECT m.organization_id FROM members m WHERE m.user_id = (SELECT app_user())));
CREATE POLICY membership ON roles FOR SELECT
    USING (organization_id IN (SELECT m.organization_id FROM members m WHERE m.user_id = (SELECT app_user())));

-- Whoever knows a key may find the row of just that key.
CREATE POLICY holder ON sync_keys FOR SELECT USING (key_hash = (SELECT app_sync_key_hash()));

-- +goose Down
DROP TABLE sync_keys, licenses, members, roles, organizations;
