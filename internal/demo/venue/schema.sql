-- The database of a made-up local point of sale. Times are local, with their
-- offset; changed_at moves whenever a row, or what belongs to it, changes.

CREATE TABLE units (id INTEGER PRIMARY KEY, code TEXT, title TEXT NOT NULL, short TEXT, changed_at TEXT NOT NULL);
CREATE TABLE menu_groups (id INTEGER PRIMARY KEY, parent_id INTEGER, title TEXT NOT NULL, sort_no INTEGER, color TEXT, changed_at TEXT NOT NULL);
CREATE TABLE items (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, group_id INTEGER, unit_id INTEGER,
    price DECIMAL(12,2), cost DECIMAL(12,4), vat DECIMAL(4,1), by_weight BOOLEAN NOT NULL, tracked BOOLEAN NOT NULL,
    min_stock DECIMAL(12,3), hidden BOOLEAN NOT NULL DEFAULT 0, changed_at TEXT NOT NULL
);
CREATE TABLE item_barcodes (item_id INTEGER NOT NULL, barcode TEXT NOT NULL);
CREATE TABLE recipes (id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL, part_id INTEGER NOT NULL, qty DECIMAL(12,3) NOT NULL);
CREATE TABLE places (id INTEGER PRIMARY KEY, title TEXT NOT NULL, address TEXT, phone TEXT, changed_at TEXT NOT NULL);
CREATE TABLE stores (id INTEGER PRIMARY KEY, place_id INTEGER, title TEXT NOT NULL, address TEXT, changed_at TEXT NOT NULL);
CREATE TABLE staff (id INTEGER PRIMARY KEY, tab_no TEXT, full_name TEXT NOT NULL, post TEXT, phone TEXT, email TEXT, fired BOOLEAN NOT NULL, changed_at TEXT NOT NULL);
CREATE TABLE partners (id INTEGER PRIMARY KEY, code TEXT, title TEXT NOT NULL, inn TEXT, phone TEXT, email TEXT, address TEXT, changed_at TEXT NOT NULL);
CREATE TABLE guests (
    id INTEGER PRIMARY KEY, full_name TEXT NOT NULL, phone TEXT, email TEXT, born TEXT, card_no TEXT,
    discount DECIMAL(4,1), bonus DECIMAL(12,2), note TEXT, changed_at TEXT NOT NULL
);
CREATE TABLE pay_types (id INTEGER PRIMARY KEY, title TEXT NOT NULL, kind TEXT NOT NULL, changed_at TEXT NOT NULL);
CREATE TABLE discounts (id INTEGER PRIMARY KEY, title TEXT NOT NULL, percent DECIMAL(4,1) NOT NULL, changed_at TEXT NOT NULL);
CREATE TABLE halls (id INTEGER PRIMARY KEY, place_id INTEGER NOT NULL, title TEXT NOT NULL, changed_at TEXT NOT NULL);
CREATE TABLE hall_tables (id INTEGER PRIMARY KEY, hall_id INTEGER NOT NULL, title TEXT NOT NULL, seats INTEGER);
CREATE TABLE waste_reasons (id INTEGER PRIMARY KEY, title TEXT NOT NULL, changed_at TEXT NOT NULL);

