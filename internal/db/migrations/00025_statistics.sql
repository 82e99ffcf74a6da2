-- +goose Up
-- PostgreSQL makes plans by statistics, which its autovacuum gathers once a minute at the
-- best. A venue that sends its history in less has none by the time that it is read.

-- The tables that bulks go into are analyzed when they have grown by half. One process at a
-- time does so; ANALYZE is the owner's right.
-- +goose StatementBegin
CREATE FUNCTION analyze_grown() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    grown regclass;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('analyze_grown')) THEN
        RETURN;
    END IF;
    FOR grown IN SELECT c.oid FROM pg_class c
        WHERE c.oid IN ('records'::regclass, 'record_history'::regclass, 'directory_entries'::regclass, 'documents'::regclass,
            'sales'::regclass, 'sale_lines'::regclass, 'sale_payments'::regclass)
        AND pg_relation_size(c.oid) > (64 + 1.5 * c.relpages) * 8192 LOOP
        EXECUTE format('ANALYZE %s', grown);
    END LOOP;
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION analyze_grown() FROM PUBLIC;

-- +goose Down
DROP FUNCTION analyze_grown();
