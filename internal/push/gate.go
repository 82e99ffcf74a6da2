package push

import (
	"context"
	"runtime"
	stdsync "sync"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/fault"
)

// maxQueue is how many pushes of one organization may stand in a queue. Each
// holds its body in memory.
const maxQueue = 32

// gate shares the work of pushes out fairly: some run at once, one organization
// never takes more than half of the places, and a place that becomes free goes
// to the organizations that wait, one after another. So whoever pushes at full
// speed waits for itself and not the others for it.
type gate struct {
	mu      stdsync.Mutex
	free    int
	each    int // places that one organization may hold
	running map[uuid.UUID]int
	queues  map[uuid.UUID][]chan struct{}
	turns   []uuid.UUID // the organizations with a queue, the next one first
}

// newGate makes the places of a server whose pool has so many connections, of which pushes
// take at most half.
func newGate(conns int32) *gate {
	places := max(1, min(2*runtime.GOMAXPROCS(0), int(conns)/2))
	return &gate{
		free: places, each: max(1, places/2),
		running: map[uuid.UUID]int{}, queues: map[uuid.UUID][]chan struct{}{},
	}
}

// enterQueue waits for a place; leave gives it back, and must be called once. Errors:
// RateLimited where too many of the organization's pushes wait already, and
// that of the context.
func (g *gate) enterQueue(ctx context.Context, organization uuid.UUID) (leave func(), err error) {
	leave = func() { g.leavePlace(organization) }
	g.mu.Lock()
	if g.free > 0 && g.running[organization] < g.each {
		g.admitPush(organization)
		g.mu.Unlock()
		return leave, nil
	}
	queue := g.queues[organization]
	if len(queue) == maxQueue {
		g.mu.Unlock()
		return nil, fault.Retry(fault.RateLimited, "Too many pushes of this organization at once. Send one after another.", time.Second)
	}
	if len(queue) == 0 {
		g.turns = append(g.turns, organization)
	}
	place := make(chan struct{})
	g.queues[organization] = append(queue, place)
	g.mu.Unlock()
	select {
	case <-place:
		return leave, nil
	case <-ctx.Done():
		g.giveUp(organization, place)
		return nil, ctx.Err()
	}
}

func (g *gate) admitPush(organization uuid.UUID) {
	g.free--
	g.running[organization]++
}

func (g *gate) leavePlace(organization uuid.UUID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.free++
	if g.running[organization]--; g.running[organization] == 0 {
		delete(g.running, organization)
	}
	g.fillPlaces()
}

// fillPlaces gives free places to those who wait, by turns.
func (g *gate) fillPlaces() {
	for i := 0; g.free > 0 && i < len(g.turns); {
		organization := g.turns[i]
		if g.running[organization] >= g.each {
			i++
			continue
		}
		queue := g.queues[organization]
		close(queue[0])
		g.admitPush(organization)
		g.turns = append(g.turns[:i], g.turns[i+1:]...)
		g.keepQueue(organization, queue[1:])
		if len(queue) > 1 {
			g.turns = append(g.turns, organization)
		}
	}
}

// giveUp leaves the queue; where the place has come in the same moment, it is
// given back.
func (g *gate) giveUp(organization uuid.UUID, place chan struct{}) {
	g.mu.Lock()
	queue := g.queues[organization]
	for i := range queue {
		if queue[i] != place {
			continue
		}
		g.keepQueue(organization, append(queue[:i:i], queue[i+1:]...))
		if len(queue) == 1 {
			g.removeTurn(organization)
		}
		g.mu.Unlock()
		return
	}
	g.mu.Unlock()
	g.leavePlace(organization)
}

func (g *gate) keepQueue(organization uuid.UUID, queue []chan struct{}) {
	if len(queue) == 0 {
		delete(g.queues, organization)
		return
	}
	g.queues[organization] = queue
}

func (g *gate) removeTurn(organization uuid.UUID) {
	for i, waiting := range g.turns {
		if waiting == organization {
			g.turns = append(g.turns[:i], g.turns[i+1:]...)
			return
		}
	}
}
