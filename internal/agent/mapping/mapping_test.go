package mapping_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/mapping"
	_ "github.com/interpos/cabinet/internal/agent/source/postgres"
	_ "github.com/interpos/cabinet/internal/agent/source/sqlite"
)

const (
	head = "source: {driver: sqlite, dsn: pos.db}\nkinds:\n"
	unit = "  unit: {query: q, key: k, fields: {name: n}}\n"
)

func TestMistakesAreNamedWithTheirPlace(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"nothing":            {"", "m.yaml:1:1: the mapping is empty"},
		"no YAML":            {"source: [\n", "m.yaml:1:9: sequence end token ']' not found"},
		"unknown name":       {"sources: {}\n", `m.yaml:1:1: unknown field "sources"`},
		"unknown driver":     {"source: {driver: dbase, dsn: x}\nkinds: {unit: {query: q, key: k, fields: {name: n}}}\n", `m.yaml:1:18: the driver "dbase" is not known`},
		"no source":          {"kinds: {unit: {query: q, key: k, fields: {name: n}}}\n", "source.driver and source.dsn must be given"},
		"no kinds":           {"source: {driver: sqlite, dsn: x}\n", "kinds must be given"},
		"time zone":          {"time_zone: Moscow\n" + head + "  unit: {query: q, key: k, fields: {name: n}}\n", `m.yaml:1:12: "Moscow" is no time zone`},
		"unknown kind":       {head + "  goods: {query: q, key: k}\n", `m.yaml:3:3: there is no kind "goods"`},
		"no query":           {head + "  unit: {key: k, fields: {name: n}}\n", "m.yaml:3:3: unit needs a query"},
		"no key":             {head + "  unit: {query: q, fields: {name: n}}\n", "m.yaml:3:3: key (or id"},
		"key and id":         {head + "  unit: {query: q, key: k, id: i, fields: {name: n}}\n", "m.yaml:3:32: give key or id"},
		"unknown setting":    {head + "  unit:\n    query: q\n    kei: k\n", `m.yaml:5:5: unknown field "kei"`},
		"required":           {head + "  product: {query: q, key: k, fields: {name: n}}\n", "m.yaml:3:3: product: the required field type is not mapped"},
		"column and value":   {head + "  unit:\n    query: q\n    key: k\n    fields:\n      name: {column: n, value: x}\n", "m.yaml:7:7: name needs a column or a value"},
		"neither":            {head + "  unit:\n    query: q\n    key: k\n    fields:\n      name: {ref: unit}\n", "m.yaml:7:7: name needs a column or a value"},
		"number as column":   {head + "  unit:\n    query: q\n    key: k\n    fields:\n      name: 5\n", "m.yaml:7:13: the number 5 stands here, and a text is expected"},
		"unknown reference":  {head + "  unit: {query: q, key: k, fields: {name: {column: n, ref: moon}}}\n", `m.yaml:3:60: there is no kind "moon"`},
		"wrong deletes":      {head + "  unit: {query: q, key: k, deletes: always, fields: {name: n}}\n", "m.yaml:3:37: deletes must be detect or never"},
		"wrong duration":     {head + "  unit: {query: q, key: k, overlap: 5, fields: {name: n}}\n", "m.yaml:3:37: the number 5 stands here"},
		"list as field":      {head + "  product: {query: q, key: k, fields: {name: n, type: t, barcodes: b}}\n", "m.yaml:3:58: barcodes is a list"},
		"field as list":      {head + "  unit: {query: q, key: k, fields: {name: n}, lists: {code: {query: q, parent: p}}}\n", "m.yaml:3:55: code is no list"},
		"list without":       {head + "  hall: {query: q, key: k, fields: {name: n}, lists: {tables: {query: q, key: k, fields: {name: n}}}}\n", "m.yaml:3:55: parent must name the column"},
		"texts without":      {head + "  product: {query: q, key: k, fields: {name: n, type: t}, lists: {barcodes: {query: q, parent: p}}}\n", "m.yaml:3:67: column must name"},
		"mark in a list":     {head + "  hall: {query: q, key: k, fields: {name: n}, lists: {tables: {query: q, key: k, parent: p, modified_at: m, fields: {name: n}}}}\n", "belongs in a kind, not in a list"},
		"required in a list": {head + "  product: {query: q, key: k, fields: {type: t}, lists: {components: {query: q, parent: p, fields: {quantity: n}}}}\n", "product.components: the required field product_id is not mapped"},
		"receive nowhere":    {head + unit + "receive:\n  customer: {}\n", "m.yaml:5:3: customer needs a command or a table, and not both"},
		"receive twice":      {head + unit + "receive:\n  customer: {command: [x], table: t, key: k}\n", "m.yaml:5:3: customer needs a command or a table, and not both"},
		"receive unknown":    {head + unit + "receive:\n  guest: {command: [x]}\n", `m.yaml:5:3: there is no kind "guest"`},
		"command as text":    {head + unit + "receive:\n  customer: {command: x}\n", "m.yaml:5:23: a text stands here, and a list, such as [program, argument], is expected"},
		"empty command":      {head + unit + "receive:\n  customer: {command: []}\n", "m.yaml:5:23: must not be empty"},
		"number in command":  {head + unit + "receive:\n  customer: {command: [x, 5]}\n", "m.yaml:5:27: the number 5 stands here, and a text is expected"},
		"key of a command":   {head + unit + "receive:\n  customer: {command: [x], key: k}\n", "m.yaml:5:33: belongs to a table, not to a command"},
		"field of a command": {head + unit + "receive:\n  customer: {command: [x], fields: {name: n}}\n", "m.yaml:5:37: belongs to a table, not to a command"},
		"receive setting":    {head + unit + "receive:\n  customer: {comand: [x]}\n", `m.yaml:5:14: unknown field "comand"`},
		"table without key":  {head + unit + "receive:\n  customer: {table: t, data: d}\n", "m.yaml:5:3: key must name the column that takes the record's id"},
		"table of nothing":   {head + unit + "receive:\n  customer: {table: t, key: k}\n", "m.yaml:5:3: fields, or data, must name the columns"},
		"table's field":      {head + unit + "receive:\n  customer: {table: t, key: k, fields: {nam: n}}\n", `m.yaml:5:41: customer has no field "nam"`},
		"column twice":       {head + unit + "receive:\n  customer: {table: t, key: k, fields: {name: K}}\n", "m.yaml:5:47: the column K is filled already"},
		"two at once":        {head + "  product: {query: q, key: k}\n  payment_type: {query: q, key: k}\n", "m.yaml:4:3: payment_type: the required field type"},
		"shared document":    {head + "  transfer: {query: q, key: k, shared: true, fields: {number: n, occurred_at: o, from_warehouse_id: f, to_warehouse_id: t}, lists: {lines: {query: q, parent: p, fields: {product_id: p, quantity: q}}}}\n", "m.yaml:3:40: only a directory can be shared"},
		"shared list":        {head + "  product: {query: q, key: k, fields: {name: n, type: t}, lists: {barcodes: {query: q, parent: p, column: c, shared: true}}}\n", "belongs in a kind, not in a list"},
		"shared what":        {head + "  unit: {query: q, key: k, shared: yes please, fields: {name: n}}\n", "m.yaml:3:36: a text stands here, and true or false is expected"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mapping.Parse("/somewhere/m.yaml", []byte(c.text))
			require.ErrorContains(t, err, c.want)
		})
	}
}

