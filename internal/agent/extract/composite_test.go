package extract_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/source"
)

// A POS whose numbers begin anew each day, in each outlet.
const daily = `
	CREATE TABLE checks (day DATE, place VARCHAR(9), no INTEGER, base_day DATE, base_no INTEGER, at TIMESTAMP, total NUMERIC(9,2), PRIMARY KEY (day, place, no));
	CREATE TABLE lines (day DATE, place VARCHAR(9), no INTEGER, pos INTEGER, title TEXT, PRIMARY KEY (day, place, no, pos));
	CREATE TABLE extras (day DATE, place VARCHAR(9), no INTEGER, pos INTEGER, title TEXT);
	INSERT INTO checks VALUES ('2026-05-25', 'a/b', 1, NULL, NULL, '2026-05-25 10:00:00', 5), ('2026-05-25', 'a', 1, NULL, NULL, '2026-05-25 11:00:00', 6),
		('2026-05-26', 'a', 1, '2026-05-25', 1, '2026-05-26 10:00:00', 7);
	INSERT INTO lines VALUES ('2026-05-25', 'a/b', 1, 1, 'tea'), ('2026-05-25', 'a', 1, 1, 'pie'), ('2026-05-25', 'a', 1, 2, 'jam'), ('2026-05-26', 'a', 1, 1, 'tea');
	INSERT INTO extras VALUES ('2026-05-25', 'a', 1, 2, 'sugar');`

const dailyReceipts = `  receipt:
    query: SELECT * FROM checks
    key: [day, place, no]
    modified_at: at
    overlap: 1m
    fields: {number: no, occurred_at: at, closed_at: at, type: {value: sale}, total: total, refund_of_id: [base_day, place, base_no]}
    lists:
      lines:
        query: SELECT * FROM lines
        parent: [day, place, no]
        key: [day, place, no, pos]
        fields: {name: title, quantity: {value: 1}, price: {value: 0}, total: {value: 0}}
        lists:
          modifiers: {query: SELECT * FROM extras, parent: [day, place, no, pos], order: title, fields: {name: title, quantity: {value: 1}, price: {value: 0}}}
      payments: {query: SELECT * FROM lines, parent: [day, place, no], order: pos, fields: {payment_type_id: pos, amount: {value: 0}}}
`

// checkDaily holds what the mapping above makes of the tables.
func checkDaily(t *testing.T, x *extract.Extractor) {
	t.Helper()
	entries, err := list(x, nil)
	require.NoError(t, err)
	require.Len(t, entries, 3)
	read, err := x.Read(context.Background(), keysOf(entries))
	require.NoError(t, err)
	require.Len(t, read.Records, 3)
	byKey := map[string]extract.Record{}
	for i, r := range read.Records {
		byKey[r.Key.Key()] = r
		require.Equal(t, entries[i].ID, r.ID)
	}
	other, first, next := byKey[`2026-05-25/a\/b/1`], byKey["2026-05-25/a/1"], byKey["2026-05-26/a/1"]
	require.Equal(t, extract.ID(organization, "receipt", "2026-05-25/a/1"), first.ID, "for ever")
	require.NotEqual(t, other.ID, first.ID)
	type receipt struct {
		RefundOf string `json:"refund_of_id"`
		Lines    []struct {
			ID, Name  string
			Modifiers []struct{ Name string }
		}
	}
	of := func(r extract.Record) (data receipt) {
		require.NoError(t, json.Unmarshal(r.Data, &data))
		return data
	}
	require.Len(t, of(first).Lines, 2)
	require.Equal(t, "sugar", of(first).Lines[1].Modifiers[0].Name)
	require.Empty(t, of(first).Lines[0].Modifiers)
	require.Empty(t, of(first).RefundOf, "a reference with a part that is missing is none")
	require.Equal(t, first.ID.String(), of(next).RefundOf)
	require.Equal(t, "tea", of(other).Lines[0].Name)

	since, ok := x.Before(entries[2].Mark)
	require.True(t, ok)
	late, err := list(x, &since)
	require.NoError(t, err)
	require.Len(t, late, 1)
}

func TestKeysOfSeveralColumns(t *testing.T) {
	v := newVenue(t, daily)
	x, err := v.extractor(dailyReceipts)
	require.NoError(t, err)
	checkDaily(t, x)
	notes, err := x.Inspect(context.Background(), nil)
	require.NoError(t, err)
	require.Equal(t, []extract.Note{{Code: extract.NoIndex, Path: "receipt", Given: "at"}}, notes, "the key has an index")

	_, err = v.db.Exec("UPDATE checks SET place = NULL WHERE no = 1 AND day = '2026-05-26'")
	require.NoError(t, err)
	entries, err := list(x, nil)
	require.NoError(t, err)
	require.Len(t, entries, 3)
	require.Equal(t, "a row has no key (day, place, no is empty): day 2026-05-26, no 1, base_day 2026-05-25, base_no 1", entries[2].Refusal.Text)
}

func TestKeysOfSeveralValuesAreOneText(t *testing.T) {
	value := func(text string) source.Value { return source.Value{Type: source.Text, Text: text} }
	parts := []source.Value{value("a:1:b"), {Type: source.Number, Text: "5.00"}, value(`x/y\`)}
	tuple := source.TupleOf(parts)
	require.Equal(t, parts, tuple.Parts())
	require.Equal(t, `a:1:b/5/x\/y\\`, tuple.Key())
	require.NotEqual(t, source.TupleOf([]source.Value{value("a/b"), value("c")}).Key(), source.TupleOf([]source.Value{value("a"), value("b/c")}).Key())
	require.True(t, tuple.HasKey())
	require.False(t, source.TupleOf([]source.Value{value("a"), {}}).HasKey())
	require.False(t, source.TupleOf([]source.Value{value("a"), value(" ")}).HasKey())
	require.Equal(t, value("a"), source.TupleOf([]source.Value{value("a")}))
}
