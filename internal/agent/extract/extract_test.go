package extract_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
	_ "github.com/interpos/cabinet/internal/agent/source/sqlite"
)

var organization = uuid.MustParse("3f2504e0-4f89-41d3-9a0c-0305e82c3301")

// venue is an SQLite source with a mapping over it.
type venue struct {
	*testing.T
	db   *sql.DB
	path string
}

func newVenue(t *testing.T, schema string) *venue {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pos #1.db") // such names exist
	db, err := sql.Open("sqlite", "file:"+filepath.Dir(path)+"/pos%20%231.db")
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	_, err = db.Exec(schema)
	require.NoError(t, err)
	return &venue{t, db, path}
}

// extractor reads one kind of a mapping, in a zone of four hours.
func (v *venue) extractor(kinds string) (*extract.Extractor, error) {
	v.Helper()
	m, err := mapping.Parse("m.yaml", []byte("source: {driver: sqlite, dsn: '"+v.path+"'}\nkinds:\n"+kinds))
	require.NoError(v, err)
	src, err := source.Open(context.Background(), m.Driver, m.DSN)
	require.NoError(v, err)
	v.Cleanup(func() { _ = src.Close() })
	last := &m.Kinds[len(m.Kinds)-1]
	return extract.New(context.Background(), "m.yaml", src, last, extract.Namespaces{Source: organization, Shared: organization}, time.FixedZone("", 4*3600))
}

// list gives all rows that an extractor lists.
func list(x *extract.Extractor, since *source.Value) (entries []extract.Entry, err error) {
	return entries, x.List(context.Background(), since, func(entry *extract.Entry) error {
		entries = append(entries, *entry)
		return nil
	})
}

func keysOf(entries []extract.Entry) (keys []source.Value) {
	for i := range entries {
		keys = append(keys, entries[i].Key)
	}
	return keys
}

func (v *venue) records(kinds string) []extract.Record {
	v.Helper()
	x, err := v.extractor(kinds)
	require.NoError(v, err)
	entries, err := list(x, nil)
	require.NoError(v, err)
	keys := keysOf(entries)
	read, err := x.Read(context.Background(), keys)
	require.NoError(v, err)
	require.Empty(v, read.Refusals)
	return read.Records
}

// Ids that were sent once must be made again for ever: these were written down.
func TestIDsStayTheSame(t *testing.T) {
	require.Equal(t, "377a1f5a-edb5-5658-9430-19cc89c88014", extract.ID(organization, "product", "42").String())
	require.NotEqual(t, extract.ID(organization, "product", "42"), extract.ID(organization, "unit", "42"))
	require.NotEqual(t, extract.ID(organization, "product", "42"), extract.ID(uuid.New(), "product", "42"))

	v := newVenue(t, `CREATE TABLE t (id INTEGER, item NUMERIC, note TEXT); INSERT INTO t VALUES (42, 7.0, 'x')`)
	r := v.records("  product_group: {query: SELECT * FROM t, key: id, fields: {name: note, parent_id: item}}\n")[0]
	require.Equal(t, extract.ID(organization, "product_group", "42"), r.ID)
	require.Contains(t, string(r.Data), extract.ID(organization, "product_group", "7").String(), "7.0 and 7 are one key")
}

func TestUUIDsOfTheSourceAreKept(t *testing.T) {
	const id = "0195e6a0-1111-7222-8333-444455556666"
	v := newVenue(t, `CREATE TABLE t (id TEXT, up TEXT, name TEXT); INSERT INTO t VALUES ('0195E6A0-1111-7222-8333-444455556666', '0195E6A0-1111-7222-8333-444455556666', 'x')`)
	r := v.records("  product_group: {query: SELECT * FROM t, id: id, fields: {name: name, parent_id: up}}\n")[0]
	require.Equal(t, id, r.ID.String())
	require.JSONEq(t, `{"name":"x","parent_id":"`+id+`"}`, string(r.Data))

	_, err := v.db.Exec("UPDATE t SET id = 'five'")
	require.NoError(t, err)
	x, err := v.extractor("  product_group: {query: SELECT * FROM t, id: id, fields: {name: name}}\n")
	require.NoError(t, err)
	read, err := x.Read(context.Background(), []source.Value{{Type: source.Text, Text: "five"}})
	require.NoError(t, err)
	require.Empty(t, read.Records)
	require.Contains(t, read.Refusals[0].Text, `the id "five" is no UUID`)
}

func TestDecimalsArriveDigitByDigit(t *testing.T) {
	v := newVenue(t, `CREATE TABLE t (id INTEGER, a, b, c, d, e, f, g);
		INSERT INTO t VALUES (1, 0.1, '12345678901.2345', 1e2, '0.10', '-0.00', 19.99, '+007.50')`)
	r := v.records(`
  product:
    query: SELECT *, 'p' AS name, 'dish' AS type FROM t
    key: id
    fields: {name: name, type: type, price: a, cost: b, tax_rate: c, min_stock: d, x_e: {column: e}, x_f: f, x_g: g}
`)[0]
	var data map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(r.Data, &data))
	for field, want := range map[string]string{
		"price": "0.1", "cost": "12345678901.2345", "tax_rate": "100", "min_stock": "0.1",
		"x_e": `"-0.00"`, "x_f": "19.99", "x_g": `"+007.50"`, // unknown fields keep the type of the source
	} {
		require.Equal(t, want, string(data[field]), field)
	}
}