// What a technician is told: what was found, what was expected, what to write.
func TestMessagesSayWhatToWrite(t *testing.T) {
	lines := func(text string) string {
		return head + "  unit:\n    " + strings.ReplaceAll(text, "\n", "\n    ") + "\n"
	}
	for name, c := range map[string]struct{ text, want string }{
		"unquoted query with a colon": {
			lines("query: SELECT * FROM t WHERE a: b\nkey: k"),
			"m.yaml:4:12: mapping value is not allowed in this context: if this is SQL, YAML takes a part of it for its own: write `query: |`, and the SQL on the lines below, indented",
		},
		"unquoted query that begins with a quote": {
			lines("query: \"x\" FROM t\nkey: k"),
			"m.yaml:4:16: value is not allowed in this context. map key-value is pre-defined: if this is SQL, YAML takes a part of it for its own: write `query: |`, and the SQL on the lines below, indented",
		},
		"unquoted query in braces": {
			head + "  unit: {query: SELECT a, b FROM t, key: k, fields: {name: n}}\n",
			`m.yaml:3:27: unknown field "b FROM t": known here are query, key, id, fields, lists, modified_at, deleted, deletes, shared, time_zone, overlap, full_scan, parent, order, column; in { } a comma ends a value, so put a query in quotes`,
		},
		"list as id":           {lines("query: q\nid: [a, b]"), "m.yaml:5:9: a list stands here, and a text is expected"},
		"names as key":         {lines("query: q\nkey: {a: b}"), "m.yaml:5:10: a set of names with values stands here, and a text is expected"},
		"number as key":        {lines("query: q\nkey: 5"), `m.yaml:5:10: the number 5 stands here, and a text is expected: write "5" in quotes; a duration needs its unit, such as 24h`},
		"truth as column":      {lines("query: q\nkey: k\nfields: {name: yes, code: true}"), `m.yaml:6:31: true stands here, and a text is expected: write "true" in quotes`},
		"nothing as key":       {lines("query: q\nkey:"), "m.yaml:3:3: key (or id, if it holds UUIDs) must name the column that identifies a row"},
		"fields as list":       {lines("query: q\nkey: k\nfields: [name]"), "m.yaml:6:13: a list stands here, and a set of names with values, such as `name: title`, is expected"},
		"slip in a field":      {lines("query: q\nkey: k\nfields: {name: {colum: x}}"), `m.yaml:6:21: unknown field "colum": known here are column, value, ref, time`},
		"slip in the source":   {"source: {drver: sqlite}\n", `m.yaml:1:10: unknown field "drver": known here are driver, dsn, encoding`},
		"slip at the top":      {"sorce: {}\n", `m.yaml:1:1: unknown field "sorce": known here are source, time_zone, kinds, receive`},
		"several for one":      {lines("query: q\nkey: k\nfields: {name: [a, b]}"), "m.yaml:6:14: name takes one column: only the key of another record is made of several"},
		"duration in words":    {lines("query: q\nkey: k\nfull_scan: 1 day\nfields: {name: n}"), "m.yaml:6:16: must be a duration, such as 90m or 24h"},
		"tab":                  {head + "\tunit:\n", "m.yaml:3:1: found character '\t' that cannot start any token: YAML is indented by blanks, not by tabs"},
		"text as kind":         {head + "  unit: q\n", "m.yaml:3:9: a string stands here, and names with values are expected, such as `query: SELECT …`"},
		"list of kinds":        {head[:len(head)-len("kinds:\n")] + "kinds:\n  - unit\n", "m.yaml:3:3: a list stands here, and a set of names with values, such as `name: title`, is expected"},
		"unknown encoding":     {"source: {driver: sqlite, dsn: x, encoding: ansi}\nkinds: {unit: {query: q, key: k, fields: {name: n}}}\n", `m.yaml:1:44: the encoding "ansi" is not known: use utf-8 or one of cp1250, cp1251, cp1252,`},
		"ANSI":                 {"# \xcc\xee\n" + head, "m.yaml:1:1: the file is no UTF-8 text (perhaps Windows-1251, called ANSI): save it as UTF-8"},
		"number for a command": {head + unit + "receive:\n  customer: {command: 5}\n", "m.yaml:5:23: the number 5 stands here, and a list, such as [program, argument], is expected"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mapping.Parse("/somewhere/m.yaml", []byte(c.text))
			require.ErrorContains(t, err, c.want)
		})
	}
}

