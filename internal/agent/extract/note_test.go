package extract_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
)

// open reads one kind of a mapping, in the time zone of New York.
func (v *venue) open(settings, kinds string) *extract.Extractor {
	v.Helper()
	m, err := mapping.Parse("m.yaml", []byte("source: {driver: sqlite, dsn: '"+v.path+"'"+settings+"}\nkinds:\n"+kinds))
	require.NoError(v, err)
	src, err := source.Open(context.Background(), m.Driver, m.DSN)
	require.NoError(v, err)
	v.Cleanup(func() { _ = src.Close() })
	newYork, err := time.LoadLocation("America/New_York")
	require.NoError(v, err)
	x, err := extract.New(context.Background(), "m.yaml", src, &m.Kinds[0], extract.Namespaces{Source: organization, Shared: organization}, newYork)
	require.NoError(v, err)
	return x
}

func readAll(t *testing.T, x *extract.Extractor) []extract.Record {
	t.Helper()
	entries, err := list(x, nil)
	require.NoError(t, err)
	read, err := x.Read(context.Background(), keysOf(entries))
	require.NoError(t, err)
	return read.Records
}

const stocktakes = `  stocktake:
    query: SELECT * FROM t
    key: id
    modified_at: changed
    fields: {number: id, occurred_at: at, warehouse_id: id}
    lists: {lines: {query: SELECT * FROM lines, parent: t, key: pos, fields: {product_id: pos, expected: pos, counted: pos}}}
`

func TestValuesThatMayNotBeMeantAreNoted(t *testing.T) {
	v := newVenue(t, `CREATE TABLE t (id INTEGER, at TEXT, changed TEXT); CREATE TABLE lines (t INTEGER, pos INTEGER, sort INTEGER);
		INSERT INTO t VALUES (1, '2026-03-08 02:30:00', '2026-03-08 10:00:00'), (2, '2026-03-08', NULL), (3, '2026-03-08 03:30:00', 'soon'), (4, '2026-11-01 01:30:00', '2026-11-01 10:00:00');
		INSERT INTO lines VALUES (1, 7, 1), (1, 7, 2), (1, NULL, 3), (2, 7, 1)`)
	records := readAll(t, v.open("", stocktakes))
	notes := map[string][]extract.Note{}
	for _, r := range records {
		notes[r.Key.Key()] = r.Notes
	}
	require.Equal(t, map[string][]extract.Note{
		"1": {
			{Code: extract.TimeSkipped, Path: "stocktake.occurred_at", Given: "2026-03-08 02:30:00 is sent as 2026-03-08T03:30:00-04:00"},
			{Code: extract.ItemKeyMissing, Path: "stocktake.lines", Given: "pos is empty"},
			{Code: extract.ItemKeyRepeated, Path: "stocktake.lines", Given: "7"},
		},
		"2": {
			{Code: extract.MarkMissing, Path: "stocktake modified_at", Given: "NULL"},
			{Code: extract.DateOnly, Path: "stocktake.occurred_at", Given: "2026-03-08"},
		},
		"3": {{Code: extract.MarkMissing, Path: "stocktake modified_at", Given: "'soon'"}},
		"4": nil, // it is there twice: the first one is meant
	}, notes)
}

// Never two things under one id.
func TestItemsWithOneKeyHaveIDsOfTheirOwn(t *testing.T) {
	v := newVenue(t, `CREATE TABLE t (id INTEGER, at TEXT); CREATE TABLE lines (t INTEGER, pos INTEGER, title TEXT);
		INSERT INTO t VALUES (1, '2026-03-08 12:00:00');
		INSERT INTO lines VALUES (1, 5, 'a'), (1, 5, 'b'), (1, 6, 'c'), (1, NULL, 'd'), (1, NULL, 'e')`)
	records := readAll(t, v.open("", `  receipt:
    query: SELECT * FROM t
    key: id
    fields: {number: id, occurred_at: at, closed_at: at, type: {value: sale}, total: {value: 0}}
    lists:
      lines: {query: SELECT * FROM lines, parent: t, key: pos, order: title, fields: {name: title, quantity: {value: 1}, price: {value: 0}, total: {value: 0}}}
`))
	var data struct {
		Lines []struct{ ID, Name string }
	}
	require.NoError(t, json.Unmarshal(records[0].Data, &data))
	ids := map[string]string{}
	for _, line := range data.Lines {
		require.NotEmpty(t, line.ID)
		require.Empty(t, ids[line.ID], "%s and %s", ids[line.ID], line.Name)
		ids[line.ID] = line.Name
	}
	require.Len(t, ids, 5)
	require.Equal(t, "a", ids[extract.ID(organization, "receipt.lines", "1/5").String()], "the first keeps the id that it always had")
}

