-- +goose Up
-- A rejection keeps the change byte for byte as it was sent, so that it can be
-- tried again when a rule has changed, and the number of the rules that refused it.
ALTER TABLE rejections NO FORCE ROW LEVEL SECURITY; -- the owner of the table rewrites all rows
ALTER TABLE rejections
    ADD COLUMN sent text,
    ADD COLUMN size bigint, -- bytes of sent and errors
    ADD COLUMN rules integer; -- NULL: it is not tried again, since an older cabinet did not keep all of it

-- An id that is a UUID has one spelling: the later of two rejections stays.
DELETE FROM rejections r USING rejections n
WHERE r.organization_id = n.organization_id AND r.kind = n.kind AND lower(r.record_id) = lower(n.record_id)
    AND r.record_id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    AND (r.last_rejected_at, r.record_id) < (n.last_rejected_at, n.record_id);
UPDATE rejections SET
    record_id = CASE WHEN record_id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN lower(record_id) ELSE record_id END,
    sent = '{"kind":' || to_json(kind) || ',"id":' || to_json(record_id)
        || coalesce(',"modified_at":"' || to_char(modified_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', '')
        || CASE WHEN deleted THEN ',"deleted":true' ELSE '' END
        || ',"data":' || data || '}',
    rules = CASE WHEN modified_at IS NULL
        OR errors @> '[{"field":"deleted"}]' OR errors @> '[{"field":"base_version"}]'
        OR errors @> '[{"code":"nul_character"}]' OR errors @> '[{"code":"number_precision"}]'
        OR errors @> '[{"code":"duplicate_field"}]' THEN NULL ELSE 0 END;
UPDATE rejections SET size = octet_length(sent) + octet_length(errors::text);

ALTER TABLE rejections
    ALTER COLUMN sent SET NOT NULL,
    ALTER COLUMN size SET NOT NULL,
    DROP COLUMN data;
ALTER TABLE rejections FORCE ROW LEVEL SECURITY;

-- +goose Down
ALTER TABLE rejections NO FORCE ROW LEVEL SECURITY;
ALTER TABLE rejections ADD COLUMN data text;
UPDATE rejections SET data = coalesce((replace(sent, '\u0000', '\ufffd')::json -> 'data')::text, 'null'); -- PostgreSQL's json reads no NUL
ALTER TABLE rejections
    ALTER COLUMN data SET NOT NULL,
    DROP COLUMN sent, DROP COLUMN size, DROP COLUMN rules;
ALTER TABLE rejections FORCE ROW LEVEL SECURITY;
