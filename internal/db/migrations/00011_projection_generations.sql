-- +goose Up
-- Projections are rebuilt beside those that readers see: rows carry the
-- generation that they belong to, and readers see the live one.
ALTER TABLE projection_cursors
    DROP CONSTRAINT projection_cursors_pkey,
    ADD COLUMN generation integer NOT NULL DEFAULT 1,
    ADD COLUMN state text NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'building', 'retired')),
    ADD PRIMARY KEY (organization_id, generation);
ALTER TABLE projection_cursors ALTER generation DROP DEFAULT, ALTER state DROP DEFAULT;
CREATE UNIQUE INDEX projection_cursors_live ON projection_cursors (organization_id) WHERE state = 'live';
CREATE UNIQUE INDEX projection_cursors_building ON projection_cursors (organization_id) WHERE state = 'building';

-- The generation that a transaction sees and writes: the one that it names, else the live one.
CREATE FUNCTION app_generation() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('app.generation', true), '')::integer,
        (SELECT c.generation FROM projection_cursors c WHERE c.organization_id = app_organization() AND c.state = 'live'))
$$;

ALTER TABLE directory_entries
    DROP CONSTRAINT directory_entries_pkey,
    ADD COLUMN generation integer NOT NULL DEFAULT 1,
    ADD PRIMARY KEY (organization_id, generation, kind, id);
ALTER TABLE documents
    DROP CONSTRAINT documents_pkey,
    ADD COLUMN generation integer NOT NULL DEFAULT 1,
    -- It came, or changed, after its business day was over.
    ADD COLUMN late boolean NOT NULL DEFAULT false,
    ADD PRIMARY KEY (organization_id, generation, kind, id);
ALTER TABLE sales
    DROP CONSTRAINT sales_pkey,
    ADD COLUMN generation integer NOT NULL DEFAULT 1,
    ADD COLUMN late boolean NOT NULL DEFAULT false,
    ADD PRIMARY KEY (organization_id, generation, receipt_id);
ALTER TABLE sale_lines
    DROP CONSTRAINT sale_lines_pkey,
    ADD COLUMN generation integer NOT NULL DEFAULT 1,
    ADD PRIMARY KEY (organization_id, generation, receipt_id, position);
ALTER TABLE sale_payments
    DROP CONSTRAINT sale_payments_pkey,
    ADD COLUMN generation integer NOT NULL DEFAULT 1,
    ADD PRIMARY KEY (organization_id, generation, receipt_id, position);
ALTER TABLE directory_entries ALTER generation DROP DEFAULT;
ALTER TABLE documents ALTER generation DROP DEFAULT, ALTER late DROP DEFAULT;
ALTER TABLE sales ALTER generation DROP DEFAULT, ALTER late DROP DEFAULT;
ALTER TABLE sale_lines ALTER generation DROP DEFAULT;
ALTER TABLE sale_payments ALTER generation DROP DEFAULT;

DROP INDEX directory_entries_name, directory_entries_id, documents_time, documents_day, documents_id,
    documents_refund_of, sales_day, sales_shift, sale_lines_day, sale_payments_day;
CREATE INDEX directory_entries_name ON directory_entries (organization_id, generation, kind, name, id);
CREATE INDEX directory_entries_id ON directory_entries (organization_id, generation, id);
CREATE INDEX documents_time ON documents (organization_id, generation, kind, occurred_at, id);
CREATE INDEX documents_day ON documents (organization_id, generation, kind, business_day);
CREATE INDEX documents_id ON documents (organization_id, generation, id);
CREATE INDEX documents_refund_of ON documents (organization_id, generation, refund_of_id) WHERE refund_of_id IS NOT NULL;
CREATE INDEX sales_day ON sales (organization_id, generation, business_day);
CREATE INDEX sales_shift ON sales (organization_id, generation, shift_id) WHERE shift_id IS NOT NULL;
CREATE INDEX sale_lines_day ON sale_lines (organization_id, generation, business_day, product_id);
CREATE INDEX sale_payments_day ON sale_payments (organization_id, generation, business_day);

DROP POLICY tenant ON directory_entries;
DROP POLICY tenant ON documents;
DROP POLICY tenant ON sales;
DROP POLICY tenant ON sale_lines;
DROP POLICY tenant ON sale_payments;
CREATE POLICY tenant ON directory_entries
    USING (organization_id = (SELECT app_organization()) AND generation = (SELECT app_generation()));
CREATE POLICY tenant ON documents
    USING (organization_id = (SELECT app_organization()) AND generation = (SELECT app_generation()));
CREATE POLICY tenant ON sales
    USING (organization_id = (SELECT app_organization()) AND generation = (SELECT app_generation()));
CREATE POLICY tenant ON sale_lines
    USING (organization_id = (SELECT app_organization()) AND generation = (SELECT app_generation()));
CREATE POLICY tenant ON sale_payments
    USING (organization_id = (SELECT app_organization()) AND generation = (SELECT app_generation()));

-- +goose Down
-- Projections are derived: the older version makes its own.
DELETE FROM projection_cursors;
TRUNCATE directory_entries, documents, sales, sale_lines, sale_payments;
DROP POLICY tenant ON directory_entries;
DROP POLICY tenant ON documents;
DROP POLICY tenant ON sales;
DROP POLICY tenant ON sale_lines;
DROP POLICY tenant ON sale_payments;
DROP FUNCTION app_generation();
ALTER TABLE projection_cursors DROP COLUMN generation, DROP COLUMN state, ADD PRIMARY KEY (organization_id);
ALTER TABLE directory_entries DROP COLUMN generation, ADD PRIMARY KEY (organization_id, kind, id);
ALTER TABLE documents DROP COLUMN generation, DROP COLUMN late, ADD PRIMARY KEY (organization_id, kind, id);
ALTER TABLE sales DROP COLUMN generation, DROP COLUMN late, ADD PRIMARY KEY (organization_id, receipt_id);
ALTER TABLE sale_lines DROP COLUMN generation, ADD PRIMARY KEY (organization_id, receipt_id, position);
ALTER TABLE sale_payments DROP COLUMN generation, ADD PRIMARY KEY (organization_id, receipt_id, position);
CREATE INDEX directory_entries_name ON directory_entries (organization_id, kind, name, id);
CREATE INDEX directory_entries_id ON directory_entries (organization_id, id);
CREATE INDEX documents_time ON documents (organization_id, kind, occurred_at, id);
CREATE INDEX documents_day ON documents (organization_id, kind, business_day);
CREATE INDEX documents_id ON documents (organization_id, id);
CREATE INDEX documents_refund_of ON documents (organization_id, refund_of_id) WHERE refund_of_id IS NOT NULL;
CREATE INDEX sales_day ON sales (organization_id, business_day);
CREATE INDEX sales_shift ON sales (organization_id, shift_id) WHERE shift_id IS NOT NULL;
CREATE INDEX sale_lines_day ON sale_lines (organization_id, business_day, product_id);
CREATE INDEX sale_payments_day ON sale_payments (organization_id, business_day);
CREATE POLICY tenant ON directory_entries USING (organization_id = (SELECT app_organization()));
CREATE POLICY tenant ON documents USING (organization_id = (SELECT app_organization()));
CREATE POLICY tenant ON sales USING (organization_id = (SELECT app_organization()));
CREATE POLICY tenant ON sale_lines USING (organization_id = (SELECT app_organization()));
CREATE POLICY tenant ON sale_payments USING (organization_id = (SELECT app_organization()));
