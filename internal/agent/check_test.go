//go:build linux

package agent_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent"
)

// checkMapping says what `agent check-mapping` does of a database and kinds.
func checkMapping(t *testing.T, schema, kinds string) (out string, err error) {
	t.Helper()
	folder := t.TempDir()
	db, err := sql.Open("sqlite", filepath.Join(folder, "pos.db"))
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	_, err = db.Exec(schema)
	require.NoError(t, err)
	file := filepath.Join(folder, "m.yaml")
	text := "\ufefftime_zone: America/New_York\nsource: {driver: sqlite, dsn: pos.db}\nkinds:\n" + kinds // as Windows' editor writes it
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	var said bytes.Buffer
	err = agent.Check{Out: &said, Problems: 3}.File(t.Context(), file)
	return said.String(), err
}

// A technician with the manual alone finds out here what would otherwise be found in the cabinet, if at all.
func TestCheckMappingSaysWhatIsDoubtful(t *testing.T) {
	t.Parallel()
	out, err := checkMapping(t, `
		CREATE TABLE goods (id INTEGER, title TEXT); CREATE TABLE groups (id INTEGER, title TEXT);
		CREATE TABLE checks (id INTEGER, at TEXT, changed TEXT, goes TEXT);
		CREATE TABLE lines (pos INTEGER, check_id INTEGER, good INTEGER);
		INSERT INTO goods VALUES (1, 'tea'), (1, 'teapot'), (NULL, 'cup'), (2, CAST(x'cceeebeeeaee' AS TEXT));
		INSERT INTO groups VALUES (1, 'all');
		INSERT INTO checks VALUES (17, '2026-03-08 02:30:00', NULL, 'x'), (18, '2026-03-09', '2026-03-09 10:00:00', 'x'), (19, '2026-03-09 10:00:00', '2026-03-09 10:00:00', 'x');
		INSERT INTO lines VALUES (1, 17, 2), (1, 17, 2), (1, 18, 77)`, `
  product_group: {query: SELECT * FROM groups, id: id, fields: {name: title}}
  product: {query: SELECT * FROM goods, key: id, fields: {name: title, type: {value: dish}}}
  receipt:
    query: SELECT *, 'y' AS goes FROM checks
    key: id
    modified_at: changed
    fields: {number: id, occurred_at: at, closed_at: at, type: {value: sale}, total: {value: 5}, outlet_id: id, note: goes, slip: id}
    lists:
      lines:
        query: SELECT pos, check_id, good, title FROM lines JOIN goods ON goods.id = lines.good
        parent: check_id
        key: pos
        fields: {product_id: good, name: title, quantity: {value: 1}, price: {value: 0}, total: {value: 0}}
`)
	require.ErrorIs(t, err, agent.ErrProblems)
	for _, want := range []string{
		"PROBLEM product_group: an id is no UUID",
		"PROBLEM product: a row has no key, and is left out", "a row has no key (id is empty): title cup",
		"PROBLEM product: a key stands in more than one row", "the key 1 stands in more than one row",
		"PROBLEM product.name: a text is none in the encoding of the source", "key 2: \uFFFD",
		"WARNING receipt modified_at: a row has no change mark that is a time", "key 17: NULL",
		"WARNING receipt.occurred_at: a local time does not exist", "key 17: 2026-03-08 02:30:00 is sent as 2026-03-08T03:30:00-04:00",
		"WARNING receipt.occurred_at: a day without a time of day counts as 00:00", "key 18: 2026-03-09",
		"WARNING receipt.lines: two items of one record have the same key", "key 17: 1",
		"WARNING receipt.outlet_id: the field refers to a kind that is not mapped", "outlet",
		"WARNING receipt.slip: the field is unknown",
		"PROBLEM receipt: the query gives this column twice", "goes",
		"WARNING receipt.lines.name: the text comes from the table of a directory", "goods",
		"WARNING receipt.lines: an inner join leaves out rows", "1 rows",
		"WARNING receipt: the cabinet takes this record and counts it, with a remark", "total_mismatch",
		"WARNING receipt.payments: the field is not filled",
		"WARNING receipt.lines.cost: the field is not filled", "gross profit and margin",
	} {
		require.Contains(t, out, want)
	}
}

