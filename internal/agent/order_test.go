//go:build linux

package agent_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

// takesOrders gives the till a table of delivery orders, which it sends.
func (v *outlet) takesOrders(c *cabinet) {
	v.Helper()
	dbtest.Exec(v, c.dsn, "UPDATE licenses SET valid_until = now() + interval '1 year'")
	v.exec(`CREATE TABLE web_orders (id TEXT PRIMARY KEY, no TEXT, status TEXT, kind TEXT, phone TEXT, placed TEXT, total DECIMAL(9,2), body TEXT, gone BOOLEAN, note TEXT)`)
	text, err := os.ReadFile(filepath.Join(v.dir, "pos.yaml"))
	require.NoError(v, err)
	require.NoError(v, os.WriteFile(filepath.Join(v.dir, "pos.yaml"), []byte(strings.TrimRight(string(text), "\n")+`
  delivery_order:
    query: SELECT * FROM web_orders WHERE gone IS NOT 1
    id: id
    deletes: detect
    fields: {number: no, status: status, type: kind, phone: phone, placed_at: placed, total: total, note: note}
    lists:
      lines: {query: "SELECT o.id AS o, 1 AS k, i.* FROM web_orders o, items i WHERE i.id = 100", parent: o, key: k, fields: {product_id: id, name: title, quantity: {value: 1}, price: {value: 450}, total: {value: 450}}}
`), 0o600))
}

// intoOrders has the orders of others written into that table.
const intoOrders = "delivery_order: {table: web_orders, key: id, deleted: gone, data: body, fields: {number: no, status: status, type: kind, phone: phone, placed_at: placed, total: total}}"

func (v *outlet) insertOrder(id uuid.UUID, status string) {
	v.Helper()
	v.exec("INSERT INTO web_orders VALUES (?, '7', ?, 'courier', '+79001234567', '2026-05-25T12:00:00+03:00', 450, NULL, NULL, NULL)", id.String(), status)
}

// orderStatus is that of the till's row; "": there is none.
func (v *outlet) orderStatus(id uuid.UUID) (status string) {
	_ = v.db.QueryRow("SELECT status FROM web_orders WHERE id = ?", id.String()).Scan(&status)
	return status
}

// order is one as the cabinet has it.
func (c *cabinet) order(id uuid.UUID) client.FeedChange {
	c.Helper()
	records, _ := c.feed()
	return records["delivery_order "+id.String()]
}

// pushOrder writes an order, made from a version; 0: it is new.
func (d *device) pushOrder(id uuid.UUID, status string, base int64) {
	d.Helper()
	change := client.Change{
		Kind: "delivery_order", ID: id, ModifiedAt: time.Now(),
		Data: json.RawMessage(`{"number":"7","status":"` + status + `","type":"courier","phone":"+79001234567","placed_at":"2026-05-25T12:00:00+03:00","total":450,
			"lines":[{"id":"` + id.String() + `","product_id":"` + id.String() + `","name":"Пирог","quantity":1,"price":450,"total":450}]}`),
	}
	if base > 0 {
		change.BaseVersion = &base
	}
	d.push(change)
}
