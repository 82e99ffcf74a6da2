package browse

import (
	"context"
	"encoding/base64"
	"testing"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
)

// FuzzListCursor holds that a list's cursor is refused, or one that PostgreSQL can go
// on from: what a stranger makes up never becomes an error of the server.
func FuzzListCursor(f *testing.F) {
	const made = `{"s":"name","k":"a","i":"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"}`
	for choice, keys := range [][]string{
		{"Капучино", "", "\x00"},
		{"12.50", "-1", "+1", "1.", ".5", "1e9", "NaN"},
		{"2026-05-25T20:03:14.000000Z", "0000-01-01T00:00:00Z", "2026-05-25T20:03:14+23:59", "2026-05-25T23:59:60Z"},
	} {
		for _, key := range keys {
			f.Add(uint8(choice), key, []byte(made))
		}
	}
	database := dbtest.New(f)
	organization := uuid.New()
	columns := []sortColumn{
		{name: "name", expression: "'Латте'::text", sqlType: sqlText},
		{name: "total", expression: "300::numeric", sqlType: sqlNumber},
		{name: "at", expression: "now()", sqlType: sqlTime},
	}
	f.Fuzz(func(t *testing.T, choice uint8, key string, raw []byte) {
		order := order{columns[choice%3], choice&4 == 0}
		for _, text := range []string{order.cursorAfter(key, organization), base64.RawURLEncoding.EncodeToString(raw), string(raw)} {
			filter := newFilter(organization, "unit")
			if err := order.startAfter(filter, text); err != nil {
				if !fault.Is(err, fault.Malformed) {
					t.Fatalf("%q: %v", text, err)
				}
				continue
			}
			err := database.ForOrganization(context.Background(), organization, func(tx db.Tx) error {
				_, err := tx.Exec(context.Background(), "SELECT FROM records t WHERE "+filter.condition(), filter.args...)
				return err
			})
			if err != nil {
				t.Fatalf("%s, cursor %q: %v", order, text, err)
			}
		}
	})
}
