-- +goose Up
-- Measures with an identity: what was collected is net sales with all that stands beside
-- them. Amounts of a refund are positive, as those that there were. Rows of the
-- shape before keep their sense until they are made anew.
ALTER TABLE sales
    ADD COLUMN returned       numeric NOT NULL DEFAULT 0, -- of a sale: goods that came back within it
    ADD COLUMN service_charge numeric NOT NULL DEFAULT 0,
    ADD COLUMN tax_on_top     numeric NOT NULL DEFAULT 0, -- the part of tax that prices do not include
    ADD COLUMN rounding       numeric NOT NULL DEFAULT 0,
    ADD COLUMN unexplained    numeric NOT NULL DEFAULT 0, -- total − what the receipt's parts add up to
    ADD COLUMN unpaid         numeric NOT NULL DEFAULT 0, -- total − payments
    ADD COLUMN net_with_cost  numeric NOT NULL DEFAULT 0; -- the part of net sales whose cost is known
ALTER TABLE sales
    ALTER returned DROP DEFAULT, ALTER service_charge DROP DEFAULT, ALTER tax_on_top DROP DEFAULT, ALTER rounding DROP DEFAULT,
    ALTER unexplained DROP DEFAULT, ALTER unpaid DROP DEFAULT, ALTER net_with_cost DROP DEFAULT;

-- A line has its share of what the receipt has: products add up to sales. Without a
-- product it is known by its name; a receipt without lines has one line without either.
ALTER TABLE sale_lines
    ALTER product_id DROP NOT NULL,
    ADD COLUMN returned       numeric NOT NULL DEFAULT 0,
    ADD COLUMN service_charge numeric NOT NULL DEFAULT 0,
    ADD COLUMN tax            numeric NOT NULL DEFAULT 0,
    ADD COLUMN tax_on_top     numeric NOT NULL DEFAULT 0,
    ADD COLUMN tip            numeric NOT NULL DEFAULT 0,
    ADD COLUMN rounding       numeric NOT NULL DEFAULT 0,
    ADD COLUMN unexplained    numeric NOT NULL DEFAULT 0,
    ADD COLUMN unpaid         numeric NOT NULL DEFAULT 0,
    ADD COLUMN net_with_cost  numeric NOT NULL DEFAULT 0;
ALTER TABLE sale_lines
    ALTER returned DROP DEFAULT, ALTER service_charge DROP DEFAULT, ALTER tax DROP DEFAULT, ALTER tax_on_top DROP DEFAULT,
    ALTER tip DROP DEFAULT, ALTER rounding DROP DEFAULT, ALTER unexplained DROP DEFAULT, ALTER unpaid DROP DEFAULT,
    ALTER net_with_cost DROP DEFAULT;

-- What does not add up about a record, or is missing: [{code, path, expected, given}]; NULL: nothing.
-- The codes stand by themselves, each once and in order, with commas between: they are counted from their index.
ALTER TABLE documents ADD COLUMN remarks jsonb, ADD COLUMN remark_codes text NOT NULL DEFAULT '';
ALTER TABLE directory_entries ADD COLUMN remarks jsonb, ADD COLUMN remark_codes text NOT NULL DEFAULT '';
ALTER TABLE documents ALTER remark_codes DROP DEFAULT;
ALTER TABLE directory_entries ALTER remark_codes DROP DEFAULT;
CREATE INDEX documents_remarks ON documents (organization_id, generation, kind, remark_codes) WHERE remark_codes <> '';
CREATE INDEX directory_entries_remarks ON directory_entries (organization_id, generation, kind, remark_codes) WHERE remark_codes <> '';
CREATE INDEX documents_open ON documents (organization_id, generation, business_day) WHERE kind = 'receipt' AND status = 'open';

-- Shares and remarks go by the digits of the organization's money.
ALTER TABLE projection_cursors ADD COLUMN currency text NOT NULL DEFAULT '';
ALTER TABLE projection_cursors ALTER currency DROP DEFAULT;

-- +goose Down
-- Projections are derived: the older version makes its own.
DELETE FROM projection_cursors;
TRUNCATE directory_entries, documents, sales, sale_lines, sale_payments;
ALTER TABLE projection_cursors DROP COLUMN currency;
DROP INDEX documents_open;
ALTER TABLE directory_entries DROP COLUMN remarks, DROP COLUMN remark_codes;
ALTER TABLE documents DROP COLUMN remarks, DROP COLUMN remark_codes;
ALTER TABLE sale_lines
    DROP COLUMN returned, DROP COLUMN service_charge, DROP COLUMN tax, DROP COLUMN tax_on_top, DROP COLUMN tip, DROP COLUMN rounding,
    DROP COLUMN unexplained, DROP COLUMN unpaid, DROP COLUMN net_with_cost, ALTER product_id SET NOT NULL;
ALTER TABLE sales
    DROP COLUMN returned, DROP COLUMN service_charge, DROP COLUMN tax_on_top, DROP COLUMN rounding, DROP COLUMN unexplained,
    DROP COLUMN unpaid, DROP COLUMN net_with_cost;
