//go:build linux

package projection_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/projection/feedtest"
)

// readSales is how many sales a reader sees, and how fresh it is told that they are.
func readSales(t *testing.T, v *feedtest.Venue) (sales int, freshness projection.Freshness) {
	t.Helper()
	require.NoError(t, v.Projector.Read(t.Context(), v.Organization, func(tx pgx.Tx, view projection.View) error {
		freshness = view.Freshness
		require.Equal(t, "Europe/Moscow", view.TimeZone)
		return tx.QueryRow(t.Context(), `SELECT count(*) FROM sales WHERE organization_id = $1`, v.Organization).Scan(&sales)
	}))
	return sales, freshness
}

func manySales(count int) []feedtest.Change {
	changes := make([]feedtest.Change, count)
	for i := range changes {
		changes[i] = sale(uuid.New(), "1")
	}
	return changes
}

// No worker runs here: what readers do not project themselves, nobody does.
func TestWhoeverIsFarBehindIsAnsweredAtOnceWithWhatThereIs(t *testing.T) {
	v := feedtest.New(t)
	_, freshness := readSales(t, v)
	require.Equal(t, projection.Freshness{Complete: true}, freshness, "of a feed with nothing in it")

	other := feedtest.In(t, v.DB)
	const many = projection.BarrierReach + 1
	other.Push(manySales(many)...)
	sales, freshness := readSales(t, other)
	require.Zero(t, sales)
	require.Equal(t, projection.Freshness{Pending: many}, freshness, "before the first projection")

	v.Push(manySales(3)...)
	sales, freshness = readSales(t, v)
	require.Equal(t, 3, sales, "what a venue has sold meanwhile is waited for")
	require.True(t, freshness.Complete)
	require.Zero(t, freshness.Pending)
	require.WithinDuration(t, v.Now, *freshness.AsOf, 0)

	first := v.Now
	v.Now = v.Now.Add(time.Hour)
	v.Push(manySales(many)...)
	sales, freshness = readSales(t, v)
	require.Equal(t, 3, sales)
	require.False(t, freshness.Complete)
	require.EqualValues(t, many, freshness.Pending)
	require.WithinDuration(t, first, *freshness.AsOf, 0)

	catchUp(t, v)
	sales, freshness = readSales(t, v)
	require.Equal(t, 3+many, sales)
	require.True(t, freshness.Complete)
	require.Zero(t, freshness.Pending)
	require.WithinDuration(t, v.Now, *freshness.AsOf, 0)
}

// Another process holds the projections, as long as it likes.
func TestAReaderWaitsNoLongerThanItMay(t *testing.T) {
	v := feedtest.New(t)
	v.Push(manySales(2)...)
	catchUp(t, v)
	err := v.DB.ForOrganization(t.Context(), v.Organization, func(tx db.Tx) error {
		if _, err := tx.Exec(t.Context(), `SELECT FROM projection_cursors WHERE organization_id = $1 FOR UPDATE`, v.Organization); err != nil {
			return err
		}
		v.Push(sale(uuid.New(), "1"))
		v.Projector.WaitAtMost(50 * time.Millisecond)
		for range 2 { // one that begins a step, and one that finds it begun
			sales, freshness := readSales(t, v)
			require.Equal(t, 2, sales)
			require.False(t, freshness.Complete)
			require.EqualValues(t, 1, freshness.Pending)
		}
		return nil
	})
	require.NoError(t, err)
	v.Projector.WaitAtMost(time.Minute)
	sales, freshness := readSales(t, v)
	require.Equal(t, 3, sales)
	require.True(t, freshness.Complete)
}

// After an update the former rows are shown until the new ones are whole, and are no
// complete answer: what is new of them is not filled in yet.
func TestRowsOfAFormerShapeAreNotCalledComplete(t *testing.T) {
	const more = projection.BarrierReach + 1 // so many that no reader makes them anew itself
	v := feedtest.New(t)
	v.Push(manySales(more)...)
	catchUp(t, v)
	exec := func(statement string) {
		feedtest.Value[int](v, `WITH done AS (UPDATE `+statement+` WHERE organization_id = $1 RETURNING 1) SELECT count(*)::int FROM done`)
	}
	for _, former := range []string{"shape = shape - 1", "day_starts_at = 60"} {
		exec(`projection_cursors SET ` + former)
		exec(`sales SET gross = 0`) // as where a measure is new
		pending := int64(more)
		for steps := 0; ; steps++ {
			freshness, gross := readRebuilt(t, v)
			if freshness.Complete {
				require.Equal(t, projection.Freshness{Complete: true, AsOf: freshness.AsOf}, freshness, former)
				require.EqualValues(t, more, gross, former)
				require.Greater(t, steps, 2, "the figures were read while they were made anew")
				break
			}
			require.True(t, freshness.Rebuilding, former)
			require.WithinDuration(t, v.Now, *freshness.AsOf, 0)
			require.Zero(t, gross, "the former rows")
			require.LessOrEqual(t, freshness.Pending, pending, "it goes on")
			require.Positive(t, freshness.Pending)
			pending = freshness.Pending
			require.NoError(t, v.Projector.Step(t.Context(), v.Organization))
		}
		require.Less(t, pending, int64(more), "how far it is was told")
	}
}

func readRebuilt(t *testing.T, v *feedtest.Venue) (freshness projection.Freshness, gross int) {
	t.Helper()
	require.NoError(t, v.Projector.Read(t.Context(), v.Organization, func(tx pgx.Tx, view projection.View) error {
		freshness = view.Freshness
		return tx.QueryRow(t.Context(), `SELECT sum(gross)::int FROM sales WHERE organization_id = $1`, v.Organization).Scan(&gross)
	}))
	return freshness, gross
}
