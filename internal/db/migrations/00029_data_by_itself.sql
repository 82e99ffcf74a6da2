-- +goose Up
-- Tables of data hang on no table of accounts, and their policies compare columns with settings
-- and nothing else: a distributing engine carries them (decision 48).
ALTER TABLE feeds DROP CONSTRAINT feeds_organization_id_fkey;
ALTER TABLE projection_cursors DROP CONSTRAINT projection_cursors_organization_id_fkey;

ALTER POLICY tenant ON feeds USING (organization_id = app_organization());
ALTER POLICY tenant ON records USING (organization_id = app_organization());
ALTER POLICY tenant ON rejections USING (organization_id = app_organization());
ALTER POLICY tenant ON devices USING (organization_id = app_organization());
ALTER POLICY tenant ON projection_cursors USING (organization_id = app_organization());
ALTER POLICY tenant ON record_history USING (organization_id = app_organization());
ALTER POLICY tenant ON history_cuts USING (organization_id = app_organization());
ALTER POLICY tenant ON sync_usage USING (organization_id = app_organization());
ALTER POLICY tenant ON feed_marks USING (organization_id = app_organization());
ALTER POLICY tenant ON sources USING (organization_id = app_organization());
ALTER POLICY background ON feeds USING (app_system());
ALTER POLICY background ON projection_cursors USING (app_system());
ALTER POLICY background ON sync_usage USING (app_system());

-- The generation that a transaction sees and writes. One that names none sees no row.
CREATE OR REPLACE FUNCTION app_generation() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('app.generation', true), '')::integer
$$;
ALTER POLICY tenant ON directory_entries USING (organization_id = app_organization() AND generation = app_generation());
ALTER POLICY tenant ON deleted_entries USING (organization_id = app_organization() AND generation = app_generation());
ALTER POLICY tenant ON documents USING (organization_id = app_organization() AND generation = app_generation());
ALTER POLICY tenant ON sales USING (organization_id = app_organization() AND generation = app_generation());
ALTER POLICY tenant ON sale_lines USING (organization_id = app_organization() AND generation = app_generation());
ALTER POLICY tenant ON sale_payments USING (organization_id = app_organization() AND generation = app_generation());

-- +goose Down
ALTER POLICY tenant ON directory_entries USING (organization_id = (SELECT app_organization()) AND generation = (SELECT app_generation()));
ALTER POLICY tenant ON deleted_entries USING (organization_id = (SELECT app_organization()) AND generation = (SELECT app_generation()));
ALTER POLICY tenant ON documents USING (organization_id = (SELECT app_organization()) AND generation = (SELECT app_generation()));
ALTER POLICY tenant ON sales USING (organization_id = (SELECT app_organization()) AND generation = (SELECT app_generation()));
ALTER POLICY tenant ON sale_lines USING (organization_id = (SELECT app_organization()) AND generation = (SELECT app_generation()));
ALTER POLICY tenant ON sale_payments USING (organization_id = (SELECT app_organization()) AND generation = (SELECT app_generation()));
CREATE OR REPLACE FUNCTION app_generation() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('app.generation', true), '')::integer,
        (SELECT c.generation FROM projection_cursors c WHERE c.organization_id = app_organization() AND c.state = 'live'))
$$;
ALTER POLICY background ON feeds USING ((SELECT app_system()));
ALTER POLICY background ON projection_cursors USING ((SELECT app_system()));
ALTER POLICY background ON sync_usage USING ((SELECT app_system()));
ALTER POLICY tenant ON feeds USING (organization_id = (SELECT app_organization()));
ALTER POLICY tenant ON records USING (organization_id = (SELECT app_organization()));
ALTER POLICY tenant ON rejections USING (organization_id = (SELECT app_organization()));
ALTER POLICY tenant ON devices USING (organization_id = (SELECT app_organization()));
ALTER POLICY tenant ON projection_cursors USING (organization_id = (SELECT app_organization()));
ALTER POLICY tenant ON record_history USING (organization_id = (SELECT app_organization()));
ALTER POLICY tenant ON history_cuts USING (organization_id = (SELECT app_organization()));
ALTER POLICY tenant ON sync_usage USING (organization_id = (SELECT app_organization()));
ALTER POLICY tenant ON feed_marks USING (organization_id = (SELECT app_organization()));
ALTER POLICY tenant ON sources USING (organization_id = (SELECT app_organization()));

-- A key demands of every row that its organization is there.
ALTER TABLE organizations NO FORCE ROW LEVEL SECURITY; -- the owner of the tables reads and writes all rows
ALTER TABLE feeds NO FORCE ROW LEVEL SECURITY;
ALTER TABLE projection_cursors NO FORCE ROW LEVEL SECURITY;
DELETE FROM feeds f WHERE NOT EXISTS (SELECT FROM organizations o WHERE o.id = f.organization_id);
DELETE FROM projection_cursors c WHERE NOT EXISTS (SELECT FROM organizations o WHERE o.id = c.organization_id);
ALTER TABLE projection_cursors ADD FOREIGN KEY (organization_id) REFERENCES organizations ON DELETE CASCADE;
ALTER TABLE feeds ADD FOREIGN KEY (organization_id) REFERENCES organizations ON DELETE CASCADE;
ALTER TABLE projection_cursors FORCE ROW LEVEL SECURITY;
ALTER TABLE feeds FORCE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
