package source_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/source"
	_ "github.com/interpos/cabinet/internal/agent/source/postgres"
	_ "github.com/interpos/cabinet/internal/agent/source/sqlite"
)

// sqlitePath is the file of a database.
func sqlitePath(t *testing.T, db *sql.DB) (path string) {
	t.Helper()
	require.NoError(t, db.QueryRow("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&path))
	return path
}

// puts are an insertion, a change of what is there, a deletion, and a deletion that
// is only marked.
func puts() []source.Put {
	columns := []string{"name", "total", "gone", "note"}
	row := func(key, name, total, gone string) source.Put {
		return source.Put{Key: key, Columns: columns, Values: []source.Value{
			{Type: source.Text, Text: name}, {Type: source.Number, Text: total}, {Type: source.Bool, Text: gone}, {},
		}}
	}
	return []source.Put{
		row("0195e6a0-1111-7222-8333-444455556666", "O'Hara \"x\"", "19.99", "false"),
		row("0195e6a0-1111-7222-8333-444455556667", "Б", "5", "false"),
		row("0195e6a0-1111-7222-8333-444455556667", "В", "12345678901.2345", "true"),
		row("0195e6a0-1111-7222-8333-444455556668", "Г", "1", "false"),
		{Key: "0195e6a0-1111-7222-8333-444455556668", Delete: true},
		{Key: "0195e6a0-1111-7222-8333-444455556666", Columns: []string{"gone"}, Values: []source.Value{{Type: source.Bool, Text: "true"}}, Update: true},
		{Key: "0195e6a0-1111-7222-8333-444455556669", Columns: []string{"gone"}, Values: []source.Value{{Type: source.Bool, Text: "true"}}, Update: true},
	}
}

func TestSQLiteTableTakesRowsOnceAndAllOrNone(t *testing.T) {
	db, src := file(t, `CREATE TABLE "web orders" (id TEXT PRIMARY KEY, name TEXT NOT NULL, total DECIMAL(15,4), gone BOOLEAN, note TEXT, till TEXT DEFAULT 'its own')`)
	path := sqlitePath(t, db)
	for range 2 { // at least once
		require.NoError(t, source.Write(context.Background(), "sqlite", path, "web orders", "id", puts()))
	}
	got := read(t, src, source.Selection{Query: `SELECT name, total, gone, note, till FROM "web orders" ORDER BY id`})
	require.Equal(t, [][]string{{"O'Hara \"x\"", "19.99", "1", "", "its own"}, {"В", "12345678901.2345", "1", "", "its own"}}, [][]string{texts(got[0]), texts(got[1])})
	require.Len(t, got, 2)

	bad := []source.Put{puts()[3], {Key: "x", Columns: []string{"name"}, Values: []source.Value{{}}}}
	require.ErrorContains(t, source.Write(context.Background(), "sqlite", path, "web orders", "id", bad), "NOT NULL")
	require.Len(t, read(t, src, source.Selection{Query: `SELECT * FROM "web orders"`}), 2)
	err := source.Write(context.Background(), "sqlite", path, "web orders", "name", puts()[:1])
	require.ErrorContains(t, err, "does not match any PRIMARY KEY or UNIQUE")
}

func TestAVisitedSourceIsLetGoOfAndFoundAgain(t *testing.T) {
	db, _ := file(t, "PRAGMA journal_mode = DELETE; CREATE TABLE t (k INTEGER)")
	path := sqlitePath(t, db)
	demand, err := source.NewOnDemand("sqlite", path)
	require.NoError(t, err)
	names, err := demand.Columns(context.Background(), "SELECT k FROM t")
	require.NoError(t, err)
	require.Equal(t, []source.Column{{Name: "k", Table: "t"}}, names)
	require.Positive(t, demand.Busy())
	demand.Release()

	away := new(source.Unavailable)
	_, err = demand.Columns(context.Background(), "SELECT nothing FROM t")
	require.Error(t, err)
	require.NotErrorAs(t, err, &away, "the query is to blame")
	missing, err := source.NewOnDemand("sqlite", path+".none")
	require.NoError(t, err)
	_, err = missing.Columns(context.Background(), "SELECT 1 AS k")
	require.ErrorAs(t, err, &away)

	conn, err := db.Conn(context.Background())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = conn.ExecContext(context.Background(), "BEGIN EXCLUSIVE")
	require.NoError(t, err)
	_, err = demand.Columns(context.Background(), "SELECT k FROM t")
	require.ErrorAs(t, err, &away)
	require.Greater(t, demand.Busy(), 4*time.Second, "waiting for the till counts")
	_, err = conn.ExecContext(context.Background(), "COMMIT")
	require.NoError(t, err)
	_, err = demand.Columns(context.Background(), "SELECT k FROM t")
	require.NoError(t, err)
	require.NoError(t, demand.Close())
}