// Editors put a mark before a text that says how it is written.
func TestAMappingWithAByteOrderMarkIsRead(t *testing.T) {
	_, err := mapping.Parse("/somewhere/m.yaml", []byte("\xef\xbb\xbf"+head+unit))
	require.NoError(t, err)
}

func TestKindsComeInTheOrderOfSending(t *testing.T) {
	m := parse(t, head+`
  receipt:
    query: q
    key: k
    fields: {number: n, occurred_at: a, closed_at: a, type: t, total: s}
    lists:
      lines: {query: q, parent: p, key: k, fields: {product_id: p, name: n, quantity: q, price: p, total: t}}
      payments: {query: q, parent: p, fields: {payment_type_id: t, amount: a}}
  unit: {query: q, key: k, fields: {name: n}}
`)
	require.Equal(t, "unit", m.Kinds[0].Record.Name)
	require.Equal(t, "receipt", m.Kinds[1].Record.Name)
}

func TestDefaultsSpareDocumentsFromDeletion(t *testing.T) {
	m := parse(t, head+`
  unit: {query: q, key: k, fields: {name: n}}
  write_off:
    query: q
    key: k
    time_zone: Asia/Omsk
    fields: {number: n, occurred_at: a, warehouse_id: w}
    lists: {lines: {query: q, parent: p, fields: {product_id: p, quantity: q}}}
`)
	require.True(t, m.Kind("unit").Detect)
	require.Nil(t, m.Kind("unit").Zone)
	require.False(t, m.Kind("write_off").Detect)
	require.Equal(t, "Asia/Omsk", m.Kind("write_off").Zone.String())
	require.Equal(t, 75*time.Minute, m.Kind("unit").Overlap)
	require.Nil(t, m.Kind("receipt"))
}

func TestReferencesPointToTheirKinds(t *testing.T) {
	m := parse(t, head+`
  product_group: {query: q, key: k, fields: {name: n, parent_id: p}}
  unit: {query: q, id: k, fields: {name: n}}
  product: {query: q, key: k, fields: {name: n, type: t, group_id: g, unit_id: u, old_id: {column: o, ref: product}}}
`)
	require.Equal(t, "product_group", m.Kind("product_group").Fields[1].Ref)
	fields := m.Kind("product").Fields
	require.Equal(t, "product_group", fields[2].Ref)
	require.Empty(t, fields[3].Ref, "units are known by UUIDs: the value is the id")
	require.Equal(t, "product", fields[4].Ref)
	require.False(t, fields[4].Known)
}

