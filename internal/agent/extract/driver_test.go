package extract_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
)

// textDriver is a made-up database: its dsn is its only table, a line for each row. It is all
// that another driver needs.
type textDriver struct{}

func init() { source.Register("text", textDriver{}) }

func (textDriver) Open(_ context.Context, dsn string) (source.Source, error) {
	lines := strings.Split(dsn, "\n")
	return textTable{strings.Fields(lines[0]), lines[1:]}, nil
}

func (textDriver) Write(context.Context, string, string, string, []source.Put) error { return nil }
func (textDriver) Resolve(dsn, _ string) string                                      { return strings.ReplaceAll(dsn, ";", "\n") }
func (textDriver) Replaceable() bool                                                 { return false }

type textTable struct {
	columns []string
	lines   []string
}

func (t textTable) Columns(context.Context, string) (columns []source.Column, err error) {
	for _, name := range t.columns {
		columns = append(columns, source.Column{Name: name})
	}
	return columns, nil
}
func (t textTable) Scan(ctx context.Context, selection source.Selection, each func(source.Row) error) error {
	return t.Select(ctx, selection, each)
}
func (textTable) Holds(context.Context, source.Selection) (bool, error)          { return false, nil }
func (textTable) RowsAtOnce() int                                                { return 0 }
func (t textTable) Read(_ context.Context, read func(source.Reader) error) error { return read(t) }
func (textTable) Lost(error) bool                                                { return false }
func (textTable) Close() error                                                   { return nil }
func (textTable) MaxKeys() int                                                   { return 1 }

func (t textTable) Select(_ context.Context, selection source.Selection, each func(source.Row) error) error {
	for _, line := range t.lines {
		cells := strings.Fields(line)
		value := func(column string) source.Value {
			return source.Value{Type: source.Text, Text: cells[slices.Index(t.columns, column)]}
		}
		if in := selection.In; in != nil && !slices.Contains(in.Values, value(in.Columns[0])) {
			continue
		}
		row := make(source.Row, len(selection.Columns))
		for i, column := range selection.Columns {
			row[i] = value(column)
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return nil
}

func TestADriverIsWholeOnceItHasRegisteredItself(t *testing.T) {
	ctx := context.Background()
	m, err := mapping.Parse("m.yaml", []byte(`source: {driver: text, dsn: "code title;1 kg;2 l"}
kinds: {unit: {query: all, key: code, fields: {name: title}}}
`))
	require.NoError(t, err)
	src, err := source.Open(ctx, m.Driver, m.DSN)
	require.NoError(t, err)
	x, err := extract.New(ctx, "m.yaml", src, &m.Kinds[0], extract.Namespaces{Source: organization, Shared: organization}, time.UTC)
	require.NoError(t, err)
	read, err := x.Read(ctx, []source.Value{{Type: source.Text, Text: "2"}})
	require.NoError(t, err)
	require.Len(t, read.Records, 1)
	require.JSONEq(t, `{"name":"l"}`, string(read.Records[0].Data))

	_, err = mapping.Parse("m.yaml", []byte("source: {driver: cards, dsn: x}\nkinds: {unit: {query: all, key: code, fields: {name: title}}}\n"))
	require.ErrorContains(t, err, `the driver "cards" is not known: use postgres or sqlite or text`)
	require.Panics(t, func() { source.Register("text", textDriver{}) })
}
