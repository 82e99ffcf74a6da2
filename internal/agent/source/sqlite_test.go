package source_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/source"
)

func file(t *testing.T, schema string) (*sql.DB, source.Source) {
	t.Helper()
	return fileOf(t, schema)
}

// fileOf is a database in a file, and a source over it.
func fileOf(t testing.TB, schema string) (*sql.DB, source.Source) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pos.db")
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	_, err = db.Exec(schema)
	require.NoError(t, err)
	src, err := source.Open(context.Background(), "sqlite", path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = src.Close() })
	return db, src
}

// read gives all rows of a selection; its columns are asked for if left out.
func read(t *testing.T, src source.Source, selection source.Selection) (rows []source.Row) {
	t.Helper()
	ctx := context.Background()
	if selection.Columns == nil {
		columns, err := src.Columns(ctx, selection.Query)
		require.NoError(t, err)
		for _, column := range columns {
			selection.Columns = append(selection.Columns, column.Name)
		}
	}
	require.NoError(t, src.Read(ctx, func(reader source.Reader) error {
		return reader.Select(ctx, selection, func(row source.Row) error {
			rows = append(rows, row)
			return nil
		})
	}))
	return rows
}

func texts(row source.Row) []string {
	list := make([]string, len(row))
	for i, value := range row {
		list[i] = value.Text
	}
	return list
}

func TestSQLiteValuesAreExact(t *testing.T) {
	_, src := file(t, `CREATE TABLE t (i INTEGER, r REAL, d DECIMAL(9,2), x TEXT, at DATETIME, b BOOLEAN, none, bytes BLOB);
		INSERT INTO t VALUES (9007199254740993, 0.1, 19.99, '0.10', '2026-05-25 20:03:14', 1, NULL, x'00ff')`)
	row := read(t, src, source.Selection{Query: "SELECT *, r + 0.2 AS sum, 1e21 AS big FROM t"})[0]
	require.Equal(t, []string{
		"9007199254740993", "0.1", "19.99", "0.10", "2026-05-25 20:03:14", "1", "", "\x00\xff",
		"0.30000000000000004", "1000000000000000000000",
	}, texts(row))
	require.Equal(t, source.Text, row[4].Type, "the driver makes no times of its own")
	require.Equal(t, source.Number, row[5].Type)
	require.True(t, row[6].IsNull())
}

func TestSQLiteSelectionsNarrow(t *testing.T) {
	_, src := file(t, `CREATE TABLE t (k INTEGER, "odd ""name" TEXT, n REAL); INSERT INTO t VALUES (1, 'a', 1.5), (2, 'b', 2.5), (3, 'c', 3.5)`)
	all := read(t, src, source.Selection{Query: "SELECT * FROM t ; ", OrderBy: []string{"k"}})
	for column, name := range []string{"k", `odd "name`, "n"} {
		some := &source.In{Columns: []string{name}, Values: []source.Value{all[0][column], all[2][column]}}
		require.Equal(t, []source.Row{all[0], all[2]}, read(t, src, source.Selection{Query: "SELECT * FROM t", In: some, OrderBy: []string{"k"}}))
		since := &source.Since{Column: name, Value: all[1][column]}
		require.Equal(t, all[1:], read(t, src, source.Selection{Query: "SELECT * FROM t", Since: since, OrderBy: []string{"k"}}))
	}
	require.Len(t, read(t, src, source.Selection{Query: "SELECT * FROM t", Limit: 2}), 2)
}

func TestSQLiteIsOnlyRead(t *testing.T) {
	db, src := file(t, "CREATE TABLE t (k INTEGER); INSERT INTO t VALUES (1)")
	_, err := src.Columns(context.Background(), "SELECT * FROM t) AS x; DELETE FROM t; --")
	require.Error(t, err)
	n := 0
	require.NoError(t, db.QueryRow("SELECT count(*) FROM t").Scan(&n))
	require.Equal(t, 1, n)
}

// Between two transactions of the agent the till can write at once, without
// a write-ahead log too.
func TestSQLiteWriterIsNotHeldUpBetweenReads(t *testing.T) {
	db, src := file(t, "PRAGMA journal_mode = DELETE; CREATE TABLE t (k INTEGER)")
	for range 3 {
		read(t, src, source.Selection{Query: "SELECT * FROM t"})
		_, err := db.Exec("PRAGMA busy_timeout = 0; INSERT INTO t VALUES (1)")
		require.NoError(t, err)
	}
	require.Len(t, read(t, src, source.Selection{Query: "SELECT * FROM t"}), 3)
}

func TestMissingSQLiteFileIsNotMade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.db")
	_, err := source.Open(context.Background(), "sqlite", path)
	require.ErrorContains(t, err, "no such file")
	require.NoFileExists(t, path)
}

func TestKeysOfNumbersHaveNoSuperfluousZeros(t *testing.T) {
	for text, want := range map[string]string{"5": "5", "5.00": "5", "50": "50", "0.50": "0.5", "1e+20": "1e+20"} {
		require.Equal(t, want, source.Value{Type: source.Number, Text: text}.Key())
	}
	require.Equal(t, "5.00", source.Value{Type: source.Text, Text: strings.Repeat(" ", 2) + "5.00"}.Key())
}
