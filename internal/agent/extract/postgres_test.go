//go:build linux

package extract_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
	_ "github.com/interpos/cabinet/internal/agent/source/postgres"
	"github.com/interpos/cabinet/internal/postgres/pgtest"
)

const tables = `
	CREATE TABLE items (id INTEGER PRIMARY KEY, title VARCHAR(40), price NUMERIC(12,2), hidden BOOLEAN, at TIMESTAMP);
	CREATE TABLE codes (item_id INTEGER, code TEXT);
	CREATE TABLE parts (id INTEGER, item_id INTEGER, part_id INTEGER, qty NUMERIC(12,3));
	INSERT INTO items VALUES (1, 'Капучино', 220.50, false, '2026-05-25 10:00:00'), (2, 'Молоко', NULL, true, '2026-05-25 11:00:00.25');
	INSERT INTO codes VALUES (1, '460000'), (1, '460001');
	INSERT INTO parts VALUES (10, 1, 2, 0.180), (9, 1, 1, 1);`

const items = `
  product:
    query: SELECT * FROM items
    key: id
    modified_at: at
    overlap: 10m
    fields: {name: title, price: price, archived: hidden, type: {value: dish}, x_at: {column: at}}
    lists:
      barcodes: {query: SELECT * FROM codes, parent: item_id, column: code, order: code}
      components: {query: SELECT * FROM parts, parent: item_id, key: id, fields: {product_id: part_id, quantity: qty}}
`

// The same tables give the same records, whichever database they stand in.
func TestPostgresMakesTheSameRecordsAsSQLite(t *testing.T) {
	ctx := context.Background()
	cluster := pgtest.Cluster(t)
	require.NoError(t, cluster.EnsureDatabase(ctx, "pos"))
	conn, err := pgx.Connect(ctx, cluster.DSN("pos"))
	require.NoError(t, err)
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, tables)
	require.NoError(t, err)
	m, err := mapping.Parse("m.yaml", []byte("source: {driver: postgres, dsn: '"+cluster.DSN("pos")+"'}\nkinds:"+items))
	require.NoError(t, err)
	src, err := source.Open(ctx, m.Driver, m.DSN)
	require.NoError(t, err)
	defer func() { _ = src.Close() }()
	x, err := extract.New(ctx, "m.yaml", src, &m.Kinds[0], extract.Namespaces{Source: organization, Shared: organization}, time.FixedZone("", 4*3600))
	require.NoError(t, err)
	entries, err := list(x, nil)
	require.NoError(t, err)
	read, err := x.Read(ctx, []source.Value{entries[0].Key, entries[1].Key})
	require.NoError(t, err)
	records := read.Records

	want := newVenue(t, tables).records(items[1:])
	require.Len(t, records, len(want))
	for i := range want {
		require.Equal(t, string(want[i].Data), string(records[i].Data))
		require.Equal(t, want[i].Hash, records[i].Hash)
		require.Equal(t, want[i].ID, records[i].ID)
		require.True(t, want[i].ModifiedAt.Equal(records[i].ModifiedAt))
	}
	since, ok := x.Before(entries[1].Mark)
	require.True(t, ok)
	entries, err = list(x, &since)
	require.NoError(t, err)
	require.Len(t, entries, 1)
}

func TestPostgresHasKeysOfSeveralColumns(t *testing.T) {
	ctx := context.Background()
	cluster := pgtest.Cluster(t)
	require.NoError(t, cluster.EnsureDatabase(ctx, "daily"))
	conn, err := pgx.Connect(ctx, cluster.DSN("daily"))
	require.NoError(t, err)
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"+daily)
	require.NoError(t, err)
	m, err := mapping.Parse("m.yaml", []byte("source: {driver: postgres, dsn: '"+cluster.DSN("daily")+"'}\nkinds:\n"+dailyReceipts))
	require.NoError(t, err)
	src, err := source.Open(ctx, m.Driver, m.DSN)
	require.NoError(t, err)
	defer func() { _ = src.Close() }()
	x, err := extract.New(ctx, "m.yaml", src, &m.Kinds[0], extract.Namespaces{Source: organization}, time.UTC)
	require.NoError(t, err)
	checkDaily(t, x)
}
