-- +goose Up
-- What a built-in role may do is computed by the server, so that a new section
-- reaches every organization; a row of such a role carries its code alone. Who owns
-- an organization is said by the role: is_owner, which lets no organization have two
-- owners, is held equal to it by the database.
ALTER TABLE roles NO FORCE ROW LEVEL SECURITY; -- the owner of the tables rewrites all rows
ALTER TABLE members NO FORCE ROW LEVEL SECURITY;

UPDATE roles SET permissions = '{}' WHERE code <> '';
ALTER TABLE roles
    ALTER permissions SET DEFAULT '{}',
    ADD CONSTRAINT roles_builtin_computed CHECK (code = '' OR permissions = '{}'),
    ADD COLUMN is_owner boolean NOT NULL GENERATED ALWAYS AS (code = 'owner') STORED,
    ADD CONSTRAINT roles_id_is_owner_key UNIQUE (organization_id, id, is_owner);

-- Where the two said different things, the member who was marked stays the owner;
-- without a mark, the first to have the role.
UPDATE members m SET is_owner = m.user_id = o.user_id
FROM (
    SELECT DISTINCT ON (m.organization_id) m.organization_id, m.user_id
    FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
    WHERE m.is_owner OR r.is_owner
    ORDER BY m.organization_id, m.is_owner DESC, m.created_at, m.user_id
) o
WHERE o.organization_id = m.organization_id AND m.is_owner <> (m.user_id = o.user_id);
UPDATE members m SET role_id = r.id
FROM roles r
WHERE r.organization_id = m.organization_id AND r.code = CASE WHEN m.is_owner THEN 'owner' ELSE 'manager' END
    AND m.is_owner <> (SELECT own.is_owner FROM roles own WHERE own.organization_id = m.organization_id AND own.id = m.role_id);

ALTER TABLE members
    DROP CONSTRAINT members_organization_id_role_id_fkey,
    ADD CONSTRAINT members_role_fkey FOREIGN KEY (organization_id, role_id, is_owner)
        REFERENCES roles (organization_id, id, is_owner);

ALTER TABLE roles FORCE ROW LEVEL SECURITY;
ALTER TABLE members FORCE ROW LEVEL SECURITY;

-- A user may read which modules the organizations that it belongs to may use.
CREATE POLICY membership ON licenses FOR SELECT
    USING (organization_id IN (SELECT m.organization_id FROM members m WHERE m.user_id = (SELECT app_user())));

-- +goose Down
-- The older version reads permissions from the rows: those of its own table.
ALTER TABLE roles NO FORCE ROW LEVEL SECURITY;
DROP POLICY membership ON licenses;
ALTER TABLE members
    DROP CONSTRAINT members_role_fkey,
    ADD FOREIGN KEY (organization_id, role_id) REFERENCES roles (organization_id, id);
ALTER TABLE roles
    DROP CONSTRAINT roles_id_is_owner_key,
    DROP COLUMN is_owner,
    DROP CONSTRAINT roles_builtin_computed,
    ALTER permissions DROP DEFAULT;
UPDATE roles SET permissions = CASE code
    WHEN 'owner' THEN ARRAY['organization:view', 'organization:edit', 'members:view', 'members:edit', 'licenses:view', 'licenses:edit',
        'sync:view', 'sync:edit', 'directories:view', 'directories:edit', 'documents:view', 'documents:edit',
        'deliveries:view', 'deliveries:edit', 'reports:view', 'reports:edit', 'history:view', 'history:edit',
        'integrations:view', 'integrations:edit']
    WHEN 'manager' THEN ARRAY['organization:view', 'organization:edit', 'sync:view', 'sync:edit', 'directories:view', 'directories:edit',
        'documents:view', 'documents:edit', 'deliveries:view', 'deliveries:edit', 'reports:view', 'reports:edit',
        'history:view', 'history:edit']
    WHEN 'accountant' THEN ARRAY['organization:view', 'directories:view', 'documents:view', 'reports:view']
    WHEN 'dispatcher' THEN ARRAY['organization:view', 'directories:view', 'deliveries:view', 'deliveries:edit']
    WHEN 'viewer' THEN ARRAY['organization:view', 'reports:view']
    ELSE '{}' END
WHERE code <> '';
ALTER TABLE roles FORCE ROW LEVEL SECURITY;
