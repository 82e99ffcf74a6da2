package venue_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
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
	remarks := map[string]int{}
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
			faults, remarked := records[j].Check(2)
			require.Empty(t, faults, "%s %s", name, records[j].Data)
			for _, remark := range remarked {
				remarks[remark.Code]++
			}
		}
	}
	require.Equal(t, []string{"line_total_mismatch", "payments_mismatch"}, slices.Sorted(maps.Keys(remarks)), "scales that round, house accounts")
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
	for _, some := range []string{"kind = 'refund'", "state = 'cancelled'", "discount > 0", "tip > 0", "rounding < 0", "guest_id > 0", "hall_id > 0",
		"service > 0", "vat_on_top = 1", "state = 'open' AND closed_at IS NULL",
		"state = 'closed' AND id NOT IN (SELECT check_id FROM check_payments)"} {
		require.Equal(t, "1", one(t, db, "SELECT count(*) > 0 FROM checks WHERE "+some), some)
	}
	for what, query := range map[string]string{
		"brought back": "check_lines WHERE qty < 0", "not on the menu": "check_lines WHERE item_id IS NULL AND cost IS NULL",
		"rounded lines": "check_lines WHERE round(qty * price - discount - total, 2) <> 0 AND total = round(total)",
		"change":        "check_payments WHERE amount < 0",
	} {
		require.Equal(t, "1", one(t, db, "SELECT count(*) > 0 FROM "+query), what)
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
	read := o.Now.Add(-time.Minute).Format(time.RFC3339) // by whoever reads marks
	made, err = venue.Make(ctx, o)
	require.NoError(t, err)
	require.Greater(t, made.Receipts, 500)
	db := database(t, o.Path)
	for _, table := range []string{"checks", "shifts", "invoices", "write_offs"} {
		require.Equal(t, "0", one(t, db, "SELECT count(*) FROM "+table+" WHERE changed_at < '"+read+"' AND changed_at > '"+noon.Format(time.RFC3339)+"'"),
			"no row of %s is written with a mark of the past", table)
	}
	for _, table := range []string{"invoices", "write_offs"} {
		require.Equal(t, "0", one(t, db, "SELECT count(*) FROM (SELECT 1 FROM "+table+" GROUP BY place_id, at, no HAVING count(*) > 1)"), table)
	}
	require.Equal(t, "0", one(t, db, "SELECT count(*) FROM checks WHERE state = 'open' AND opened_at < '"+o.Now.Add(-time.Hour).Format(time.RFC3339)+"'"), "who sat has paid")
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

// A source that is brought up to now several times a day has what one made at once has.
func TestAKeptSourceRepeatsNothing(t *testing.T) {
	whole, kept := options(t), options(t)
	whole.Now = noon.Add(9 * time.Hour)
	_, err := venue.Make(ctx, whole)
	require.NoError(t, err)
	kept.Keep = true
	for _, later := range []time.Duration{0, 6 * time.Hour, 7 * time.Hour, 9 * time.Hour} {
		kept.Now = noon.Add(later)
		_, err := venue.Make(ctx, kept)
		require.NoError(t, err)
	}
	for _, table := range []string{"invoices", "write_offs"} {
		query := "SELECT group_concat(place_id || at) FROM (SELECT DISTINCT place_id, at FROM " + table + " ORDER BY at, place_id)"
		require.Equal(t, one(t, database(t, whole.Path), query), one(t, database(t, kept.Path), query), table)
		count := "SELECT count(*) FROM " + table
		require.Equal(t, one(t, database(t, whole.Path), count), one(t, database(t, kept.Path), count), table)
	}
}

func TestASourceOfAnOlderVersionIsMadeAnew(t *testing.T) {
	o := options(t)
	_, err := venue.Make(ctx, o)
	require.NoError(t, err)
	_, err = database(t, o.Path).Exec("ALTER TABLE checks DROP COLUMN vat_on_top")
	require.NoError(t, err)
	o.Keep = true
	made, err := venue.Make(ctx, o)
	require.NoError(t, err)
	require.Greater(t, made.Receipts, 500)
}
