//go:build linux

package projection_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/projection/feedtest"
)

func TestHowFarProjectionsAreBehindIsKnownOfAllTogether(t *testing.T) {
	v := feedtest.New(t)
	other := feedtest.In(t, v.DB)
	lag := func() projection.Lag {
		t.Helper()
		lag, err := v.Projector.Lag(t.Context(), v.Now.Add(time.Minute))
		require.NoError(t, err)
		return lag
	}
	require.Zero(t, lag())
	const many = 700 // more than one step takes
	v.Push(manySales(many)...)
	other.Now = v.Now.Add(-time.Hour)
	other.Push(manySales(2)...)
	require.Equal(t, projection.Lag{Live: projection.Behind{Organizations: 2, Records: many + 2}, Oldest: time.Hour + time.Minute}, lag())
	catchUp(t, other)
	require.Equal(t, projection.Lag{Live: projection.Behind{Organizations: 1, Records: many}, Oldest: time.Minute}, lag())
	catchUp(t, v)
	require.Zero(t, lag())

	v.Set("Asia/Tokyo", 0)
	require.NoError(t, v.Projector.Step(t.Context(), v.Organization)) // begins to make them anew
	behind := lag()
	require.Zero(t, behind.Live)
	require.Zero(t, behind.Oldest, "what readers see goes to the end of the feed")
	require.Equal(t, 1, behind.Building.Organizations)
	require.Positive(t, behind.Building.Records)
	catchUp(t, v)
	require.Zero(t, lag())
}
