//go:build linux

package projection_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/projection/feedtest"
)

// BenchmarkReplay empties and replays the projections of 20,000 receipts of three
// lines; it reports receipts a second.
func BenchmarkReplay(b *testing.B) {
	const receipts = 20_000
	v := feedtest.New(b)
	changes := make([]feedtest.Change, receipts)
	products := make([]uuid.UUID, 60)
	for i := range products {
		products[i] = uuid.New()
	}
	for i := range changes {
		receipt := feedtest.Receipt{At: noon.Add(-time.Duration(i) * time.Minute), Number: fmt.Sprint(i), Guests: 2, Discount: "10",
			Outlet: products[0], Employee: products[1], Shift: products[i%60]}
		for n := range 3 {
			receipt.Lines = append(receipt.Lines, feedtest.Line{Product: products[(i+n)%60], Quantity: "2", Price: "149.5", Cost: "55.25"})
		}
		changes[i] = receipt.Change()
	}
	v.Push(changes...)
	for b.Loop() {
		feedtest.Value[int](v, `WITH gone AS (UPDATE projection_cursors SET shape = 0 WHERE organization_id = $1 RETURNING 1) SELECT count(*)::int FROM gone`)
		if err := v.Projector.CatchUp(b.Context(), v.Organization); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(receipts*float64(b.N)/b.Elapsed().Seconds(), "receipts/s")
}
