package extract_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
)

// What is shared has one id whichever source it comes from, and so has every reference to it; all else, and
// the items in its lists, is each source's own.
func TestOnlyWhatIsSharedHasTheIDsOfAnotherSource(t *testing.T) {
	const kinds = `
  product: {query: SELECT 42 AS id, key: id, shared: true, fields: {name: {value: x}, type: {value: dish}, unit_id: id}}
  unit: {query: SELECT 42 AS id, key: id, fields: {name: {value: x}}}
  stocktake:
    query: SELECT 42 AS id, '2026-05-25' AS at
    key: id
    fields: {number: id, occurred_at: at, warehouse_id: id}
    lists: {lines: {query: 'SELECT 42 AS id, 1 AS n', parent: id, fields: {product_id: id, expected: n, counted: n}}}
  receipt:
    query: SELECT 42 AS id, '2026-05-25' AS at
    key: id
    fields: {occurred_at: at, closed_at: at, type: {value: sale}, total: {value: 0}, number: id}
    lists:
      lines: {query: 'SELECT 42 AS id', key: id, parent: id, fields: {product_id: id, name: id, quantity: id, price: id, total: id}}
      payments: {query: 'SELECT 42 AS id', parent: id, fields: {payment_type_id: id, amount: id}}`
	v := newVenue(t, "")
	m, err := mapping.Parse("m.yaml", []byte("source: {driver: sqlite, dsn: '"+v.path+"'}\nkinds:"+kinds))
	require.NoError(t, err)
	src, err := source.Open(context.Background(), m.Driver, m.DSN)
	require.NoError(t, err)
	t.Cleanup(func() { _ = src.Close() })
	read := func(own uuid.UUID, kind string) extract.Record {
		x, err := extract.New(context.Background(), "m.yaml", src, m.Kind(kind), extract.Namespaces{Source: own, Shared: organization}, time.UTC)
		require.NoError(t, err)
		batch, err := x.Read(context.Background(), []source.Value{{Type: source.Number, Text: "42"}})
		require.NoError(t, err)
		require.Len(t, batch.Records, 1)
		return batch.Records[0]
	}
	first, second := uuid.New(), uuid.New()
	product, item := extract.ID(organization, "product", "42").String(), func(own uuid.UUID) string { return extract.ID(own, "receipt.lines", "42/42").String() }
	require.Equal(t, product, read(first, "product").ID.String())
	require.Equal(t, product, read(second, "product").ID.String())
	require.Contains(t, string(read(second, "product").Data), extract.ID(second, "unit", "42").String(), "what it refers to is not shared")
	for _, kind := range []string{"unit", "stocktake", "receipt"} {
		require.Equal(t, extract.ID(first, kind, "42"), read(first, kind).ID)
		require.Equal(t, extract.ID(second, kind, "42"), read(second, kind).ID)
	}
	for _, own := range []uuid.UUID{first, second} {
		require.Contains(t, string(read(own, "receipt").Data), `"product_id":"`+product+`"`)
		require.Contains(t, string(read(own, "receipt").Data), item(own))
		require.Contains(t, string(read(own, "stocktake").Data), `"product_id":"`+product+`"`)
	}
}
