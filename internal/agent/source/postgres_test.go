//go:build linux

package source_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/postgres/pgtest"
)

// newDatabase is a database of the private PostgreSQL, and a source over it.
func newDatabase(t *testing.T, schema string) (*pgx.Conn, source.Source) {
	t.Helper()
	ctx := context.Background()
	cluster := pgtest.Cluster(t)
	require.NoError(t, cluster.EnsureDatabase(ctx, "till"))
	conn, err := pgx.Connect(ctx, cluster.DSN("till"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(ctx) })
	_, err = conn.Exec(ctx, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"+schema)
	require.NoError(t, err)
	src, err := source.Open(ctx, "postgres", cluster.DSN("till"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = src.Close() })
	return conn, src
}

func TestPostgresValuesAreExact(t *testing.T) {
	_, src := newDatabase(t, `CREATE TABLE t (
			i int, n numeric, r real, d double precision, b bool, c char(5), v varchar, u uuid,
			ts timestamp, tz timestamptz, da date, nothing text, bytes bytea);
		INSERT INTO t VALUES (-7, 12345678901234567890.123456789, 14.4, 0.1, true, 'ab', 'ж', '0195E6A0-1111-7222-8333-444455556666',
			'2026-05-25 20:03:14.5', '2026-05-25 20:03:14+04', '2026-05-25', NULL, '\x00ff')`)
	require.Equal(t, []string{
		"-7", "12345678901234567890.123456789", "14.4", "0.1", "true", "ab", "ж", "0195e6a0-1111-7222-8333-444455556666",
		"2026-05-25 20:03:14.5", "2026-05-25 16:03:14+00", "2026-05-25", "", `\x00ff`,
	}, texts(read(t, src, source.Selection{Query: "SELECT * FROM t;"})[0]))
	row := read(t, src, source.Selection{Query: "SELECT * FROM t"})[0]
	require.Equal(t, source.Number, row[1].Type)
	require.Equal(t, source.Bool, row[4].Type)
	require.Equal(t, source.Text, row[8].Type)
	require.True(t, row[11].IsNull())
}

func TestPostgresSelectionsNarrow(t *testing.T) {
	_, src := newDatabase(t, `CREATE TABLE t (k smallint, s varchar(9), n numeric(9,2), at timestamp, u uuid);
		INSERT INTO t SELECT i, 'k"\' || i, i, timestamp '2026-01-01' + i * interval '1 hour', gen_random_uuid() FROM generate_series(1, 9) i`)
	all := read(t, src, source.Selection{Query: "SELECT * FROM t -- all of them", OrderBy: []string{"k"}})
	require.Len(t, all, 9)
	for column, name := range []string{"k", "s", "n", "at", "u"} {
		some := &source.In{Columns: []string{name}, Values: []source.Value{all[2][column], all[4][column]}}
		got := read(t, src, source.Selection{Query: "SELECT * FROM t", In: some, OrderBy: []string{"k"}})
		require.Equal(t, []source.Row{all[2], all[4]}, got, name)
	}
	since := &source.Since{Column: "at", Value: source.Value{Type: source.Text, Text: "2026-01-01 08:00:00"}}
	require.Len(t, read(t, src, source.Selection{Query: "SELECT * FROM t", Since: since}), 2)
	both := source.Selection{Query: "SELECT * FROM t", Since: since, In: &source.In{Columns: []string{"k"}, Values: []source.Value{all[8][0], all[0][0]}}}
	require.Len(t, read(t, src, both), 1)
}

// The till writes on while the agent reads, and the agent cannot write.
func TestPostgresIsOnlyReadAndNeverHeldUp(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, src := newDatabase(t, "CREATE SEQUENCE numbers; CREATE TABLE t (k int); INSERT INTO t VALUES (1)")
	err := src.Read(ctx, func(reader source.Reader) error {
		before := count(t, reader)
		_, err := conn.Exec(ctx, "INSERT INTO t VALUES (2); UPDATE t SET k = k + 1")
		require.NoError(t, err)
		require.Equal(t, before, count(t, reader), "one state of the database")
		return reader.Select(ctx, source.Selection{Query: "SELECT nextval('numbers') AS k", Columns: []string{"k"}}, func(source.Row) error { return nil })
	})
	require.ErrorContains(t, err, "read-only transaction")
	require.Len(t, read(t, src, source.Selection{Query: "SELECT * FROM t"}), 2)
}

func TestPostgresConnectionStringIsCheckedAtOnce(t *testing.T) {
	_, err := source.Open(context.Background(), "postgres", "postgres://127.0.0.1:1/none?connect_timeout=1")
	require.ErrorContains(t, err, "open the source")
	_, err = source.Open(context.Background(), "dbase", "x")
	require.ErrorContains(t, err, `the driver "dbase" is not known`)
}

func count(t *testing.T, reader source.Reader) (n int) {
	t.Helper()
	selection := source.Selection{Query: "SELECT * FROM t", Columns: []string{"k"}}
	require.NoError(t, reader.Select(context.Background(), selection, func(source.Row) error { n++; return nil }))
	return n
}

func TestPostgresTableTakesRowsOnceAndAllOrNone(t *testing.T) {
	ctx := context.Background()
	conn, src := newDatabase(t, `CREATE SCHEMA web; CREATE TABLE web.orders (id uuid PRIMARY KEY, name text NOT NULL, total numeric(15,4), gone boolean, note text, till text DEFAULT 'its own')`)
	dsn := conn.Config().ConnString()
	for range 2 { // at least once
		require.NoError(t, source.Write(ctx, "postgres", dsn, "web.orders", "id", puts()))
	}
	got := read(t, src, source.Selection{Query: "SELECT name, total, gone, note, till FROM web.orders ORDER BY id"})
	require.Equal(t, [][]string{{"O'Hara \"x\"", "19.9900", "true", "", "its own"}, {"В", "12345678901.2345", "true", "", "its own"}}, [][]string{texts(got[0]), texts(got[1])})
	require.Len(t, got, 2)

	bad := []source.Put{puts()[3], {Key: "no uuid", Columns: []string{"name"}, Values: []source.Value{{}}}}
	require.ErrorContains(t, source.Write(ctx, "postgres", dsn, "web.orders", "id", bad), "invalid input syntax")
	require.Len(t, read(t, src, source.Selection{Query: "SELECT * FROM web.orders"}), 2)
}

// A connection that PostgreSQL has ended is made again with the next look.
func TestAVisitedPostgresIsFoundAgain(t *testing.T) {
	ctx := context.Background()
	conn, _ := newDatabase(t, "CREATE TABLE t (k int)")
	demand, err := source.NewOnDemand("postgres", conn.Config().ConnString())
	require.NoError(t, err)
	defer func() { _ = demand.Close() }()
	_, err = demand.Columns(ctx, "SELECT k FROM t")
	require.NoError(t, err)
	demand.Release()
	_, err = conn.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'interpos-agent'")
	require.NoError(t, err)
	_, err = demand.Columns(ctx, "SELECT k FROM t")
	away := new(source.Unavailable)
	require.ErrorAs(t, err, &away)
	_, err = demand.Columns(ctx, "SELECT k FROM t")
	require.NoError(t, err)
}