func TestFingerprintChangesWithTheMapping(t *testing.T) {
	one := parse(t, head+"  unit: {query: q, key: k, fields: {name: n}}\n").Kind("unit").Fingerprint
	require.Equal(t, one, parse(t, "\n"+head+"  unit: {query: q, key: k, fields: {name: n}}\n").Kind("unit").Fingerprint)
	require.NotEqual(t, one, parse(t, head+"  unit: {query: q, key: k, fields: {name: m}}\n").Kind("unit").Fingerprint)
	require.NotEqual(t, one, parse(t, "time_zone: Asia/Omsk\n"+head+"  unit: {query: q, key: k, fields: {name: n}}\n").Kind("unit").Fingerprint)
}

// What is shared, another source of the organization may have still; and whoever refers to it refers to another
// id than before.
func TestWhatIsSharedIsNotDeletedAndChangesWhatRefersToIt(t *testing.T) {
	kinds := func(shared string) *mapping.Mapping {
		return parse(t, head+`
  unit: {query: q, key: k, `+shared+`fields: {name: n}}
  product: {query: q, key: k, fields: {name: n, type: t, unit_id: u}}
`)
	}
	own, shared := kinds(""), kinds("shared: true, ")
	require.True(t, own.Kind("unit").Detect)
	require.False(t, own.Kind("unit").SharedIDs)
	require.False(t, shared.Kind("unit").Detect)
	require.True(t, shared.Kind("unit").SharedIDs)
	require.False(t, shared.Kind("product").SharedIDs)
	require.True(t, shared.Kind("product").Fields[2].RefShared)
	require.NotEqual(t, own.Kind("product").Fingerprint, shared.Kind("product").Fingerprint, "its units have other ids now")
	require.True(t, kinds("shared: true, deletes: detect, ").Kind("unit").Detect)
	require.Equal(t, own.Kind("unit").Detect, kinds("shared: false, ").Kind("unit").Detect)
}

func TestSourceIsFoundNextToTheMapping(t *testing.T) {
	t.Setenv("POS_PASSWORD", "geheim$1")
	require.Equal(t, filepath.FromSlash("/somewhere/pos.db"), parse(t, head+"  unit: {query: q, key: k, fields: {name: n}}\n").DSN)
	m := parse(t, "source: {driver: postgres, dsn: 'postgres://till:${POS_PASSWORD}@localhost/pos'}\nkinds:\n  unit: {query: q, key: k, fields: {name: n}}\n")
	require.Equal(t, "postgres://till:geheim$1@localhost/pos", m.DSN)
}

func TestPublishedExamplesAreInOrder(t *testing.T) {
	files, err := filepath.Glob("../../../docs/examples/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		_, err := mapping.Load(file)
		require.NoError(t, err, file)
	}
	for _, guide := range []string{"agent.md", "agent.ru.md"} {
		text, err := os.ReadFile("../../../docs/" + guide)
		require.NoError(t, err)
		_, after, _ := strings.Cut(string(text), "```yaml\nsource:")
		block, _, _ := strings.Cut(after, "```")
		_, err = mapping.Parse(guide, []byte("source:"+block))
		require.NoError(t, err)
	}
	_, err = mapping.Load("no such file.yaml")
	require.ErrorIs(t, err, os.ErrNotExist)
}

func parse(t *testing.T, text string) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Parse("/somewhere/m.yaml", []byte(text))
	require.NoError(t, err)
	return m
}

func TestWhatIsReceivedGoesToACommandOrATable(t *testing.T) {
	m := parse(t, head+unit+`
receive:
  delivery_order: {command: [./orders, "5"]}
  customer: {table: guests, key: id, deleted: gone, data: body, fields: {name: title, phone: phone}}
`)
	require.Len(t, m.Receive, 2)
	require.Equal(t, &mapping.Target{
		Name: "guests", Key: "id", Deleted: "gone", Data: "body",
		Columns: []mapping.TargetColumn{{Column: "title", Field: "name"}, {Column: "phone", Field: "phone"}},
	}, m.Receive[0].Table)
	require.Equal(t, []string{"./orders", "5"}, m.Receive[1].Command)
	require.Equal(t, "/somewhere", m.Receive[1].Dir)

	alone := parse(t, "source: {driver: sqlite, dsn: pos.db}\nreceive:\n  customer: {command: [x]}\n")
	require.Empty(t, alone.Kinds, "a till may only take")
}
