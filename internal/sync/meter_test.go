package sync_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/sync"
)

func TestAKeyThatHasUsedUpAMinuteWaitsForTheNext(t *testing.T) {
	limits := sync.Usage{Requests: 3, Bytes: 1000, Records: 50}
	for name, used := range map[string]sync.Usage{
		"requests": {Requests: 3}, "bytes": {Bytes: 1000}, "records": {Records: 51},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				meter := sync.NewMeter(nil, limits, time.Now)
				greedy, other := uuid.New(), uuid.New()
				time.Sleep(20 * time.Second) // into the minute
				standing, err := meter.Admit(greedy)
				require.NoError(t, err)
				require.Equal(t, sync.Standing{Left: sync.Usage{Requests: 2, Bytes: 1000, Records: 50}, Reset: 40 * time.Second}, standing)
				meter.Count(greedy, used)
				_, err = meter.Admit(greedy)
				require.Equal(t, fault.RateLimited, fault.CodeOf(err))
				var limited *fault.Error
				require.ErrorAs(t, err, &limited)
				require.Equal(t, 40*time.Second, limited.RetryAfter)
				_, err = meter.Admit(other)
				require.NoError(t, err, "another key")
				time.Sleep(limited.RetryAfter)
				standing, err = meter.Admit(greedy)
				require.NoError(t, err)
				require.Equal(t, sync.Usage{Requests: 2, Bytes: 1000, Records: 50}, standing.Left)
			})
		})
	}
}

func TestServerProcessesCountTogether(t *testing.T) {
	database := dbtest.New(t)
	organization := dbtest.Organization(t, database)
	now := func() time.Time { return clock }
	limits := sync.Usage{Requests: 10, Bytes: 1 << 30, Records: 1 << 30}
	one, two := sync.NewMeter(database, limits, now), sync.NewMeter(database, limits, now)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go one.Run(ctx)
	go two.Run(ctx)

	for range 6 {
		_, err := one.Admit(organization)
		require.NoError(t, err)
	}
	_, err := two.Admit(organization)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		standing, err := two.Admit(organization)
		return err != nil && standing.Left.Requests == 0
	}, 10*time.Second, 200*time.Millisecond, "the six of the other process are counted")
	require.Eventually(t, func() bool {
		_, err := one.Admit(organization)
		return fault.Is(err, fault.RateLimited)
	}, 10*time.Second, 200*time.Millisecond)
}