// Marks that are texts are compared as such by the database: with two forms, or two offsets, a later one may be less.
func TestCheckMappingSaysWhereMarksDoNotCompareAsTimes(t *testing.T) {
	t.Parallel()
	const warning, kinds = "WARNING product modified_at: the change marks are texts that do not compare as times", "  product: {query: SELECT * FROM goods, key: id, modified_at: changed, fields: {name: title, type: {value: dish}}}\n"
	for second, compare := range map[string]bool{
		"2026-05-25T11:00:00+03:00": true,
		"2026-05-25T11:00:00+02:00": true, // summer time ends: within the overlap
		"2026-05-25T11:00:00Z":      false,
		"2026-05-25T11:00:00":       false, // New York's
		"2026-05-25 11:00:00+03:00": false,
	} {
		out, err := checkMapping(t, "CREATE TABLE goods (id INTEGER PRIMARY KEY, title TEXT, changed TEXT); INSERT INTO goods VALUES (1, 'tea', '2026-05-25T10:00:00+03:00'), (2, 'pie', '"+second+"')", kinds)
		require.NoError(t, err)
		if compare {
			require.NotContains(t, out, warning, second)
			continue
		}
		require.Contains(t, out, warning, second)
		require.Contains(t, out, "key 2: "+second+" beside 2026-05-25T10:00:00+03:00")
	}
}

// Each value that is refused is shown, with what to write.
func TestCheckMappingShowsWhatIsRefusedAndWhatToWrite(t *testing.T) {
	t.Parallel()
	out, err := checkMapping(t, `CREATE TABLE goods (id INTEGER, title TEXT, price, sort, born);
		INSERT INTO goods VALUES (1, 'tea', '1,5', 'goods', '01.11.2026 10:00'), (2, 'pie', 1.23456789, 'dish', NULL), (3, NULL, 1, 'ware', NULL)`, `
  customer: {query: SELECT * FROM goods, key: id, fields: {name: title, birthday: born}}
  product: {query: SELECT * FROM goods, key: id, fields: {name: title, type: sort, price: price}}
`)
	require.ErrorIs(t, err, agent.ErrProblems)
	for _, want := range []string{
		`birthday must be a date, such as 2026-05-25 (date); the source has "01.11.2026": write it as 2026-11-01 10:00:00 in the query`,
		`price must be a number (invalid); the source has "1,5": write replace(x, ',', '.') in the query`,
	} {
		require.Contains(t, out, want)
	}
	out, err = checkMapping(t, "CREATE TABLE goods (id INTEGER)", "  product: {query: SELECT * FROM goods, key: id, fields: {name: id, type: goods}}\n")
	require.ErrorIs(t, err, agent.ErrProblems)
	require.Contains(t, out, `product: the query has no column "goods"; it has id; if not a column but this text is meant, write type: {value: goods}`)
}

func TestCheckMappingOfADatabaseInOrderSaysNothing(t *testing.T) {
	t.Parallel()
	out, err := checkMapping(t, "CREATE TABLE goods (id INTEGER PRIMARY KEY, title TEXT); INSERT INTO goods VALUES (1, 'tea')",
		"  product: {query: SELECT * FROM goods, key: id, fields: {name: title, type: {value: dish}}}\n")
	require.NoError(t, err)
	require.Equal(t, "product: 1 records\nThe mapping is in order.\n", out)
}

// What it costs to do without change marks is said before one chooses, where it costs anything.
func TestCheckMappingSaysWhatDoingWithoutAChangeMarkCosts(t *testing.T) {
	t.Parallel()
	for rows, want := range map[int]string{2000: "The mapping is in order.", 2001: "reading all 2001 rows took"} {
		out, err := checkMapping(t, fmt.Sprintf("CREATE TABLE goods (id INTEGER PRIMARY KEY, title TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO goods SELECT i, 'tea' FROM n", rows),
			"  product: {query: SELECT * FROM goods, key: id, fields: {name: title, type: {value: dish}}}\n")
		require.NoError(t, err)
		require.Contains(t, out, want)
	}
}
