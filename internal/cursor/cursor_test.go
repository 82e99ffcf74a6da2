package cursor

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
)

// source is a table with equal values in every column but the last.
const source = `(SELECT 'name ' || n / 4 AS name, n / 3 * 1.50 AS total, timestamptz '2026-05-25 20:03:14.123456Z' + n / 5 * interval '1 microsecond' AS at,
	n / 2 AS version, ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid AS id FROM generate_series(1, 23) n) t`

func TestAWalkMeetsEachRowOnceInItsOrder(t *testing.T) {
	database := dbtest.New(t)
	id := Column{"t.id", ID}
	for name, columns := range map[string][]Column{
		"text": {{"t.name", Text}, id}, "number": {{"t.total", Number}, id}, "time": {{"t.at", Time}, id},
		"integer": {{"t.version", Integer}, id}, "three": {{"t.total", Number}, {"t.name", Text}, id},
	} {
		for _, descending := range []bool{false, true} {
			order := Order{Name: name, Columns: columns, Descending: descending}
			require.NoError(t, database.Global(t.Context(), func(tx db.Tx) error {
				whole := page(t, tx, order, "", 100)
				require.Len(t, whole, 23)
				var walked [][]string
				for next := ""; ; {
					rows := page(t, tx, order, next, 4)
					walked = append(walked, rows...)
					if len(rows) < 4 {
						break
					}
					next = order.Cursor(rows[3])
				}
				require.Equal(t, whole, walked, "%s, descending %v", name, descending)
				return nil
			}))
		}
	}
}

func page(t *testing.T, tx db.Tx, order Order, after string, limit int) [][]string {
	t.Helper()
	args := []any{limit}
	condition, err := order.After(after, func(arg any) string {
		args = append(args, arg)
		return fmt.Sprintf("$%d", len(args))
	})
	require.NoError(t, err)
	rows, err := tx.Query(t.Context(), "SELECT "+order.Keys()+" FROM "+source+" WHERE "+condition+" ORDER BY "+order.SQL()+" LIMIT $1", args...)
	require.NoError(t, err)
	keys, err := pgx.CollectRows(rows, pgx.RowTo[[]string])
	require.NoError(t, err)
	return keys
}

func TestACursorOfAnotherListIsRefused(t *testing.T) {
	order := Order{Name: "-at", Columns: []Column{{"t.at", Time}, {"t.id", ID}}, Descending: true}
	keys := []string{"2026-05-25T20:03:14.000000Z", "5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"}
	other := order
	other.Name = "at"
	for _, cursor := range []string{
		"50", "{}", other.Cursor(keys), order.Cursor(keys[:1]), order.Cursor(append(slices.Clone(keys), "more")),
		order.Cursor([]string{"yesterday", keys[1]}), order.Cursor([]string{keys[0], "me"}),
	} {
		_, err := order.After(cursor, func(any) string { return "$1" })
		require.True(t, fault.Is(err, fault.Malformed), "%q: %v", cursor, err)
	}
	_, err := order.After(order.Cursor(keys), func(any) string { return "$1" })
	require.NoError(t, err)
}
