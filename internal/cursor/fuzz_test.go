package cursor

import (
	"context"
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
)

// FuzzListCursor holds that a list's cursor is refused, or one that PostgreSQL can go
// on from: what a stranger makes up never becomes an error of the server.
func FuzzListCursor(f *testing.F) {
	const made = `{"o":"name","k":["a","5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"]}`
	for choice, keys := range [][]string{
		{"Капучино", "", "\x00"},
		{"12.50", "-1", "+1", "1.", ".5", "1e9", "NaN"},
		{"2026-05-25T20:03:14.000000Z", "0000-01-01T00:00:00Z", "2026-05-25T20:03:14+23:59", "2026-05-25T23:59:60Z"},
		{"12", "-9223372036854775808", "9223372036854775808", "+3", "1_000"},
		{"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40", "{5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40}", "x"},
	} {
		for _, key := range keys {
			f.Add(uint8(choice), key, []byte(made))
		}
	}
	database := dbtest.New(f)
	columns := []Column{{"'Латте'::text", Text}, {"300::numeric", Number}, {"now()", Time}, {"3::bigint", Integer}, {"gen_random_uuid()", ID}}
	f.Fuzz(func(t *testing.T, choice uint8, key string, raw []byte) {
		order := Order{Name: "name", Columns: []Column{columns[choice%5], {"gen_random_uuid()", ID}}, Descending: choice&8 == 0}
		made := order.Cursor([]string{key, "5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"})
		for _, text := range []string{made, base64.RawURLEncoding.EncodeToString(raw), string(raw)} {
			var args []any
			condition, err := order.After(text, func(arg any) string {
				args = append(args, arg)
				return fmt.Sprintf("$%d", len(args))
			})
			if err != nil {
				if !fault.Is(err, fault.Malformed) {
					t.Fatalf("%q: %v", text, err)
				}
				continue
			}
			err = database.Global(context.Background(), func(tx db.Tx) error {
				_, err := tx.Exec(context.Background(), "SELECT WHERE "+condition, args...)
				return err
			})
			if err != nil {
				t.Fatalf("%+v, cursor %q: %v", order, text, err)
			}
		}
	})
}
