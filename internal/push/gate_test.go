package push

import (
	"context"
	"fmt"
	stdsync "sync"
	"testing"
	"testing/synctest"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
)

// crowd sends pushes through a gate of four places, two for each organization,
// and notes who got in, in which order.
type crowd struct {
	*testing.T
	gate  *gate
	mu    stdsync.Mutex // who gives up does so at once with others
	order []string
	leave map[string]func()
}

func newCrowd(t *testing.T) *crowd {
	t.Helper()
	return &crowd{T: t, leave: map[string]func(){}, gate: &gate{
		free: 4, each: 2, running: map[uuid.UUID]int{}, queues: map[uuid.UUID][]chan struct{}{},
	}}
}

func (c *crowd) comes(ctx context.Context, organization uuid.UUID, name string) {
	c.Helper()
	go func() {
		leave, err := c.gate.enterQueue(ctx, organization)
		c.mu.Lock()
		defer c.mu.Unlock()
		if err != nil {
			c.order = append(c.order, name+" gave up")
			return
		}
		c.order = append(c.order, name)
		c.leave[name] = leave
	}()
	synctest.Wait()
}

func (c *crowd) leaves(name string) {
	c.Helper()
	c.leave[name]()
	synctest.Wait()
}

func (c *crowd) got(names ...string) {
	c.Helper()
	require.Equal(c, names, c.order)
	c.order = nil
}

func TestOneOrganizationNeverTakesMoreThanHalfOfThePlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, greedy, modest := newCrowd(t), uuid.New(), uuid.New()
		for i := range 5 {
			c.comes(t.Context(), greedy, fmt.Sprint("greedy ", i))
		}
		c.got("greedy 0", "greedy 1")
		c.comes(t.Context(), modest, "modest")
		c.got("modest")
		for i := range 3 {
			c.leaves(fmt.Sprint("greedy ", i))
		}
		c.got("greedy 2", "greedy 3", "greedy 4")
	})
}

func TestFreePlacesGoRoundTheOrganizationsThatWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t)
		a, b, x, y := uuid.New(), uuid.New(), uuid.New(), uuid.New()
		for i, organization := range []uuid.UUID{a, a, b, b, x, x, y} {
			c.comes(t.Context(), organization, fmt.Sprint(i))
		}
		c.got("0", "1", "2", "3")
		c.leaves("0")
		c.leaves("1")
		c.leaves("2")
		c.got("4", "6", "5") // x, then y, then x again
	})
}

func TestWhoGivesUpLeavesTheQueueAndItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, organization := newCrowd(t), uuid.New()
		ctx, cancel := context.WithCancel(t.Context())
		c.comes(t.Context(), organization, "1")
		c.comes(t.Context(), organization, "2")
		c.comes(ctx, organization, "3")
		cancel()
		synctest.Wait()
		c.got("1", "2", "3 gave up")
		c.comes(t.Context(), organization, "4")
		c.leaves("1")
		c.got("4")
		c.leaves("2")
		c.leaves("4")
		require.Equal(t, 4, c.gate.free)
		require.Empty(t, c.gate.running)
		require.Empty(t, c.gate.queues)
		require.Empty(t, c.gate.turns)
	})
}

func TestTheQueueOfOneOrganizationIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, organization := newCrowd(t), uuid.New()
		ctx, cancel := context.WithCancel(t.Context())
		for i := range 2 + maxQueue {
			c.comes(ctx, organization, fmt.Sprint(i))
		}
		_, err := c.gate.enterQueue(t.Context(), organization)
		require.Equal(t, fault.RateLimited, fault.CodeOf(err))
		cancel()
		synctest.Wait()
	})
}
