package db

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
)

// queue is who comes to the places of a pool of twelve: three, of which one organization has two.
type queue struct {
	*testing.T
	places *places

	mu     sync.Mutex
	leave  map[string]func()
	failed map[string]error
}

func inQueue(t *testing.T, test func(q *queue)) {
	synctest.Test(t, func(t *testing.T) {
		test(&queue{T: t, places: newPlaces(12), leave: map[string]func(){}, failed: map[string]error{}})
	})
}

func (q *queue) comes(ctx context.Context, organization uuid.UUID, name string) {
	q.Helper()
	go func() {
		leave, err := q.places.takePlace(ctx, organization)
		q.mu.Lock()
		defer q.mu.Unlock()
		if q.failed[name] = err; err == nil {
			q.leave[name] = leave
		}
	}()
	synctest.Wait()
}

func (q *queue) holds(name string) bool { return q.leave[name] != nil }

func (q *queue) leaves(name string) {
	q.mu.Lock()
	leave := q.leave[name]
	delete(q.leave, name)
	q.mu.Unlock()
	leave()
	synctest.Wait()
}

func TestOneOrganizationLeavesAPlaceToTheOthers(t *testing.T) {
	inQueue(t, func(q *queue) {
		greedy, other, third := uuid.New(), uuid.New(), uuid.New()
		for i := range 10 {
			q.comes(q.Context(), greedy, fmt.Sprint("greedy ", i))
		}
		require.Len(t, q.leave, 2)
		q.comes(q.Context(), other, "other")
		require.True(t, q.holds("other"))
		q.comes(q.Context(), third, "third")
		require.False(t, q.holds("third"), "no more than there are")
		q.leaves("greedy 0")
		require.True(t, q.holds("third"), "before what the greedy one has waiting")
		for len(q.leave) > 0 {
			for name := range q.leave {
				q.leaves(name)
			}
		}
		require.Empty(t, q.places.shares)
	})
}

func TestWaitingForAPlaceIsBounded(t *testing.T) {
	inQueue(t, func(q *queue) {
		greedy, other, third := uuid.New(), uuid.New(), uuid.New()
		for i := range 2 + mostWaiting {
			q.comes(q.Context(), greedy, fmt.Sprint(i))
		}
		q.comes(q.Context(), greedy, "one more")
		require.True(t, fault.Is(q.failed["one more"], fault.TooManyAtOnce), "in number")
		q.comes(q.Context(), other, "other")
		q.comes(q.Context(), third, "third")
		time.Sleep(placeWait)
		synctest.Wait()
		require.True(t, fault.Is(q.failed["5"], fault.TooManyAtOnce), "in time: %v", q.failed["5"])
		require.True(t, fault.Is(q.failed["third"], fault.Busy), "in time, for places of others: %v", q.failed["third"])
		var known *fault.Error
		require.ErrorAs(t, q.failed["third"], &known)
		require.Positive(t, known.RetryAfter)
		for name := range q.leave {
			q.leaves(name)
		}
		require.Empty(t, q.places.shares)
	})
}

func TestWhoeverLeavesTheQueueFreesItsPlaceAtOnce(t *testing.T) {
	inQueue(t, func(q *queue) {
		one, other := uuid.New(), uuid.New()
		q.comes(q.Context(), one, "first")
		q.comes(q.Context(), one, "second")
		q.comes(q.Context(), other, "other")
		ctx, leave := context.WithCancel(q.Context())
		q.comes(ctx, one, "leaves, waiting for its own")
		q.comes(ctx, other, "leaves, waiting for all")
		leave()
		synctest.Wait()
		for _, name := range []string{"leaves, waiting for its own", "leaves, waiting for all"} {
			require.True(t, errors.Is(q.failed[name], context.Canceled), "%s: %v", name, q.failed[name])
		}
		q.comes(q.Context(), other, "stays")
		q.leaves("first")
		require.True(t, q.holds("stays"))
		for name := range q.leave {
			q.leaves(name)
		}
		require.Empty(t, q.places.shares)
	})
}

func TestASmallPoolHasAPlaceToo(t *testing.T) {
	for conns, want := range map[int32]int64{1: 1, 4: 1, 8: 1, 12: 2, 100: 2} {
		require.Equal(t, want, newPlaces(conns).each, "%d connections", conns)
	}
}
