package account

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
)

// house has one turn, which is taken, and knows in which order the others got theirs.
type house struct {
	*testing.T
	*turns
	all   sync.WaitGroup
	order []string
	fails map[string]int // by code
	mu    sync.Mutex
}

func newHouse(t *testing.T) *house {
	h := &house{T: t, turns: newTurns(1), fails: map[string]int{}}
	require.NoError(t, h.take(t.Context(), "whoever is at it"))
	return h
}

// come lets somebody come from a place, and wait.
func (h *house) come(place, who string) {
	h.Helper()
	w, err := h.join(place)
	if err != nil {
		h.fails[string(fault.CodeOf(err))]++
		return
	}
	require.NotNil(h, w)
	h.all.Go(func() {
		err := <-w.told
		h.mu.Lock()
		if err != nil {
			h.fails[string(fault.CodeOf(err))]++
		} else {
			h.order = append(h.order, who)
		}
		h.mu.Unlock()
		if err == nil {
			h.giveBack()
		}
	})
}

// open lets everybody have their turn.
func (h *house) open() []string {
	h.giveBack()
	h.all.Wait()
	require.Equal(h, 1, h.free, "every turn has come back")
	require.Empty(h, h.lines)
	return h.order
}

func TestOneOfAnotherNetworkIsNextHoweverManyOfOneWait(t *testing.T) {
	h := newHouse(t)
	h.come("honest before", "honest")
	for i := range 200 {
		h.come("strangers", fmt.Sprint("stranger ", i))
	}
	h.come("honest", "honest")
	order := h.open()
	require.Len(t, order, 2+maxWaitingOfPlace)
	require.Equal(t, map[string]int{"rate_limited": 200 - maxWaitingOfPlace}, h.fails, "who is one too many is told at once")
	require.Equal(t, "honest", order[0], "the last to come")
	require.ElementsMatch(t, []string{"honest", "stranger 0"}, order[1:3])
	require.Equal(t, "stranger 1", order[3], "in a line it goes by who came first")
}

func TestOneOfAnotherNetworkIsNextHoweverManyNetworksWait(t *testing.T) {
	for _, networks := range []int{20, 200} {
		h := newHouse(t)
		for i := range 200 {
			h.come(fmt.Sprint("network ", i%networks), "stranger")
		}
		h.come("honest", "honest")
		order := h.open()
		require.Len(t, order, 201)
		require.Equal(t, "honest", order[0], "%d networks", networks)
	}
}

// Who has had turns lately stands behind who has not, when it comes later too.
func TestWhoHasHadTurnsLatelyComesAfterWhoHasNot(t *testing.T) {
	h := newHouse(t)
	for range 3 {
		h.count("stranger")
	}
	h.come("honest", "honest")
	h.come("stranger", "stranger")
	require.Equal(t, []string{"honest", "stranger"}, h.open())
}

func TestNetworksTakeTurns(t *testing.T) {
	h := newHouse(t)
	for range 10 {
		h.come("a", "a")
		h.come("b", "b")
	}
	order := h.open()
	for i := 0; i < len(order); i += 2 {
		require.ElementsMatch(t, []string{"a", "b"}, order[i:i+2])
	}
}

// So many wait in all; whoever would be the last then is told to come again.
func TestWhoWouldBeTheLastIsSentAwayWhenAllIsFull(t *testing.T) {
	h := newHouse(t)
	for i := range maxWaiting {
		h.come(fmt.Sprint("network ", i/maxWaitingOfPlace), "stranger")
	}
	h.come("honest", "honest")
	require.Equal(t, maxWaiting, h.waiting)
	order := h.open()
	require.Len(t, order, maxWaiting)
	require.Equal(t, "honest", order[0])
	require.Equal(t, map[string]int{"unavailable": 1}, h.fails)
}

// A turn that is given to somebody who has just given up goes on.
func TestATurnIsNotLostWithWhoHasGivenUp(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	gone, err := h.join("gone")
	require.NoError(t, err)
	stays, err := h.join("stays")
	require.NoError(t, err)
	h.giveBack() // to stays, who came last
	require.NoError(t, <-stays.told)
	h.giveBack() // to gone
	h.leave(gone)
	require.Equal(t, 1, h.free)

	require.NoError(t, h.take(ctx, "whoever is at it"))
	cancel()
	require.ErrorIs(t, h.take(ctx, "gone"), context.Canceled)
	require.Zero(t, h.waiting)
	h.giveBack()
	require.Equal(t, 1, h.free)
}

func TestHashingIsBoundedAndGivesUpWithItsRequest(t *testing.T) {
	p := &passwords{newTurns(1)}
	require.NoError(t, p.turns.take(t.Context(), "whoever is at it"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := p.hashPassword(ctx, place{key: "network"}, password)
	require.ErrorIs(t, err, context.Canceled)
	p.turns.giveBack()
	_, err = p.hashPassword(t.Context(), place{key: "network"}, password)
	require.NoError(t, err)
}
