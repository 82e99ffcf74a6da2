package mapping_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/record"
)

// FuzzMapping: whatever stands in the file, reading it ends with a mapping that can be worked with, or
// with mistakes that are named with their places.
func FuzzMapping(f *testing.F) {
	examples, err := filepath.Glob("../../../docs/examples/*.yaml")
	require.NoError(f, err)
	require.NotEmpty(f, examples)
	for _, path := range examples {
		text, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(text)
	}
	for _, text := range []string{
		"", "source: [", "kinds: {unit: &a [*a]}", "? {a: b}\n: c", "!!binary x: |\n  y", "<<: {kinds: {}}",
		head + unit,
		head + "  hall: {query: q, key: k, fields: {name: n}, lists: {tables: {query: q, key: k, parent: p, order: o, fields: {name: {value: 1.50}}}}}\n",
		head + "  unit:\n    query: |\n      SELECT *\n      FROM t -- x\n    id: k\n    modified_at: m\n    overlap: 5m\n    time_zone: Asia/Omsk\n    fields: {name: {column: n, time: unix_ms}, code: {column: c, ref: product}}\n",
		head + unit + "receive:\n  customer: {command: [./x, \"5\"]}\n  outlet: {table: t, key: k, deleted: d, data: b, modified_at: m, fields: {name: n}}\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := mapping.Parse("/somewhere/m.yaml", text)
		if err != nil {
			mistakes(t, err)
			return
		}
		again, err := mapping.Parse("/somewhere/m.yaml", text)
		require.NoError(t, err)
		require.Equal(t, m, again, "the same text is the same mapping")
		require.NotZero(t, len(m.Kinds)+len(m.Receive))
		for i := range m.Kinds {
			workable(t, m, &m.Kinds[i])
		}
		for i := range m.Receive {
			to := &m.Receive[i]
			require.NotEqual(t, len(to.Command) > 0, to.Table != nil)
			require.True(t, to.Table == nil || to.Table.Name != "" && to.Table.Key != "")
		}
	})
}

func mistakes(t *testing.T, err error) {
	var list mapping.Errors
	if !errors.As(err, &list) {
		return // the decoder's own words
	}
	require.NotEmpty(t, list)
	for _, mistake := range list {
		require.NotEmpty(t, mistake.Message)
		require.Positive(t, mistake.Line)
		require.Positive(t, mistake.Column)
	}
}

func workable(t *testing.T, m *mapping.Mapping, kind *mapping.Kind) {
	require.Contains(t, record.Names(), kind.Record.Name)
	require.Same(t, kind, m.Kind(kind.Record.Name), "a kind stands there once")
	table(t, &kind.Table)
	require.True(t, kind.Key.Given())
	for _, field := range kind.Record.Fields {
		is := func(f mapping.Field) bool { return f.Name.Text == field.Name }
		in := func(l mapping.List) bool { return l.Name.Text == field.Name }
		require.True(t, !field.Required || slices.ContainsFunc(kind.Fields, is) || slices.ContainsFunc(kind.Lists, in), field.Name)
	}
}

func table(t *testing.T, at *mapping.Table) {
	require.True(t, at.Query.Given())
	for i := range at.Fields {
		require.True(t, !at.Fields[i].Column.Given() || at.Fields[i].Constant.IsNull(), "a column or a value")
	}
	for i := range at.Lists {
		require.True(t, at.Lists[i].Parent.Given())
		table(t, &at.Lists[i].Table)
	}
}