func TestValuesFitTheirFieldsOrAreShownAsTheyAre(t *testing.T) {
	v := newVenue(t, `CREATE TABLE t (id INTEGER, yes, no, none, blank, word, born, at DATETIME);
		INSERT INTO t VALUES (1, 1, 'false', NULL, '', 'seven', '1990-02-03 00:00:00', '2026-05-25 20:03:14')`)
	r := v.records(`
  product:
    query: SELECT * FROM t
    key: id
    fields:
      name: at
      type: {value: dish}
      archived: yes
      tracks_stock: no
      code: none
      group_id: blank
      price: word
      sold_by_weight: {value: true}
      cost: {value: 10.50}
`)[0]
	require.JSONEq(t, `{"archived":true,"cost":10.5,"name":"2026-05-25 20:03:14","price":"seven","sold_by_weight":true,
		"tracks_stock":false,"type":"dish"}`, string(r.Data))
	faults, _ := r.Check(2)
	require.Len(t, faults, 1)
	require.Equal(t, "price", faults[0].Field)
	customer := v.records("  customer: {query: SELECT * FROM t, key: id, fields: {name: word, birthday: born}}\n")[0]
	require.JSONEq(t, `{"birthday":"1990-02-03","name":"seven"}`, string(customer.Data))
}

func TestTimesWithoutAZoneAreLocal(t *testing.T) {
	v := newVenue(t, `CREATE TABLE t (id INTEGER, at TIMESTAMP, unix INTEGER);
		INSERT INTO t VALUES (1, '2026-05-25 20:03:14.5', 1779728594), (2, '2026-05-25T20:03', NULL),
			(3, '2026-05-25T20:03:14Z', NULL), (4, '2026-05-25 20:03:14+01', NULL), (5, 'yesterday', NULL)`)
	kind := func(settings string) string {
		return "  write_off:\n    query: SELECT * FROM t\n    key: id\n    " + settings + `
    fields: {number: {value: "1"}, occurred_at: at, warehouse_id: {value: 1}, x_unix: {column: unix, time: unix}}
    lists: {lines: {query: SELECT 0 AS p, parent: p, fields: {product_id: p, quantity: p}}}
`
	}
	read := func(settings string) (at []string) {
		for _, r := range v.records(kind(settings)) {
			var data struct {
				OccurredAt string `json:"occurred_at"`
				Unix       string `json:"x_unix"`
			}
			require.NoError(t, json.Unmarshal(r.Data, &data))
			at = append(at, data.OccurredAt)
			if data.Unix != "" {
				at = append(at, data.Unix)
			}
		}
		return at
	}
	require.Equal(t, []string{
		"2026-05-25T20:03:14.5+04:00", "2026-05-25T21:03:14+04:00", "2026-05-25T20:03:00+04:00",
		"2026-05-26T00:03:14+04:00", "2026-05-25T23:03:14+04:00", "yesterday",
	}, read("deletes: never"))
	require.Equal(t, "2026-05-25T20:03:14.5+03:00", read("time_zone: Europe/Moscow")[0])
}

func TestListsAreNestedAndOrdered(t *testing.T) {
	v := newVenue(t, `
		CREATE TABLE checks (id INTEGER, no TEXT, at TEXT);
		CREATE TABLE lines (check_id INTEGER, pos INTEGER, item INTEGER);
		CREATE TABLE extras (line TEXT, title TEXT);
		INSERT INTO checks VALUES (1, 'a', '2026-01-01 10:00:00'), (2, 'b', '2026-01-01 11:00:00');
		INSERT INTO lines VALUES (1, 10, 5), (2, 1, 5), (1, 9, 6);
		INSERT INTO extras VALUES ('1-9', 'milk'), ('1-9', 'ice')`)
	records := v.records(`
  receipt:
    query: SELECT * FROM checks
    key: id
    fields: {number: no, occurred_at: at, closed_at: at, type: {value: sale}, total: {value: 0}}
    lists:
      lines:
        query: SELECT check_id || '-' || pos AS line, * FROM lines -- with a remark;
        parent: check_id
        key: line
        order: pos
        fields: {product_id: item, name: line, quantity: {value: 1}, price: {value: 0}, total: {value: 0}}
        lists:
          modifiers:
            query: SELECT * FROM extras;
            parent: line
            order: title
            fields: {name: title, quantity: {value: 1}, price: {value: 0}}
      payments: {query: SELECT 0 AS c, parent: c, fields: {payment_type_id: c, amount: c}}
`)
	type item struct {
		ID, Name  string
		Modifiers []struct{ Name string }
	}
	var first, second struct {
		Lines    []item
		Payments []any
	}
	require.NoError(t, json.Unmarshal(records[0].Data, &first))
	require.NoError(t, json.Unmarshal(records[1].Data, &second))
	require.Equal(t, "1-9", first.Lines[0].Name, "ordered by number, not by text")
	require.Equal(t, "1-10", first.Lines[1].Name)
	require.Equal(t, "ice", first.Lines[0].Modifiers[0].Name)
	require.Len(t, first.Lines[0].Modifiers, 2)
	require.Nil(t, first.Lines[1].Modifiers)
	require.NotEqual(t, first.Lines[0].ID, second.Lines[0].ID)
	require.Len(t, second.Lines, 1)
	require.Equal(t, []any{}, second.Payments, "a required list is there even when it is empty")
	faults, remarks := records[0].Check(2)
	require.Empty(t, faults)
	require.Empty(t, remarks)
}

