package venue_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
	_ "github.com/interpos/cabinet/internal/agent/source/sqlite"
	"github.com/interpos/cabinet/internal/demo/venue"
)

var (
	ctx  = context.Background()
	noon = time.Date(2026, 5, 25, 14, 30, 0, 0, time.FixedZone("", 3*3600))
)

func options(t *testing.T) venue.Options {
	return venue.Options{Path: filepath.Join(t.TempDir(), "pos.db"), Seed: 1, Days: 3, Outlets: 3, Now: noon}
}

func database(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// one reads a single value as text.
func one(t *testing.T, db *sql.DB, query string) (text string) {
	t.Helper()
	require.NoError(t, db.QueryRow("SELECT CAST(("+query+") AS TEXT)").Scan(&text))
	return text
}

func TestEveryRecordIsGood(t *testing.T) {
	o := options(t)
	made, err := venue.Make(ctx, o)
	require.NoError(t, err)
	require.Greater(t, made.Receipts, 500)
	plan, err := mapping.Load(made.Mapping)
	require.NoError(t, err)
	require.Equal(t, o.Path, plan.DSN)
	require.Len(t, plan.Kinds, 16, "every kind of this version")
	src, err := source.Open(ctx, plan.Driver, plan.DSN)
	require.NoError(t, err)
	defer func() { require.NoError(t, src.Close()) }()
	for i := range plan.Kinds {
		name := plan.Kinds[i].Record.Name
		x, err := extract.New(ctx, made.Mapping, src, &plan.Kinds[i], extract.Namespaces{Source: uuid.New()}, time.UTC)
		require.NoError(t, err)
		var keys []source.Value
		require.NoError(t, x.List(ctx, nil, func(entry *extract.Entry) error {
			keys = append(keys, entry.Key)
			return nil
		}))
		require.NotEmpty(t, keys, name)
		read, err := x.Read(ctx, keys)
		require.NoError(t, err)
		records := read.Records
		require.Len(t, records, len(keys))
		for j := range records {
			faults, _ := records[j].Check(2)
			require.Empty(t, faults, "%s %s", name, records[j].Data)
		}
	}
}

func TestSameSeedAndTimeMakeTheSameVenue(t *testing.T) {
	a, b, other := options(t), options(t), options(t)
	other.Seed = 2
	require.Equal(t, dump(t, a), dump(t, b))
	require.NotEqual(t, dump(t, a), dump(t, other))
}

// dump is a digest of all that was sold, bought and thrown away.
func dump(t *testing.T, o venue.Options) string {
	t.Helper()
	_, err := venue.Make(ctx, o)
	require.NoError(t, err)
	db := database(t, o.Path)
	all := ""
	for _, rows := range []string{
		"SELECT group_concat(id || no || closed_at || total || coalesce(guest_id, '') || cashier_id) FROM checks",
		"SELECT group_concat(check_id || item_id || qty || total || cost) FROM check_lines",
		"SELECT group_concat(full_name || phone) FROM guests", "SELECT group_concat(at || total) FROM invoices",
		"SELECT group_concat(item_id || qty || cost) FROM write_off_lines", "SELECT group_concat(opened_at || cash_close) FROM shifts",
	} {
		all += one(t, db, rows)
	}
	return fmt.Sprintf("%x", sha256.Sum256([]byte(all)))
}

func TestDaysHaveTheirRhythm(t *testing.T) {
	o := options(t)
	o.Days = 15
	_, err := venue.Make(ctx, o)
	require.NoError(t, err)
	db := database(t, o.Path)
	require.Equal(t, "15", one(t, db, "SELECT count(DISTINCT substr(closed_at, 1, 10)) FROM checks"))
	require.Equal(t, "1", one(t, db, "SELECT max(closed_at) <= '2026-05-25T14:30:00+03:00' FROM checks"), "nothing of the future")
	require.Equal(t, "1", one(t, db, `SELECT (SELECT count(*) FROM checks WHERE place_id = 2 AND substr(closed_at, 12, 2) = '08') >
		2 * (SELECT count(*) FROM checks WHERE place_id = 2 AND substr(closed_at, 12, 2) = '11')`), "people drink coffee on their way to work")
	require.Equal(t, "1", one(t, db, `SELECT (SELECT count(*) FROM checks WHERE place_id = 3 AND strftime('%w', substr(closed_at, 1, 10)) = '3') >
		4 * (SELECT count(*) FROM checks WHERE place_id = 3 AND strftime('%w', substr(closed_at, 1, 10)) = '0')`), "offices are empty on Sundays")
	for _, some := range []string{"kind = 'refund'", "state = 'cancelled'", "discount > 0", "tip > 0", "rounding < 0", "guest_id > 0", "hall_id > 0"} {
		require.Equal(t, "1", one(t, db, "SELECT count(*) > 0 FROM checks WHERE "+some), some)
	}
	require.Equal(t, "1", one(t, db, "SELECT max(n) > 1 FROM (SELECT count(*) n FROM check_payments GROUP BY check_id)"), "split payments")
	require.Equal(t, "0", one(t, db, "SELECT count(*) FROM checks r JOIN checks s ON s.id = r.base_id WHERE r.closed_at <= s.closed_at OR r.total > s.total"))
}

func TestCashInTheTillAddsUp(t *testing.T) {
	o := options(t)
	_, err := venue.Make(ctx, o)
	require.NoError(t, err)
	db := database(t, o.Path)
	require.Equal(t, "0", one(t, db, `
		SELECT count(*) FROM shifts s WHERE closed_at IS NOT NULL AND round(cash_close - cash_open
			- (SELECT coalesce(sum(CASE c.kind WHEN 'sale' THEN p.amount ELSE -p.amount END), 0) FROM checks c
				JOIN check_payments p ON p.check_id = c.id WHERE c.shift_id = s.id AND p.pay_type_id = 1 AND c.state = 'closed')
			- (SELECT coalesce(sum(CASE direction WHEN 'in' THEN amount ELSE -amount END), 0) FROM cash_moves WHERE shift_id = s.id), 2) <> 0`))
	require.Equal(t, "3", one(t, db, "SELECT count(*) FROM shifts WHERE closed_at IS NULL"), "today's are open")
	require.Equal(t, "6", one(t, db, "SELECT count(*) FROM shifts WHERE closed_at IS NOT NULL"))
}

func TestKeptSourceIsBroughtUpToNow(t *testing.T) {
	o := options(t)
	_, err := venue.Make(ctx, o)
	require.NoError(t, err)
	before := one(t, database(t, o.Path), "SELECT count(*) || max(closed_at) FROM checks")
	o.Keep = true
	made, err := venue.Make(ctx, o)
	require.NoError(t, err)
	require.Zero(t, made.Receipts)

	o.Now = noon.AddDate(0, 0, 2)
	made, err = venue.Make(ctx, o)
	require.NoError(t, err)
	require.Greater(t, made.Receipts, 500)
	db := database(t, o.Path)
	require.NotEqual(t, before, one(t, db, "SELECT count(*) || max(closed_at) FROM checks"))
	require.Equal(t, "3", one(t, db, "SELECT count(*) FROM shifts WHERE closed_at IS NULL"))
	require.Equal(t, "15", one(t, db, "SELECT count(*) FROM shifts"), "no day has two")
}

func TestLiveGoesOnSelling(t *testing.T) {
	o := options(t)
	o.Now = time.Now()
	_, err := venue.Make(ctx, o)
	require.NoError(t, err)
	db := database(t, o.Path)
	before := one(t, db, "SELECT max(id) FROM checks")
	live, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	sold := 0
	require.NoError(t, venue.Live(live, o, time.Millisecond, func(string) {
		if sold++; sold == 5 {
			stop()
		}
	}))
	require.Equal(t, "5", one(t, db, "SELECT count(*) FROM checks WHERE kind = 'sale' AND id > "+before))
}

func TestForeignFileIsLeftAlone(t *testing.T) {
	o := options(t)
	require.NoError(t, os.WriteFile(o.Path, []byte("somebody's accounts"), 0o600))
	_, err := venue.Make(ctx, o)
	require.ErrorContains(t, err, "is no demo source")
	text, err := os.ReadFile(o.Path)
	require.NoError(t, err)
	require.Equal(t, "somebody's accounts", string(text))

	o.Path, o.Outlets = filepath.Join(t.TempDir(), "x.db"), 4
	_, err = venue.Make(ctx, o)
	require.ErrorContains(t, err, "1 to 3 outlets")
}
