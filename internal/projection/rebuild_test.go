//go:build linux

package projection_test

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/projection/feedtest"
)

// rowsOf counts an organization's rows of the live generation.
func rowsOf(v *feedtest.Venue) (count int) {
	_ = v.DB.ForOrganization(context.Background(), v.Organization, func(tx db.Tx) error {
		if err := feedtest.SeeLive(tx, v.Organization); err != nil {
			return err
		}
		return tx.QueryRow(context.Background(), `SELECT (SELECT count(*) FROM sales WHERE organization_id = $1)
			+ (SELECT count(*) FROM sale_lines WHERE organization_id = $1)
			+ (SELECT count(*) FROM documents WHERE organization_id = $1)`, v.Organization).Scan(&count)
	})
	return count
}

// While projections are rebuilt, by several processes at once, readers see the
// old ones, whole and with what arrives meanwhile; then the new ones; and
// nothing of the old is left.
func TestReadersSeeTheOldUntilTheNewIsWhole(t *testing.T) {
	v := feedtest.New(t)
	const receipts = 5_000 // of three steps
	changes := make([]feedtest.Change, receipts)
	for i := range changes {
		changes[i] = sale(uuid.New(), "1")
	}
	v.Push(changes...)
	catchUp(t, v)
	before := rowsOf(v)
	// What is wrong in the old ones shows which generation a reader sees.
	feedtest.Value[int](v, `WITH wrong AS (UPDATE sales SET guests = 77 WHERE organization_id = $1 RETURNING 1) SELECT count(*)::int FROM wrong`)

	ctx, stop := context.WithCancel(t.Context())
	var reading, rebuilding sync.WaitGroup
	var old, fresh atomic.Int64
	seen := make(chan struct{}) // closed with the first read of the old generation
	reader := projection.New(v.DB, slog.New(slog.DiscardHandler))
	reader.WaitAtMost(time.Minute) // beside two rebuilds, on few cores
	arrived := 0
	reading.Go(func() {
		for ctx.Err() == nil {
			v.Push(sale(uuid.New(), "1"))
			arrived++
			err := reader.Read(ctx, v.Organization, func(tx pgx.Tx, _ projection.View) error {
				var count, wrong int
				err := tx.QueryRow(ctx, `SELECT count(*), count(*) FILTER (WHERE guests = 77) FROM sales WHERE organization_id = $1`,
					v.Organization).Scan(&count, &wrong)
				if err != nil {
					return err
				}
				if count != receipts+arrived || wrong != receipts && wrong != 0 {
					t.Errorf("a reader sees %d of %d receipts, %d of them of the old generation", count, receipts+arrived, wrong)
				}
				if wrong == 0 {
					fresh.Add(1)
				} else if old.Add(1) == 1 {
					close(seen)
				}
				return nil
			})
			if err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		}
	})
	select {
	case <-seen:
	case <-time.After(time.Minute):
		t.Error("the reader has read nothing")
	}
	for range 2 {
		rebuilding.Go(func() {
			process := projection.New(v.DB, slog.New(slog.DiscardHandler))
			if err := process.Rebuild(ctx, v.Organization, func(at projection.Progress) {
				if at.Seq > at.Head {
					t.Errorf("progress %d of %d", at.Seq, at.Head)
				}
			}); err != nil {
				t.Error(err)
			}
		})
	}
	rebuilding.Wait()
	for deadline := time.Now().Add(time.Minute); fresh.Load() == 0 && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
	stop()
	reading.Wait()
	if old.Load() == 0 || fresh.Load() == 0 {
		t.Errorf("%d reads saw the old generation, %d the new one", old.Load(), fresh.Load())
	}
	catchUp(t, v)
	if got, want := rowsOf(v), before+3*arrived; got != want {
		t.Errorf("%d rows are left, want %d", got, want)
	}
}

func TestADocumentThatComesAfterItsDayIsLate(t *testing.T) {
	v := feedtest.New(t)
	today := v.Now
	v.Now = today.AddDate(0, 0, -10) // the connection
	v.Push(feedtest.Receipt{ID: uuid.New(), At: v.Now, Lines: []feedtest.Line{{Product: coffee, Quantity: "1", Price: "5"}}}.Change())
	v.Now = today
	timely, late := uuid.New(), uuid.New()
	v.Push(
		feedtest.Receipt{ID: timely, At: today, Lines: []feedtest.Line{{Product: coffee, Quantity: "1", Price: "5"}}}.Change(),
		feedtest.Receipt{ID: late, At: today.AddDate(0, 0, -3), Lines: []feedtest.Line{{Product: coffee, Quantity: "1", Price: "5"}}}.Change(),
	)
	catchUp(t, v)
	for _, table := range []string{"documents WHERE late AND id", "sales WHERE late AND receipt_id"} {
		if n := feedtest.Value[int](v, `SELECT count(*)::int FROM `+table+` IN ($2, $3) AND organization_id = $1`, timely, late); n != 1 {
			t.Errorf("%d of two receipts are late (%s)", n, table)
		}
		if n := feedtest.Value[int](v, `SELECT count(*)::int FROM `+table+` = $2 AND organization_id = $1`, late); n != 1 {
			t.Errorf("the one of the day before is not late (%s)", table)
		}
	}
}