func TestSoftDeletionIsATombstone(t *testing.T) {
	v := newVenue(t, `CREATE TABLE t (id INTEGER, name TEXT, gone BOOLEAN); INSERT INTO t VALUES (1, 'a', 0), (2, 'b', 1)`)
	records := v.records("  unit: {query: SELECT * FROM t, key: id, deleted: gone, fields: {name: name}}\n")
	require.False(t, records[0].Deleted)
	require.True(t, records[1].Deleted)
	require.Nil(t, records[1].Data)
}

// A row without a key is named by what else it holds; its neighbours go.
func TestARowWithoutAKeyIsNamed(t *testing.T) {
	v := newVenue(t, `CREATE TABLE t (id INTEGER, name TEXT); INSERT INTO t VALUES (NULL, 'a'), (1, 'b'), (NULL, 'c')`)
	x, err := v.extractor("  unit: {query: SELECT * FROM t, key: id, fields: {name: name}}\n")
	require.NoError(t, err)
	entries, err := list(x, nil)
	require.NoError(t, err)
	require.Len(t, entries, 3)
	require.Equal(t, "1", entries[0].Key.Text)
	for i, name := range []string{"a", "c"} {
		require.Equal(t, &extract.Refusal{Code: extract.KeyMissing, Text: "a row has no key (id is empty): name " + name}, entries[i+1].Refusal)
	}
}

func TestMissingColumnsAreNamedWithTheirPlace(t *testing.T) {
	v := newVenue(t, `CREATE TABLE t (id INTEGER, Name TEXT)`)
	_, err := v.extractor("  unit: {query: SELECT * FROM t, key: ID, fields: {name: name, code: kode}}\n")
	require.EqualError(t, err, `m.yaml:3:70: unit: the query has no column "kode"; it has id, Name; if not a column but this text is meant, write code: {value: kode}`)
	_, err = v.extractor("  unit: {query: SELECT * FROM nowhere, key: id, fields: {name: name}}\n")
	require.ErrorContains(t, err, "m.yaml:3:17: unit: the query fails")
}

func TestChangeMarkOverlaps(t *testing.T) {
	v := newVenue(t, `CREATE TABLE t (id INTEGER, name TEXT, at TEXT, unix INTEGER);
		INSERT INTO t VALUES (1, 'a', '2026-05-25 10:00:00', 1779728594), (2, 'b', '2026-05-25 12:00:00', 1779728000), (3, 'c', NULL, NULL)`)
	x, err := v.extractor("  unit: {query: SELECT * FROM t, key: id, modified_at: at, overlap: 90m, fields: {name: name}}\n")
	require.NoError(t, err)
	entries, err := list(x, nil)
	require.NoError(t, err)
	require.Len(t, entries, 3)
	require.Equal(t, "2026-05-25 12:00:00", entries[1].Mark.Text)
	since, ok := x.Before(entries[1].Mark)
	require.True(t, ok)
	require.Equal(t, "2026-05-25 10:30:00", since.Text, "in the form of the source")
	entries, err = list(x, &since)
	require.NoError(t, err)
	require.Len(t, entries, 2)
	require.Equal(t, []string{"3", "2"}, []string{entries[0].Key.Text, entries[1].Key.Text}, "what has no mark is read each time")

	x, err = v.extractor("  unit: {query: SELECT * FROM t, key: id, modified_at: unix, overlap: 10s, fields: {name: name}}\n")
	require.NoError(t, err)
	for written, want := range map[string]string{ // the source compares texts: the offset stays what it was
		"2026-05-25T17:03:14.5Z":     "2026-05-25T17:03:04Z",
		"2026-05-25 20:03:14+03":     "2026-05-25 20:03:04+03",
		"2026-05-25T20:03:14+0300":   "2026-05-25T20:03:04+0300",
		"2026-05-25T09:03:14-08:00":  "2026-05-25T09:03:04-08:00",
		"2026-05-25 20:03:14.123456": "2026-05-25 20:03:04",
	} {
		since, ok = x.Before(source.Value{Type: source.Text, Text: written})
		require.True(t, ok)
		require.Equal(t, want, since.Text, written)
	}
	since, ok = x.Before(source.Value{Type: source.Number, Text: "1779728594"})
	require.True(t, ok)
	require.Equal(t, source.Value{Type: source.Number, Text: "1779728584"}, since)
	_, ok = x.Before(source.Value{Type: source.Text, Text: "soon"})
	require.False(t, ok)
}
