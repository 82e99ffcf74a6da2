//go:build linux

package projection_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/projection/feedtest"
)

var (
	coffee = uuid.MustParse("22222222-2222-4222-8222-222222222222")
	noon   = time.Date(2026, 5, 25, 9, 0, 0, 0, time.UTC) // 12:00 in Moscow
)

func sale(id uuid.UUID, price string) feedtest.Change {
	return feedtest.Receipt{ID: id, At: noon, Lines: []feedtest.Line{{Product: coffee, Quantity: "1", Price: price}}}.Change()
}

func catchUp(t *testing.T, v *feedtest.Venue) {
	t.Helper()
	if err := v.Projector.CatchUp(t.Context(), v.Organization); err != nil {
		t.Fatal(err)
	}
}

// state is what readers see of an organization's projections, in a comparable text.
func state(v *feedtest.Venue) string {
	var parts []string
	for _, table := range []string{"directory_entries", "deleted_entries", "documents", "sales", "sale_lines", "sale_payments"} {
		parts = append(parts, feedtest.Value[string](v, `SELECT coalesce(string_agg(t.row, E'\n' ORDER BY t.row COLLATE "C"), '')
			FROM (SELECT (to_jsonb(r) - 'generation')::text AS row FROM `+table+` r WHERE organization_id = $1) t`))
	}
	return strings.Join(parts, "\n--\n")
}

func gross(v *feedtest.Venue) decimal.Decimal {
	return feedtest.Value[decimal.Decimal](v, `SELECT coalesce(sum(gross), 0) FROM sales WHERE organization_id = $1`)
}

func TestChangedReceiptTakesItsOldContributionOut(t *testing.T) {
	v := feedtest.New(t)
	id := uuid.New()
	v.Push(sale(id, "100"), sale(uuid.New(), "7"))
	catchUp(t, v)
	v.Push(sale(id, "30"))
	catchUp(t, v)
	if got := gross(v); got.String() != "37" {
		t.Errorf("gross is %s, want 37", got)
	}
	cancelled := feedtest.Receipt{ID: id, At: noon, Status: "cancelled", Lines: []feedtest.Line{{Product: coffee, Quantity: "1", Price: "30"}}}
	v.Push(cancelled.Change())
	catchUp(t, v)
	if got := gross(v); got.String() != "7" {
		t.Errorf("gross is %s after the cancellation, want 7", got)
	}
}

func TestDeletedRecordLeavesNothingButAName(t *testing.T) {
	v := feedtest.New(t)
	receipt, product := uuid.New(), uuid.New()
	v.Push(sale(receipt, "100"), feedtest.Change{Kind: "product", ID: product, Data: map[string]any{"name": "Кофе", "type": "goods"}})
	catchUp(t, v)
	v.Push(feedtest.Change{Kind: "receipt", ID: receipt}, feedtest.Change{Kind: "product", ID: product})
	catchUp(t, v)
	if got := strings.Trim(state(v), "-\n"); strings.Count(got, "\n") != 0 || !strings.Contains(got, `"name": "Кофе"`) {
		t.Errorf("left over: %s", got)
	}
	readAgain(t, v, "shape = 0")
	v.Push(feedtest.Change{Kind: "product", ID: product, Data: map[string]any{"name": "Кофе", "type": "goods"}})
	catchUp(t, v)
	if left := feedtest.Value[int](v, `SELECT count(*)::int FROM deleted_entries WHERE organization_id = $1`); left != 0 {
		t.Errorf("%d deleted entries of what is there again", left)
	}
}

func TestReplayMakesTheSameRows(t *testing.T) {
	v := feedtest.New(t)
	var ids []uuid.UUID
	for i := range 50 {
		ids = append(ids, uuid.New())
		v.Push(sale(ids[i], fmt.Sprint(i+1)))
	}
	catchUp(t, v)
	v.Push(sale(ids[3], "1000"), feedtest.Change{Kind: "receipt", ID: ids[4]})
	catchUp(t, v)
	readAgain(t, v, "shape = 0")
}