func TestTextsAreOfTheEncodingThatTheMappingNames(t *testing.T) {
	v := newVenue(t, `CREATE TABLE t (id INTEGER, name TEXT); INSERT INTO t VALUES (1, 'Latte'), (2, CAST(x'cceeebeeeaee' AS TEXT)), (3, 'Чай')`)
	const units = "  unit: {query: SELECT * FROM t WHERE id < 3, key: id, fields: {name: name}}\n"
	records := readAll(t, v.open("", units))
	require.Empty(t, records[0].Notes)
	require.Equal(t, extract.NotText, records[1].Notes[0].Code)
	for _, name := range []string{"cp1251", "Windows-1251"} {
		records = readAll(t, v.open(", encoding: "+name, units))
		require.JSONEq(t, `{"name":"Latte"}`, string(records[0].Data))
		require.JSONEq(t, `{"name":"Молоко"}`, string(records[1].Data))
		require.Empty(t, records[1].Notes)
	}
	require.JSONEq(t, `{"name":"╠юыюъю"}`, string(readAll(t, v.open(", encoding: cp866", units))[1].Data))
}

// SQLite takes a name in double quotes that it does not find for a text.
func TestAColumnThatIsRenamedIsMissedAtOnce(t *testing.T) {
	v := newVenue(t, `CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, phone TEXT); INSERT INTO t VALUES (1, 'a', '5')`)
	for _, query := range []string{"SELECT * FROM t", `SELECT id, name, "phone" FROM t`} {
		x := v.open("", "  customer: {query: '"+query+"', key: id, fields: {name: name, phone: phone}}\n")
		require.JSONEq(t, `{"name":"a","phone":"5"}`, string(readAll(t, x)[0].Data))
		_, err := v.db.Exec("ALTER TABLE t RENAME COLUMN phone TO mobile")
		require.NoError(t, err)
		_, err = x.Read(context.Background(), []source.Value{{Type: source.Number, Text: "1"}})
		require.ErrorContains(t, err, "no such column")
		_, err = v.extractor("  customer: {query: '" + query + "', key: id, fields: {name: name, phone: phone}}\n")
		require.ErrorContains(t, err, "phone")
		_, err = v.db.Exec("ALTER TABLE t RENAME COLUMN mobile TO phone")
		require.NoError(t, err)
	}
}

// What a directory's table says now is not what was sold then, and an inner join loses what was deleted.
func TestQueriesThatRewriteDocumentsAreFound(t *testing.T) {
	v := newVenue(t, `CREATE TABLE goods (id INTEGER PRIMARY KEY, title TEXT, price REAL);
		CREATE TABLE checks (id INTEGER PRIMARY KEY, at TEXT, note TEXT);
		CREATE TABLE lines (id INTEGER PRIMARY KEY, check_id INTEGER, pos INTEGER, good_id INTEGER, title TEXT);
		INSERT INTO goods VALUES (1, 'tea', 2); INSERT INTO checks VALUES (1, '2026-01-01 10:00:00', ''), (2, '2026-01-01 10:00:00', '');
		INSERT INTO lines VALUES (1, 1, 1, 1, 'Tea'), (2, 1, 2, 9, 'Gone'), (3, 2, 1, 1, 'Tea')`)
	inspect := func(lines string) []extract.Note {
		x := v.open("", `  receipt:
    query: SELECT *, 'x' AS NOTE FROM checks
    key: id
    fields: {number: id, occurred_at: at, closed_at: at, type: {value: sale}, total: {value: 0}, note: note}
    lists:
      lines:
        `+lines+`
        parent: check_id
        fields: {name: title, quantity: {value: 1}, price: {value: 0}, total: {value: 0}}
        lists:
          modifiers: {query: SELECT 1 AS id WHERE 1 = 0, parent: id, fields: {name: id, quantity: id, price: id}}
`)
		notes, err := x.Inspect(context.Background(), map[string]bool{"goods": true})
		require.NoError(t, err)
		return notes
	}
	twice := extract.Note{Code: extract.ColumnTwice, Path: "receipt", Given: "note"}
	require.Equal(t, []extract.Note{
		twice, {Code: extract.KeyShared, Path: "receipt.lines", Given: "1 keys (pos)"},
		{Code: extract.FromDirectory, Path: "receipt.lines.name", Given: "goods"}, {Code: extract.InnerJoin, Path: "receipt.lines", Given: "1 rows"},
	}, inspect("query: SELECT l.check_id, l.pos, g.title FROM lines l JOIN goods g ON g.id = l.good_id\n        key: pos"))
	require.Equal(t, []extract.Note{twice},
		inspect("query: SELECT l.id, l.check_id, coalesce(l.title, g.title) AS title FROM lines l LEFT JOIN goods g ON g.id = l.good_id\n        key: id"))
}
