-- +goose Up
-- What lists show of the documents of warehouses and of deliveries.
ALTER TABLE documents
    ADD COLUMN warehouse_id    uuid, -- transfer: from_warehouse_id
    ADD COLUMN to_warehouse_id uuid,
    ADD COLUMN customer_name   text NOT NULL DEFAULT '', -- delivery order: as it was written down
    ADD COLUMN placed_at       timestamptz, -- delivery order
    ADD COLUMN promised_at     timestamptz, -- NULL: by the organization's default delivery time
    ADD COLUMN delivered_at    timestamptz;
ALTER TABLE documents ALTER customer_name DROP DEFAULT;

-- +goose Down
ALTER TABLE documents
    DROP COLUMN warehouse_id, DROP COLUMN to_warehouse_id, DROP COLUMN customer_name,
    DROP COLUMN placed_at, DROP COLUMN promised_at, DROP COLUMN delivered_at;