// readAgain lets an organization's feed be read again from its beginning, and holds that nothing
// changes by it.
func readAgain(t *testing.T, v *feedtest.Venue, because string) {
	t.Helper()
	before := state(v)
	feedtest.Value[int](v, `WITH back AS (UPDATE projection_cursors SET `+because+` WHERE organization_id = $1 RETURNING 1) SELECT count(*)::int FROM back`)
	catchUp(t, v)
	if after := state(v); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// A first version that has left rows against expectation replaces them.
func TestWhatIsReadTwiceCountsOnce(t *testing.T) {
	v := feedtest.New(t)
	product := feedtest.Change{Kind: "product", ID: uuid.New(), Data: map[string]any{"name": "Кофе", "type": "goods"}}
	v.Push(sale(uuid.New(), "1"), sale(uuid.New(), "2"), product)
	catchUp(t, v)
	readAgain(t, v, "seq = 0")
}

// After an epoch has ended, numbers begin anew.
func TestNewEpochOfTheFeedIsReplayed(t *testing.T) {
	v := feedtest.New(t)
	v.Push(sale(uuid.New(), "1"), sale(uuid.New(), "2"), sale(uuid.New(), "4"))
	catchUp(t, v)
	feedtest.Value[int](v, `WITH feed AS (UPDATE feeds SET epoch = $2, head = 1 WHERE organization_id = $1),
		gone AS (DELETE FROM records WHERE organization_id = $1 AND seq > 1 RETURNING 1) SELECT count(*)::int FROM gone`, uuid.New())
	catchUp(t, v)
	if got := gross(v); got.String() != "1" {
		t.Errorf("gross is %s, want 1", got)
	}
}

// A reader sees the figures of one calendar, whole, while others are being made.
func TestReadersSeeNoHalfOfAReplay(t *testing.T) {
	v := feedtest.New(t)
	const receipts = 2_500 // of two steps
	evening := noon.Add(11 * time.Hour)
	changes := make([]feedtest.Change, receipts)
	for i := range changes {
		changes[i] = feedtest.Receipt{At: evening, Lines: []feedtest.Line{{Product: coffee, Quantity: "1", Price: "1"}}}.Change()
	}
	v.Push(changes...)
	catchUp(t, v)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	for range 3 {
		projector := projection.New(v.DB, slog.New(slog.DiscardHandler))
		running.Go(func() {
			for ctx.Err() == nil {
				err := projector.Read(ctx, v.Organization, func(tx pgx.Tx, view projection.View) error {
					var count int
					err := tx.QueryRow(ctx, `SELECT count(*) FROM sales WHERE organization_id = $1 AND business_day = $2`,
						v.Organization, view.Day(evening)).Scan(&count)
					if err == nil && (count != receipts || view.Freshness.Complete == view.Freshness.Rebuilding) {
						t.Errorf("%d of %d receipts are seen: %+v", count, receipts, view.Freshness)
					}
					return err
				})
				if err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
	}
	for _, zone := range []string{"Asia/Tokyo", "Europe/London", "Pacific/Kiritimati", "America/New_York"} {
		v.Set(zone, 0)
		catchUp(t, v)
	}
	stop()
	running.Wait()
}

func TestTimeZoneAndDayStartMoveSalesToOtherDays(t *testing.T) {
	v := feedtest.New(t)
	at := time.Date(2026, 5, 24, 22, 30, 0, 0, time.UTC) // 01:30 of the 25th in Moscow
	id := uuid.New()
	v.Push(feedtest.Receipt{ID: id, At: at, Lines: []feedtest.Line{{Product: coffee, Quantity: "1", Price: "5"}}}.Change())
	const days = `SELECT string_agg(DISTINCT d, ' ') FROM (
		SELECT business_day::text d FROM documents WHERE organization_id = $1
		UNION SELECT business_day::text FROM sales WHERE organization_id = $1
		UNION SELECT business_day::text FROM sale_lines WHERE organization_id = $1
		UNION SELECT business_day::text FROM sale_payments WHERE organization_id = $1) days`
	for _, step := range []struct {
		zone   string
		starts int
		want   string
	}{
		{"Europe/Moscow", 0, "2026-05-25"}, {"Europe/Moscow", 360, "2026-05-24"}, {"America/New_York", 360, "2026-05-24"},
		{"Asia/Tokyo", 360, "2026-05-25"}, {"Asia/Tokyo", 480, "2026-05-24"},
	} {
		v.Set(step.zone, step.starts)
		catchUp(t, v)
		if got := feedtest.Value[string](v, days); got != step.want {
			t.Errorf("%s from minute %d: %s, want %s", step.zone, step.starts, got, step.want)
		}
	}
}

func TestOtherOrganizationsAreNotTouched(t *testing.T) {
	v := feedtest.New(t)
	other := feedtest.In(t, v.DB)
	shared := uuid.New() // the same id in both
	v.Push(sale(shared, "100"))
	other.Push(sale(shared, "1"))
	catchUp(t, v)
	catchUp(t, other)
	v.Push(feedtest.Change{Kind: "receipt", ID: shared})
	catchUp(t, v)
	if a, b := gross(v), gross(other); !a.IsZero() || b.String() != "1" {
		t.Errorf("gross %s and %s, want 0 and 1", a, b)
	}
	if hidden := feedtest.Value[int](other, `SELECT count(*)::int FROM sales WHERE organization_id <> $1`); hidden != 0 {
		t.Errorf("%d rows of the other organization are seen", hidden)
	}
}

// Many processes catch up while one pushes: nothing is missed, nothing doubled,
// and what was pushed before a read is in it.
func TestConcurrentProjectorsKeepOneTruth(t *testing.T) {
	v := feedtest.New(t)
	const receipts, readers = 120, 4
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var running sync.WaitGroup
	for range readers {
		projector := projection.New(v.DB, slog.New(slog.DiscardHandler))
		running.Go(func() {
			for ctx.Err() == nil {
				if err := projector.CatchUp(ctx, v.Organization); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
	}
	v.Projector.WaitAtMost(time.Minute) // with so many at it, on few cores
	id := uuid.New()
	for i := range receipts {
		v.Push(sale(uuid.New(), "1"), sale(id, fmt.Sprint(i)))
		err := v.Projector.Read(ctx, v.Organization, func(tx pgx.Tx, view projection.View) error {
			if !view.Freshness.Complete || view.Freshness.Pending != 0 {
				t.Errorf("after push %d: %+v", i, view.Freshness)
			}
			var sum decimal.Decimal
			err := tx.QueryRow(ctx, `SELECT sum(gross) FROM sales WHERE organization_id = $1`, v.Organization).Scan(&sum)
			if want := decimal.NewFromInt(int64(i + 1 + i)); !sum.Equal(want) {
				t.Errorf("after push %d gross is %s, want %s", i, sum, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	stop()
	running.Wait()
}

func TestWorkerCatchesUpByItself(t *testing.T) {
	v := feedtest.New(t)
	v.Push(sale(uuid.New(), "1")) // before the worker runs: it has to look for itself
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		v.Projector.Run(ctx)
		close(done)
	}()
	await(t, v, "1")
	v.Push(sale(uuid.New(), "2")) // wakes it
	await(t, v, "3")
	stop()
	<-done
}

func await(t *testing.T, v *feedtest.Venue, want string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if gross(v).String() == want {
			return
		}
	}
	t.Fatalf("gross is %s, want %s", gross(v), want)
}

// Whatever stands in the records, those that cannot be projected are skipped, and
// all others are there.
func TestRecordThatCannotBeProjectedDoesNotHoldUpTheFeed(t *testing.T) {
	v := feedtest.New(t)
	good := uuid.New()
	v.Push(sale(good, "5"))
	corrupt(t, v, sale(uuid.New(), "1"), `{"number":"no time"}`)
	corrupt(t, v, sale(uuid.New(), "1"), `[1,`)
	corrupt(t, v, sale(uuid.New(), "1"), `7`)
	v.Push(sale(uuid.New(), "7"))
	catchUp(t, v)
	if got := gross(v); got.String() != "12" {
		t.Errorf("gross is %s, want 12", got)
	}
	if skipped := v.Projector.Skipped(); skipped < 3 {
		t.Errorf("%d records skipped, want 3", skipped)
	}
}

func corrupt(t *testing.T, v *feedtest.Venue, accepted feedtest.Change, data string) {
	t.Helper()
	v.Push(accepted)
	feedtest.Value[int](v, `WITH changed AS (UPDATE records SET data = $3 WHERE organization_id = $1 AND id = $2 RETURNING 1)
		SELECT count(*)::int FROM changed`, accepted.ID, data)
}

// Fields that the cabinet does not know, and all that is optional left out.
func TestUnknownFieldsAreNothingToTheProjections(t *testing.T) {
	v := feedtest.New(t)
	odd := feedtest.Receipt{At: noon, Lines: []feedtest.Line{{Product: coffee, Quantity: "1", Price: "5"}},
		More: map[string]any{"loyalty": map[string]any{"points": json.Number("12.5")}, "tags": []any{nil, true}}}
	v.Push(odd.Change())
	catchUp(t, v)
	if got := gross(v); got.String() != "5" || v.Projector.Skipped() != 0 {
		t.Errorf("gross is %s with %d skipped", got, v.Projector.Skipped())
	}
}

func TestUnknownOrganizationHasNothingToReadIn(t *testing.T) {
	v := feedtest.New(t)
	if err := v.Projector.CatchUp(t.Context(), uuid.New()); err == nil {
		t.Error("an organization that is not there is caught up")
	}
}
