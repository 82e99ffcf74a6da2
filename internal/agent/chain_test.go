//go:build linux

package agent_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/demo/venue"
)

// The demo chain as three databases, one for each outlet, each counting from 1, with the chain's directories in
// common: all stand in the figures, each verifies as equal, and nothing of the common is doubled.
func TestAChainOfThreeDatabasesStandsWhole(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	var outlets []*outlet
	receipts, total := 0, 0.0
	for n := range 3 {
		v := newChainOutlet(t, n+1)
		v.mustInit(c, "", "--source", fmt.Sprintf("Точка %d", n+1))
		v.mustRun("sync")
		receipts += v.number("SELECT count(*) FROM checks WHERE state = 'closed' AND kind = 'sale'")
		var sum float64
		require.NoError(t, v.db.QueryRow("SELECT sum(CASE kind WHEN 'sale' THEN total ELSE -total END) FROM checks WHERE state = 'closed'").Scan(&sum))
		total += sum
		require.Equal(t, 1, v.number("SELECT min(id) FROM checks"))
		outlets = append(outlets, v)
	}
	for round := range 2 {
		require.Equal(t, receipts, c.sales().Receipts)
		require.InDelta(t, total, c.collected(), 0.001)
		kinds := map[string]int{}
		records, _ := c.feed()
		for _, record := range records {
			kinds[record.Kind]++
		}
		for kind, table := range map[string]string{"product": "items", "employee": "staff", "customer": "guests", "payment_type": "pay_types"} {
			require.Equal(t, outlets[0].number("SELECT count(*) FROM "+table), kinds[kind], kind)
		}
		require.Equal(t, 3, kinds["outlet"])
		for _, v := range outlets {
			require.Contains(t, v.mustRun("verify"), "The cabinet holds the same as the source.")
			if round == 0 {
				v.mustRun("verify", "--repair", "--yes")
			}
		}
	}
}

// collected is what all receipts come to.
func (c *cabinet) collected() (sum float64) {
	c.Helper()
	var report struct {
		Totals struct{ Collected float64 }
	}
	require.NoError(c, c.user.Get(ctx, c.org.ID, "reports/sales-by-day?from=2026-05-01&to=2026-06-01", &report))
	return report.Totals.Collected
}

// newChainOutlet is an outlet of the demo chain with a database of its own.
func newChainOutlet(t *testing.T, n int) *outlet {
	t.Helper()
	v := &outlet{T: t, dir: t.TempDir()}
	v.config = filepath.Join(v.dir, "agent.yaml")
	v.take(venue.Options{Days: 2, Outlets: 3, Only: n}, "m.yaml")
	return v
}
