-- +goose Up
-- Projections: pure functions of the feed, for lists and reports. They may be
-- emptied and replayed from `records` at any time.

-- The order of names and numbers on screens: that of the Unicode root, so that
-- Cyrillic sorts as a reader expects, in either case, and 9 stands before 10.
CREATE COLLATION reading_order (provider = icu, locale = 'und-u-kn-true');

-- How far an organization's projections have followed its feed, and what they
-- were made with. Rows made of another epoch of the feed, in another shape, or
-- with another time zone or day start, are emptied and replayed.
CREATE TABLE projection_cursors (
    organization_id uuid PRIMARY KEY REFERENCES organizations ON DELETE CASCADE,
    seq             bigint NOT NULL DEFAULT 0,
    epoch           uuid NOT NULL,
    shape           integer NOT NULL,
    time_zone       text NOT NULL,
    day_starts_at   integer NOT NULL
);

-- One row a directory record that is not deleted.
CREATE TABLE directory_entries (
    organization_id uuid NOT NULL,
    kind            text NOT NULL,
    id              uuid NOT NULL,
    name            text NOT NULL COLLATE reading_order,
    code            text NOT NULL DEFAULT '' COLLATE reading_order,
    group_id        uuid, -- product: group_id; product_group: parent_id
    archived        boolean NOT NULL DEFAULT false, -- archived product, dismissed employee
    search          text NOT NULL, -- folded: name, code, phone, e-mail, bar codes, …
    PRIMARY KEY (organization_id, kind, id)
);
CREATE INDEX directory_entries_name ON directory_entries (organization_id, kind, name, id);
-- A name is looked up by id alone: ids are unique over kinds in practice, not by rule.
CREATE INDEX directory_entries_id ON directory_entries (organization_id, id);

-- One row a document that is not deleted.
CREATE TABLE documents (
    organization_id uuid NOT NULL,
    kind            text NOT NULL,
    id              uuid NOT NULL,
    number          text NOT NULL COLLATE reading_order,
    occurred_at     timestamptz NOT NULL,
    business_day    date NOT NULL,
    outlet_id       uuid,
    employee_id     uuid,
    status          text NOT NULL DEFAULT '',
    type            text NOT NULL DEFAULT '', -- receipt: sale, refund
    total           numeric, -- NULL where the kind has none
    counterparty_id uuid, -- receipt: customer; purchase: supplier
    shift_id        uuid,
    refund_of_id    uuid,
    search          text NOT NULL, -- folded: number, fiscal number, supplier's number, note
    PRIMARY KEY (organization_id, kind, id)
);
CREATE INDEX documents_time ON documents (organization_id, kind, occurred_at, id);
CREATE INDEX documents_day ON documents (organization_id, kind, business_day);
CREATE INDEX documents_id ON documents (organization_id, id);
CREATE INDEX documents_refund_of ON documents (organization_id, refund_of_id) WHERE refund_of_id IS NOT NULL;

-- One row a closed receipt, with the amounts of the measures. `sign` is 1 for a
-- sale and -1 for a refund; a refund's amounts are positive here.
CREATE TABLE sales (
    organization_id uuid NOT NULL,
    receipt_id      uuid NOT NULL,
    business_day    date NOT NULL,
    hour            smallint NOT NULL, -- of the organization's local time, 0–23
    occurred_at     timestamptz NOT NULL,
    sign            smallint NOT NULL,
    outlet_id       uuid,
    shift_id        uuid,
    gross           numeric NOT NULL, -- Σ quantity × price as rounded on the lines, modifiers included
    discounts       numeric NOT NULL, -- line discounts + receipt discount
    tax             numeric NOT NULL,
    tip             numeric NOT NULL,
    cost            numeric NOT NULL,
    guests          bigint NOT NULL,
    PRIMARY KEY (organization_id, receipt_id)
);
CREATE INDEX sales_day ON sales (organization_id, business_day);
CREATE INDEX sales_shift ON sales (organization_id, shift_id) WHERE shift_id IS NOT NULL;

-- One row a line of a closed receipt, carrying its own day.
CREATE TABLE sale_lines (
    organization_id uuid NOT NULL,
    receipt_id      uuid NOT NULL,
    position        integer NOT NULL,
    business_day    date NOT NULL,
    sign            smallint NOT NULL,
    outlet_id       uuid,
    product_id      uuid NOT NULL,
    name            text NOT NULL, -- as sold
    quantity        numeric NOT NULL,
    gross           numeric NOT NULL,
    discounts       numeric NOT NULL, -- its own and its share of the receipt's
    cost            numeric NOT NULL,
    leads           boolean NOT NULL, -- the first line of its product on its receipt
    PRIMARY KEY (organization_id, receipt_id, position)
);
CREATE INDEX sale_lines_day ON sale_lines (organization_id, business_day, product_id);

-- One row a payment of a closed receipt.
CREATE TABLE sale_payments (
    organization_id uuid NOT NULL,
    receipt_id      uuid NOT NULL,
    position        integer NOT NULL,
    business_day    date NOT NULL,
    sign            smallint NOT NULL,
    outlet_id       uuid,
    payment_type_id uuid NOT NULL,
    amount          numeric NOT NULL,
    PRIMARY KEY (organization_id, receipt_id, position)
);
CREATE INDEX sale_payments_day ON sale_payments (organization_id, business_day);

ALTER TABLE projection_cursors ENABLE ROW LEVEL SECURITY;
ALTER TABLE projection_cursors FORCE ROW LEVEL SECURITY;
ALTER TABLE directory_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE directory_entries FORCE ROW LEVEL SECURITY;
ALTER TABLE documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents FORCE ROW LEVEL SECURITY;
ALTER TABLE sales ENABLE ROW LEVEL SECURITY;
ALTER TABLE sales FORCE ROW LEVEL SECURITY;
ALTER TABLE sale_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE sale_lines FORCE ROW LEVEL SECURITY;
ALTER TABLE sale_payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE sale_payments FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant ON projection_cursors USING (organization_id = (SELECT app_organization()));
CREATE POLICY tenant ON directory_entries USING (organization_id = (SELECT app_organization()));
CREATE POLICY tenant ON documents USING (organization_id = (SELECT app_organization()));
CREATE POLICY tenant ON sales USING (organization_id = (SELECT app_organization()));
CREATE POLICY tenant ON sale_lines USING (organization_id = (SELECT app_organization()));
CREATE POLICY tenant ON sale_payments USING (organization_id = (SELECT app_organization()));
-- Background work looks for projections that are behind their feeds.
CREATE POLICY background ON projection_cursors FOR SELECT USING ((SELECT app_system()));

-- +goose Down
DROP TABLE sale_payments, sale_lines, sales, documents, directory_entries, projection_cursors;
DROP COLLATION reading_order;