CREATE TABLE shifts (
    id INTEGER PRIMARY KEY, no TEXT NOT NULL, place_id INTEGER NOT NULL, cashier_id INTEGER NOT NULL, opened_at TEXT NOT NULL,
    closed_at TEXT, cash_open DECIMAL(12,2) NOT NULL, cash_close DECIMAL(12,2), changed_at TEXT NOT NULL
);
CREATE TABLE cash_moves (id INTEGER PRIMARY KEY, shift_id INTEGER NOT NULL, at TEXT NOT NULL, direction TEXT NOT NULL, amount DECIMAL(12,2) NOT NULL, note TEXT);
CREATE TABLE checks (
    id INTEGER PRIMARY KEY, no TEXT NOT NULL, place_id INTEGER NOT NULL, shift_id INTEGER NOT NULL, kind TEXT NOT NULL, base_id INTEGER,
    opened_at TEXT NOT NULL, closed_at TEXT, hall_id INTEGER, table_title TEXT, guests INTEGER, guest_id INTEGER,
    cashier_id INTEGER NOT NULL, waiter_id INTEGER, source TEXT NOT NULL, discount DECIMAL(12,2) NOT NULL, vat_sum DECIMAL(12,2) NOT NULL,
    vat_on_top BOOLEAN NOT NULL, service DECIMAL(12,2) NOT NULL, tip DECIMAL(12,2) NOT NULL, rounding DECIMAL(12,2) NOT NULL, total DECIMAL(12,2) NOT NULL, fiscal_no TEXT, state TEXT NOT NULL,
    cancel_reason TEXT, changed_at TEXT NOT NULL
);
CREATE TABLE check_lines (
    id INTEGER PRIMARY KEY, check_id INTEGER NOT NULL, item_id INTEGER, title TEXT NOT NULL, qty DECIMAL(12,3) NOT NULL,
    price DECIMAL(12,2) NOT NULL, discount DECIMAL(12,2) NOT NULL, total DECIMAL(12,2) NOT NULL, vat DECIMAL(4,1) NOT NULL,
    vat_sum DECIMAL(12,2) NOT NULL, cost DECIMAL(12,2)
);
CREATE TABLE check_line_extras (
    id INTEGER PRIMARY KEY, line_id INTEGER NOT NULL, item_id INTEGER NOT NULL, title TEXT NOT NULL,
    qty DECIMAL(12,3) NOT NULL, price DECIMAL(12,2) NOT NULL
);
CREATE TABLE check_payments (id INTEGER PRIMARY KEY, check_id INTEGER NOT NULL, pay_type_id INTEGER NOT NULL, amount DECIMAL(12,2) NOT NULL, at TEXT NOT NULL);
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY, no TEXT NOT NULL, at TEXT NOT NULL, place_id INTEGER NOT NULL, store_id INTEGER NOT NULL, partner_id INTEGER NOT NULL,
    partner_no TEXT, pay_until TEXT, staff_id INTEGER, total DECIMAL(12,2) NOT NULL, changed_at TEXT NOT NULL
);
CREATE TABLE invoice_lines (
    id INTEGER PRIMARY KEY, invoice_id INTEGER NOT NULL, item_id INTEGER NOT NULL, qty DECIMAL(12,3) NOT NULL, price DECIMAL(12,2) NOT NULL,
    total DECIMAL(12,2) NOT NULL, vat_sum DECIMAL(12,2) NOT NULL
);
CREATE TABLE write_offs (
    id INTEGER PRIMARY KEY, no TEXT NOT NULL, at TEXT NOT NULL, place_id INTEGER NOT NULL, store_id INTEGER NOT NULL, reason_id INTEGER NOT NULL,
    staff_id INTEGER, note TEXT, changed_at TEXT NOT NULL
);
CREATE TABLE write_off_lines (id INTEGER PRIMARY KEY, write_off_id INTEGER NOT NULL, item_id INTEGER NOT NULL, qty DECIMAL(12,3) NOT NULL, cost DECIMAL(12,2) NOT NULL);

CREATE INDEX cash_moves_shift ON cash_moves (shift_id);
CREATE INDEX recipes_item ON recipes (item_id);
CREATE INDEX item_barcodes_item ON item_barcodes (item_id);
CREATE INDEX hall_tables_hall ON hall_tables (hall_id);
CREATE INDEX checks_changed ON checks (changed_at);
CREATE INDEX checks_shift ON checks (shift_id);
CREATE INDEX check_lines_check ON check_lines (check_id);
CREATE INDEX check_line_extras_line ON check_line_extras (line_id);
CREATE INDEX check_payments_check ON check_payments (check_id);
CREATE INDEX invoice_lines_invoice ON invoice_lines (invoice_id);
CREATE INDEX write_off_lines_write_off ON write_off_lines (write_off_id);
